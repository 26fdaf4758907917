"""Whether a target is on the way of being reached: pace, light and forecast, as pure functions.

**Pace.** What has to be reached is spread evenly over the days of its time. On the last day that
has a value, so much of it must be there as days have passed, that day included:

- what adds up (leads, visits) grows from nothing to its target, and so does growth;
- what has a level (followers) goes from where it started to its target;
- an average is at its target all the time.

**Light.** Behind is by how much the value is on the wrong side of that. At most 5 % of what had to
be there, or 2 % of the whole way, is *on pace*; at most 20 % of the one or 5 % of the other is
*behind*; more is *far behind*. Once the time is over there is only *reached* and *missed*; when it
is reached says `goals.aim`. Nothing is said without a target, without a value, before the time
begins, or of a level without one of its channels: Facebook not typed in yet is no fall. A level
that started nobody knows where is judged only once it is there or its time is over.

**Forecast.** The last three complete months tell how much a day brings (for a level: by how much it
changes); the days that are left go on like that. With fewer than two there is no forecast, nor of a
level without one of its channels.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.utils.translation import pgettext_lazy

from goals.aim import Aim, Measure, Reached
from ui.choices import ShownChoices

ON_PACE_UNTIL = (Decimal("0.05"), Decimal("0.02"))
BEHIND_UNTIL = (Decimal("0.20"), Decimal("0.05"))
"""Up to which part of what had to be there, or of the whole way, a light still holds."""

MONTHS_LOOKED_AT = 3
MONTHS_NEEDED = 2


class Light(ShownChoices):
    """How a target does; each word has a sign, so that the colour says nothing new."""

    REACHED = "reached", "is-ok", "trophy", pgettext_lazy("target", "reached")
    ON_PACE = "on_pace", "is-ok", "check", pgettext_lazy("target", "on pace")
    BEHIND = "behind", "is-warning", "trending-down", pgettext_lazy("target", "behind")
    FAR_BEHIND = "far_behind", "is-bad", "alert-triangle", pgettext_lazy("target", "far behind")
    MISSED = "missed", "is-bad", "x", pgettext_lazy("target", "missed")
    NO_TARGET = "no_target", "is-quiet", "minus", pgettext_lazy("target", "no target")
    NO_START = "no_start", "is-quiet", "minus", pgettext_lazy("target", "no start")
    NOT_BEGUN = "not_begun", "is-quiet", "clock", pgettext_lazy("target", "not begun")
    NO_VALUE = "no_value", "is-quiet", "mood-empty", pgettext_lazy("target", "no data")
    INCOMPLETE = (
        "incomplete",
        "is-quiet",
        "mood-empty",
        pgettext_lazy("target", "a channel is missing"),
    )

    @property
    def is_late(self) -> bool:
        return self in (Light.BEHIND, Light.FAR_BEHIND, Light.MISSED)


@dataclass(frozen=True)
class Pace:
    """How an aim does on the last day that has a value."""

    light: Light
    expected: Decimal | None = None
    """What had to be there on that day."""

    behind_by: Decimal | None = None
    """By how much it is on the wrong side; below nought it is ahead."""


def pace(aim: Aim, reached: Reached | None, today: date) -> Pace:
    """Judge how an aim does; the rule is at the head of this module."""
    if aim.target is None:
        return Pace(Light.NO_TARGET)
    if today < aim.first:
        return Pace(Light.NOT_BEGUN)
    if reached is None or reached.on < aim.first:
        return Pace(Light.NO_VALUE)
    expected, behind_by = None, None
    if aim.base is not None:
        expected = expected_on(aim, reached.on)
        behind_by = aim.wrong_side(expected, reached.value)
    if not reached.is_whole:
        return Pace(Light.INCOMPLETE, expected)
    is_over = today > aim.last
    is_there = aim.is_reached(reached, today)
    if is_there or is_over:
        return Pace(Light.REACHED if is_there else Light.MISSED, expected, behind_by)
    if expected is None or behind_by is None:
        return Pace(Light.NO_START)
    return Pace(_light(aim, expected, behind_by), expected, behind_by)


def expected_on(aim: Aim, day: date) -> Decimal:
    """Say what has to be there at the end of a day."""
    assert aim.target is not None
    if aim.measure == Measure.AVERAGE:
        return aim.target
    base = aim.base or Decimal()
    passed = min(max((day - aim.first).days + 1, 0), aim.days)
    return base + (aim.target - base) * passed / aim.days


def _light(aim: Aim, expected: Decimal, behind_by: Decimal) -> Light:
    assert aim.target is not None
    base = aim.base or Decimal()
    so_far, whole = abs(expected - base), abs(aim.target - base)
    for light, (of_so_far, of_whole) in (
        (Light.ON_PACE, ON_PACE_UNTIL),
        (Light.BEHIND, BEHIND_UNTIL),
    ):
        if aim.measure == Measure.AVERAGE:
            of_whole = of_so_far
        if behind_by <= max(so_far * of_so_far, whole * of_whole):
            return light
    return Light.FAR_BEHIND


@dataclass(frozen=True)
class Month:
    """A complete month: its sum, its last level or its average."""

    first: date
    last: date
    value: Decimal | None

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1


def forecast(aim: Aim, reached: Reached | None, months: Sequence[Month]) -> Decimal | None:
    """Say where the last day of the aim will find it if all goes on as in the last months.

    `months` are complete ones in their order, without a hole. None where too few of the last
    three have a value, and for what is over.
    """
    known = [each for each in months[-MONTHS_LOOKED_AT:] if each.value is not None]
    if (
        reached is None
        or not reached.is_whole
        or len(known) < MONTHS_NEEDED
        or reached.on >= aim.last
    ):
        return None
    since = max(reached.on, aim.first - timedelta(days=1))
    left = (aim.last - since).days
    if aim.measure == Measure.AVERAGE:
        passed = (since - aim.first).days + 1
        recent = _sum(known) / len(known)
        return (reached.value * passed + recent * left) / (passed + left)
    if aim.measure == Measure.STOCK:
        earliest, latest = known[0], known[-1]
        assert earliest.value is not None
        assert latest.value is not None
        a_day = (latest.value - earliest.value) / (latest.last - earliest.last).days
        return reached.value + a_day * left
    a_day = _sum(known) / sum(each.days for each in known)
    return (reached.value if reached.on >= aim.first else Decimal()) + a_day * left


def _sum(months: Sequence[Month]) -> Decimal:
    return sum((each.value for each in months if each.value is not None), Decimal())
