"""What waits for a person, by occasion and channel: one look at a provider may answer for all."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from operator import or_

from django.db.models import Count, Max, Q

from outbox.decisions import DID_NOT_GO, NOT_NEEDED, WENT, Decision, carry_out
from outbox.models import Message, MessageQuerySet

DECISIONS = {"sent": WENT, "again": DID_NOT_GO, "drop": NOT_NEEDED}

BATCH = 100
"""So many are locked and changed together, so that workers never wait for long."""

Seen = Mapping[int, int]
"""Messages with the number of their attempts, as a person saw them when deciding."""


@dataclass(frozen=True)
class Group:
    """Messages of one occasion that went, or did not, by one channel."""

    dispatch_id: int
    title: str
    channel: str
    count: int
    about_at: datetime | None
    """The event's start as these messages tell it."""


def groups(messages: MessageQuerySet) -> list[Group]:
    """Return where more than one of these waits for a person, the newest occasion first."""
    rows = (
        messages.for_a_person()
        .order_by("-dispatch_id", "channel")
        .values_list("dispatch_id", "dispatch__title", "channel")
        .annotate(count=Count("pk"), latest_about_at=Max("about_at"))
        .filter(count__gt=1)
    )
    return [Group(*row) for row in rows]


def of_group(dispatch: int, channel: str) -> MessageQuerySet:
    return Message.objects.for_a_person().filter(dispatch=dispatch, channel=channel)


@dataclass(frozen=True)
class Waiting:
    """A group as it is now."""

    seen: Seen
    still_of_use: int
    about_at: datetime | None

    @property
    def count(self) -> int:
        return len(self.seen)


def waiting(dispatch: int, channel: str, now: datetime) -> Waiting:
    group = of_group(dispatch, channel)
    rows = list(group.values_list("pk", "attempts", "expires_at", "about_at"))
    seen = {pk: attempts for pk, attempts, *_ in rows}
    starts = [about_at for *_, about_at in rows if about_at is not None]
    still_of_use = sum(now < expires_at for _pk, _attempts, expires_at, _about_at in rows)
    return Waiting(seen, still_of_use, max(starts, default=None))


def decide(
    group: tuple[int, str], decision: Decision, seen: Seen, *, by_id: int, at: datetime
) -> int:
    """Decide on all of a dispatch and a channel that are as they were seen; return how many.

    What was settled meanwhile, or sent again and is unclear once more, is not what the person
    spoke of; what became unclear since, nobody has looked for.
    """
    numbers = sorted(seen)
    batches = [numbers[start : start + BATCH] for start in range(0, len(numbers), BATCH)]
    return sum(
        carry_out(decision, of_group(*group).filter(_as_seen(batch, seen)), by_id=by_id, at=at)
        for batch in batches
    )


def _as_seen(batch: Sequence[int], seen: Seen) -> Q:
    by_attempts: dict[int, list[int]] = {}
    for pk in batch:
        by_attempts.setdefault(seen[pk], []).append(pk)
    return reduce(or_, (Q(pk__in=pks, attempts=n) for n, pks in by_attempts.items()))
