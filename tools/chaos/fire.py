"""The course of one run: people, a due moment, kills, recovery, and the judgement at the end."""

import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, replace
from datetime import datetime, timedelta
from functools import partial
from itertools import chain
from operator import itemgetter
from pathlib import Path

from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from accounts.models import Role, User
from events.models import Event, ReminderRule
from outbox.models import Attempt, ChannelState, Message, Reason, Status
from outbox.pause import is_paused
from tools.bench.crowd import add_people, make_due, make_event
from tools.bench.system import ask
from tools.chaos import undecided
from tools.chaos.machine import LOOK_SECONDS, MAIL_CONNECTIONS, Machine, machine
from tools.chaos.mail_server import MailedLetter
from tools.chaos.organiser import Organiser
from tools.chaos.scenario import Scenario
from tools.chaos.verdict import Letter, Verdict, Words, expected, judge, judge_cancelled
from tools.chaos.visitors import Visitor
from tools.postgres_server import PostgresServer

LEAD_SECONDS = 5
"""Before the due moment, so that the first visitors come early."""

LIMIT_SECONDS = 240
"""After the due moment; nothing expires in this time."""

AFTERWARDS_SECONDS = 2
"""A second message would come a little later."""

RIGHTLY_SKIPPED = (Reason.JOIN_NOW_INSTEAD, Reason.EVENT_CANCELLED)
GOOD_ENDS = (Status.HANDED_OVER, Status.DELIVERED, Status.SKIPPED)


def run(
    scenario: Scenario, url: str, postgres: PostgresServer | None, directory: Path, kept: Path
) -> Verdict:
    """Carry a scenario out; if something was not as it should be, keep logs and database."""
    begun = time.monotonic()
    with machine(scenario, url, postgres, directory) as system:
        event = _people_and_event(scenario, system)
        due_at = timezone.now() + timedelta(seconds=LEAD_SECONDS)
        start = time.monotonic() + LEAD_SECONDS
        make_due(event, due_at)
        organiser = _organiser(scenario, event)
        visitors = _let_it_happen(scenario, system, event, start, organiser)
        complete_at = timezone.now()
        look = partial(_look, system, event, due_at, is_cancelled=organiser is not None)
        _wait_until_settled(system, look, until=start + LIMIT_SECONDS)
        time.sleep(AFTERWARDS_SECONDS)
        verdict = replace(
            look(),
            stuck=_stuck(),
            lost=_lost(event, visitors),
            registered=sum(each.is_confirmed for each in visitors),
            thawed=system.thawed,
            abandoned=_abandoned(),
            kills=dict(system.kills),
            ended_by_themselves=dict(system.ended_by_themselves),
            seconds=time.monotonic() - begun,
            seconds_after_the_last_start=_seconds_until_the_last(complete_at),
        )
        if not verdict.is_good or verdict.ended_by_themselves:
            _keep(system, kept)
    return verdict


def _people_and_event(scenario: Scenario, system: Machine) -> Event:
    people = [
        {
            "name": "Anna",
            "last_name": f"Ozola {number}",
            "phone": f"+3712{number:07}",
            "email": f"anna{number}@example.org",
        }
        for number in range(scenario.people)
    ]
    contacts = ask(system.portal, "contacts", {"people": people})["ids"]
    ReminderRule.objects.update(armed_from=timezone.now() - timedelta(days=30))
    return make_event(add_people(scenario.people, contacts=contacts))


def _organiser(scenario: Scenario, event: Event) -> Organiser | None:
    organiser = None
    if scenario.cancelled_at is not None:
        user = User.objects.create(
            email="head@example.org", full_name="Ieva Kalniņa", role=Role.MARKETING_HEAD
        )
        organiser = Organiser(event, user.pk, scenario.cancelled_at)
    connection.close()  # it may be killed under us
    return organiser


def _let_it_happen(
    scenario: Scenario,
    system: Machine,
    event: Event,
    start: float,
    organiser: Organiser | None,
) -> list[Visitor]:
    """Kill and start again as planned, until everything is back and everybody has registered."""
    page = f"{system.web.url}/e/{event.slug}"
    visitors = [Visitor(number, at) for number, at in enumerate(scenario.visitors)]
    people: list[Visitor | Organiser] = [*visitors, *([organiser] if organiser else [])]
    until = start + LIMIT_SECONDS / 2
    plan: list[tuple[float, Callable[[], None]]] = [
        *((kill.at, partial(system.kill, kill)) for kill in scenario.kills),
        *((freeze.at, partial(system.freeze, freeze)) for freeze in scenario.freezes),
        *((person.at, partial(person.come, page, until)) for person in people),
    ]
    plan.sort(key=itemgetter(0), reverse=True)
    while plan or not system.is_complete() or any(each.is_busy() for each in people):
        while plan and time.monotonic() >= start + plan[-1][0]:
            _at, step = plan.pop()
            step()
        system.supervise()
        time.sleep(LOOK_SECONDS)
    if system.postgres is not None:
        system.postgres.wait_until_ready()
    return visitors


def _wait_until_settled(system: Machine, look: Callable[[], Verdict], *, until: float) -> None:
    """Wait until nothing is on its way any more and everybody has been written to."""
    while time.monotonic() < until:
        system.supervise()
        if not look().missing and not _stuck():
            return
        time.sleep(0.5)


def _look(system: Machine, event: Event, due_at: datetime, *, is_cancelled: bool) -> Verdict:
    taken = list(system.mail.taken)
    sent = [*ask(system.portal, "sent"), *_to_participants(taken)]
    left = undecided.look(taken, list(system.mail.envelopes), MAIL_CONNECTIONS)
    if not is_cancelled:
        verdict = judge(_expected(event, due_at), sent, left.not_taken)
    else:
        people = event.registrations.values_list("participant__email", "participant__phone")
        letters = [(("email", email), ("sms", phone)) for email, phone in people]
        verdict = judge_cancelled(chain.from_iterable(letters), sent, left.not_taken)
    return replace(verdict, undecided=dict(left.counts), not_begun=left.not_begun)


def _to_participants(letters: Iterable[MailedLetter]) -> Iterator[Words]:
    staff = set(User.objects.values_list("email", flat=True))
    for letter in letters:
        if letter.address not in staff:
            yield {"kind": "email", **asdict(letter)}


def _expected(event: Event, due_at: datetime) -> Counter[Letter]:
    registrations = event.registrations.values_list(
        "participant__email", "participant__phone", "registered_at", "is_confirmed"
    )
    return expected(registrations, due_at)


def _stuck() -> dict[str, int]:
    """Count what is not at a good end, and what waits for a person."""
    rows = Message.objects.exclude(status__in=GOOD_ENDS).exclude(pk__in=undecided.rows())
    stuck = Counter(rows.values_list("status", flat=True))
    skipped = Message.objects.filter(status=Status.SKIPPED).exclude(reason__in=RIGHTLY_SKIPPED)
    stuck["skipped"] = skipped.count()
    stuck["channels stopped"] = ChannelState.objects.filter(needs_a_person=True).count()
    stuck["paused"] = int(is_paused())
    return dict(+stuck)


def _abandoned() -> int:
    given_up = Attempt.objects.filter(outcome=Attempt.Outcome.UNCLEAR, worker="")
    return given_up.count()


def _lost(event: Event, visitors: list[Visitor]) -> int:
    there = set(event.registrations.values_list("participant__email", flat=True))
    return sum(each.is_confirmed and each.email not in there for each in visitors)


def _seconds_until_the_last(complete_at: datetime) -> float:
    gone = Message.objects.exclude(handed_over_at=None).order_by("handed_over_at").last()
    if gone is None or gone.handed_over_at is None:
        return 0
    return max(0.0, (gone.handed_over_at - complete_at).total_seconds())


def _keep(system: Machine, kept: Path) -> None:
    kept.mkdir(parents=True)
    system.keep_logs(kept)
    call_command("dumpdata", output=str(kept / "database.json"), indent=1, verbosity=0)
