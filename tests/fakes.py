"""Channels and sources that stand in for real ones; settings name them, so the real path runs."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from goals.models import Series
from kpi.models import Traffic
from kpi.periods import Span
from kpi.sources import Piece, Source, SourceError
from kpi.store import Value
from outbox.channels import (
    Absent,
    Channel,
    Found,
    HandedOver,
    NotExecuted,
    Refused,
    RefusedBecause,
    Unclear,
)

sent: list[tuple[str, str]] = []
"""Address and text of everything the fakes were handed; the `sent` fixture empties it."""


class RecordingChannel(Channel):
    """Takes everything, and remembers it."""

    key = "recording"
    name = "Recording"
    can_look_up = True

    def send(self, messages):
        for message in messages:
            sent.append((message.address, message.body))
            yield message, HandedOver(f"r{message.pk}")

    def look_up(self, messages):
        for message in messages:
            known = (message.address, message.body) in sent
            yield message, Found(f"r{message.pk}") if known else Absent()


class MuteChannel(RecordingChannel):
    """Takes everything, and cannot be asked about it."""

    can_look_up = False


class DroppingChannel(RecordingChannel):
    """Sends, and loses the connection before it can say so."""

    def send(self, messages):
        for message in messages:
            sent.append((message.address, message.body))
            yield message, Unclear("The connection was lost.")


class LosingChannel(RecordingChannel):
    """Loses the connection before anything is sent."""

    def send(self, messages):
        for message in messages:
            yield message, Unclear("The connection was lost.")


class BusyChannel(RecordingChannel):
    """Has no time now."""

    def send(self, messages):
        for message in messages:
            yield message, NotExecuted("The provider is down.", retry_after=5)


class PickyChannel(RecordingChannel):
    """Refuses addresses that begin with "bad"."""

    def send(self, messages):
        for message in messages:
            if message.address.startswith("bad"):
                yield message, Refused("No such mailbox.", RefusedBecause.ADDRESS)
            else:
                yield from super().send([message])


class LockedChannel(RecordingChannel):
    """Does not accept our account."""

    def send(self, messages):
        for message in messages:
            yield message, Refused("The key is wrong.", RefusedBecause.ACCOUNT)


class CrashingChannel(RecordingChannel):
    """Sends one message and then dies as a killed worker would."""

    def send(self, messages):
        sent.append((messages[0].address, messages[0].body))
        raise SystemExit
        yield


class SteadySource(Source):
    """Gives the number of the day for every day, three days at once."""

    key = "steady"
    label = "Steady"
    about = "Numbers of days."
    days_at_once = 3

    def read(self, first, last):
        series = Series.objects.get(key="new_leads").pk
        days = [first + timedelta(number) for number in range((last - first).days + 1)]
        values = [Value(series, None, Span.DAY, day, Decimal(day.day)) for day in days]
        return Piece(values, frozenset({series}), details={"rough": first.day == 4, "seen": 1})


class EmptySource(SteadySource):
    """Has nothing of its days any more."""

    def read(self, first, last):
        return replace(super().read(first, last), values=[])


class FailingSource(SteadySource):
    """Fails in a way that stays, from the fourth day of a month on."""

    key = "failing"

    def read(self, first, last):
        if first.day >= 4:
            raise SourceError("The key was taken back.")
        return super().read(first, last)


class BusySource(SteadySource):
    """Fails in a way that may pass."""

    key = "busy"

    def read(self, first, last):
        raise SourceError("The quota is used up.", is_temporary=True)


class BrokenSource(SteadySource):
    """Has a mistake in it."""

    key = "broken"

    def read(self, first, last):
        raise ZeroDivisionError


class ClumsySource(SteadySource):
    """Names the same visits twice from the fourth day on, which the database does not take."""

    key = "clumsy"

    def read(self, first, last):
        visits = {"channel_group": "Direct", "source": "x", "medium": "y", "network": ""}
        times = 2 if first.day >= 4 else 1
        rows = [Traffic(day=first, **visits, sessions=1, page_views=1) for _ in range(times)]
        return replace(super().read(first, last), traffic=rows)


class SourceThatIsOff(SteadySource):
    key = "off"

    def is_wanted(self):
        return False

    def missing(self):
        return "It is not connected."
