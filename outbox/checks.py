"""What has to be true for messages to go out, looked at one by one, with what to do about it.

The pre-flight of an event and `manage.py doctor` ask the same questions. Every sentence is lazy:
it is kept in each language, or printed in one.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from django.db import connection
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from integrations.bitrix24.client import HURRIED_PATIENCE, Bitrix24
from integrations.bitrix24.commands import Command
from integrations.outcomes import Done
from outbox import clocks, health, pause
from outbox.channels.base import Channel, get_channel
from outbox.channels.bitrix24 import Bitrix24Channel, not_connected
from outbox.lazy_words import filled
from outbox.models import ChannelState, Heartbeat

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

MEASURED = timedelta(minutes=10)
"""A difference of clocks counts for so long: in a quiet night the clock may have been mended."""


@dataclass(frozen=True)
class Check:
    """One thing that was looked at: whether it is as it should be, and if not, what to do."""

    name: "StrOrPromise"
    ok: bool
    sentence: "StrOrPromise"
    fix: "StrOrPromise" = ""

    def in_words(self) -> dict[str, object]:
        """Put it into the active language, as it can be stored."""
        return {
            "name": str(self.name),
            "ok": self.ok,
            "sentence": str(self.sentence),
            "fix": "" if self.ok else str(self.fix),
        }


def life(now: datetime) -> list[Check]:
    """Look for the worker and for beat, which is heard only through a worker."""
    silent = health.silent_parts(now)
    worker = Check(
        _("Worker"),
        Heartbeat.Part.WORKER not in silent,
        _("The worker is silent: nothing is sent.")
        if Heartbeat.Part.WORKER in silent
        else _("The worker is at work."),
        _("Start the worker, for example with “docker compose up -d worker”."),
    )
    beat = Check(
        _("Scheduler"),
        Heartbeat.Part.BEAT not in silent,
        _("The scheduler (beat) is silent: nothing becomes due.")
        if Heartbeat.Part.BEAT in silent
        else _("The scheduler (beat) is at work."),
        _("Start beat, for example with “docker compose up -d beat”, and a worker beside it."),
    )
    return [worker, beat]


def sending() -> Check:
    """Look whether a person, or a restored backup, has stopped everything."""
    stop = pause.current()
    fix = _("The marketing head resumes it on the outbox page.")
    if stop is None:
        return Check(_("Sending"), True, _("Sending is not stopped."))
    if stop.restored_to is not None:
        sentence = _("All sending is stopped: the database is older than what has been sent.")
        return Check(_("Sending"), False, sentence, fix)
    text = _("All sending is stopped: %(reason)s")
    return Check(_("Sending"), False, filled(text, {"reason": stop.reason}), fix)


def providers(channels: Iterable[str]) -> list[Check]:
    """Ask the provider of each channel whether it would take a message now."""
    asked: dict[str, StrOrPromise] = {}
    found = []
    for key in dict.fromkeys(channels):
        channel = get_channel(key)
        if not (problem := _stopped(channel)):
            provider = channel.provider or channel.key
            if provider not in asked:
                asked[provider] = channel.trouble()
            problem = asked[provider]
        found.append(_provider(channel, problem))
    return found


def _stopped(channel: Channel) -> "StrOrPromise":
    """Say what keeps the channel from being tried at all."""
    if problem := channel.missing():
        return problem
    state = ChannelState.objects.filter(pk=channel.key, needs_a_person=True).first()
    return state.problem or _("Our account is refused.") if state else ""


def _provider(channel: Channel, problem: "StrOrPromise") -> Check:
    return Check(
        channel.name,
        not problem,
        problem or _("It answers, and takes our account."),
        _(
            "Have an administrator look at the page Bitrix24; for the mail server at EMAIL_URL, "
            "for Messente at its account. The outbox offers another way if there is one."
        ),
    )


def clocks_here(channels: Iterable[str]) -> Iterator[Check]:
    """Compare this server's clock with the database's and with the portal's."""
    if (skew := database_skew()) is not None:
        yield _clock(_("Clock and database"), skew)
    by_bitrix24 = any(isinstance(get_channel(key), Bitrix24Channel) for key in channels)
    if by_bitrix24 and (skew := portal_skew()) is not None:
        yield _clock(_("Clock and Bitrix24"), skew)


def workers_clocks(now: datetime) -> Iterator[Check]:
    """Name each worker whose clock is wrong."""
    fix = _("Let that machine take its time from an NTP server.")
    wrong = clocks.wrong(Heartbeat.objects.with_age(), now)
    for each in wrong:
        yield Check(_("Clocks of the workers"), False, each.sentence, fix)
    if not wrong:
        yield Check(_("Clocks of the workers"), True, _("No worker's clock is known to be wrong."))


def database_skew() -> timedelta | None:
    """Return how far the database server's clock is ahead; None where it has none of its own."""
    if connection.vendor != "postgresql":
        return None
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        there: datetime = cursor.fetchone()[0]
    return there - datetime.now(UTC)


def known_skew() -> timedelta | None:
    """Return the greatest difference of clocks that is known without asking the portal."""
    portal = None if not_connected() else Bitrix24.from_settings().clock_skew(within=MEASURED)
    known = [skew for skew in (database_skew(), portal) if skew is not None]
    return max(known, key=abs, default=None)


def portal_skew() -> timedelta | None:
    """Return how far the portal's clock is ahead; None if it is off or does not answer."""
    if not_connected():
        return None
    client = Bitrix24.from_settings().hurried()
    soon = datetime.now(UTC) + timedelta(seconds=HURRIED_PATIENCE)
    answer = client.call(Command("server.time"), deadline=soon)
    return client.clock_skew() if isinstance(answer, Done) else None


def _clock(name: "StrOrPromise", skew: timedelta) -> Check:
    text = ngettext_lazy(
        "The clocks are %(count)s second apart.",
        "The clocks are %(count)s seconds apart.",
        "count",
    )
    return Check(
        name,
        abs(skew) <= clocks.SKEW,
        filled(text, {"count": abs(round(skew.total_seconds()))}),
        _("Let this server take its time from an NTP server."),
    )
