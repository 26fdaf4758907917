"""Pages of tasks: ticking with and without JavaScript, editing, templates, the week, the feed."""

from datetime import date, timedelta

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from icalendar import Calendar

from accounts.models import Role, User
from events import changes
from tests.factories import (
    START,
    make_event,
    make_recurring,
    make_task,
    make_unit,
    make_user,
    riga,
)
from tests.plans.making import make_activity, make_intake
from work import event_tasks, hand_over
from work.models import CalendarFeed, HandOver, RecurringTask, Task, TaskTemplate

pytestmark = pytest.mark.django_db

NOW = riga(2026, 3, 11, 10)
TODAY = date(2026, 3, 11)


@pytest.fixture(autouse=True)
def _at_ten():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def liga():
    return make_user(role=Role.SPECIALIST, full_name="Līga Vītola")


@pytest.fixture
def head():
    return make_user(full_name="Anna Ozola")


def url(name, *arguments):
    return reverse(f"work:{name}", args=arguments)


def test_my_day_shows_what_is_overdue_what_is_due_today_and_what_comes_next(client_for, liga):
    make_task(title="vakar", assignee=liga, due_on=TODAY - timedelta(days=1))
    make_task(title="šodien", due_on=TODAY)
    make_task(title="rīt", due_on=TODAY + timedelta(days=1))
    make_task(title="cita", role=Role.PROJECT_MANAGER, due_on=TODAY)
    make_task(title="kolēģes", assignee=make_user(role=Role.SPECIALIST), due_on=TODAY)

    day = client_for(liga).get(url("my_day")).context["day"]

    assert [task.title for task in day.overdue.tasks] == ["vakar"]
    assert [task.title for task in day.today.tasks] == ["šodien"]
    assert [task.title for task in day.next.tasks] == ["rīt"]


def test_a_tick_is_one_post_and_leads_back_to_where_it_was_made(client_for, liga):
    task = make_task(due_on=TODAY)

    response = client_for(liga).post(url("task_complete", task.pk), {"next": "/work/week/"})

    task.refresh_from_db()
    assert (task.done_by, task.done_at) == (liga, NOW)
    assert response.url == "/work/week/"


@pytest.mark.parametrize("next", ["https://evil.example/", "//evil.example", "", "javascript:x"])
def test_a_tick_leads_to_no_other_site(client_for, liga, next):
    task = make_task(due_on=TODAY)

    response = client_for(liga).post(url("task_complete", task.pk), {"next": next})

    assert response.url == "/work/"


def test_a_tick_of_htmx_gets_the_line_alone_and_says_what_it_did(client_for, liga):
    task = make_task(title="Baneris", due_on=TODAY)

    response = client_for(liga).post(url("task_complete", task.pk), headers={"HX-Request": "true"})

    text = response.content.decode()
    assert f'id="task-{task.pk}"' in text
    assert "Done: Baneris</div>" in text
    assert "<html" not in text
    assert url("task_reopen", task.pk) in text


def test_a_tick_can_be_undone(client_for, liga):
    task, client = make_task(due_on=TODAY), client_for(liga)
    client.post(url("task_complete", task.pk))

    client.post(url("task_reopen", task.pk))

    task.refresh_from_db()
    assert task.is_open


def test_who_ticks_second_sees_who_was_quicker(client_for, liga):
    task = make_task(due_on=TODAY)
    task.complete(by=make_user(full_name="Ilze"), at=NOW)

    response = client_for(liga).post(url("task_complete", task.pk), headers={"HX-Request": "true"})

    assert "Ilze has ticked this on 11.03.2026 at 10:00 already." in response.content.decode()


def test_an_overdue_task_is_ticked_at_once_and_then_asked_why(client_for, liga):
    task, client = make_task(due_on=TODAY - timedelta(days=1)), client_for(liga)

    ticked = client.post(url("task_complete", task.pk), headers={"HX-Request": "true"})
    client.post(url("task_explain", task.pk), {"late_reason": "Gaidīju attēlus"})

    assert url("task_explain", task.pk) in ticked.content.decode()
    task.refresh_from_db()
    assert task.late_reason == "Gaidīju attēlus"


def test_why_late_may_be_left_empty(client_for, liga):
    task, client = make_task(due_on=TODAY - timedelta(days=1)), client_for(liga)
    client.post(url("task_complete", task.pk))

    assert client.post(url("task_explain", task.pk), {"late_reason": ""}).status_code == 302
    assert client.post(url("task_explain", task.pk), {"late_reason": "x" * 301}).status_code == 302
    task.refresh_from_db()
    assert task.late_reason == ""


def test_what_was_done_in_time_is_not_asked_why(client_for, liga):
    task = make_task(due_on=TODAY)

    response = client_for(liga).post(url("task_complete", task.pk), headers={"HX-Request": "true"})

    assert url("task_explain", task.pk) not in response.content.decode()


def test_a_free_task_belongs_to_who_adds_it_unless_said_otherwise(client_for, liga):
    event = make_event()
    client = client_for(liga)

    form = client.get(url("task_create") + f"?event={event.pk}").context["form"]
    fields = {"title": "Uzaicināt", "due_on": "2026-03-20", "role": form["role"].value()}
    client.post(
        url("task_create") + f"?event={event.pk}",
        {**fields, "assignee": form["assignee"].value(), "revision": 1},
    )

    task = Task.objects.get()
    assert (task.assignee, task.created_by, task.event) == (liga, liga, event)
    assert task.counted_from == event.starts_at


def test_an_edited_task_says_who_gave_it_to_whom_and_moved_its_day(client_for, head, liga):
    task = make_task(title="Baneris", due_on=TODAY)
    fields = {"title": "Baneris", "role": "specialist", "due_on": "2026-03-12"}

    client_for(head).post(
        url("task_update", task.pk), {**fields, "assignee": liga.pk, "revision": 1}
    )

    assert [
        (change.kind, change.by, change.old_due_on, change.new_due_on, change.new_assignee)
        for change in task.changes.all()
    ] == [
        ("moved", head, TODAY, date(2026, 3, 12), None),
        ("assigned", head, None, None, liga),
    ]


def test_a_renamed_task_is_renamed_in_english_too(client_for, head):
    task = make_task(title="Baneris", title_en="Banner", due_on=TODAY)
    client = client_for(head)

    shown = client.get(url("task_update", task.pk)).context["form"]["title_en"].value()
    fields = {"role": "specialist", "due_on": "2026-03-11", "revision": 1}
    client.post(url("task_update", task.pk), fields | {"title": "Divi", "title_en": "Two"})

    task.refresh_from_db()
    assert shown == "Banner"
    assert (task.name("lv"), task.name("en")) == ("Divi", "Two")


def test_two_who_edit_the_same_task_are_told(client_for, head):
    task = make_task(title="Baneris", due_on=TODAY)
    fields = {"role": "specialist", "due_on": "2026-03-11", "revision": 1}
    other = make_user(full_name="Ilze")
    client_for(other).post(url("task_update", task.pk), {**fields, "title": "Viņas"})

    response = client_for(head).post(url("task_update", task.pk), {**fields, "title": "Manējais"})

    text = response.content.decode()
    assert Task.objects.get().title == "Viņas"
    assert "Ilze" in text
    assert "Viņas" in text
    assert "Manējais" in text


def _take(task, other):
    task.take(by=other, at=NOW)


def _move_its_event(task, other):
    event = task.event
    event.starts_at += timedelta(days=7)
    event.ends_at += timedelta(days=7)
    event.save(update_fields=["starts_at", "ends_at"])
    event_tasks.move(event, [task.pk], by=other, now=NOW)


def _hand_over(task, other):
    Task.objects.filter(pk=task.pk).update(assignee=make_user(full_name="Who is away"))
    task.refresh_from_db()
    away = HandOver(
        person=task.assignee, to=other, first_on=TODAY, last_on=TODAY, made_by=task.assignee
    )
    hand_over.make(away, today=TODAY, now=NOW)


def _hand_over_and_take_back(task, other):
    _hand_over(task, make_user())
    hand_over.take_back(HandOver.objects.get(), by=other, now=NOW)


@pytest.mark.parametrize("change", [_take, _move_its_event, _hand_over, _hand_over_and_take_back])
def test_a_form_opened_before_does_not_undo_what_happened_to_the_task(client_for, head, change):
    event = make_event()
    task = make_task(
        event=event, due_on=TODAY, counted_from=event.starts_at, counted_to=event.ends_at
    )
    client = client_for(head)
    form = client.get(url("task_update", task.pk)).context["form"]
    seen = {name: form[name].value() or "" for name in form.fields}
    change(task, make_user(full_name="Ilze"))
    task.refresh_from_db()
    by_now = (task.due_on, task.assignee)

    answer = client.post(url("task_update", task.pk), seen | {"title": "Newly named"})

    task.refresh_from_db()
    assert answer.context["form"].conflict is not None
    assert (task.due_on, task.assignee) == by_now


def test_a_specialist_who_gives_a_task_away_is_led_to_the_own_day(client_for, liga):
    task = make_task(due_on=TODAY)
    fields = {"title": "Baneris", "role": "marketing_head", "due_on": "2026-03-12", "revision": 1}

    response = client_for(liga).post(url("task_update", task.pk), fields)

    assert response.url == "/work/"


def test_comments_and_files_belong_to_the_task_and_go_to_who_sees_it(client_for, liga):
    task, client = make_task(due_on=TODAY), client_for(liga)
    client.post(url("comment_create", task.pk), {"text": "Gaidu attēlus"})
    client.post(
        url("file_create", task.pk),
        {"upload": SimpleUploadedFile("teksts.txt", "Nāc studēt!".encode())},
    )

    page = client.get(url("task_detail", task.pk)).content.decode()
    file = task.files.get()
    sent = client.get(url("file_detail", file.pk))
    refused = client_for(make_user(role=Role.UNIT_HEAD)).get(url("file_detail", file.pk))

    assert "Gaidu attēlus" in page
    assert "teksts.txt" in page
    assert b"".join(sent.streaming_content).decode() == "Nāc studēt!"
    assert refused.status_code == 404


def test_a_file_that_is_not_taken_says_why(client_for, liga):
    task = make_task(due_on=TODAY)

    response = client_for(liga).post(
        url("file_create", task.pk),
        {"upload": SimpleUploadedFile("a.txt", b"MZ\x00\x01\x02\x00\xff")},
        follow=True,
    )

    assert "none of the kinds that are taken" in response.content.decode()
    assert not task.files.exists()


def test_the_list_of_tasks_keeps_what_was_asked_for(client_for, head):
    late = make_task(due_on=TODAY - timedelta(days=1))
    done = make_task(due_on=TODAY, done_at=NOW, done_by=head)
    done_late = make_task(due_on=TODAY - timedelta(days=3))
    done_late.complete(by=head, at=NOW)
    closed = make_task(due_on=TODAY, closed_at=NOW, close_reason="Nevajag")
    missed = make_task(due_on=TODAY, recurring=make_recurring(), missed_at=NOW)
    client = client_for(head)

    def listed(state):
        return client.get(url("task_list"), {"state": state}).context["page"].rows

    assert listed("") == [late]
    assert listed("overdue") == [late]
    assert listed("done") == [done_late, done]
    assert listed("late") == [done_late]
    assert listed("closed") == [closed]
    assert listed("missed") == [missed]
    assert len(listed("all")) == 5


def test_templates_show_the_days_of_a_sample_event_with_days_off_marked(client_for, head):
    client = client_for(head)

    page = client.get(url("template_list", "webinar"), {"on": "2026-06-24"})

    lines = {line.template.key: line.due_on for line in page.context["lines"]}
    assert lines["publication"] == date(2026, 5, 24)
    assert lines["reminders"] == date(2026, 6, 19)
    text = page.content.decode()
    assert "holiday: Midsummer Day" in text
    assert "weekend" in text
    assert "1 calendar month before the start" in text


def test_an_edited_template_holds_for_the_next_event_and_not_for_those_there(client_for, head):
    there = make_event(starts_at=START + timedelta(days=60))
    event_tasks.make(there, NOW)
    template = TaskTemplate.objects.get(event_kind="open_day", key="publication")
    fields = {
        "title": "Reklāma",
        "amount": 3,
        "unit": "working_days",
        "side": "before",
        "anchor": "start",
        "role": "specialist",
        "is_on": "on",
        "revision": 1,
    }

    client_for(head).post(url("template_update", template.pk), fields)

    new = make_event(starts_at=START + timedelta(days=60))
    event_tasks.make(new, NOW)
    assert new.work_tasks.get(template=template).due_on == date(2026, 5, 6)
    assert there.work_tasks.get(template=template).due_on == date(2026, 5, 3)


def test_a_template_is_looked_at_before_it_is_saved(client_for, head):
    fields = {
        "title": "Reklāma",
        "amount": 0,
        "unit": "days",
        "side": "after",
        "anchor": "end",
        "role": "specialist",
        "revision": 1,
    }

    shown = client_for(head).post(
        url("template_create", "open_day"), {**fields, "preview": 1, "on": "2026-11-18"}
    )

    assert "holiday: Republic of Latvia Proclamation Day" in shown.content.decode()
    assert TaskTemplate.objects.for_kind("open_day").count() == 3


def test_a_new_recurring_task_is_there_the_same_day(client_for, head, liga):
    client_for(head).post(
        url("recurring_create"),
        {
            "title": "Atbildēt",
            "title_en": "Answer",
            "weekdays": ["0", "2"],
            "role": "specialist",
            "first_on": "2026-03-09",
            "revision": 1,
        },
    )

    task = Task.objects.get()
    assert RecurringTask.objects.get().weekdays == 0b101
    assert (task.due_on, task.title, task.title_en) == (TODAY, "Atbildēt", "Answer")


@pytest.mark.parametrize(("language", "title"), [("lv", "Atbildēt"), ("en", "Answer")])
def test_recurring_tasks_are_named_in_the_language_of_the_page(client_for, language, title):
    make_recurring(title="Atbildēt", title_en="Answer")

    page = client_for(make_user(language=language)).get(url("recurring_list"))

    assert f'<th scope="row">{title}</th>' in page.text


def test_a_recurring_task_needs_a_day(client_for, head):
    page = client_for(head).post(url("recurring_create"), {"title": "Atbildēt"})

    assert "Choose at least one day." in page.content.decode()
    assert not RecurringTask.objects.exists()


def test_the_week_shows_who_has_what_on_which_day(client_for, head, liga):
    make_task(title="pirmdien", assignee=liga, due_on=date(2026, 3, 9))
    make_task(title="kādam", due_on=date(2026, 3, 15))
    for number in range(8):
        make_task(title=f"daudz {number}", assignee=liga, due_on=date(2026, 3, 12))

    rows = client_for(head).get(url("team_week")).context["rows"]

    liga_row = next(row for row in rows if row.person == liga)
    assert [cell.total for cell in liga_row.cells] == [1, 0, 0, 8, 0, 0, 0]
    assert (len(liga_row.cells[3].tasks), liga_row.cells[3].more) == (6, 2)
    assert liga_row.overdue == 1
    assert [cell.total for cell in rows[-1].cells] == [0, 0, 0, 0, 0, 0, 1]


@pytest.mark.parametrize("on", ["", "x", "2026-02-30", "0001-01-01", "9999-12-31"])
def test_whatever_week_is_asked_for_a_page_is_shown(client_for, head, on):
    assert client_for(head).get(url("team_week"), {"on": on}).status_code == 200


def test_the_workload_counts_open_tasks_and_what_became_of_the_rest(client_for, head, liga):
    make_task(assignee=liga, due_on=TODAY - timedelta(days=1))
    make_task(assignee=liga, due_on=TODAY)
    make_task(assignee=liga, due_on=TODAY + timedelta(days=7))
    make_task(assignee=liga, due_on=TODAY + timedelta(days=60))
    make_task(due_on=TODAY, done_at=NOW, done_by=liga)
    make_task(due_on=TODAY - timedelta(days=2)).complete(by=liga, at=NOW)

    bars = client_for(head).get(url("workload")).context["bars"]

    bar = next(bar for bar in bars if bar.load.person == liga)
    load = bar.load
    assert (load.overdue, load.this_week, load.later) == (1, 1, 1)
    assert (load.done, load.done_late, load.missed) == (2, 1, 0)
    assert [(part.start, part.width) for part in bar.segments] == [(0, 333), (333, 333), (666, 333)]


def test_a_head_of_unit_sees_the_workload_of_the_own_unit(client_for):
    unit = make_unit()
    boss, ours = make_user(role=Role.UNIT_HEAD, unit=unit), make_user(unit=unit)
    make_task(assignee=ours, due_on=TODAY)
    make_task(assignee=make_user(), due_on=TODAY)

    bars = client_for(boss).get(url("workload")).context["bars"]

    assert {bar.load.person for bar in bars} >= {ours}
    assert all(bar.load.person.unit == unit for bar in bars)


def test_a_hand_over_is_shown_before_it_is_made(client_for, liga):
    ilze, client = make_user(role=Role.SPECIALIST, full_name="Ilze"), client_for(liga)
    task = make_task(title="Baneris", assignee=liga, due_on=TODAY)
    fields = {"person": liga.pk, "to": ilze.pk, "first_on": "2026-03-11", "last_on": "2026-03-20"}

    shown = client.post(url("hand_over_create"), fields)
    assert "Baneris" in shown.content.decode()
    assert not HandOver.objects.exists()

    client.post(url("hand_over_create"), {**fields, "confirmed": "on"})
    task.refresh_from_db()
    assert task.assignee == ilze

    client.post(url("hand_over_take_back", HandOver.objects.get().pk))
    task.refresh_from_db()
    assert task.assignee == liga


def test_nobody_hands_over_what_is_not_theirs(client_for, liga):
    ilze = make_user(role=Role.SPECIALIST)
    make_task(assignee=ilze, due_on=TODAY)

    page = client_for(liga).post(
        url("hand_over_create"),
        {
            "person": ilze.pk,
            "to": liga.pk,
            "first_on": "2026-03-11",
            "last_on": "2026-03-20",
            "confirmed": "on",
        },
    )

    assert page.status_code == 200
    assert not HandOver.objects.exists()


def test_the_calendar_shows_open_tasks_at_a_secret_address(client, client_for, liga):
    event = make_event(title_en="Open day")
    task = make_task(title="Baneris", assignee=liga, due_on=TODAY, event=event)
    make_task(title="padarīts", assignee=liga, due_on=TODAY, done_at=NOW, done_by=liga)
    client_for(liga).post(url("calendar_renew"))
    address = CalendarFeed.objects.get().of_tasks

    response = client.get(address)

    entries = list(Calendar.from_ical(response.content).walk("VEVENT"))
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert response["Cache-Control"] == "private, no-store"
    assert [(str(each["summary"]), each.decoded("dtstart")) for each in entries] == [
        ("Baneris", TODAY)
    ]
    assert "Open day" in str(entries[0]["description"])
    assert url("task_detail", task.pk) in str(entries[0]["url"])


def test_the_calendar_of_the_plan_shows_every_week_of_a_series(client, client_for, liga):
    intake = make_intake()
    weekly = make_activity(
        intake,
        kind="open_day",
        title="Durvis",
        title_en="Doors",
        starts_at=riga(2026, 3, 18, 18),
        last_on=date(2026, 4, 1),
    )
    make_activity(intake, state="proposed")
    make_activity(intake, starts_at=riga(2025, 12, 1, 18))
    make_activity(intake, starts_at=riga(2027, 6, 1, 18))
    client_for(liga).post(url("calendar_renew"))

    response = client.get(CalendarFeed.objects.get().of_plan)

    entries = list(Calendar.from_ical(response.content).walk("VEVENT"))
    assert response["Cache-Control"] == "private, no-store"
    assert [(str(each["summary"]), each.decoded("dtstart")) for each in entries] == [
        ("Doors", riga(2026, 3, 18, 18)),
        ("Doors", riga(2026, 3, 25, 18)),
        ("Doors", riga(2026, 4, 1, 18)),
    ]
    assert len({str(each["uid"]) for each in entries}) == 3
    assert reverse("plans:activity_detail", args=[weekly.pk]) in str(entries[0]["url"])


@pytest.mark.parametrize("page", ["work:my_day", "accounts:profile"])
def test_the_way_to_the_calendars_is_on_pages_one_looks_at(client_for, liga, page):
    assert f'href="{url("calendar")}"' in client_for(liga).get(reverse(page)).text


def test_a_renewed_address_shows_and_the_old_one_does_not(client, client_for, liga):
    staff = client_for(liga)
    staff.post(url("calendar_renew"))
    old = CalendarFeed.objects.get().of_tasks

    staff.post(url("calendar_renew"))

    assert client.get(old).status_code == 404
    assert client.get(old.replace(".ics", "/plan.ics")).status_code == 404
    assert client.get(CalendarFeed.objects.get().of_tasks).status_code == 200
    staff.post(url("calendar_off"))
    assert not CalendarFeed.objects.exists()


def test_the_calendar_of_who_has_left_shows_nothing(client, client_for, liga):
    client_for(liga).post(url("calendar_renew"))
    liga.deactivate()

    feed = CalendarFeed.objects.get()
    assert [client.get(each).status_code for each in (feed.of_tasks, feed.of_plan)] == [404, 404]


def test_the_page_of_an_event_shows_its_tasks_and_offers_to_move_them(client_for, head):
    event = make_event(starts_at=START + timedelta(days=30))
    event_tasks.make(event, NOW)
    new_start = START + timedelta(days=44)
    changes.move(event, new_start, new_start + timedelta(hours=1), by_id=head.pk, now=NOW)
    client = client_for(head)

    page = client.get(reverse("events:event_detail", args=[event.pk])).content.decode()
    assert "The event has moved, and 3 open tasks still are on their old days." in page
    assert "Place the advertising on Facebook and the home page" in page
    assert "has moved to" in client.get(url("my_day")).content.decode()

    shown = client.get(url("event_tasks_move", event.pk))
    publication = event.work_tasks.get(template__key="publication")
    assert {shift.new_due_on for shift in shown.context["shifts"]} == {
        date(2026, 4, 10),
        date(2026, 4, 14),
        date(2026, 4, 17),
    }

    seen = {
        "tasks": [publication.pk],
        "starts_at": event.starts_at.isoformat(),
        "ends_at": event.ends_at.isoformat(),
    }
    client.post(url("event_tasks_move", event.pk), seen | {"starts_at": START})
    publication.refresh_from_db()
    assert publication.due_on == date(2026, 4, 3)

    client.post(url("event_tasks_move", event.pk), seen)
    publication.refresh_from_db()
    assert publication.due_on == date(2026, 4, 17)
    assert "has moved to" not in client.get(url("my_day")).content.decode()


def test_who_takes_a_task_of_the_role_has_it(client_for, liga):
    task = make_task(due_on=TODAY)

    response = client_for(liga).post(url("task_take", task.pk), headers={"HX-Request": "true"})

    task.refresh_from_db()
    assert task.assignee == liga
    assert url("task_take", task.pk) not in response.content.decode()


def test_an_event_from_before_gets_its_tasks_at_the_press_of_a_button(client_for, head):
    event, client = make_event(starts_at=START + timedelta(days=30)), client_for(head)

    page = client.get(reverse("events:event_detail", args=[event.pk])).content.decode()
    client.post(url("event_tasks_make", event.pk))

    assert "Add 3 tasks from the templates" in page
    assert event.work_tasks.count() == 3


def test_who_has_left_can_be_chosen_while_there_are_tasks_to_hand_over(client_for, head, liga):
    gone, without_tasks = make_user(full_name="Anna"), make_user(full_name="Ilze")
    task = make_task(assignee=gone, due_on=TODAY + timedelta(days=200))
    for person in (gone, without_tasks):
        person.deactivate()
    client = client_for(head)
    fields = {"person": gone.pk, "first_on": TODAY, "last_on": TODAY, "to": liga.pk}

    shown = client.get(url("hand_over_create") + f"?person={gone.pk}").text
    preview = client.post(url("hand_over_create"), fields).text
    client.post(url("hand_over_create"), fields | {"confirmed": "on"})

    task.refresh_from_db()
    away = client.get(url("hand_over_list")).text
    assert f'<option value="{gone.pk}" selected>Anna (has left)</option>' in shown
    assert "Ilze" not in shown
    assert "Anna has left: all open tasks go over at once, and stay with Līga Vītola." in preview
    assert task.assignee == liga
    assert "gone over for good" in away
    assert not any(word in away for word in ("gone back", "in force", "Take the tasks back now"))


def test_what_went_over_for_good_does_not_go_back_to_who_returns(client_for, head, liga):
    gone = make_user(full_name="Anna")
    make_task(assignee=gone, due_on=TODAY)
    gone.deactivate()
    away = HandOver(person=gone, to=liga, first_on=TODAY, last_on=TODAY, made_by=head)
    hand_over.make(away, today=TODAY, now=NOW)
    User.objects.filter(pk=gone.pk).update(is_active=True)
    client = client_for(head)

    assert "Take the tasks back now" not in client.get(url("hand_over_list")).text
    assert client.post(url("hand_over_take_back", away.pk)).status_code == 403


def test_taking_access_away_says_what_is_left_behind(client_for, liga):
    make_task(assignee=liga, due_on=TODAY)
    make_task(assignee=liga, done_at=NOW, done_by=liga)
    administrator = make_user(is_administrator=True)
    specialist = make_user(role=Role.SPECIALIST, is_administrator=True)
    address = reverse("accounts:user_deactivate", args=[liga.pk])

    of_head, of_specialist = (
        client_for(each).get(address).text for each in (administrator, specialist)
    )

    assert "Līga Vītola has 1 open task, which nobody else sees to" in of_head
    assert f"?person={liga.pk}" in of_head
    assert f"?person={liga.pk}" not in of_specialist
    assert "The marketing head or the project manager hands them over" in of_specialist
