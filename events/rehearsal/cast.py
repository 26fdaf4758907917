"""The people of a rehearsal: one for each thing that the event's own rules tell apart."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Self

from django.db.models import F
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from events.circumstances import had_enough
from events.forecast import latest_moments
from events.models import Event, ReminderRule
from people.addresses import can_receive_sms
from people.models import AddressBlock, Medium
from plans.local_time import same_clock

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

CROWD = "crowd"
NEWCOMER = "newcomer"

PARTS: dict[str, "StrOrPromise"] = {
    "early": _("Registers a week before."),
    "last_hour": _("Registers an hour before."),
    "late": _("Registers three minutes before the start."),
    "joins_late": _("Registers two days before."),
    "never_joins": _("Registers three days before, in English."),
    "no_phone": _("Registers five days before, without a phone number."),
    "no_consent": _("Registers four days before, without agreeing to offers."),
    "cancels": _("Registers six days before and cancels half an hour before the start."),
    NEWCOMER: _("Registers during the rehearsal."),
}
NEWCOMERS = [
    *(("Dace", "Eglīte"), ("Edgars", "Zariņš"), ("Inese", "Kļaviņa"), ("Juris", "Pētersons")),
    *(("Laura", "Vanaga"), ("Normunds", "Rozītis"), ("Sanita", "Grīnberga"), ("Uldis", "Apsītis")),
]


@dataclass(frozen=True)
class Character:
    """Somebody who does not exist, with everything the plan looks at; or many who are alike."""

    key: str
    part: str
    first_name: str
    last_name: str
    registers_at: datetime
    joins_minutes: int | None = None
    """Counted from the start, wherever it has moved to by then; None: never joins."""

    cancels_at: datetime | None = None
    language: str = "lv"
    has_email: bool = True
    has_phone: bool = True
    offers: tuple[str, ...] = (Medium.EMAIL.value, Medium.SMS.value)
    """The media by which offers may go."""

    blocked: tuple[str, ...] = ()
    had_enough: tuple[str, ...] = ()
    is_confirmed: bool = True
    count: int = 1
    """How many people it stands for."""

    @property
    def name(self) -> str:
        if self.part == CROWD:
            return ngettext(
                "%(count)s of those really registered",
                "%(count)s of those really registered",
                self.count,
            ) % {"count": self.count}
        return f"{self.first_name} {self.last_name}"

    @property
    def does(self) -> "StrOrPromise":
        """Say when somebody registers, and what is particular about them."""
        return PARTS.get(self.part, "")

    @property
    def comes(self) -> str:
        """Say when somebody joins; nothing of those of whom nobody expects it."""
        if self.part == NEWCOMER or self.cancels_at is not None:
            return ""
        if self.joins_minutes is None:
            return gettext("Never joins.")
        minutes = abs(self.joins_minutes)
        before = ngettext(
            "Joins %(count)s minute before the start.",
            "Joins %(count)s minutes before the start.",
            minutes,
        )
        after = ngettext(
            "Joins %(count)s minute after the start.",
            "Joins %(count)s minutes after the start.",
            minutes,
        )
        return (before if self.joins_minutes < 0 else after) % {"count": minutes}

    def stored(self) -> dict[str, Any]:
        cancels_at = self.cancels_at and self.cancels_at.isoformat()
        return asdict(self) | {
            "registers_at": self.registers_at.isoformat(),
            "cancels_at": cancels_at,
        }

    @classmethod
    def from_stored(cls, stored: dict[str, Any]) -> Self:
        cancels_at = stored["cancels_at"] and datetime.fromisoformat(stored["cancels_at"])
        moments = {
            "registers_at": datetime.fromisoformat(stored["registers_at"]),
            "cancels_at": cancels_at,
        }
        tuples = {name: tuple(stored[name]) for name in ("offers", "blocked", "had_enough")}
        return cls(**(stored | moments | tuples))


def cast_for(
    event: Event, rules: Sequence[ReminderRule], *, nobody_joins: bool = False
) -> list[Character]:
    """Choose whom the rules of this event treat differently; `rules` are those that hold."""
    start = event.starts_at
    minutes = timedelta(minutes=1)
    cast = [
        Character("early", "early", "Anna", "Ozola", same_clock(start, days=-7), -5),
        Character("last_hour", "last_hour", "Jānis", "Kalniņš", start - 60 * minutes, 3),
        Character("joins_late", "joins_late", "Pēteris", "Liepiņš", same_clock(start, days=-2), 12),
        Character(
            *("never_joins", "never_joins", "Emma", "Brown"),
            registers_at=same_clock(start, days=-3),
            language="en",
        ),
        Character(
            *("cancels", "cancels", "Līga", "Bērziņa"),
            registers_at=same_clock(start, days=-6),
            cancels_at=start - 30 * minutes,
        ),
    ]
    if any(rule.late == ReminderRule.Late.REPLACE for rule in rules):
        cast.append(Character("late", "late", "Mārtiņš", "Balodis", start - 3 * minutes, 1))
    if any(rule.by_sms for rule in rules):
        week = same_clock(start, days=-5)
        cast.append(Character("no_phone", "no_phone", "Ieva", "Krūmiņa", week, -2, has_phone=False))
    if any(rule.is_advertising for rule in rules):
        days = same_clock(start, days=-4)
        cast.append(Character("no_consent", "no_consent", "Kārlis", "Vītols", days, -1, offers=()))
    if nobody_joins:
        return [Character.from_stored(each.stored() | {"joins_minutes": None}) for each in cast]
    return cast


def newcomer(number: int, at: datetime) -> Character:
    """Make the `number`th person who registers while the rehearsal goes on."""
    first, last = NEWCOMERS[number % len(NEWCOMERS)]
    suffix = "" if number < len(NEWCOMERS) else f" {number // len(NEWCOMERS) + 1}"
    return Character(f"{NEWCOMER}{number}", NEWCOMER, first, last + suffix, registers_at=at)


def crowd(event: Event, rules: Sequence[ReminderRule], now: datetime) -> list[Character]:
    """Count those really registered by what the plan looks at; no name or address is kept.

    They are counted as if none of them joined.
    """
    people = event.registrations.active().order_by()
    enough = had_enough(event, now)
    blocked = set(AddressBlock.objects.in_force().values_list("medium", "address"))
    rows = people.annotate(
        email=F("participant__email"),
        phone=F("participant__phone"),
        language=F("participant__language"),
        by_email=F("participant__offers_by_email_at"),
        by_sms=F("participant__offers_by_sms_at"),
    ).values(
        *("participant", "email", "phone", "language", "by_email", "by_sms"),
        *("registered_at", "is_confirmed"),
    )
    latest = _moments_that_part(event, rules)
    groups: Counter[tuple[Any, ...]] = Counter()
    first: dict[tuple[Any, ...], datetime] = {}
    for row in rows.iterator(2000):
        likeness = _likeness(row, latest, blocked, enough)
        groups[likeness] += 1
        first[likeness] = min(first.get(likeness, row["registered_at"]), row["registered_at"])
    return [
        _alike(number, likeness, count, first[likeness])
        for number, (likeness, count) in enumerate(groups.items())
    ]


def _likeness(
    row: dict[str, Any],
    latest: Sequence[datetime],
    blocked: set[tuple[str, str]],
    enough: frozenset[tuple[int, str]],
) -> tuple[Any, ...]:
    addresses = ((Medium.EMAIL.value, row["email"]), (Medium.SMS.value, row["phone"]))
    consents = ((Medium.EMAIL.value, row["by_email"]), (Medium.SMS.value, row["by_sms"]))
    return (
        row["language"],
        bool(row["email"]),
        bool(row["phone"]) and can_receive_sms(row["phone"]),
        tuple(medium for medium, since in consents if since),
        tuple(medium for medium, address in addresses if (medium, address) in blocked),
        tuple(medium.value for medium in Medium if (row["participant"], medium) in enough),
        row["is_confirmed"],
        sum(row["registered_at"] > moment for moment in latest),
    )


def _alike(number: int, likeness: tuple[Any, ...], count: int, first: datetime) -> Character:
    language, has_email, has_phone, offers, blocked, enough, is_confirmed, _late = likeness
    return Character(
        # A name to fill the texts with; it is not shown.
        *(f"{CROWD}{number}", CROWD, "Anna", "Ozola"),
        registers_at=first,
        language=language,
        has_email=has_email,
        has_phone=has_phone,
        offers=offers,
        blocked=blocked,
        had_enough=enough,
        is_confirmed=is_confirmed,
        count=count,
    )


def _moments_that_part(event: Event, rules: Sequence[ReminderRule]) -> list[datetime]:
    """Return the moments of registering from which on a rule treats people differently."""
    counted = [rule for rule in rules if rule.counts_from_registration()]
    from_start = [rule.registered_from_minutes for rule in counted]
    moments = {
        *latest_moments(event, rules),
        *(rule.armed_from for rule in counted),
        *(event.starts_at + timedelta(minutes=each) for each in from_start if each is not None),
    }
    return sorted(moments)
