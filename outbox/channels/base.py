"""What every channel answers, message by message."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.utils.module_loading import import_string
from django.utils.translation import gettext

from outbox.models import DeliveryReport, Detour, Message, Purpose
from people.models import Medium

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


class RefusedBecause(Enum):
    """Whose fault a refusal is; it decides what else is stopped."""

    ADDRESS = "address"
    """This address is bad: it is blocked, the person's other medium goes on."""
    MESSAGE = "message"
    """This one message cannot go; the next to the same person may."""
    STOPPED = "stopped"
    """The person has told the provider to stop: as with a bad address, and no offers either."""
    ACCOUNT = "account"
    """Our account is bad: the channel stops and somebody is told."""


@dataclass(frozen=True)
class HandedOver:
    """The provider took it; `provider_id` is its number for it."""

    provider_id: str = ""


@dataclass(frozen=True)
class Refused:
    """The provider will not send it; `sentence` says why, for people."""

    sentence: str
    because: RefusedBecause = RefusedBecause.MESSAGE


@dataclass(frozen=True)
class NotExecuted:
    """Surely not sent, so it is safe to try again after `retry_after` seconds."""

    sentence: str
    retry_after: float = 1
    is_failure: bool = True
    """False where nothing is wrong, such as waiting for a rate limit: the breaker ignores it."""


@dataclass(frozen=True)
class Unclear:
    """May have been sent; it is looked up before anything else happens."""

    sentence: str


Outcome = HandedOver | Refused | NotExecuted | Unclear


@dataclass(frozen=True)
class Report:
    """What a provider tells of a message after taking it."""

    state: DeliveryReport.State
    code: str = ""
    """Its own word for the state."""

    words: str = ""
    because: RefusedBecause | None = None
    """Whose fault it is; None unless it failed."""

    provider_id: str = ""
    at: datetime | None = None


@dataclass(frozen=True)
class Found:
    """The provider has it, since `at` if it says so, and what became of it if it can tell."""

    provider_id: str
    at: datetime | None = None
    report: Report | None = None


@dataclass(frozen=True)
class Absent:
    """The provider surely does not have it."""


@dataclass(frozen=True)
class CannotTell:
    """The look-up itself gave no answer; it is tried again."""

    sentence: str


LookUp = Found | Absent | CannotTell


class StopListError(Exception):
    """The provider's STOP list could not be read; the sentence says why."""


class Channel:
    """Carries messages of one medium to one provider."""

    key: ClassVar[str]
    name: ClassVar["StrOrPromise"]
    """What people call it."""

    medium: ClassVar[Medium | None] = None
    only_to_contacts: ClassVar[bool] = False
    """Whether it reaches participants alone, whom the provider has to know, and no staff."""

    can_look_up: ClassVar[bool] = False
    confirms: ClassVar[bool] = False
    """Whether a hand-over is only half the way and is looked up once more (outbox/confirmation)."""

    keeps_stop_list: ClassVar[bool] = False
    """Whether the provider knows who told it to stop, and can be asked."""

    provider: ClassVar[str] = ""
    """Channels of the same provider are asked about their trouble once for all."""

    senders: ClassVar[int] = 2
    """How many batches one worker process sends side by side."""

    begins_in_shares: ClassVar[bool] = False
    """Whether it says of each share of a batch when it begins with it (outbox/beginning.py).

    The shares keep the order of the batch.
    """

    unknown_seconds: ClassVar[float] = 0.0
    """What a message is taken to need before anything is measured (outbox/pace.py)."""

    def __init__(self) -> None:
        self.clock: Callable[[], datetime] | None = None
        """Tells what of the ledger is of no use any more; what is sent as a test always is."""

    def missing(self) -> str:
        """Say what is not set up, in a sentence for people; empty when the channel is on."""
        return ""

    def trouble(self) -> "StrOrPromise":
        """Ask the provider whether it would take a message now; say what is wrong, or nothing."""
        return ""

    def longest_call(self) -> timedelta:
        """How long a claimed message may be on its way; the lease has to outlast it."""
        return timedelta()

    def batch_size(self) -> int:
        """How many messages to claim for one call of `send`."""
        return 50

    def wait_for_turn(self, seconds: float) -> bool:
        """Wait for the provider's rate limit before anything is claimed; False if not in time."""
        return True

    def send(self, messages: Sequence[Message]) -> Iterator[tuple[Message, Outcome]]:
        """Hand the messages over; answer for each, in any order, as soon as it is known."""
        raise NotImplementedError

    def too_late(self, message: Message) -> NotExecuted | None:
        """Answer for a message whose use has ended since it was claimed; `send` asks each time."""
        if self.clock is None or self.clock() < message.expires_at:
            return None
        return NotExecuted(gettext("Its use had ended when its turn came."), is_failure=False)

    def close(self) -> None:
        """Let go what was kept from batch to batch: this turn of sending is over."""

    def look_up(self, messages: Sequence[Message]) -> Iterator[tuple[Message, LookUp]]:
        """Ask the provider which of these it has, by our own key."""
        raise NotImplementedError

    def is_on_stop_list(self, address: str) -> bool:
        """Ask whether the provider has it on its STOP list; `StopListError` if it cannot tell."""
        return False

    def stop_list(self) -> frozenset[str]:
        """Return the addresses whose owners told the provider to stop, or raise the same."""
        return frozenset()

    def not_confirmed(self) -> str:
        """Say what it means, and what to do, when nothing came of what the provider took."""
        return gettext("The provider took it, but nothing came of it.")


def get_channel(key: str) -> Channel:
    channel: Channel = import_string(settings.MESSAGE_CHANNELS[key])()
    return channel


def can_be_asked(key: str) -> bool:
    """Say whether a channel can look up; one that is no longer among the settings cannot."""
    return key in settings.MESSAGE_CHANNELS and get_channel(key).can_look_up


def channel_for(medium: str, purpose: str = Purpose.SERVICE) -> str:
    """Return the key of the channel that carries this medium now, detours included."""
    key = chosen_channel(medium, purpose)
    detour = Detour.objects.in_force().filter(channel=key).first()
    return detour.goes_by if detour else key


def chosen_channel(medium: str, purpose: str = Purpose.SERVICE) -> str:
    """Return the key of the channel that the settings choose for this medium.

    Offers may have their own: only SMTP can carry the headers by which a mail program refuses
    them with one click (RFC 8058).
    """
    if medium == Medium.SMS:
        return settings.SMS_CHANNEL
    return (
        settings.OFFER_EMAIL_CHANNEL if purpose == Purpose.ADVERTISING else settings.EMAIL_CHANNEL
    )
