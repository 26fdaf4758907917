"""How far each of a webinar's eight activities is, by what is known of it."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils.translation import override

from events.board import Due, Messages
from events.models import Event, Material, MaterialVersion
from plans.models import Activity, Channel, Publication
from tests.factories import START, riga
from webinars.board import Facts, board
from webinars.checklist import LINES, Line
from webinars.models import ChecklistTick, Presenter, Webinar

LONG_BEFORE, AFTER = riga(2026, 1, 20, 10), START + timedelta(hours=3)
NEAR = START - timedelta(hours=5)
CONSENTED = Presenter(name="Ilze Bērziņa", consented_on=date(2026, 1, 5))
WITHOUT_CONSENT = Presenter(name="Ilze Bērziņa")


def event(**fields):
    return Event(
        kind="webinar",
        title="Vebinārs",
        starts_at=START,
        ends_at=START + timedelta(minutes=90),
        **fields,
    )


def material(kind, *decisions):
    made = Material(pk=1, kind=kind, title=kind)
    versions = [MaterialVersion(decision=decision) for decision in reversed(decisions)]
    made._prefetched_objects_cache = {"versions": versions}
    return made


def live(*kinds):
    return [
        Publication(channel=Channel(kind=kind), url="https://f.example", published_at=LONG_BEFORE)
        for kind in kinds
    ]


def planned(kind):
    return [Publication(channel=Channel(kind=kind), planned_at=LONG_BEFORE)]


def ticked(count):
    return [
        Line(key, words, ChecklistTick(key=key) if number < count else None)
        for number, (key, words) in enumerate(LINES.items())
    ]


def state(key, now=LONG_BEFORE, due_on=None, **facts):
    facts.setdefault("event", event())
    facts.setdefault("webinar", Webinar())
    dues = {key: Due(due_on)} if due_on else {}
    found = {box.key: box for box in board(Facts(now=now, dues=dues, **facts))}
    return found[key].progress.value


CASES = [
    ("topic", "not_begun", {}),
    ("topic", "in_work", {"webinar": Webinar(topic="Money")}),
    ("topic", "in_work", {"webinar": Webinar(presenter=CONSENTED)}),
    ("topic", "in_work", {"webinar": Webinar(topic="Money", presenter=WITHOUT_CONSENT)}),
    ("topic", "done", {"webinar": Webinar(topic="Money", presenter=CONSENTED)}),
    ("contract", "not_begun", {}),
    ("contract", "in_work", {"webinar": Webinar(contract_state="drafted")}),
    ("contract", "in_work", {"webinar": Webinar(contract_state="sent")}),
    ("contract", "done", {"webinar": Webinar(contract_state="signed")}),
    ("pay", "not_begun", {}),
    ("pay", "in_work", {"webinar": Webinar(pay_amount=Decimal(200))}),
    ("pay", "done", {"webinar": Webinar(pay_amount=Decimal(200), paid_on=date(2026, 3, 20))}),
    ("pay", "done", {"webinar": Webinar(pay_amount=Decimal(0))}),
    (
        "pay",
        "late",
        {"webinar": Webinar(pay_amount=Decimal(9), pay_due_on=date(2026, 1, 19))},
    ),
    (
        "pay",
        "in_work",
        {"webinar": Webinar(pay_amount=Decimal(9), pay_due_on=date(2026, 1, 20))},
    ),
    ("banner", "not_begun", {}),
    ("banner", "not_begun", {"materials": [material("text", "approved")]}),
    ("banner", "in_work", {"materials": [material("banner", "waiting")]}),
    ("banner", "in_work", {"materials": [material("banner", "sent_back")]}),
    ("banner", "done", {"materials": [material("banner", "sent_back", "approved")]}),
    ("banner", "in_work", {"materials": [material("banner", "approved", "waiting")]}),
    ("materials", "not_begun", {"materials": [material("banner", "approved")]}),
    ("materials", "done", {"materials": [material("text", "approved")]}),
    (
        "materials",
        "in_work",
        {"materials": [material("text", "approved"), material("video", "waiting")]},
    ),
    ("publication", "not_begun", {}),
    ("publication", "not_begun", {"publications": planned("facebook")}),
    ("publication", "in_work", {"publications": live("facebook")}),
    ("publication", "in_work", {"publications": live("instagram", "linkedin")}),
    ("publication", "done", {"publications": live("facebook", "instagram")}),
    ("publication", "late", {"now": riga(2026, 2, 12, 9)}),
    ("publication", "not_begun", {"now": riga(2026, 2, 11, 23)}),
    ("publication", "late", {"now": riga(2026, 2, 12, 9), "publications": live("facebook")}),
    ("moderation", "not_begun", {"checklist": ticked(0)}),
    ("moderation", "in_work", {"checklist": ticked(3)}),
    ("moderation", "done", {"checklist": ticked(8)}),
    ("moderation", "done", {"checklist": ticked(8), "now": AFTER}),
    ("moderation", "late", {"checklist": ticked(7), "now": AFTER}),
    ("reminders", "not_begun", {}),
    ("reminders", "in_work", {"messages": Messages(planned=4)}),
    ("reminders", "in_work", {"messages": Messages(planned=2, handed_over=2)}),
    ("reminders", "done", {"messages": Messages(handed_over=4), "now": AFTER}),
    ("reminders", "late", {"messages": Messages(handed_over=4, problems=1), "now": AFTER}),
    (
        "reminders",
        "not_begun",
        {"messages": Messages(planned=4), "event": event(reminders_stopped_at=LONG_BEFORE)},
    ),
]


@pytest.mark.parametrize(("key", "expected", "facts"), CASES)
def test_how_far_an_activity_is(key, expected, facts):
    assert state(key, **facts) == expected


@pytest.mark.parametrize("key", ["topic", "contract", "banner", "materials", "publication"])
def test_what_is_not_done_on_the_day_after_its_task_was_due_is_late(key):
    due_on = date(2026, 1, 20)

    states = [state(key, riga(2026, 1, day, 10), due_on) for day in (20, 21)]

    assert states == ["not_begun", "late"]


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        ({}, "Link the event to its activity in the plan."),
        (
            {"event": event(activity=Activity())},
            "No advertising yet: the contract with the presenter is not signed, and no banner is "
            "approved.",
        ),
        (
            {"event": event(activity=Activity()), "webinar": Webinar(contract_state="signed")},
            "No advertising yet: no banner is approved.",
        ),
        (
            {
                "event": event(activity=Activity()),
                "webinar": Webinar(contract_state="signed"),
                "materials": [material("banner", "approved")],
                "publications": live("facebook"),
            },
            "Place it on Instagram.",
        ),
    ],
)
def test_the_one_next_step_of_advertising(facts, sentence):
    facts = {"event": event(), "webinar": Webinar(), **facts}

    with override("en"):
        boxes = {box.key: box for box in board(Facts(now=LONG_BEFORE, **facts))}

    assert boxes["publication"].next_step == sentence


def test_whoever_may_not_see_the_contract_sees_its_state_and_no_pay():
    webinar = Webinar(contract_state="sent", contract_number="17-B", pay_amount=Decimal(250))
    facts = Facts(event=event(), webinar=webinar, now=LONG_BEFORE, shows_contract=False)

    with override("en"):
        boxes = {box.key: box for box in board(facts)}

    assert boxes["contract"].evidence == ("State: sent to the presenter.",)
    assert "pay" not in boxes


def test_the_board_has_the_eight_activities_of_the_process_in_their_order():
    boxes = board(Facts(event=event(), webinar=Webinar(), now=LONG_BEFORE))

    assert [box.key for box in boxes] == [
        "topic",
        "contract",
        "pay",
        "banner",
        "materials",
        "publication",
        "moderation",
        "reminders",
    ]


def test_nothing_of_a_cancelled_webinar_is_late_or_asked_for():
    cancelled = event(cancelled_at=LONG_BEFORE, cancel_reason="Slims lektors")
    facts = Facts(event=cancelled, webinar=Webinar(contract_state="signed"), now=NEAR)

    found = {box.key: (box.progress.value, box.next_step) for box in board(facts)}

    assert found.pop("contract") == ("done", "")
    assert set(found.values()) == {("dropped", "")}


@pytest.mark.parametrize(("language", "amount"), [("lv", "1 250,50 €"), ("en", "1 250.50 €")])
def test_the_pay_is_written_as_the_language_writes_amounts(language, amount):
    webinar = Webinar(pay_amount=Decimal("1250.50"))

    with override(language):
        boxes = board(Facts(event=event(), webinar=webinar, now=LONG_BEFORE))

    evidence = next(box.evidence for box in boxes if box.key == "pay")
    assert amount in evidence[0].replace("\xa0", " ")
