"""Channels that stand in for real ones; settings name them, so the real code path runs."""

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
