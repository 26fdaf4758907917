"""What was measured, by which reading, what it replaced, and what a month of it comes to."""

from kpi.models.alert import Alert, Mute
from kpi.models.channel import Channel
from kpi.models.list_import import ListImport, ListLines, Mapping
from kpi.models.measurement import EarlierValue, Measurement
from kpi.models.month import MonthTotal
from kpi.models.note import Note
from kpi.models.reading import Reading
from kpi.models.traffic import Traffic
from kpi.models.weekly import WeeklyReport

__all__ = [
    "Alert",
    "Channel",
    "EarlierValue",
    "ListImport",
    "ListLines",
    "Mapping",
    "Measurement",
    "MonthTotal",
    "Mute",
    "Note",
    "Reading",
    "Traffic",
    "WeeklyReport",
]
