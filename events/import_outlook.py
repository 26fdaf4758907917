"""What would go out to people who are about to be registered, in sentences."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from events import reminders
from events.circumstances import circumstances
from events.models import Event, Registration
from events.plan import Planned, plan
from outbox.models import Reason, Status
from people.addresses import can_receive_sms
from people.models import AddressBlock, Medium, Participant


@dataclass
class Sending:
    """One rule by one medium: how many get it, and why the others do not."""

    first: Planned
    going: int = 0
    held: int = 0
    without: Counter[Reason] = field(default_factory=Counter)

    @property
    def is_confirmation(self) -> bool:
        rule = self.first.rule
        return rule.counts_from_registration() and rule.registered_from_minutes is None

    def sentence(self, now: datetime) -> str:
        values = {
            "count": self.going + self.held,
            "rule": self.first.rule.label(get_language() or ""),
            "when": date_format(timezone.localtime(self.first.due_at), "SHORT_DATETIME_FORMAT"),
        }
        return f"{self._who(now) % values} {self._who_not()}".strip()

    def _who(self, now: datetime) -> str:
        count, is_sms = self.going + self.held, self.first.medium == Medium.SMS
        if self.first.due_at <= now:
            if is_sms:
                return ngettext(
                    "%(count)s person will get “%(rule)s” by SMS at once.",
                    "%(count)s people will get “%(rule)s” by SMS at once.",
                    count,
                )
            return ngettext(
                "%(count)s person will get “%(rule)s” by e-mail at once.",
                "%(count)s people will get “%(rule)s” by e-mail at once.",
                count,
            )
        if is_sms:
            return ngettext(
                "%(count)s person will get “%(rule)s” by SMS on %(when)s.",
                "%(count)s people will get “%(rule)s” by SMS on %(when)s.",
                count,
            )
        return ngettext(
            "%(count)s person will get “%(rule)s” by e-mail on %(when)s.",
            "%(count)s people will get “%(rule)s” by e-mail on %(when)s.",
            count,
        )

    def _who_not(self) -> str:
        if not self.without:
            return ""
        reasons = ", ".join(
            f"{Reason(reason).label} ({count})" for reason, count in sorted(self.without.items())
        )
        return _("Not to: %(reasons)s.") % {"reasons": reasons}


def outlook(event: Event, participants: Iterable[Participant], now: datetime) -> list[Sending]:
    """Ask the plan about people as if they were registered now and got a confirmation.

    Those the plan cannot tell apart are asked about once. The weekly cap on offers is left to the
    day itself.
    """
    rules = reminders.rules_of(event)
    alike = [(_registered_now(event, each, now), count) for each, count in _alike(participants)]
    examples = [example for example, _many in alike]
    known = circumstances(event, rules, examples, now)
    known = replace(known, had_enough=frozenset())
    sendings: dict[tuple[int, str], Sending] = {}
    for example, count in alike:
        for line in plan(event, rules, [example], now, known):
            sending = sendings.setdefault((line.rule.pk, line.medium), Sending(line))
            _count(sending, line, count)
    return [each for each in sendings.values() if each.going or each.held]


def _count(sending: Sending, line: Planned, count: int) -> None:
    if line.verdict.status == Status.PLANNED:
        sending.going += count
    elif line.verdict.status == Status.HELD:
        sending.held += count
    else:
        sending.without[Reason(line.verdict.reason)] += count


def _registered_now(event: Event, participant: Participant, now: datetime) -> Registration:
    return Registration(event=event, participant=participant, registered_at=now, is_confirmed=True)


def _alike(participants: Iterable[Participant]) -> list[tuple[Participant, int]]:
    """Group by what the plan looks at in a person who has just registered."""
    examples: dict[tuple[bool, ...], Participant] = {}
    counts: Counter[tuple[bool, ...]] = Counter()
    blocked = set(AddressBlock.objects.filter(lifted_at=None).values_list("medium", "address"))
    for participant in participants:
        marks = (
            bool(participant.email),
            bool(participant.phone),
            bool(participant.phone) and can_receive_sms(participant.phone),
            (Medium.EMAIL, participant.email) in blocked,
            (Medium.SMS, participant.phone) in blocked,
            participant.accepts_offers(Medium.EMAIL),
            participant.accepts_offers(Medium.SMS),
        )
        examples.setdefault(marks, participant)
        counts[marks] += 1
    return [(example, counts[marks]) for marks, example in examples.items()]
