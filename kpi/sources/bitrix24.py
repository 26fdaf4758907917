"""Bitrix24: new and converted leads by their source; deals where the portal has no leads."""

import time
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from functools import partial

from django.conf import settings
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from integrations.bitrix24 import counts
from integrations.bitrix24.client import Bitrix24
from integrations.bitrix24.counts import CountError, DayCount, Days
from integrations.bitrix24.errors import Bitrix24Error
from integrations.bitrix24.owners import OwnerKind
from integrations.outcomes import Refused
from kpi.models import Channel
from kpi.periods import Span
from kpi.sources.base import Piece, Source, SourceError
from kpi.sources.places import NewChannel, channels_by_key, series_by_key
from kpi.store import Value
from outbox import delivery
from outbox.channels.bitrix24 import not_connected

PATIENCE = timedelta(seconds=150)
"""So long the reading of a piece lets messages go first: with its own time it keeps its lease."""

LOOK_SECONDS = 0.5
"""So often one looks whether they have gone."""

SERIES = {"new": "new_leads", "converted": "converted_leads"}
WITHOUT_SOURCE = NewChannel("Līdi bez avota", "Leads without a source", Channel.Kind.LEAD_SOURCE)
WITHOUT_SOURCE_KEY = "lead_without_source"


class Bitrix24Leads(Source):
    """The portal that the settings name."""

    key = "bitrix24"
    label = "Bitrix24"
    about = _("New and converted leads by the day and by their source.")
    days_at_once = 14
    usual_days = 7

    def let_messages_go(self, until: float) -> None:
        """Wait before a request while messages are due, until that moment of the monotonic clock.

        Afterwards, too, half of what the portal lets us ask stays free for them.
        """
        while time.monotonic() < until and delivery.has_due("bitrix24", timezone.now()):
            time.sleep(LOOK_SECONDS)
        time.sleep(2 / settings.BITRIX24_DRAIN_PER_SECOND)

    def is_wanted(self) -> bool:
        return bool(settings.BITRIX24_WEBHOOK_URL)

    def missing(self) -> str:
        return not_connected()

    def read(self, first: date, last: date) -> Piece:
        client = Bitrix24.from_settings()
        wait = partial(self.let_messages_go, time.monotonic() + PATIENCE.total_seconds())
        try:
            wait()
            kind = counts.kind_that_comes_in(client)
            names = counts.sources(client)
            days = Days(first, last, timezone.get_default_timezone())
            counted = counts.by_day(client, kind, days, list(names), before_each=wait)
        except Bitrix24Error as error:
            raise failure(error) from None
        except CountError:
            raise SourceError(gettext("Bitrix24 answered without totals.")) from None
        series = series_by_key(*SERIES.values())
        return Piece(
            values=list(_values(counted, names, series)),
            series_ids=frozenset(series.values()),
            details={"counted": "deals" if kind == OwnerKind.DEAL else "leads"},
        )


def channel_key(code: str) -> str:
    """Make the key of a source's channel; codes of a portal's own are like UC_X1Y2Z3."""
    return f"lead_{slugify(code)}"[:60]


def failure(error: Bitrix24Error) -> SourceError:
    """Tell a refusal, which a person has to see to, from a silence that may pass."""
    is_temporary = not isinstance(error.outcome, Refused)
    text = (
        gettext("Bitrix24 does not answer; it is tried again by itself. (%(detail)s)")
        if is_temporary
        else gettext(
            "Bitrix24 refuses to count: %(detail)s. See whether the webhook has the scope “crm” and"
            " whether its owner may see all leads."
        )
    )
    return SourceError(text % {"detail": error}, is_temporary=is_temporary)


def _values(
    counted: list[DayCount], names: dict[str, str], series: dict[str, int]
) -> Iterator[Value]:
    new = {
        channel_key(code): NewChannel(name[:120], "", Channel.Kind.LEAD_SOURCE)
        for code, name in names.items()
    }
    channels = channels_by_key({**new, WITHOUT_SOURCE_KEY: WITHOUT_SOURCE})
    rest: dict[tuple[str, date], int] = {}
    for each in counted:
        place = SERIES[each.what.name], each.day
        rest.setdefault(place, 0)
        rest[place] += each.amount if each.source is None else -each.amount
        channel = None if each.source is None else channels[channel_key(each.source)]
        yield _value(series, place, channel, each.amount)
    for place, count in rest.items():
        # Below nought where a lead got its source between two of the counts.
        yield _value(series, place, channels[WITHOUT_SOURCE_KEY], max(0, count))


def _value(
    series: dict[str, int], place: tuple[str, date], channel: int | None, count: int
) -> Value:
    key, day = place
    return Value(series[key], channel, Span.DAY, day, Decimal(count))
