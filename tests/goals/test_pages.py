"""The pages of goals: what they show, what a form does, and what is refused."""

import re
from datetime import date
from decimal import Decimal

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import override

from accounts.models import Role
from documents.models import Comment, Document
from files.models import StoredFile
from goals import years
from goals.forms import GoalForm
from goals.models import CheckIn, Goal, Indicator, Series, Year
from plans.models import Activity, Intake
from tests.factories import make_check_in, make_goal, make_indicator, make_user, make_year, riga

pytestmark = pytest.mark.django_db

NOW = riga(2026, 3, 2, 10)


@pytest.fixture
def user():
    return make_user(full_name="Anna Ozoliņa")


@pytest.fixture
def head(client_for, user):
    return client_for(user)


def text_of(response):
    """The words of a page, in one line."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def lock(year, user):
    year.document.submit(by=user, at=NOW, content=lambda: {"lines": []})
    year.document.approve(by=make_user(role=Role.DIRECTOR), at=NOW)


def indicator_form(**changes):
    return {
        "revision": "1",
        "name": "Jaunie līdi",
        "name_en": "",
        "unit": "people",
        "direction": "up",
        "start": "100",
        "target": "150.5",
        "owner": "",
        "series": str(Series.objects.get(key="new_leads").pk),
        **changes,
    }


def check_in_form(**changes):
    return {
        "on": "2026-03-02",
        "value": "120",
        "confidence": "at_risk",
        "sentence": "January was slow.",
        **changes,
    }


@time_machine.travel(NOW, tick=False)
def test_a_year_is_begun_with_what_the_process_names(head):
    proposed = head.get("/goals/new/").context["form"]["year"].value()

    response = head.post("/goals/new/", {"year": "2026", "source": ""})

    assert proposed == 2026
    assert response.url == "/goals/2026/"
    page = text_of(head.get("/goals/2026/"))
    assert "Promote brand recognition" in page
    assert "Growth of followers" in page
    assert page.count("not set") == 7


def test_a_year_is_begun_from_an_earlier_one_with_its_results_beside(head):
    earlier = make_year(2025)
    leads = make_indicator(make_goal(earlier))
    make_check_in(leads, on=date(2025, 12, 20), value=Decimal("187.5"))

    head.post("/goals/new/", {"year": "2026", "source": str(earlier.pk)})

    page = text_of(head.get("/goals/2026/"))
    assert "187.50 target 200" in page


def test_a_year_that_is_there_is_not_begun_again(head):
    make_year(2026)

    page = text_of(head.post("/goals/new/", {"year": "2026", "source": ""}))

    assert "The goals of this year are here." in page
    assert Goal.objects.count() == 0


def test_a_goal_is_added_after_the_others_and_changes_places(head):
    first = make_goal(title="First", title_en="", position=1)
    head.post(
        "/goals/2026/add/",
        {"revision": "1", "category": "traffic", "title": "Second", "owner": ""},
    )
    second = Goal.objects.get(title="Second")
    added = [goal.title for goal in first.year.goals.all()]

    head.post(reverse("goals:goal_move", args=[second.pk]), {"direction": "up"})
    moved = [goal.title for goal in first.year.goals.all()]
    head.post(reverse("goals:goal_move", args=[second.pk]), {"direction": "up"})

    assert added == ["First", "Second"]
    assert moved == ["Second", "First"]
    assert [goal.title for goal in first.year.goals.all()] == moved


def test_indicators_change_places_within_their_goal(head):
    goal = make_goal()
    names = ["One", "Two", "Three"]
    for position, name in enumerate(names, start=1):
        make_indicator(goal, name=name, position=position)
    elsewhere = make_indicator(make_goal(), name="Elsewhere", position=2)

    two = Indicator.objects.get(name="Two")
    head.post(reverse("goals:indicator_move", args=[two.pk]), {"direction": "down"})

    assert [each.name for each in goal.indicators.all()] == ["One", "Three", "Two"]
    elsewhere.refresh_from_db()
    assert elsewhere.position == 2


def test_an_indicator_is_added_with_what_it_measures(head):
    goal = make_goal()

    head.post(reverse("goals:indicator_create", args=[goal.pk]), indicator_form())

    indicator = goal.indicators.get()
    assert (indicator.target, indicator.unit, indicator.series.key) == (
        Decimal("150.50"),
        "people",
        "new_leads",
    )


def test_an_owner_who_left_stays_the_owner_until_another_is_chosen(head):
    left = make_user(full_name="Left", is_active=False)
    indicator = make_indicator(owner=left)
    address = reverse("goals:indicator_update", args=[indicator.pk])

    head.post(address, indicator_form(target="150", owner=str(left.pk)))

    indicator.refresh_from_db()
    assert (indicator.target, indicator.owner) == (Decimal(150), left)


def test_the_second_of_two_people_is_told_who_saved_meanwhile_and_loses_nothing(
    client_for, head, user
):
    indicator = make_indicator(name="Leads")
    address = reverse("goals:indicator_update", args=[indicator.pk])
    other = client_for(make_user(full_name="Līga Kalniņa"))

    head.post(address, indicator_form(name="Leads of webinars", target="150"))
    response = other.post(address, indicator_form(name="Leads of all", target="180"))

    page, form = text_of(response), response.context["form"]
    assert "Anna Ozoliņa saved this while you were writing" in page
    seen = {each.label: (each.saved, each.own) for each in form.conflict.differences}
    assert seen == {
        "Indicator": ("Leads of webinars", "Leads of all"),
        "Target": ("150", "180"),
    }
    assert (form["name"].value(), form["revision"].value()) == ("Leads of all", "2")
    indicator.refresh_from_db()
    assert (indicator.name, indicator.revision) == ("Leads of webinars", 2)

    other.post(address, indicator_form(revision="2", name="Leads of all", target="180"))

    indicator.refresh_from_db()
    assert (indicator.name, indicator.target, indicator.revision) == (
        "Leads of all",
        Decimal(180),
        3,
    )
    assert indicator.changed_by.full_name == "Līga Kalniņa"


def test_a_third_save_meanwhile_is_told_again(client_for, head):
    indicator = make_indicator()
    address = reverse("goals:indicator_update", args=[indicator.pk])
    head.post(address, indicator_form(name="One", target="150"))
    head.post(address, indicator_form(revision="2", name="Two", target="150"))

    response = client_for(make_user()).post(address, indicator_form(name="Own", target="150"))

    assert response.context["form"].conflict is not None
    indicator.refresh_from_db()
    assert indicator.name == "Two"


def test_what_was_taken_out_while_somebody_wrote_is_told(user):
    goal = make_goal()
    told = {"revision": "1", "category": "leads", "title": "Own", "owner": ""}
    form = GoalForm(told, instance=goal)
    assert form.is_valid()
    Goal.objects.all().delete()

    with override("en"):
        assert not form.save_revised(by=user, at=NOW)

    assert form.errors["__all__"] == ["Somebody took this out while you were writing."]
    assert form["title"].value() == "Own"


@pytest.mark.parametrize("revision", ["", "x", "-1"])
def test_a_form_without_its_revision_saves_nothing(head, revision):
    indicator = make_indicator()
    address = reverse("goals:indicator_update", args=[indicator.pk])

    response = head.post(address, indicator_form(revision=revision, name="Blind"))

    assert response.status_code == 200
    indicator.refresh_from_db()
    assert indicator.name == "Jaunie līdi"


def test_what_was_locked_while_somebody_wrote_is_not_saved_and_not_lost(head, user):
    indicator = make_indicator()
    lock(indicator.goal.year, user)

    response = head.post(
        reverse("goals:indicator_update", args=[indicator.pk]),
        indicator_form(name="Too late", target="150"),
    )

    page = response.content.decode()
    assert "This is locked meanwhile (Approved), so nothing was saved." in text_of(response)
    assert 'value="Too late"' in page
    indicator.refresh_from_db()
    assert indicator.name == "Jaunie līdi"


@pytest.mark.parametrize(
    "action", ["goal_move", "indicator_move", "goal_delete", "indicator_delete"]
)
def test_nothing_of_a_locked_year_is_moved_or_taken_out(head, user, action):
    goal = make_goal(position=1)
    make_goal(goal.year, position=2)
    indicator = make_indicator(goal, position=1)
    make_indicator(goal, position=2)
    lock(goal.year, user)
    number = goal.pk if action.startswith("goal") else indicator.pk

    response = head.post(
        reverse(f"goals:{action}", args=[number]), {"direction": "down"}, follow=True
    )

    assert "This is locked meanwhile" in text_of(response)
    assert list(goal.year.goals.values_list("position", flat=True)) == [1, 2]
    assert list(goal.indicators.values_list("position", flat=True)) == [1, 2]


def test_the_strategy_is_a_link_and_a_file(head, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    make_year()

    head.post(
        "/goals/2026/strategy/",
        {"revision": "1", "strategy_title": "Strategy", "strategy_url": "college.example/s"},
    )
    upload = SimpleUploadedFile("../stratēģija.docx", b"%PDF-1.7 strategy")
    head.post("/goals/2026/strategy/file/", {"upload": upload})

    year = Year.objects.get()
    assert (year.strategy_title, year.strategy_url) == ("Strategy", "https://college.example/s")
    assert "stratēģija.pdf" in text_of(head.get("/goals/2026/"))
    response = head.get("/goals/2026/strategy/file/")
    assert b"".join(response.streaming_content) == b"%PDF-1.7 strategy"
    response.close()


def test_a_program_is_not_taken_as_a_strategy(head, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    make_year()

    response = head.post(
        "/goals/2026/strategy/file/", {"upload": SimpleUploadedFile("s.pdf", b"MZ\x90\x00")}
    )

    assert "none of the kinds" in text_of(response)
    assert StoredFile.objects.count() == 0


@pytest.mark.parametrize("address", ["javascript:alert(1)", "data:text/html,x"])
def test_a_strategy_has_no_link_that_runs_something(head, address):
    make_year()

    head.post("/goals/2026/strategy/", {"revision": "1", "strategy_url": address})

    assert Year.objects.get().strategy_url == ""


@time_machine.travel(NOW, tick=False)
def test_check_ins_are_taken_on_approved_goals(head, user):
    indicator = make_indicator()
    lock(indicator.goal.year, user)

    head.post(reverse("goals:check_in_create", args=[indicator.pk]), check_in_form())

    check_in = indicator.check_ins.get()
    assert (check_in.value, check_in.confidence, check_in.by, check_in.at) == (
        Decimal(120),
        "at_risk",
        user,
        NOW,
    )
    page = text_of(head.get(reverse("goals:goal_detail", args=[indicator.goal_id])))
    assert "January was slow." in page
    assert "20 %" in page.replace("&nbsp;", " ")


@time_machine.travel(NOW, tick=False)
@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"on": "2026-03-03"}, "A check-in tells what was, not what will be."),
        ({"value": "many"}, "Enter a number."),
        ({"confidence": "sure"}, "Select a valid choice."),
        ({"sentence": ""}, "This field is required."),
    ],
)
def test_a_wrong_check_in_is_refused_beside_its_field(head, change, sentence):
    indicator = make_indicator()

    response = head.post(
        reverse("goals:check_in_create", args=[indicator.pk]), check_in_form(**change)
    )

    assert sentence in text_of(response)
    assert CheckIn.objects.count() == 0


@time_machine.travel(NOW, tick=False)
def test_a_correction_shows_the_old_value_struck_through(head):
    wrong = make_check_in(value=Decimal(999), sentence="Wrong.")
    address = reverse("goals:check_in_correct", args=[wrong.pk])
    begins_with = head.get(address).context["form"].initial

    head.post(address, check_in_form(value="99", sentence="Typing error."))
    again = head.post(address, check_in_form(value="98"))

    page = head.get(reverse("goals:goal_detail", args=[wrong.indicator.goal_id]))
    assert begins_with["value"] == Decimal(999)
    assert "<del>999</del>" in page.content.decode()
    assert "Typing error." in text_of(page)
    assert "Somebody has corrected this check-in." in text_of(again)
    assert CheckIn.objects.count() == 2


def test_goals_without_a_target_are_not_submitted(head):
    make_indicator(target=None, name_en="Reach")
    make_indicator(Goal.objects.get(), name_en="Leads")

    response = head.post("/goals/2026/steps/submit/", follow=True)

    page = text_of(response)
    assert "these indicators have no target yet: Reach." in page
    document = Document.objects.get()
    assert (document.status, document.versions.count()) == ("draft", 0)


def test_goals_with_nothing_to_measure_them_by_are_not_submitted(head):
    year = make_year()
    empty = text_of(head.post("/goals/2026/steps/submit/", follow=True))
    make_goal(year, title_en="Be known")
    bare = text_of(head.post("/goals/2026/steps/submit/", follow=True))

    assert "Not submitted: the year has no goals yet." in empty
    assert "Not submitted: these goals have no indicator yet: Be known." in bare
    assert Document.objects.get().status == "draft"


def test_returning_says_what_is_to_change_and_lets_it_be_changed(client_for, head, user):
    goal = make_goal()
    make_indicator(goal)
    director = client_for(make_user(role=Role.DIRECTOR))
    head.post("/goals/2026/steps/submit/")

    silent = director.post("/goals/2026/steps/send_back/", {"text": " "}, follow=True)
    still = Document.objects.get().status
    director.post("/goals/2026/steps/send_back/", {"text": "Higher, please."})

    assert "What is to change: This field is required." in text_of(silent)
    assert still == "submitted"
    page = text_of(head.get("/goals/2026/"))
    assert "Higher, please." in page
    assert head.get(reverse("goals:goal_update", args=[goal.pk])).status_code == 200


def test_a_comment_stands_on_the_page_as_it_was_written(client_for, head):
    make_year()
    unit_head = make_user(role=Role.UNIT_HEAD, full_name="Unit Head")

    client_for(unit_head).post("/goals/2026/steps/comment/", {"text": "And <b>guests</b>?"})

    assert Comment.objects.get().by == unit_head
    assert "And &lt;b&gt;guests&lt;/b&gt;?" in head.get("/goals/2026/").content.decode()


def test_the_versions_say_what_a_change_changed_and_why(client_for, head):
    indicator = make_indicator(name_en="Leads")
    director = client_for(make_user(role=Role.DIRECTOR))
    head.post("/goals/2026/steps/submit/")
    director.post("/goals/2026/steps/approve/", {"text": "Good."})
    head.post("/goals/2026/steps/reopen/", {"text": "A new programme."})
    address = reverse("goals:indicator_update", args=[indicator.pk])
    head.post(address, indicator_form(name_en="Leads", unit="number", series="", target="250"))
    before = text_of(head.get("/goals/2026/versions/"))
    head.post("/goals/2026/steps/submit/")

    after = text_of(head.get("/goals/2026/versions/"))

    assert "Not submitted yet" in before
    assert "Leads: target 200 250" in before
    assert "Not submitted yet" not in after
    assert "Why it was changed A new programme." in after
    assert "Leads: target 200 250" in after


def test_a_goal_that_is_taken_out_stays_in_the_versions(client_for, head):
    goal = make_goal(title_en="Reach")
    for each in (goal, make_goal(goal.year, title_en="Leads")):
        make_indicator(each)
    head.post("/goals/2026/steps/submit/")
    client_for(make_user(role=Role.DIRECTOR)).post("/goals/2026/steps/send_back/", {"text": "No."})

    head.post(reverse("goals:goal_delete", args=[goal.pk]))
    page = text_of(head.get("/goals/2026/versions/"))

    assert Goal.objects.count() == 1
    assert "Reach: wording Veicināt līdu ģenerēšanu taken out" in page


def test_what_was_reported_on_is_not_taken_out(head):
    check_in = make_check_in()

    response = head.post(
        reverse("goals:indicator_delete", args=[check_in.indicator_id]), follow=True
    )

    assert "This indicator has check-ins" in text_of(response)
    assert Indicator.objects.count() == 1


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("lv", ("2026. gada mērķi", "Jaunie līdi", "1 234,50 €")),
        ("en", ("Goals of 2026", "New leads", "1 234.50 €")),
    ],
)
@pytest.mark.parametrize("name", ["year_detail", "year_print", "year_list"])
def test_pages_are_in_the_language_of_the_person(client_for, language, words, name):
    make_indicator(unit="euro", target=Decimal("1234.5"))
    arguments = [] if name == "year_list" else [2026]

    page = text_of(
        client_for(make_user(language=language)).get(reverse(f"goals:{name}", args=arguments))
    )

    shown = page.replace("\xa0", " ")
    expected = words[:1] if name == "year_list" else words
    assert [each for each in expected if each not in shown] == []


def test_the_newest_check_ins_are_shown_at_first_and_all_when_asked(head):
    indicator = make_indicator()
    for day in range(1, 10):
        make_check_in(indicator, on=date(2026, 2, day), sentence=f"Told on day {day}.")
    address = reverse("goals:goal_detail", args=[indicator.goal_id])

    page, opened = text_of(head.get(address)), text_of(head.get(f"{address}?all={indicator.pk}"))

    assert [day for day in range(1, 10) if f"day {day}." in page] == [4, 5, 6, 7, 8, 9]
    assert "All 9 check-ins" in page
    assert [day for day in range(1, 10) if f"day {day}." in opened] == list(range(1, 10))
    assert "All 9 check-ins" not in opened


def make_activity(goal, **fields):
    """Plan something that serves the goal, in the intake of that season."""
    intake, _made = Intake.objects.get_or_create(
        year=2026,
        season="autumn",
        defaults={"begins_on": date(2026, 6, 1), "ends_on": date(2026, 9, 30)},
    )
    activity = Activity.objects.create(
        intake=intake,
        kind=Activity.Kind.FREE_WEBINAR,
        starts_at=riga(2026, 8, 12, 18),
        ends_at=riga(2026, 8, 12, 19),
        **{"title": "Kā izvēlēties profesiju", **fields},
    )
    activity.goals.add(goal)
    return activity


@pytest.mark.parametrize(
    ("language", "name"), [("lv", "Kā izvēlēties profesiju"), ("en", "Choosing a profession")]
)
def test_a_goal_says_what_is_done_for_it(client_for, language, name):
    goal = make_goal()
    make_activity(goal, title_en="Choosing a profession", state=Activity.State.PLANNED)
    make_activity(make_goal(), title="Something else", title_en="")

    client = client_for(make_user(language=language))
    page = text_of(client.get(reverse("goals:goal_detail", args=[goal.pk])))

    assert name in page
    assert "Something else" not in page


def test_a_goal_that_nothing_is_done_for_says_so(head):
    page = text_of(head.get(reverse("goals:goal_detail", args=[make_goal().pk])))

    assert "No activity serves this goal yet." in page


def queries(client, address):
    with CaptureQueriesContext(connection) as counted:
        assert client.get(address).status_code == 200
    return len(counted)


def test_pages_ask_as_often_for_much_as_for_little(head, user):
    years.begin(2026, by=user, at=NOW)
    goal = Goal.objects.first()
    pages = [
        "/goals/",
        "/goals/2026/",
        "/goals/2026/print/",
        "/goals/2026/versions/",
        reverse("goals:goal_detail", args=[goal.pk]),
    ]
    make_check_in(goal.indicators.first(), value=Decimal(1))
    document = goal.year.document
    document.submit(by=user, at=NOW, content=lambda: {"lines": []})
    document.send_back(by=make_user(), at=NOW, comment="More.")
    Comment.objects.create(document=document, by=user, at=NOW, text="Hm.")
    make_activity(goal, owner=user)
    little = [queries(head, page) for page in pages]

    years.begin_from(goal.year, 2027, by=user, at=NOW)
    for number in range(12):
        extra = make_goal(goal.year, owner=make_user())
        make_activity(goal, owner=make_user())
        previous = make_indicator(extra)
        make_check_in(previous)
        for at in (extra, goal):
            made = make_indicator(at, owner=make_user(), previous=previous)
            wrong = make_check_in(made, by=make_user())
            make_check_in(made, corrects=wrong, on=date(2026, 1, number + 1))
        Comment.objects.create(document=document, by=make_user(), at=NOW, text="Hm.")
    document.submit(by=user, at=NOW, content=lambda: {"lines": []})
    document.withdraw(by=user, at=NOW)

    assert [queries(head, page) for page in pages] == little


@pytest.mark.parametrize(
    ("unit", "said"),
    [
        ("euro", "200\xa0€ more is better"),
        ("percent", "200\xa0% more is better"),
        ("people", "200 people, more is better"),
    ],
)
def test_the_unit_of_a_target_is_said_once(head, unit, said):
    indicator = make_indicator(unit=unit)

    page = text_of(head.get(reverse("goals:goal_detail", args=[indicator.goal_id])))

    assert said.replace("\xa0", " ") in page.replace("\xa0", " ")
