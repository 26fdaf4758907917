"""However much there is, a list asks the database as often; and whatever is asked, it answers."""

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils.http import urlencode

from accounts.models import Role, User
from events import reminders
from events.models import Bitrix24Source, Event, ReminderRule
from opendays.models import Series
from outbox import delivery
from outbox.models import Message
from people.models import AddressBlock, Medium, Participant
from results.models import Evaluation, Review, Snapshot
from tests.factories import (
    START,
    arm_rules,
    make_event,
    make_goal,
    make_indicator,
    make_message,
    make_offer,
    make_participant,
    make_recurring,
    make_registration,
    make_task,
    make_unit,
    make_user,
    make_year,
)
from tests.plans.making import make_intake
from webinars.models import Presenter, Webinar
from work.models import HandOver, Task, TaskChange, TaskComment

pytestmark = pytest.mark.django_db

LISTS = (
    ("home", {}),
    ("goals:year_list", {}),
    ("events:event_list", {}),
    ("events:event_list", {"when": "all", "q": "open"}),
    ("events:participant_list", {}),
    ("events:participant_list", {"q": "ozola"}),
    ("events:block_list", {}),
    ("outbox:message_list", {}),
    ("outbox:message_list", {"status": "handed_over", "medium": "email", "purpose": "service"}),
    ("outbox:message_list", {"q": "ozola"}),
    ("events:rule_list", {}),
    ("events:offer_list", {}),
    ("opendays:series_list", {}),
    ("events:bitrix24_source_list", {}),
    ("accounts:user_list", {}),
    ("accounts:unit_list", {}),
    ("plans:intake_list", {}),
    ("work:my_day", {}),
    ("work:task_list", {}),
    ("work:task_list", {"q": "uzdevums", "state": "all", "role": "marketing_head"}),
    ("work:template_list", {}),
    ("work:recurring_list", {}),
    ("work:hand_over_list", {}),
    ("work:team_week", {}),
    ("work:workload", {}),
    ("webinars:presenter_list", {}),
    ("kpi:series_list", {}),
    ("kpi:source_list", {}),
    ("kpi:channel_list", {}),
    ("kpi:list_import_list", {}),
    ("kpi:person_list", {}),
    ("kpi:alert_list", {}),
    ("results:intake_list", {}),
    ("results:evaluation_list", {}),
)
OF_ONE = (
    ("events:event_detail", Event, {}),
    ("events:event_live", Event, {}),
    ("events:event_registrations", Event, {}),
    ("events:event_registrations", Event, {"q": "ozola", "attendance": "unknown"}),
    ("events:event_messages", Event, {}),
    ("events:event_messages", Event, {"q": "ozola", "outcome": "handed_over"}),
    ("events:event_cancel", Event, {}),
    ("events:rule_check", ReminderRule, {}),
    ("events:participant_detail", Participant, {}),
    ("outbox:message_detail", Message, {}),
    ("work:task_detail", Task, {}),
    ("work:event_tasks_move", Event, {}),
)
NONSENSE = ("%", "_", "'\"", "\\", "ā" * 3000, "🙂", "+371 2 000 00 01", "anna@", "-", "\x00")
NOW = START - timedelta(minutes=5)


def make_everything(number):
    """Make one more of everything that lists show; all people are registered for one event."""
    event = make_event(title="Open", starts_at=START + timedelta(days=number))
    make_registration(Event.objects.earliest("pk"), person={"offers_by_email_at": START})
    make_message(user=make_user(unit=make_unit()), dispatch=make_message().dispatch)
    make_offer()
    intake = make_intake(year=2030 + number)
    Snapshot.objects.create(
        review=Review.objects.create(intake=intake),
        number=1,
        taken_at=NOW,
        taken_by=User.objects.earliest("pk"),
        content={"tables": [{"key": "goals", "rows": []}]},
        pages={},
        reached=0,
        judged=0,
    )
    Evaluation.objects.create(
        intake=intake,
        employee=make_user(),
        manager=User.objects.earliest("pk"),
        begun_at=NOW,
    )
    make_indicator(make_goal(make_year(2030 + number)))
    AddressBlock.objects.block(Medium.EMAIL, make_participant().email, "Gone.", NOW)
    Bitrix24Source.objects.create(event=event, name=f"List {number}", entity="contact")
    Series.objects.create(
        title=f"Series {number}",
        weekday=2,
        clock=START.time(),
        first_day=START.date(),
        last_day=START.date(),
    )
    webinar = make_event(kind="webinar", starts_at=START + timedelta(days=number))
    Webinar.objects.create(event=webinar, presenter=Presenter.objects.create(name=f"Ilze {number}"))
    make_work(number)


def make_work(number):
    """Make tasks of every kind, one of each for the one who looks, and what goes with them."""
    today, event = START.date(), Event.objects.earliest("pk")
    week = timedelta(days=7)
    counted = {"counted_from": event.starts_at - week, "counted_to": event.ends_at - week}
    for days in (-1, 0, 1):
        role = Role.MARKETING_HEAD
        person, due_on = make_user(unit=make_unit()), today + timedelta(days=days)
        make_task(role=role, due_on=due_on, event=event, **counted)
        make_task(role=role, due_on=due_on, event=Event.objects.latest("pk"), assignee=person)
        make_task(role=role, due_on=due_on, done_at=NOW, done_by=User.objects.earliest("pk"))
    recurring = make_recurring(assignee=person)
    make_task(role=role, due_on=today - timedelta(days=1), recurring=recurring, missed_at=NOW)
    HandOver.objects.create(
        person=person, to=make_user(), first_on=today, last_on=today, made_by=person
    )
    task = Task.objects.earliest("pk")
    TaskComment.objects.create(task=task, text="Labi", at=NOW, by=person)
    TaskChange.objects.create(task=task, kind="assigned", at=NOW, by=person, new_assignee=person)


def count(client, address):
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


@pytest.fixture
def client(client_for):
    return client_for(make_user(is_administrator=True))


@time_machine.travel(NOW, tick=False)
def test_every_list_asks_as_often_for_one_for_three_and_for_many(client, sent):
    arm_rules()
    make_indicator(make_goal(make_year(NOW.year)))
    counted, made = [], 0
    for many in (1, 3, 60):
        for number in range(made, many):
            make_everything(number)
        made = many
        reminders.queue_due(NOW)
        delivery.send_due("recording", lambda: NOW)
        lists = {
            f"{name} {query}": count(client, f"{reverse(name)}?{urlencode(query)}")
            for name, query in LISTS
        }
        for name, model, query in OF_ONE:
            address = reverse(name, args=[model._default_manager.earliest("pk").pk])
            lists[f"{name} {query}"] = count(client, f"{address}?{urlencode(query)}")
        counted.append(lists)

    assert counted[1] == counted[0]
    assert counted[2] == counted[0]


def test_no_list_is_forgotten():
    known = {name for name, _query in LISTS}

    assert {name for name in names(get_resolver()) if name.endswith("_list")} <= known


def names(resolver, space=""):
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            yield from names(pattern, f"{pattern.namespace}:" if pattern.namespace else space)
        elif isinstance(pattern, URLPattern) and pattern.name:
            yield f"{space}{pattern.name}"


@time_machine.travel(NOW, tick=False)
@pytest.mark.parametrize("words", NONSENSE)
def test_whatever_is_searched_and_however_deep_a_page_is_shown(client, words):
    make_everything(0)
    query = urlencode({"q": words, "page": "999999", "after": "999999", "before": "x"})
    event = Event.objects.earliest("pk")

    for name, arguments in [
        ("events:event_list", []),
        ("events:participant_list", []),
        ("outbox:message_list", []),
        ("work:task_list", []),
        ("events:event_registrations", [event.pk]),
        ("events:event_messages", [event.pk]),
    ]:
        assert client.get(f"{reverse(name, args=arguments)}?{query}").status_code == 200, name
