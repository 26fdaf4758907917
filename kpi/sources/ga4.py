"""Google Analytics: visits, users and page views of the home page, and where visits come from."""

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from integrations.ga4 import Daily, SourceDay, errors, open_client
from integrations.ga4.addresses import AddressError, checked_property, sandbox_address
from integrations.ga4.networks import is_paid, social_network_of
from kpi.models import Channel, Traffic
from kpi.periods import Span
from kpi.sources.base import Piece, Source, SourceError
from kpi.sources.places import NewChannel, channels_by_key, series_by_key
from kpi.store import Value

SERIES = ("home_page_traffic", "users", "page_views")
NOT_SOCIAL = "not_social"
CHANNELS = {
    "facebook": NewChannel("Facebook", "", Channel.Kind.NETWORK),
    "instagram": NewChannel("Instagram", "", Channel.Kind.NETWORK),
    "other_social": NewChannel(
        "Citi sociālie tīkli", "Other social networks", Channel.Kind.NETWORK
    ),
    NOT_SOCIAL: NewChannel(
        "Ne no sociālajiem tīkliem", "Not from social networks", Channel.Kind.TRAFFIC
    ),
}


class GoogleAnalytics(Source):
    """One property. A day is the property's own day; its time zone is noted."""

    key = "ga4"
    label = "Google Analytics"
    about = _("Visits, users and page views of the home page, and where visits come from.")

    def is_wanted(self) -> bool:
        return bool(settings.GA4_PROPERTY_ID)

    def missing(self) -> str:
        if not settings.GA4_PROPERTY_ID:
            return gettext("GA4_PROPERTY_ID is empty: Google Analytics is not connected.")
        try:
            checked_property(settings.GA4_PROPERTY_ID)
        except AddressError:
            return gettext(
                "GA4_PROPERTY_ID is not the number of a property: it has 4 to 12 digits and stands"
                " in Analytics under Admin, Property details. “G-…” is something else."
            )
        try:
            is_sandbox = bool(sandbox_address(settings.GA4_ENDPOINT))
        except AddressError:
            return gettext(
                "GA4_ENDPOINT has to be empty, or grpc+insecure://127.0.0.1:PORT for a sandbox on"
                " this machine."
            )
        return "" if is_sandbox else _missing_key()

    def read(self, first: date, last: date) -> Piece:
        try:
            with open_client(
                settings.GA4_PROPERTY_ID,
                credentials_file=settings.GA4_CREDENTIALS_FILE,
                endpoint=settings.GA4_ENDPOINT,
            ) as client:
                daily = client.daily(first, last)
        except errors.Ga4Error as error:
            raise SourceError(sentence_of(error), is_temporary=error.is_temporary) from None
        except AddressError as error:
            raise SourceError(str(error)) from None
        series = series_by_key(*SERIES)
        return Piece(
            values=list(_values(daily, first, last, series)),
            series_ids=frozenset(series.values()),
            details=_details(daily),
            traffic=[_traffic(row) for row in daily.rows if first <= row.day <= last],
        )


def _missing_key() -> str:
    file = settings.GA4_CREDENTIALS_FILE
    if not file:
        return gettext("GA4_CREDENTIALS_FILE is empty: the key of a service account is needed.")
    if not Path(file).is_file():
        return gettext("GA4_CREDENTIALS_FILE names a file that is not there, or not to be read.")
    return ""


def sentence_of(error: errors.Ga4Error) -> str:
    """Say what went wrong and what to do about it."""
    values = {"detail": error.detail, "property": settings.GA4_PROPERTY_ID}
    match error:
        case errors.NoAccessError():
            text = gettext(
                "Google Analytics does not let us read property %(property)s. Add %(account)s to it"
                " as a viewer (Admin, Property access management), and see that the Analytics Data"
                " API is enabled in the account's cloud project."
            )
            account = error.service_account or gettext("the service account")
            return text % {**values, "account": account}
        case errors.SignInError():
            text = gettext(
                "Google does not take our key: %(detail)s See whether GA4_CREDENTIALS_FILE is the"
                " key of a service account that has not been revoked, and whether this server's"
                " clock is right."
            )
        case errors.PropertyUnknownError():
            text = gettext("There is no property %(property)s: see GA4_PROPERTY_ID.")
        case errors.QuotaError():
            text = gettext(
                "The quota of Google Analytics is used up for now; it is tried again by itself."
                " (%(detail)s)"
            )
        case errors.DefinitionError():
            text = gettext(
                "Google Analytics does not know what we ask for: that has to be mended in this"
                " system. (%(detail)s)"
            )
        case _:
            text = gettext(
                "Google Analytics does not answer; it is tried again by itself. (%(detail)s)"
            )
    return text % values


def _values(daily: Daily, first: date, last: date, series: dict[str, int]) -> Iterator[Value]:
    """Give every day that was read: one that Google does not name had no visit."""
    totals = {each.day: each for each in daily.totals}
    channels = channels_by_key(CHANNELS)
    visits: Counter[tuple[date, str]] = Counter()
    for row in daily.rows:
        visits[row.day, _network(row) or NOT_SOCIAL] += row.sessions
    for number in range((last - first).days + 1):
        day = first + timedelta(number)
        total = totals.get(day)
        whole = (total.sessions, total.users, total.page_views) if total else (0, 0, 0)
        for key, amount in zip(SERIES, whole, strict=True):
            yield Value(series[key], None, Span.DAY, day, Decimal(amount))
        for key, channel in channels.items():
            amount = visits[day, key]
            yield Value(series["home_page_traffic"], channel, Span.DAY, day, Decimal(amount))


def _network(row: SourceDay) -> str:
    return social_network_of(row.channel_group, row.source, row.medium)


def _traffic(row: SourceDay) -> Traffic:
    return Traffic(
        day=row.day,
        channel_group=row.channel_group[:100],
        source=row.source[:255],
        medium=row.medium[:255],
        network=_network(row),
        is_paid=is_paid(row.channel_group, row.medium),
        sessions=row.sessions,
        page_views=row.page_views,
    )


def _details(daily: Daily) -> dict[str, object]:
    flags = daily.flags
    return {
        "time_zone": daily.time_zone,
        "thresholded": flags.thresholded,
        "other_row": flags.other_row,
        "sampled": flags.sampled,
        "quota": daily.quota,
    }
