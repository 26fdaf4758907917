"""Figures of step 6: pages with one year's and with ten years' measurements.

Ten years are 30 series on 5 channels by day, 550,000 measurements, written as a source writes them.
"""

import tempfile
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import partial

from django.conf import settings
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from goals import years
from goals.models import Indicator, Series
from kpi import figures
from kpi.models import Channel, Reading
from kpi.periods import Span
from kpi.store import Value, write
from plans import intakes
from plans.local_time import local_day
from plans.models import Intake
from tools.bench.figures import Figure, Size, seconds
from tools.bench.ledger import analyse
from tools.bench.rows.pages import figure, page_of, signed_in, take

SERIES, CHANNELS, DAYS_A_YEAR, YEARS = 30, 5, 365, 10
DASHBOARD_MS, PAGE_MS, DAILY_WRITE_S = 200.0, 150.0, 1.0


def measure(size: Size) -> list[Figure]:
    now = timezone.now()
    today, years_back = local_day(now), size.choose(YEARS, 2)
    with tempfile.TemporaryDirectory() as directory:
        settings.STATIC_ROOT = directory
        call_command("collectstatic", interactive=False, verbosity=0)
        client = signed_in()
        head = User.objects.get()
        series = prepare(head, today, now)
        write_days(series, today - timedelta(days=DAYS_A_YEAR), DAYS_A_YEAR, now)
        analyse()
        fewer = take(client, _pages(head))
        older = (years_back - 1) * DAYS_A_YEAR
        first = today - timedelta(days=DAYS_A_YEAR + older)
        written = seconds(partial(write_days, series, first, older, now))
        analyse()
        many = take(client, _pages(head))
        daily = seconds(
            partial(write_days, series, today - timedelta(days=4), 4, now, add=Decimal(1))
        )
        return [
            *(
                figure(
                    page,
                    fewer[page],
                    many[page],
                    most_ms=DASHBOARD_MS if page == "figures: the dashboard" else PAGE_MS,
                )
                for page in many
            ),
            *_read_all(series, today),
            _writing(written, older * SERIES * CHANNELS),
            Figure(
                "figures: four days of all series corrected",
                "s",
                daily,
                f"≤ {DAILY_WRITE_S:g} s",
                daily <= DAILY_WRITE_S,
            ),
        ]


def prepare(head: User, today: date, now: datetime) -> list[Series]:
    """Make what is measured: series and channels, goals with targets, an intake."""
    series = list(Series.objects.entered())
    for number in range(SERIES - len(series)):
        kind = (Series.Kind.FLOW, Series.Kind.STOCK, Series.Kind.AVERAGE)[number % 3]
        series.append(Series.objects.create(key=f"own_{number}", name=f"Rinda {number}", kind=kind))
    for number in range(CHANNELS - Channel.objects.count()):
        Channel.objects.create(key=f"more_{number}", name=f"Kanāls {number}")
    for year in (today.year - 1, today.year):
        years.begin(year, by=head, at=now)
    Indicator.objects.update(start=0, target=100_000)
    intakes.begin(
        Intake(
            year=today.year,
            season=Intake.Season.AUTUMN,
            begins_on=today - timedelta(days=60),
            ends_on=today + timedelta(days=60),
        ),
        by=head,
        at=now,
    )
    return series


def write_days(
    series: list[Series], first: date, count: int, now: datetime, add: Decimal = Decimal()
) -> None:
    read = Reading.objects.create(source="bench", started_at=now)
    write(read, _values(series, first, count, add), at=now)


def _values(series: list[Series], first: date, count: int, add: Decimal) -> Iterator[Value]:
    channels = list(Channel.objects.values_list("pk", flat=True)[:CHANNELS])
    for number in range(count):
        day = first + timedelta(days=number)
        for each in series:
            for channel in channels:
                amount = Decimal((number * 7 + each.pk * 13 + channel) % 1000) + add
                yield Value(each.pk, channel, Span.DAY, day, amount)


def _pages(head: User) -> dict[str, str]:
    of_series = reverse("kpi:series_detail", args=["new_leads"])
    growth = reverse("kpi:series_detail", args=["followers_growth"])
    pages = {
        "the dashboard": page_of("kpi:dashboard"),
        **{f"a series by {span.value}": f"{of_series}?span={span.value}" for span in Span},
        "a growth by month": f"{growth}?span=month",
        "a series on each channel": reverse("kpi:series_channels", args=["new_leads"]),
        "each channel": page_of("kpi:channel_figures"),
        "where numbers come from": reverse("kpi:value_origin", args=["new_leads"]),
        "the people": page_of("kpi:person_list"),
        "one person": page_of("kpi:person_figures", head),
        "two periods compared": page_of("kpi:compare"),
        "typing in": page_of("kpi:grid_update"),
        "what is measured": page_of("kpi:series_list"),
    }
    return {f"figures: {name}": address for name, address in pages.items()}


def _read_all(series: list[Series], today: date) -> Iterator[Figure]:
    """Read all series at once: their last weeks, their last months, their last days."""
    for span, days, most_ms in (
        (Span.MONTH, 365, PAGE_MS),
        (Span.WEEK, 12 * 7, DASHBOARD_MS),
        (Span.DAY, 30, DASHBOARD_MS),
    ):
        read = partial(figures.read, series, span, today - timedelta(days=days), today, today=today)
        ms = 1000 * min(seconds(read) for _ in range(5))
        work = f"figures: all {len(series)} series, {days} days by {span.value}"
        yield Figure(work, "ms", ms, f"≤ {most_ms:g} ms", ms <= most_ms)


def _writing(taken: float, count: int) -> Figure:
    return Figure("figures: 50,000 measurements written", "s", taken * 50_000 / count)
