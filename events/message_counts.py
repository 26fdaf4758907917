"""How many messages are in which state, and the words in which a page says so."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from django.utils.translation import gettext, ngettext_lazy

from outbox.models import Reason, Status
from people.models import Medium

Counts = Mapping[tuple[str, str, str], int]
"""How many messages by medium, status and reason."""

NOT_FOR_THEM = (Status.SKIPPED, Status.EXPIRED)

PHRASES = {
    (Medium.EMAIL, Status.PLANNED): ngettext_lazy(
        "%(count)s e-mail planned", "%(count)s e-mails planned", "count"
    ),
    (Medium.SMS, Status.PLANNED): ngettext_lazy(
        "%(count)s SMS planned", "%(count)s SMS planned", "count"
    ),
    (Medium.EMAIL, Status.CALLING): ngettext_lazy(
        "%(count)s e-mail being handed over", "%(count)s e-mails being handed over", "count"
    ),
    (Medium.SMS, Status.CALLING): ngettext_lazy(
        "%(count)s SMS being handed over", "%(count)s SMS being handed over", "count"
    ),
    (Medium.EMAIL, Status.HANDED_OVER): ngettext_lazy(
        "%(count)s e-mail handed over", "%(count)s e-mails handed over", "count"
    ),
    (Medium.SMS, Status.HANDED_OVER): ngettext_lazy(
        "%(count)s SMS handed over", "%(count)s SMS handed over", "count"
    ),
    (Medium.EMAIL, Status.DELIVERED): ngettext_lazy(
        "%(count)s e-mail delivered", "%(count)s e-mails delivered", "count"
    ),
    (Medium.SMS, Status.DELIVERED): ngettext_lazy(
        "%(count)s SMS delivered", "%(count)s SMS delivered", "count"
    ),
    (Medium.EMAIL, Status.FAILED): ngettext_lazy(
        "%(count)s e-mail failed", "%(count)s e-mails failed", "count"
    ),
    (Medium.SMS, Status.FAILED): ngettext_lazy(
        "%(count)s SMS failed", "%(count)s SMS failed", "count"
    ),
    (Medium.EMAIL, Status.SKIPPED): ngettext_lazy(
        "%(count)s e-mail skipped", "%(count)s e-mails skipped", "count"
    ),
    (Medium.SMS, Status.SKIPPED): ngettext_lazy(
        "%(count)s SMS skipped", "%(count)s SMS skipped", "count"
    ),
    (Medium.EMAIL, Status.HELD): ngettext_lazy(
        "%(count)s e-mail held", "%(count)s e-mails held", "count"
    ),
    (Medium.SMS, Status.HELD): ngettext_lazy("%(count)s SMS held", "%(count)s SMS held", "count"),
    (Medium.EMAIL, Status.EXPIRED): ngettext_lazy(
        "%(count)s e-mail expired", "%(count)s e-mails expired", "count"
    ),
    (Medium.SMS, Status.EXPIRED): ngettext_lazy(
        "%(count)s SMS expired", "%(count)s SMS expired", "count"
    ),
    (Medium.EMAIL, Status.UNKNOWN): ngettext_lazy(
        "%(count)s e-mail unknown", "%(count)s e-mails unknown", "count"
    ),
    (Medium.SMS, Status.UNKNOWN): ngettext_lazy(
        "%(count)s SMS unknown", "%(count)s SMS unknown", "count"
    ),
}


@dataclass(frozen=True)
class Lateness:
    """How long after their due moment messages were handed over."""

    first: timedelta
    median: timedelta
    most: timedelta
    """Within this time 95 of 100 were handed over."""

    last: timedelta

    def __str__(self) -> str:
        words = gettext("median %(median)s, last %(last)s after due")
        return words % {"median": spell(self.median), "last": spell(self.last)}


@dataclass(frozen=True)
class Part:
    """One part of what became of a rule's messages, such as "3 SMS skipped: no phone number"."""

    medium: Medium
    status: Status
    reason: str
    count: int
    lateness: Lateness | None = None

    @property
    def tone(self) -> str:
        return self.status.tone

    @property
    def words(self) -> str:
        counted = str(PHRASES[self.medium, self.status] % {"count": self.count})
        if self.lateness is not None:
            return f"{counted} ({self.lateness})"
        return f"{counted}: {Reason(self.reason).label}" if self.reason else counted

    @property
    def needs_decision(self) -> bool:
        return self.status == Status.UNKNOWN


def parts_of(counts: Counts, lateness: Mapping[str, Lateness] | None = None) -> list[Part]:
    """Put counts into parts, in the order of states; a medium's lateness stands once."""
    order = list(Status)
    told: set[str] = set()
    parts = []
    for (medium, status, reason), count in sorted(
        counts.items(), key=lambda item: (order.index(Status(item[0][1])), item[0])
    ):
        late = None
        if status in (Status.HANDED_OVER, Status.DELIVERED) and medium not in told:
            late = (lateness or {}).get(medium)
            told.add(medium)
        parts.append(Part(Medium(medium), Status(status), reason, count, late))
    return parts


@dataclass(frozen=True)
class Segment:
    """A piece of a bar, in hundredths of its length."""

    tone: str
    start: float
    length: float


def segments(counts: Counts) -> list[Segment]:
    """Divide a bar by state, in their order."""
    found = by_status(counts)
    total = sum(found.values())
    pieces, start = [], 0.0
    for status in Status:
        if found[status]:
            length = 100 * found[status] / total
            pieces.append(Segment(status.tone, start, length))
            start += length
    return pieces


def by_status(counts: Counts) -> Counter[str]:
    found: Counter[str] = Counter()
    for (_medium, status, _reason), count in counts.items():
        found[status] += count
    return found


def spell(length: timedelta) -> str:
    """Say a length of time in its largest fitting unit, as a person would."""
    seconds = length.total_seconds()
    if seconds < 0.5:
        return gettext("under 1 s")
    if seconds < 100:
        return gettext("%(count)s s") % {"count": round(seconds)}
    if seconds < 100 * 60:
        return gettext("%(count)s min") % {"count": round(seconds / 60)}
    return gettext("%(count)s h") % {"count": round(seconds / 3600)}
