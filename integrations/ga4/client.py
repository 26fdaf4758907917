"""The client: opened in a task, used by it, closed by it.

Retries follow Google's advice and its quota of ten server errors an hour: what cannot be reached is
tried three times at most within a budget of time, an internal error or a call out of time once
more; everything else never, since it would only fail again.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from integrations.ga4 import errors
from integrations.ga4.addresses import checked_property, sandbox_address
from integrations.ga4.answers import flags_of, quota_of, rows_of, time_zone_of
from integrations.ga4.reports import (
    BY_SOURCE,
    TOTALS,
    Daily,
    Flags,
    Report,
    source_days,
    total_days,
)

if TYPE_CHECKING:
    from google.analytics.data_v1beta import BetaAnalyticsDataClient

SCOPE = "https://www.googleapis.com/auth/analytics.readonly"
PAGE = 50_000
"""Rows asked for at once; the service gives 250,000 at most."""

TIMEOUT = 20.0
BUDGET = 60.0
"""Seconds for one call, and for one call with its repetitions."""

TRIES = {"UNAVAILABLE": 3, "INTERNAL": 2, "DEADLINE_EXCEEDED": 2}
"""How often a call is made that ends so; once, however else it ends."""


@contextmanager
def open_client(
    property_id: str,
    *,
    credentials_file: str = "",
    endpoint: str = "",
    timeout: float = TIMEOUT,
    page: int = PAGE,
) -> Iterator[Client]:
    """Open a client for the length of a block. Raises AddressError and Ga4Error.

    Never while a module is imported, nor in a process that forks afterwards.
    """
    number, address = checked_property(property_id), sandbox_address(endpoint)
    channel = _sandbox_channel(address) if address else None
    service, account = _insecure(channel) if channel else _secure(credentials_file)
    try:
        yield Client(service, f"properties/{number}", account, timeout=timeout, page=page)
    finally:
        service.transport.close()
        if channel is not None:
            channel.close()


def _sandbox_channel(address: str) -> Any:
    import grpc

    return grpc.insecure_channel(address)


def _insecure(channel: Any) -> tuple[BetaAnalyticsDataClient, str]:
    from google.analytics.data_v1beta import BetaAnalyticsDataClient
    from google.analytics.data_v1beta.services.beta_analytics_data.transports import (
        BetaAnalyticsDataGrpcTransport,
    )

    transport = BetaAnalyticsDataGrpcTransport(channel=channel)
    return BetaAnalyticsDataClient(transport=transport), ""


def _secure(credentials_file: str) -> tuple[BetaAnalyticsDataClient, str]:
    from google.analytics.data_v1beta import BetaAnalyticsDataClient
    from google.auth.exceptions import GoogleAuthError
    from google.oauth2.service_account import Credentials

    if not Path(credentials_file).is_file():
        raise errors.SignInError(f"There is no file of credentials at {credentials_file!r}.")
    try:
        credentials = Credentials.from_service_account_file(credentials_file, scopes=[SCOPE])
    except (ValueError, GoogleAuthError):
        # Google's words may hold a part of the file.
        raise errors.SignInError("The file of credentials cannot be read as a key.") from None
    return BetaAnalyticsDataClient(credentials=credentials), credentials.service_account_email


@dataclass
class _Read:
    """A report as far as it was read."""

    report: Report
    rows: list[dict[str, Any]] = field(default_factory=list)
    is_whole: bool = False


class Client:
    """Reads one property."""

    def __init__(
        self,
        service: BetaAnalyticsDataClient,
        name: str,
        account: str,
        *,
        timeout: float,
        page: int,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._service, self._name, self._account = service, name, account
        self._timeout, self._page, self._sleep = timeout, page, sleep
        self._flags, self._time_zone = Flags(), ""
        self._quota: dict[str, tuple[int, int]] = {}

    def daily(self, first: date, last: date) -> Daily:
        """Read days from `first` to `last`, both included; they are the property's own days."""
        self._flags, self._time_zone, self._quota = Flags(), "", {}
        by_source, totals = self._read([BY_SOURCE, TOTALS], first, last)
        return Daily(
            rows=source_days(by_source),
            totals=total_days(totals),
            flags=self._flags,
            time_zone=self._time_zone,
            quota=self._quota,
        )

    def _read(self, reports: list[Report], first: date, last: date) -> list[list[dict[str, Any]]]:
        """Read reports page by page; those that have more rows are asked for together."""
        reading = [_Read(report) for report in reports]
        while left := [each for each in reading if not each.is_whole]:
            answers = self._ask(left, first, last)
            for each, answer in zip(left, answers, strict=True):
                self._take(each, answer)
        return [each.rows for each in reading]

    def _take(self, read: _Read, answer: Any) -> None:
        rows = list(rows_of(answer))
        read.rows += rows
        # A page without rows ends it as well: what was counted may be gone meanwhile.
        read.is_whole = not rows or len(read.rows) >= answer.row_count
        self._flags |= flags_of(answer)
        self._time_zone = self._time_zone or time_zone_of(answer)
        self._quota = quota_of(answer) or self._quota

    def _ask(self, left: list[_Read], first: date, last: date) -> list[Any]:
        requests = [
            each.report.request(first, last, offset=len(each.rows), limit=self._page)
            for each in left
        ]
        answer = self._call({"property": self._name, "requests": requests})
        return list(answer.reports)

    def _call(self, batch: dict[str, Any]) -> Any:
        from google.api_core.exceptions import GoogleAPIError
        from google.auth.exceptions import GoogleAuthError

        until, tries = time.monotonic() + BUDGET, 0
        while True:
            tries += 1
            # A repetition may take what is left of the budget and no more.
            timeout = min(self._timeout, until - time.monotonic())
            try:
                return self._service.batch_run_reports(batch, timeout=timeout, retry=None)
            except GoogleAuthError as error:
                raise errors.SignInError(str(error)) from None
            except GoogleAPIError as error:
                status = _status_of(error)
                wait = 2 ** (tries - 1) * random.uniform(0.5, 1)  # noqa: S311  # no secret
                is_last = tries >= TRIES.get(status, 1) or time.monotonic() + wait > until
                if is_last:
                    raise self._error(status, error) from None
                self._sleep(wait)

    def _error(self, status: str, error: Exception) -> errors.Ga4Error:
        detail = str(error)
        if status == "PERMISSION_DENIED":
            return errors.NoAccessError(detail, self._account)
        return ERRORS.get(status, errors.NotAnsweringError)(detail)


ERRORS: dict[str, type[errors.Ga4Error]] = {
    "INVALID_ARGUMENT": errors.DefinitionError,
    "UNAUTHENTICATED": errors.SignInError,
    "NOT_FOUND": errors.PropertyUnknownError,
    "RESOURCE_EXHAUSTED": errors.QuotaError,
}


def _status_of(error: Exception) -> str:
    """Name the gRPC status; too many requests have none of their own over REST."""
    from google.api_core.exceptions import TooManyRequests

    if isinstance(error, TooManyRequests):
        return "RESOURCE_EXHAUSTED"
    status = getattr(error, "grpc_status_code", None)
    return status.name if status is not None else ""
