"""What this system itself knows: registrations, attendance, reminders' lateness, tasks on time."""

from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal

from django.db.models import Avg, Count, Q, QuerySet
from django.db.models.functions import TruncDate
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from events.models import Registration
from events.outcome import HANDED_OVER, SecondsLate
from kpi.periods import Span
from kpi.sources.base import Piece, Source
from kpi.sources.places import series_by_key
from kpi.store import Value
from outbox.models import Message, Purpose
from work.models import Task

CENT = Decimal("0.01")
ByDay = dict[date, Decimal]


class OwnFigures(Source):
    """Counted from the tables of steps 4 and 5."""

    key = "own"
    label = _("This system")
    about = _(
        "Registrations, attendance, how late reminders were handed over, and tasks done on time."
    )
    days_at_once = 92
    # Reports of meetings and ticks of tasks come days later, and counting costs next to nothing.
    usual_days = 35
    weekly_days = 35

    def read(self, first: date, last: date) -> Piece:
        series = series_by_key(*FIGURES)
        return Piece(
            values=[
                Value(series[key], None, Span.DAY, day, value)
                for key, figure in FIGURES.items()
                for day, value in figure(first, last).items()
            ],
            series_ids=frozenset(series.values()),
            details={"attendance_unknown": attendance_unknown(first, last)},
        )


def registrations(first: date, last: date) -> ByDay:
    """Count who registered on each day, whether or not they cancelled later."""
    rows = Registration.objects.filter(_within("registered_at", first, last))
    counted = (
        rows.annotate(day=TruncDate("registered_at")).values("day").annotate(count=Count("pk"))
    )
    by_day = dict(counted.order_by().values_list("day", "count"))
    return {day: Decimal(by_day.get(day, 0)) for day in _days(first, last)}


def attendance_rate(first: date, last: date) -> ByDay:
    """Give the share of those who came, of those of whom it is known, by the day of the event.

    Of whom nothing is known is neither present nor absent. A day without an event, or of whose
    events nothing is known, has no rate.
    """
    counted = (
        _at_events(first, last)
        .exclude(attendance=Registration.Attendance.UNKNOWN)
        .annotate(day=TruncDate("event__starts_at"))
        .values("day")
        .annotate(
            known=Count("pk"), present=Count("pk", Q(attendance=Registration.Attendance.PRESENT))
        )
        .order_by()
    )
    return {row["day"]: _per_cent(row["present"], row["known"]) for row in counted}


def attendance_unknown(first: date, last: date) -> int:
    """Count the registrations for events of these days of which nothing is known."""
    return _at_events(first, last).filter(attendance=Registration.Attendance.UNKNOWN).count()


def reminder_lateness(first: date, last: date) -> ByDay:
    """Give the mean seconds from due to handed over, of the day's messages about events.

    Offers are left out: they wait for the morning by intention.
    """
    sent = Message.objects.filter(
        _within("due_at", first, last),
        dispatch__reminder__isnull=False,
        dispatch__purpose=Purpose.SERVICE,
        status__in=HANDED_OVER,
    )
    counted = (
        sent.annotate(day=TruncDate("due_at"), late=SecondsLate())
        .values("day")
        .annotate(mean=Avg("late"))
        .order_by()
    )
    return {row["day"]: _rounded(Decimal(row["mean"])) for row in counted}


def tasks_on_time(first: date, last: date) -> ByDay:
    """Give the share of tasks done by their day, of those due on it; closed ones do not count."""
    counted = (
        Task.objects.filter(due_on__range=(first, last), closed_at=None)
        .values("due_on")
        .annotate(due=Count("pk"), on_time=Count("pk", Q(done_at__isnull=False, is_late=False)))
        .order_by()
    )
    return {row["due_on"]: _per_cent(row["on_time"], row["due"]) for row in counted}


FIGURES: dict[str, Callable[[date, date], ByDay]] = {
    "registrations": registrations,
    "attendance_rate": attendance_rate,
    "reminder_lateness": reminder_lateness,
    "tasks_on_time": tasks_on_time,
}


def _at_events(first: date, last: date) -> QuerySet[Registration]:
    begun = _within("event__starts_at", first, last)
    return Registration.objects.active().filter(begun, event__cancelled_at=None)


def _within(field: str, first: date, last: date) -> Q:
    """Keep moments from the midnight before the first day to before the one after the last."""
    zone = timezone.get_default_timezone()
    begins = datetime.combine(first, time(), zone)
    ends = datetime.combine(last + timedelta(1), time(), zone)
    return Q((f"{field}__gte", begins), (f"{field}__lt", ends))


def _days(first: date, last: date) -> Iterator[date]:
    return (first + timedelta(number) for number in range((last - first).days + 1))


def _per_cent(part: int, whole: int) -> Decimal:
    return _rounded(Decimal(100 * part) / whole)


def _rounded(value: Decimal) -> Decimal:
    return value.quantize(CENT, ROUND_HALF_UP)
