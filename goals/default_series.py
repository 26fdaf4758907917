"""The series there are from the beginning; sources know them by their keys, so never rename one."""

from dataclasses import dataclass
from typing import Any

from goals.models.series import Series, Unit

Kind = Series.Kind


@dataclass(frozen=True)
class DefaultSeries:
    """A series that every installation begins with."""

    key: str
    name: str
    name_en: str
    kind: Series.Kind
    unit: Unit = Unit.NUMBER
    growth_of: str = ""


DEFAULT_SERIES = (
    DefaultSeries(
        "followers", "Kopējais sekotāju skaits", "Total followers", Kind.STOCK, Unit.PEOPLE
    ),
    DefaultSeries(
        "followers_growth",
        "Sekotāju skaita pieaugums",
        "Growth of followers",
        Kind.DERIVED,
        Unit.PEOPLE,
        growth_of="followers",
    ),
    DefaultSeries(
        "home_page_traffic", "Plūsma uz mājaslapu", "Traffic to the home page", Kind.FLOW
    ),
    DefaultSeries(
        "users",
        "Mājaslapas lietotāji dienā",
        "Users of the home page a day",
        Kind.AVERAGE,
        Unit.PEOPLE,
    ),
    DefaultSeries("page_views", "Lapu skatījumi", "Page views", Kind.FLOW),
    DefaultSeries("new_leads", "Jauni līdi", "New leads", Kind.FLOW, Unit.PEOPLE),
    DefaultSeries("converted_leads", "Pārvērstie līdi", "Converted leads", Kind.FLOW, Unit.PEOPLE),
    DefaultSeries("video_views", "Video skatījumi", "Video views", Kind.FLOW),
    DefaultSeries("reactions", "Reakcijas", "Reactions", Kind.FLOW),
    DefaultSeries("comments", "Komentāri", "Comments", Kind.FLOW),
    DefaultSeries("engagement", "Iesaiste", "Engagement", Kind.AVERAGE, Unit.PERCENT),
    DefaultSeries(
        "registrations",
        "Reģistrācijas pasākumiem",
        "Registrations for events",
        Kind.FLOW,
        Unit.PEOPLE,
    ),
    DefaultSeries(
        "attendance_rate", "Apmeklējuma īpatsvars", "Attendance rate", Kind.AVERAGE, Unit.PERCENT
    ),
    DefaultSeries(
        "reminder_lateness",
        "Atgādinājumu kavēšanās",
        "Lateness of reminders",
        Kind.AVERAGE,
        Unit.SECONDS,
    ),
    DefaultSeries(
        "tasks_on_time",
        "Laikā paveiktie uzdevumi",
        "Tasks done on time",
        Kind.AVERAGE,
        Unit.PERCENT,
    ),
)


def seed_series(**_kwargs: Any) -> None:
    """Add the series that are not there yet; what people changed of the others stays."""
    there = dict(Series.objects.values_list("key", "pk"))
    for position, default in enumerate(DEFAULT_SERIES, start=1):
        if default.key not in there:
            made = Series.objects.create(
                key=default.key,
                name=default.name,
                name_en=default.name_en,
                kind=default.kind,
                unit=default.unit,
                growth_of_id=there[default.growth_of] if default.growth_of else None,
                position=position,
            )
            there[made.key] = made.pk
