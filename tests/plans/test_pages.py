"""What the pages of plans do: each step as a person takes it."""

from datetime import date
from decimal import Decimal

import pytest
import time_machine
from django.urls import reverse

from accounts.models import Role
from documents.models import Document
from plans.models import Activity, Intake, Publication, Wording
from tests.factories import make_event, make_goal, make_unit, make_user, make_year, riga
from tests.plans.making import (
    NOW,
    make_activity,
    make_audience,
    make_channel,
    make_intake,
    make_message,
    make_publication,
    submit,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def head(client_for):
    return client_for(make_user(full_name="Head"))


def url(name, *args):
    return reverse(f"plans:{name}", args=args)


def said(response):
    return [str(message) for message in response.context["messages"]]


def test_an_intake_begins_with_two_open_plans(head):
    fields = {
        "year": 2026,
        "season": "autumn",
        "begins_on": "2026-08-24",
        "ends_on": "2026-12-18",
        "revision": 1,
    }

    response = head.post(url("intake_create"), fields)

    intake = Intake.objects.get()
    assert response.url == url("intake_detail", intake.pk)
    assert intake.communication_plan.document.is_open
    assert intake.activity_plan.document.is_open


def test_the_same_intake_does_not_begin_twice(head):
    make_intake()
    fields = {
        "year": 2026,
        "season": "spring",
        "begins_on": "2026-01-12",
        "ends_on": "2026-06-30",
        "revision": 1,
    }

    response = head.post(url("intake_create"), fields)

    assert response.context["form"].non_field_errors() == ["This intake is here already."]
    assert Intake.objects.count() == 1


@pytest.mark.parametrize(
    ("today", "season"),
    [
        (date(2026, 3, 1), "spring"),
        (date(2026, 7, 15), "autumn"),
        (date(2026, 10, 1), "autumn"),
        (date(2027, 3, 1), "autumn"),
    ],
)
def test_the_current_intake_is_the_one_that_runs_else_the_next_else_the_last(today, season):
    make_intake()
    make_intake(season="autumn", begins_on=date(2026, 8, 24), ends_on=date(2026, 12, 18))

    assert Intake.objects.current(today).season == season


def plan_fields(intake, **fields):
    return {"aims": "", "tone": "", "budget": "", "revision": 1} | fields


def test_a_budget_is_taken_with_a_decimal_comma_in_latvian(client_for):
    intake = make_intake()
    client = client_for(make_user(language="lv"))

    client.post(url("communication_update", intake.pk), plan_fields(intake, budget="2 500,50"))

    intake.communication_plan.refresh_from_db()
    assert intake.communication_plan.budget == Decimal("2500.50")


def test_the_second_of_two_editors_is_told_and_sees_both_versions(head, client_for):
    intake = make_intake()
    other = client_for(make_user(full_name="Other"))
    other.post(url("communication_update", intake.pk), plan_fields(intake, tone="Warm"))

    response = head.post(url("communication_update", intake.pk), plan_fields(intake, tone="Brisk"))

    conflict = response.context["form"].conflict
    intake.communication_plan.refresh_from_db()
    assert (conflict.by.full_name, intake.communication_plan.tone) == ("Other", "Warm")
    assert [(each.saved, each.own) for each in conflict.differences] == [("Warm", "Brisk")]
    assert "Brisk" in response.text

    head.post(url("communication_update", intake.pk), plan_fields(intake, tone="Brisk", revision=2))
    intake.communication_plan.refresh_from_db()
    assert intake.communication_plan.tone == "Brisk"


@pytest.fixture
def cell():
    intake = make_intake()
    message = make_message(intake, text="Study while you work")
    audience, channel = make_audience(intake, name="Pupils"), make_channel(intake, name="Facebook")
    return message, audience, channel


def cell_fields(audience, channel, text, was=""):
    place = f"{audience.pk}_{channel.pk}"
    return {f"text_{place}": text, f"was_{place}": was}


def test_empty_cells_of_the_grid_are_counted_and_lead_to_where_they_are_filled(head, cell):
    message, audience, channel = cell
    page = url("communication_detail", message.plan.intake_id)
    link = f"{url('message_wordings', message.pk)}#id_text_{audience.pk}_{channel.pk}"

    before = head.get(page)
    head.post(url("message_wordings", message.pk), cell_fields(audience, channel, "Short\nand new"))
    after = head.get(page)

    assert (before.context["grid"].empty, after.context["grid"].empty) == (1, 0)
    assert link in before.text
    assert link not in after.text
    assert Wording.objects.get().text == "Short\nand new"


def test_an_emptied_cell_is_empty_again(head, cell):
    message, audience, channel = cell
    Wording.objects.create(key_message=message, audience=audience, channel=channel, text="Short")

    head.post(url("message_wordings", message.pk), cell_fields(audience, channel, "", was="Short"))

    assert not Wording.objects.exists()


def test_a_cell_somebody_else_wrote_into_is_not_overwritten_unseen(head, cell):
    message, audience, channel = cell
    Wording.objects.create(key_message=message, audience=audience, channel=channel, text="Theirs")

    response = head.post(
        url("message_wordings", message.pk), cell_fields(audience, channel, "Mine")
    )

    assert "Somebody wrote here meanwhile: “Theirs” Your text is kept above." in response.text
    assert Wording.objects.get().text == "Theirs"
    form = response.context["form"]
    assert form[f"was_{audience.pk}_{channel.pk}"].value() == "Theirs"

    head.post(
        url("message_wordings", message.pk),
        cell_fields(audience, channel, "Mine", was="Theirs"),
    )
    assert Wording.objects.get().text == "Mine"


def test_a_form_sent_after_the_plan_was_submitted_saves_nothing(head, cell):
    message, audience, channel = cell
    submit(message.plan)

    response = head.post(
        url("message_wordings", message.pk), cell_fields(audience, channel, "Late")
    )

    assert response.context["form"].non_field_errors()[0].startswith("This is locked meanwhile")
    assert not Wording.objects.exists()


def test_an_audience_needs_nothing_but_a_name_and_keeps_every_field(head):
    intake = make_intake()
    channel = make_channel(intake, name="Instagram")
    fields = {
        "name": "Young parents",
        "age": "25–35",
        "gender": "any",
        "industry": "trade",
        "interests": "children",
        "occupation": "employed",
        "habits": "evenings at home",
        "social_media_habits": "Instagram after nine",
        "size": "12000",
        "how_we_know": "Survey of 2025",
        "channels": [channel.pk],
        "revision": 1,
    }

    head.post(url("audience_create", intake.pk), {"name": "Pupils", "revision": 1})
    head.post(url("audience_create", intake.pk), fields)

    page = head.get(url("intake_audiences", intake.pk)).text
    assert [each.name for each in intake.audiences.all()] == ["Pupils", "Young parents"]
    for word in ("25–35", "trade", "evenings at home", "Instagram after nine", "Survey of 2025"):
        assert word in page


def test_two_audiences_of_one_name_are_refused(head):
    intake = make_intake()
    make_audience(intake, name="Pupils")

    response = head.post(url("audience_create", intake.pk), {"name": "pupils", "revision": 1})

    assert response.context["form"].errors["name"] == ["The intake has one of this name already."]


@pytest.mark.parametrize(
    ("expires_on", "words"),
    [
        (date(2026, 3, 20), "Access expires soon"),
        (date(2026, 3, 10), "Access has expired"),
        (date(2026, 4, 12), None),
    ],
)
@time_machine.travel(riga(2026, 3, 11, 10), tick=False)
def test_a_channel_warns_a_month_before_its_access_expires(head, expires_on, words):
    intake = make_intake()
    make_channel(intake, access_expires_on=expires_on)

    register = head.get(url("intake_channels", intake.pk)).text
    page = head.get(url("intake_detail", intake.pk)).text

    assert (words in register) if words else ("Access has" not in register)
    assert ("Access to the channel" in page) == bool(words)


def test_a_channels_access_is_kept_up_in_a_locked_plan_and_nothing_else(head):
    intake = make_intake()
    channel = make_channel(intake, name="Facebook")
    submit(intake.communication_plan)

    head.post(
        url("channel_update", channel.pk),
        {"name": "Other", "access_expires_on": "2026-09-01", "revision": 1},
    )

    channel.refresh_from_db()
    assert (channel.name, channel.access_expires_on) == ("Facebook", date(2026, 9, 1))


def test_a_channel_with_advertisements_is_not_taken_out(head):
    publication = make_publication(make_activity(make_intake()))

    head.post(url("channel_delete", publication.channel_id))

    assert Publication.objects.get().channel == publication.channel


def activity_fields(**fields):
    return {
        "kind": "guest_lecture",
        "title": "Lecture",
        "starts_at": "2026-03-11T18:00",
        "ends_at": "2026-03-11T19:30",
        "revision": 1,
    } | fields


def test_an_activity_is_planned_and_its_cost_per_lead_computed(head):
    intake = make_intake()

    head.post(
        url("activity_create", intake.pk), activity_fields(budget_planned="250", expected_leads=20)
    )

    activity = Activity.objects.get()
    assert (activity.state, activity.starts_at) == ("planned", riga(2026, 3, 11, 18))
    assert activity.cost_per_lead == Decimal("12.50")
    assert "12.50" in head.get(url("intake_activities", intake.pk)).text


def test_the_goals_to_choose_from_are_named_in_the_language_of_the_page(head):
    goal = make_goal(make_year(2026), title="Veicināt līdus", title_en="Promote leads")
    intake = make_intake()

    page = head.get(url("activity_create", intake.pk)).text
    head.post(url("activity_create", intake.pk), activity_fields(goals=[goal.pk]))

    assert "Promote leads" in page
    assert "Veicināt līdus" not in page
    assert [each.pk for each in Activity.objects.get().goals.all()] == [goal.pk]


@pytest.mark.parametrize(
    ("fields", "name", "error"),
    [
        ({"ends_at": "2026-03-11T17:00"}, "ends_at", "The activity must end after it starts."),
        (
            {"kind": "open_day", "last_on": "2026-03-01"},
            "last_on",
            "The last day must not be before the first day.",
        ),
        (
            {"kind": "open_day", "last_on": "2027-04-01"},
            "last_on",
            "A weekly series lasts a year at most.",
        ),
        (
            {"kind": "paid_webinar", "last_on": "2026-04-01"},
            "last_on",
            "A webinar takes place once: plan each of them on its own.",
        ),
    ],
)
def test_times_that_cannot_be_are_refused(head, fields, name, error):
    intake = make_intake()

    response = head.post(url("activity_create", intake.pk), activity_fields(**fields))

    assert response.context["form"].errors == {name: [error]}
    assert not Activity.objects.exists()


def test_a_drag_asks_before_the_activity_is_moved_by_the_same_clock(head):
    activity = make_activity(make_intake(), starts_at=riga(2026, 3, 25, 18))

    asked = head.get(url("activity_move", activity.pk) + "?on=2026-04-01")

    assert Activity.objects.get().starts_at == riga(2026, 3, 25, 18)
    assert 'value="2026-04-01T18:00"' in asked.text


def test_a_webinar_is_not_moved_into_every_week(head):
    activity = make_activity(make_intake())
    times = {"starts_at": "2026-03-18T18:00", "ends_at": "2026-03-18T19:30", "revision": 1}

    answer = head.post(url("activity_move", activity.pk), times | {"last_on": "2026-04-15"})

    activity.refresh_from_db()
    assert list(answer.context["form"].errors) == ["last_on"]
    assert activity.last_on is None


def test_two_who_plan_the_same_advertisement_are_told(head, client_for):
    publication = make_publication(make_activity(make_intake()))
    fields = {"channel": publication.channel_id, "revision": 1}
    other = client_for(make_user(full_name="Ilze Kalniņa"))
    address = url("publication_update", publication.pk)
    other.post(address, fields | {"planned_at": "2026-02-12T10:00"})

    answer = head.post(address, fields | {"planned_at": "2026-02-13T10:00"})

    publication.refresh_from_db()
    assert publication.planned_at == riga(2026, 2, 12, 10)
    assert answer.context["form"].conflict.by.full_name == "Ilze Kalniņa"


def test_who_changes_an_advertisement_is_told_that_it_went_live_meanwhile(head, client_for):
    publication = make_publication(make_activity(make_intake(), kind="conference"))
    instagram = make_channel(publication.activity.intake, name="Instagram")
    address = url("publication_update", publication.pk)
    form = head.get(address).context["form"]
    seen = {name: form[name].value() or "" for name in form.fields}
    other = client_for(make_user(full_name="Ilze Kalniņa"))
    other.post(url("publication_publish", publication.pk), {"url": "https://f.example/1"})

    answer = head.post(address, seen | {"channel": instagram.pk, "planned_at": "2026-02-12T10:00"})

    publication.refresh_from_db()
    assert answer.context["form"].conflict.by.full_name == "Ilze Kalniņa"
    assert publication.channel != instagram
    assert publication.url == "https://f.example/1"


def test_a_moved_activity_leaves_its_event_where_it_is_and_says_so(head):
    activity = make_activity(make_intake())
    event = make_event(starts_at=activity.starts_at, ends_at=activity.ends_at, activity=activity)
    times = {"starts_at": "2026-03-18T18:00", "ends_at": "2026-03-18T19:30", "revision": 1}

    asked = head.get(url("activity_move", activity.pk)).text
    answer = head.post(url("activity_move", activity.pk), times, follow=True)

    event.refresh_from_db()
    assert reverse("events:event_move", args=[event.pk]) in asked
    assert event.starts_at == riga(2026, 3, 11, 18)
    assert "Its event stays at the old time until you move it, too: see below." in said(answer)
    assert reverse("events:event_move", args=[event.pk]) in answer.text


def test_a_day_that_is_no_day_is_no_error(head):
    activity = make_activity(make_intake())

    assert head.get(url("activity_move", activity.pk) + "?on=2026-99-99").status_code == 200


def test_a_head_of_unit_proposes_and_the_marketing_head_accepts_with_a_word(head, client_for):
    intake, unit = make_intake(), make_unit(name="Law")
    unit_head = client_for(make_user(role=Role.UNIT_HEAD, unit=unit))

    unit_head.post(url("activity_propose", intake.pk), activity_fields(title="Moot court"))
    activity = Activity.objects.get()
    assert (activity.state, activity.unit) == ("proposed", unit)

    head.post(url("activity_accept", activity.pk), {"word": "Gladly"})
    activity.refresh_from_db()
    assert (activity.state, activity.reason) == ("planned", "Gladly")


def test_a_proposal_is_declined_only_with_a_word_and_decided_once(head):
    activity = make_activity(make_intake(), state="proposed", unit=make_unit())

    head.post(url("activity_decline", activity.pk), {"word": ""})
    activity.refresh_from_db()
    assert activity.state == "proposed"

    head.post(url("activity_decline", activity.pk), {"word": "No money"})
    assert head.post(url("activity_accept", activity.pk), {"word": "Yes"}).status_code == 403
    activity.refresh_from_db()
    assert (activity.state, activity.reason) == ("declined", "No money")


def test_proposals_wait_while_the_plan_is_locked(head):
    intake = make_intake()
    activity = make_activity(intake, state="proposed", unit=make_unit())
    submit(intake.activity_plan)

    assert head.post(url("activity_accept", activity.pk), {"word": "Yes"}).status_code == 403


def test_what_is_spent_is_noted_in_an_approved_plan(head, client_for):
    intake = make_intake()
    activity = make_activity(intake, budget_planned=200, expected_leads=10)
    submit(intake.activity_plan)
    client_for(make_user(role=Role.DIRECTOR)).post(url("activities_step", intake.pk, "approve"))

    head.post(url("activity_spent", activity.pk), {"budget_spent": "150", "revision": 1})
    refused = head.post(url("activity_update", activity.pk), activity_fields(title="New"))

    activity.refresh_from_db()
    assert (activity.budget_spent, activity.cost_per_lead) == (150, Decimal("15.00"))
    assert refused.status_code == 403


def test_an_activity_is_cancelled_with_a_reason_and_can_be_taken_up_again(head):
    activity = make_activity(make_intake())

    head.post(url("activity_cancel", activity.pk), {"reason": ""})
    activity.refresh_from_db()
    assert activity.state == "planned"

    head.post(url("activity_cancel", activity.pk), {"reason": "No presenter"})
    activity.refresh_from_db()
    assert (activity.state, activity.reason) == ("cancelled", "No presenter")

    head.post(url("activity_take_up", activity.pk))
    activity.refresh_from_db()
    assert (activity.state, activity.reason) == ("planned", "")


@time_machine.travel(NOW, tick=False)
def test_a_live_post_is_noted_with_its_link_by_a_specialist(client_for):
    publication = make_publication(make_activity(make_intake(), kind="conference"))
    specialist = make_user(role=Role.SPECIALIST)
    client = client_for(specialist)

    client.post(url("publication_publish", publication.pk), {"url": "not an address"})
    publication.refresh_from_db()
    assert publication.published_at is None

    client.post(url("publication_publish", publication.pk), {"url": "https://facebook.example/1"})
    publication.refresh_from_db()
    assert (publication.url, publication.published_at, publication.published_by) == (
        "https://facebook.example/1",
        NOW,
        specialist,
    )


def test_what_is_missing_before_an_advertisement_is_said_and_a_reason_overrides_it(head):
    activity = make_activity(make_intake())
    publication = make_publication(activity)
    head.post(reverse("webinars:activity_make", args=[activity.pk]))
    fields = {"url": "https://facebook.example/1"}

    refused = head.post(url("publication_publish", publication.pk), fields)
    publication.refresh_from_db()
    assert refused.context["form"].non_field_errors()
    assert publication.published_at is None

    head.post(url("publication_publish", publication.pk), fields | {"reason": "The fair is today"})
    publication.refresh_from_db()
    assert publication.published_at is not None


def test_an_activity_becomes_its_event_with_one_click(head):
    webinar = make_activity(make_intake())
    maker = reverse("webinars:activity_make", args=[webinar.pk])
    assert maker in head.get(url("activity_detail", webinar.pk)).text

    head.post(maker)

    page = head.get(url("activity_detail", webinar.pk)).text
    assert maker not in page
    assert reverse("events:event_detail", args=[webinar.events.get().pk]) in page


def test_a_conference_becomes_no_event(head):
    conference = make_activity(make_intake(), kind="conference")

    assert head.get(url("activity_detail", conference.pk)).context["maker_url"] == ""


def test_a_live_post_is_not_taken_out(head):
    publication = make_publication(
        make_activity(make_intake()), url="https://facebook.example/1", published_at=NOW
    )

    assert head.post(url("publication_delete", publication.pk)).status_code == 403


def test_a_plan_with_nothing_in_it_is_not_submitted_and_what_is_missing_is_said(head):
    intake = make_intake()

    empty = [
        said(head.post(url(step, intake.pk, "submit"), follow=True))
        for step in ("communication_step", "activities_step")
    ]

    assert empty == [
        [
            "Not submitted: the communication plan still lacks: "
            "aims, target audiences, channels, key messages."
        ],
        ["Not submitted: the plan has no activity yet."],
    ]
    intake.refresh_from_db()
    assert intake.communication_plan.document.is_open
    assert intake.activity_plan.document.is_open


def test_a_plan_that_has_the_least_of_everything_is_submitted(head):
    intake = make_intake()
    plan = intake.communication_plan
    plan.aims = "More leads"
    plan.save(update_fields=["aims"])
    for make in (make_audience, make_channel, make_message):
        make(intake)
    make_activity(intake)

    for step in ("communication_step", "activities_step"):
        head.post(url(step, intake.pk, "submit"))

    assert Document.objects.filter(status="submitted").count() == 2


def test_the_versions_of_a_plan_say_what_changed(head, client_for):
    intake = make_intake()
    activity = make_activity(intake, title="Lecture", expected_leads=20)
    director = client_for(make_user(role=Role.DIRECTOR))
    head.post(url("activities_step", intake.pk, "submit"))
    director.post(url("activities_step", intake.pk, "send_back"), {"text": "Too few leads"})
    Activity.objects.update(expected_leads=40)
    head.post(url("activities_step", intake.pk, "submit"))

    chapters = head.get(url("activities_versions", intake.pk)).context["chapters"]

    (change,) = chapters[0].changes
    assert (chapters[0].version.number, chapters[1].version.decision) == (2, "Too few leads")
    assert "Expected leads: 20" in change.before
    assert "Expected leads: 40" in change.after
    assert activity.title in change.label


def test_the_month_shows_holidays_activities_every_week_and_advertisements(head):
    intake = make_intake()
    make_activity(intake, title="Open", starts_at=riga(2026, 5, 6, 18), last_on=date(2026, 5, 27))
    make_publication(make_activity(intake, title="Web"), planned_at=riga(2026, 5, 12, 12))

    response = head.get(url("intake_month", intake.pk) + "?month=2026-05")

    days = {day.day: day for day in response.context["days"]}
    assert [day.day for day in days.values() if day.entries] == [
        date(2026, 5, 6),
        date(2026, 5, 13),
        date(2026, 5, 20),
        date(2026, 5, 27),
    ]
    assert len(days[date(2026, 5, 12)].publications) == 1
    assert days[date(2026, 5, 4)].holiday == "Restoration of Independence Day"


@pytest.mark.parametrize("query", ["?month=2026-13", "?month=abc", "?month=9999-12"])
def test_a_month_that_is_none_is_not_found(head, query):
    assert head.get(url("intake_month", make_intake().pk) + query).status_code == 404


def test_the_week_shows_seven_days_from_monday(head):
    response = head.get(url("intake_week", make_intake().pk) + "?week=2026-03-29")

    days = [day.day for day in response.context["days"]]
    assert (days[0], days[-1], len(days)) == (date(2026, 3, 23), date(2026, 3, 29), 7)


def test_rolling_forward_shows_everything_before_it_saves_anything(head):
    source = make_intake()
    wanted = make_activity(source, title="Wanted")
    make_activity(source, title="Unwanted", starts_at=riga(2026, 5, 5, 18))
    fields = {
        "year": 2027,
        "season": "spring",
        "begins_on": "2027-01-11",
        "ends_on": "2027-06-30",
        "weeks": "",
    }
    page = url("intake_roll_forward", source.pk)

    shown = head.post(page, fields)
    assert (shown.context["weeks"], Intake.objects.count()) == (52, 1)
    assert "Restoration of Independence Day" in shown.text

    head.post(page, fields | {"weeks": 52, "confirmed": "on", "activity": [wanted.pk]})
    target = Intake.objects.get(year=2027)
    assert [each.title for each in target.activities.all()] == ["Wanted"]


def test_an_intake_that_is_here_already_is_not_rolled_into(head):
    source = make_intake()

    response = head.post(
        url("intake_roll_forward", source.pk),
        {"year": 2026, "season": "spring", "begins_on": "2026-01-12", "ends_on": "2026-06-30"},
    )

    assert response.context["form"].non_field_errors() == ["This intake is here already."]


def test_an_intake_with_a_thousand_and_more_activities_is_rolled_forward(head):
    source = make_intake()
    Activity.objects.bulk_create(
        Activity(
            intake=source, title=f"Activity {number}", starts_at=NOW, ends_at=riga(2026, 1, 12, 12)
        )
        for number in range(1200)
    )
    fields = {
        "year": 2027,
        "season": "spring",
        "begins_on": "2027-01-11",
        "ends_on": "2027-06-30",
        "confirmed": "on",
        "activity": list(source.activities.values_list("pk", flat=True)),
    }

    head.post(url("intake_roll_forward", source.pk), fields)

    assert Intake.objects.get(year=2027).activities.count() == 1200


def test_a_month_draws_some_of_a_full_day_and_leads_to_the_week_for_the_rest(head):
    intake = make_intake()
    for hour in range(8, 18):
        make_activity(intake, title=f"At {hour}", starts_at=riga(2026, 3, 11, hour))

    month = head.get(url("intake_month", intake.pk) + "?month=2026-03")
    week = head.get(url("intake_week", intake.pk) + "?week=2026-03-11")

    day = next(each for each in month.context["days"] if each.day == date(2026, 3, 11))
    assert (len(day.entries), day.more) == (6, 4)
    assert f"{url('intake_week', intake.pk)}?week=2026-03-11" in month.text
    assert all(f"At {hour}" in week.text for hour in range(8, 18))


def test_the_whole_plan_is_on_one_page_to_print(head):
    intake = make_intake()
    goal = make_goal(make_year(year=2026))
    pupils = make_audience(intake, name="Pupils")
    for number in range(60):
        activity = make_activity(
            intake, title=f"Talk {number}.", budget_planned=10, audiences=[pupils]
        )
        activity.goals.add(goal)
    make_activity(intake, title="Only proposed", state="proposed")

    page = head.get(url("activities_print", intake.pk)).text

    assert all(f"Talk {number}." in page for number in range(60))
    assert "Only proposed" not in page
    assert "600" in page
    assert page.count("Pupils") == page.count("Promote lead generation") == 60


def test_one_sees_from_the_goal_to_the_event_and_back(head):
    goal = make_goal(make_year(year=2026))
    activity = make_activity(make_intake(), title="Talk", budget_spent=Decimal("120.50"))
    activity.goals.add(goal)
    event = make_event(activity=activity)
    pages = {
        "goal": reverse("goals:goal_detail", args=[goal.pk]),
        "activity": url("activity_detail", activity.pk),
        "event": reverse("events:event_detail", args=[event.pk]),
    }

    shown = {name: head.get(address).text for name, address in pages.items()}

    leads = {
        name: [other for other in pages if other != name and f'href="{pages[other]}"' in text]
        for name, text in shown.items()
    }
    assert leads == {
        "goal": ["activity"],
        "activity": ["goal", "event"],
        "event": ["goal", "activity"],
    }
    assert "120.5" in shown["goal"]
