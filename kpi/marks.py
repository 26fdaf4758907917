"""What happened while something was measured: our events, our publications, people's notes."""

from collections.abc import Iterator
from datetime import date, time, timedelta

from django.urls import reverse
from django.utils.translation import get_language, gettext

from events.models import Event
from goals.models import Series
from kpi.charts import Mark
from kpi.models import Note
from plans.local_time import local_day, local_moment
from plans.models import Publication


def marks_of(series: Series, first: date, last: date) -> list[Mark]:
    """Give the marks of these days in their order."""
    found = [*_events(first, last), *_publications(first, last), *_notes(series, first, last)]
    return sorted(found, key=lambda mark: mark.day)


def _events(first: date, last: date) -> Iterator[Mark]:
    begins, ends = local_moment(first, time()), local_moment(last + timedelta(days=1), time())
    events = Event.objects.going_ahead().filter(starts_at__gte=begins, starts_at__lt=ends)
    language = get_language() or ""
    for event in events.only("title", "title_en", "starts_at"):
        url = reverse("events:event_detail", args=[event.pk])
        yield Mark(local_day(event.starts_at), event.name(language), "event", url)


def _publications(first: date, last: date) -> Iterator[Mark]:
    begins, ends = local_moment(first, time()), local_moment(last + timedelta(days=1), time())
    published = Publication.objects.filter(published_at__gte=begins, published_at__lt=ends)
    language = get_language() or ""
    for each in published.select_related("activity", "channel"):
        words = {"activity": each.activity.name(language), "channel": each.channel}
        assert each.published_at is not None
        yield Mark(
            local_day(each.published_at),
            gettext("Published: %(activity)s, %(channel)s") % words,
            "publication",
            reverse("plans:activity_detail", args=[each.activity_id]),
        )


def _notes(series: Series, first: date, last: date) -> Iterator[Mark]:
    for note in Note.objects.of(series).filter(day__range=(first, last)):
        yield Mark(note.day, note.text, "note")
