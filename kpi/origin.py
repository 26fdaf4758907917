"""Where a number comes from: reading, file and row, who and when, and what it was before."""

from django.db.models import F, Prefetch

from goals.models import Series
from kpi.models import EarlierValue, Measurement
from kpi.periods import Period


def origins(
    series: Series, channel: int | None, of: Period, *, with_earlier: bool = True
) -> list[Measurement]:
    """Give the measurements of a period in their order, with what they were before.

    Without a channel those of all channels, and those measured without one.
    """
    rows = Measurement.objects.filter(
        series=series.growth_of_id or series.pk, day__range=(of.first, of.last)
    ).select_related("channel", "reading__by", "reading__file")
    if channel is not None:
        rows = rows.filter(channel=channel)
    if with_earlier:
        earlier = EarlierValue.objects.select_related("reading__by", "reading__file")
        rows = rows.prefetch_related(Prefetch("earlier", earlier))
    return list(rows.order_by("day", F("channel__position").asc(nulls_first=True), "span", "pk"))
