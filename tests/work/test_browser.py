"""A specialist's day and what the head of marketing does with tasks, in a browser."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from accounts.models import Role
from events import changes
from plans.local_time import local_day
from tests.browser import DESK, PHONE, faults, press, sign_in
from tests.factories import make_event, make_recurring, make_task, make_user
from work import event_tasks
from work.models import CalendarFeed, HandOver, Task
from work.seeding import seed_templates

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

EVERY_SCREEN = [
    pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"]),
    pytest.mark.parametrize("language", ["lv", "en"]),
]


WORDS = {"lv": ("Izdarīts", "Atsaukt", "Pierakstīt"), "en": ("Done", "Undo", "Note it")}


def on_every_screen(test):
    for mark in EVERY_SCREEN:
        test = mark(test)
    return test


@pytest.fixture
def today():
    return local_day(timezone.now())


@pytest.fixture
def liga(today):
    """Give a specialist who has something of everything to do."""
    seed_templates()
    liga = make_user(role=Role.SPECIALIST, full_name="Līga Vītola")
    event = make_event(title="Kā sākt savu uzņēmumu", starts_at=timezone.now() + timedelta(days=9))
    make_task(title="Sagatavot baneri", assignee=liga, due_on=today - timedelta(days=2))
    make_task(title="Ievietot reklāmu", assignee=liga, due_on=today, event=event)
    make_task(title="Uzrakstīt tekstu", due_on=today)
    make_task(title="Pasūtīt ziedus", assignee=liga, due_on=today + timedelta(days=3))
    make_task(
        title="Atbildēt uz komentāriem",
        assignee=liga,
        recurring=make_recurring(),
        due_on=today - timedelta(days=1),
        missed_at=timezone.now(),
    )
    return liga


def row(page, title):
    return page.locator(".task", has_text=title)


@on_every_screen
def test_a_specialist_works_off_the_day_with_the_keyboard(open_browser, liga, size, language):
    liga.language = language
    liga.save(update_fields=["language"])
    page = open_browser(size, "light", language)
    sign_in(page, liga)
    page.goto("/work/")
    assert faults(page) == []

    box = row(page, "Ievietot reklāmu").get_by_role("checkbox")
    box.focus()
    page.keyboard.press("Space")
    expect(row(page, "Ievietot reklāmu")).to_have_class("task is-done")
    expect(row(page, "Ievietot reklāmu").get_by_role("checkbox")).to_be_focused()
    expect(page.get_by_role("status")).to_have_text(
        {"lv": "Izdarīts: Ievietot reklāmu", "en": "Done: Ievietot reklāmu"}[language]
    )
    assert faults(page) == []

    page.keyboard.press("Space")
    expect(row(page, "Ievietot reklāmu")).to_have_class("task")
    assert Task.objects.get(title="Ievietot reklāmu").is_open

    row(page, "Sagatavot baneri").get_by_role("checkbox").check()
    reason = row(page, "Sagatavot baneri").get_by_role("textbox")
    expect(reason).to_be_visible()
    assert faults(page) == []
    reason.fill("Gaidīju attēlus")
    reason.press("Enter")
    expect(row(page, "Sagatavot baneri").get_by_role("textbox")).to_have_count(0)

    late = Task.objects.get(title="Sagatavot baneri")
    assert (late.done_by, late.late_reason) == (liga, "Gaidīju attēlus")


@on_every_screen
def test_the_other_pages_of_tasks_are_accessible_and_fit(open_browser, liga, size, language, today):
    liga.language = language
    liga.save(update_fields=["language"])
    CalendarFeed.objects.create(user=liga, made_at=timezone.now())
    HandOver.objects.create(
        person=liga, to=make_user(), first_on=today, last_on=today, made_by=liga
    )
    page = open_browser(size, "light", language)
    sign_in(page, liga)
    found = {}
    task = Task.objects.get(title="Ievietot reklāmu")

    page.goto(f"/work/tasks/{task.pk}/")
    page.fill("[name=text]", "Gaidu attēlus no lektora")
    press(page, "form[action$='/comment/'] button")
    page.set_input_files(
        "[name=upload]",
        {"name": "Reklāmas teksts.txt", "mimeType": "text/plain", "buffer": b"Study!"},
    )
    press(page, "form[action$='/file/'] button")
    expect(page.get_by_role("link", name="Reklāmas teksts.txt")).to_be_visible()
    found["task"] = faults(page)
    for path in ("tasks/", "tasks/new/", f"tasks/{task.pk}/edit/", f"tasks/{task.pk}/close/"):
        page.goto(f"/work/{path}")
        found[path] = faults(page)
    for path in ("week/", "away/", "away/new/", "recurring/", "templates/webinar/", "calendar/"):
        page.goto(f"/work/{path}")
        found[path] = faults(page)

    assert found == {name: [] for name in found}


@on_every_screen
def test_what_the_head_of_marketing_does_with_tasks(open_browser, liga, size, language, today):
    head = make_user(language=language, full_name="Anna Ozola")
    event = make_event(starts_at=timezone.now() + timedelta(days=30))
    event_tasks.make(event, timezone.now())
    start = timezone.now() + timedelta(days=44)
    changes.move(event, start, start + timedelta(hours=1), by_id=head.pk, now=timezone.now())
    page = open_browser(size, "light", language)
    sign_in(page, head)
    found = {}

    page.goto("/work/workload/")
    found["workload"] = faults(page)
    page.goto(f"/events/{event.pk}/")
    found["event"] = faults(page)
    press(page, f"a[href='/work/events/{event.pk}/move/']")
    found["move"] = faults(page)
    page.get_by_role("checkbox").first.uncheck()
    press(page, "main form .btn-primary")
    assert event_tasks.undecided(event).count() == 0
    assert sorted(event.work_tasks.values_list("due_on", flat=True)) != []

    page.goto("/work/templates/open_day/")
    press(page, ".row-actions a >> nth=0")
    page.fill("[name=amount]", "12")
    press(page, "button[name=preview]")
    found["template"] = faults(page)
    press(page, "main form .btn-primary")
    page.goto("/work/recurring/new/")
    press(page, "main form .btn-primary")
    found["recurring with errors"] = faults(page)

    page.goto("/work/away/new/")
    page.select_option("[name=person]", label="Līga Vītola")
    page.select_option("[name=to]", label="Anna Ozola")
    page.fill("[name=first_on]", today.isoformat())
    page.fill("[name=last_on]", (today + timedelta(days=7)).isoformat())
    press(page, "main form .btn-primary")
    expect(page.locator(".preview-tasks")).to_contain_text("Sagatavot baneri")
    found["hand-over"] = faults(page)
    press(page, "main form .btn-primary")

    assert found == {name: [] for name in found}
    assert Task.objects.get(title="Sagatavot baneri").assignee == head


@on_every_screen
def test_a_day_without_javascript(open_browser, liga, size, language):
    liga.language = language
    liga.save(update_fields=["language"])
    page = open_browser(size, "light", language, java_script_enabled=False)
    sign_in(page, liga)
    page.goto("/work/")
    done, undo, note = WORDS[language]

    with page.expect_navigation():
        row(page, "Ievietot reklāmu").get_by_role("button", name=done).click()
    assert page.url.endswith("/work/")
    expect(page.locator(".notice")).to_contain_text("Ievietot reklāmu")
    assert Task.objects.get(title="Ievietot reklāmu").done_by == liga

    with page.expect_navigation():
        row(page, "Ievietot reklāmu").get_by_role("button", name=undo).click()
    assert Task.objects.get(title="Ievietot reklāmu").is_open

    with page.expect_navigation():
        row(page, "Sagatavot baneri").get_by_role("button", name=done).click()
    row(page, "Sagatavot baneri").get_by_role("textbox").fill("Slimība")
    with page.expect_navigation():
        row(page, "Sagatavot baneri").get_by_role("button", name=note).click()
    assert Task.objects.get(title="Sagatavot baneri").late_reason == "Slimība"


def test_a_tick_that_was_not_saved_is_taken_back_on_the_screen(open_browser, liga):
    page = open_browser(PHONE, "light", "en")
    sign_in(page, liga)
    page.goto("/work/")
    page.route("**/done/", lambda route: route.abort())

    row(page, "Ievietot reklāmu").get_by_role("checkbox").click()

    expect(page.get_by_role("status")).to_contain_text("This was not saved.")
    expect(row(page, "Ievietot reklāmu").get_by_role("checkbox")).not_to_be_checked()
    assert Task.objects.get(title="Ievietot reklāmu").is_open
