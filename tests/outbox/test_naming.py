"""An occasion is named in the language of whoever looks at the outbox, whatever was stored."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils.translation import override
from pytest_django.asserts import assertContains, assertNotContains

from events.models import EventAlert, ReminderDispatch, ReminderRule
from kpi.models import Alert, WeeklyReport
from outbox.models import Dispatch, Reason, Status
from outbox.naming import names_of
from smmprocess.models import StepNotice
from tests.factories import START, make_event, make_message, make_series, make_user
from work.models import MorningList

pytestmark = pytest.mark.django_db


def make_dispatch(title="Kā glabāts"):
    return Dispatch.objects.create(title=title, purpose="service")


def make_occasion(event=None, key="before_15"):
    """Make a reminder's dispatch as a worker does, whose language is Latvian."""
    event = event or make_event()
    rule = ReminderRule.objects.get(event_type=event.kind, key=key)
    dispatch = make_dispatch(f"{event.title} · {rule.name}")
    ReminderDispatch.objects.create(
        event=event, rule=rule, moment=event.starts_at, dispatch=dispatch
    )
    return dispatch


def name(dispatch, language):
    with override(language):
        return names_of({dispatch.pk: dispatch.title})[dispatch.pk]


@pytest.mark.parametrize(
    ("language", "expected", "start"),
    [
        ("lv", "Atvērto durvju diena · Sākam pēc 15 minūtēm", "sākums 11.03.2026. 18:00"),
        ("en", "Open day · We begin in 15 minutes", "start 11 Mar 2026, 18:00"),
    ],
)
def test_a_reminder_is_named_in_the_language_of_the_page(client_for, language, expected, start):
    dispatch = make_occasion()
    unclear = {"dispatch": dispatch, "status": Status.UNKNOWN, "reason": Reason.UNCLEAR}
    message, _another = (make_message(**unclear, about_at=START) for _ in range(2))
    client = client_for(make_user(language=language))

    for address in (
        reverse("outbox:message_list"),
        reverse("outbox:message_list") + "?status=undecided",
        reverse("outbox:message_detail", args=[message.pk]),
        reverse("outbox:undecided_detail", args=[dispatch.pk, message.channel]),
    ):
        page = client.get(address)
        assertContains(page, expected)
        assertContains(page, start)


def test_a_message_keeps_the_start_it_told_when_the_event_has_moved_since(client_for):
    event = make_event()
    make_message(dispatch=make_occasion(event), about_at=START)
    event.starts_at, event.ends_at = START + timedelta(hours=1), START + timedelta(hours=2)
    event.save(update_fields=["starts_at", "ends_at"])

    page = client_for(make_user()).get(reverse("outbox:message_list"))

    assertContains(page, "start 11 Mar 2026, 18:00")
    assertNotContains(page, "19:00")


def test_what_staff_are_written_is_named_in_the_language_of_the_page():
    told, weekly, alerts, morning, step = (make_dispatch() for _ in range(5))
    EventAlert.objects.create(event=make_event(), topic="expired", about_at=START, dispatch=told)
    WeeklyReport.objects.create(monday=date(2026, 3, 9), made_at=START, dispatch=weekly)
    series = make_series()
    for day in (date(2026, 3, 9), date(2026, 3, 10)):
        Alert.objects.create(
            kind="unusual", series=series, day=day, found_at=START, dispatch=alerts
        )
    MorningList.objects.create(day=START.date(), made_at=START, dispatch=morning)
    StepNotice.objects.create(
        step="3",
        period="2026-spring",
        occasion="nears",
        due_on=START.date(),
        made_at=START,
        dispatch=step,
    )

    letters = (told, weekly, alerts, morning, step)
    assert [name(each, "en") for each in letters] == [
        "Open day 11 Mar 2026 · messages expired",
        "The week in figures, 09 Mar 2026",
        "Alerts",
        "Lists of the day 11 Mar 2026",
        "3 · Spring intake 2026 · the date nears",
    ]
    assert [name(each, "lv") for each in letters] == [
        "Atvērto durvju diena 11.03.2026. · nokavētas ziņas",
        "Nedēļas rādītāji, 09.03.2026.",
        "Brīdinājumi",
        "Dienas saraksti 11.03.2026.",
        "3 · 2026. gada pavasara uzņemšana · tuvojas termiņš",
    ]


def test_what_nobody_names_keeps_the_title_it_is_stored_with():
    assert name(make_dispatch("Pasākuma reģistrācija"), "en") == "Pasākuma reģistrācija"


def test_many_occasions_are_named_with_as_many_queries_as_one(django_assert_max_num_queries):
    titles = {make_occasion().pk: ""}
    with django_assert_max_num_queries(100) as for_one:
        names_of(titles)
    for number in range(1, 4):
        event = make_event(starts_at=START + timedelta(days=number))
        titles[make_occasion(event).pk] = ""
        alert = make_dispatch()
        EventAlert.objects.create(event=event, topic="expired", about_at=START, dispatch=alert)
        titles[alert.pk] = ""

    with django_assert_max_num_queries(len(for_one.captured_queries)):
        assert all(names_of(titles).values())
