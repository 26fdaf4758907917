"""What providers tell of messages after they took them: kept at once, applied a moment later.

A report names the message and the attempt by our own key, in an address that only the provider
knows. It may come before we have written down that the provider took the message, twice, late,
or after one that came about later. So the state of a message is never moved by the report that
has just come, but follows from all there are of it:

- It arrived, by whichever attempt: delivered, and that stays.
- The last attempt failed: failed, unless it arrived after all.
- The provider has it: handed over, where we did not know that it went. It is not sent again.

A message that is being handed over waits with its reports until the worker has written down what
it knows, or its lease is over and the outcome is unknown: then the reports settle it.
"""

import uuid
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.http import urlencode

from outbox import blocks, breaker
from outbox.channels.base import RefusedBecause, Report
from outbox.models import Attempt, DeliveryReport, Message, Reason, Status

State = DeliveryReport.State

BATCH = 500
KEPT = timedelta(days=30)
"""How long a report of a message that is not there waits for it, and others are kept."""

REASONS = {
    RefusedBecause.ADDRESS.value: Reason.BAD_ADDRESS,
    RefusedBecause.STOPPED.value: Reason.STOPPED_THERE,
    RefusedBecause.ACCOUNT.value: Reason.ACCOUNT,
}

PERHAPS_GONE = (Status.UNKNOWN, Status.PLANNED, Status.HELD, Status.SKIPPED, Status.EXPIRED)
"""States in which we do not know, or do not believe, that the provider has the message."""

_signer = Signer(salt="outbox.delivery_reports")


class UnknownAddressError(Exception):
    """It is no address that we gave a provider."""


def address_for(message: Message) -> str:
    """Return the address to which the provider reports on this attempt.

    The secret is in the query, which is not logged where a path would be.
    """
    signed = _signer.sign(f"{message.channel}.{message.uid.hex}.{message.attempts}")
    return f"{settings.SITE_URL}{reverse('outbox:delivery_report')}?{urlencode({'key': signed})}"


def read_address(signed: str, channel: str) -> tuple[uuid.UUID, int]:
    """Return our key and the number of the attempt for which this channel was given the address."""
    try:
        key, uid, attempt = _signer.unsign(signed).split(".")
    except (BadSignature, ValueError):
        raise UnknownAddressError from None
    if key != channel:
        raise UnknownAddressError
    return uuid.UUID(uid), int(attempt)


def note(channel: str, uid: uuid.UUID, attempt: int, report: Report, now: datetime) -> None:
    """Keep what a provider told, once however often it tells it."""
    told_at = now if report.at is None else min(report.at, now)
    row = DeliveryReport(
        channel=channel,
        uid=uid,
        attempt=attempt,
        state=report.state,
        code=report.code[:30],
        words=report.words[:300],
        because=report.because.value if report.because else "",
        provider_id=report.provider_id[:100],
        told_at=told_at,
        received_at=now,
    )
    DeliveryReport.objects.bulk_create([row], ignore_conflicts=True)


def take(now: datetime) -> int:
    """Let the messages follow the reports that came since; return how many reports that were."""
    settled = Message.objects.filter(uid=OuterRef("uid")).exclude(status=Status.CALLING)
    waiting = DeliveryReport.objects.filter(taken_at=None)
    if not waiting.exists():
        return 0
    due = waiting.filter(Exists(settled)).order_by("received_at", "pk")
    taken = 0
    while uids := set(due.values_list("uid", flat=True)[:BATCH]):
        count = _take(uids, now)
        if not count:
            break
        taken += count
    return taken


@transaction.atomic
def _take(uids: set[uuid.UUID], now: datetime) -> int:
    messages = Message.objects.filter(uid__in=uids).in_one_order()
    # Read under the locks: a worker may have claimed one of them again meanwhile.
    found = [message for message in messages if message.status != Status.CALLING]
    reports = defaultdict(list)
    for report in DeliveryReport.objects.filter(uid__in=[m.uid for m in found]).order_by("pk"):
        reports[report.uid].append(report)
    fresh = [(m, report) for m in found for report in reports[m.uid] if report.taken_at is None]
    for message in found:
        changes = consequence(message, reports[message.uid])
        if changes:
            Message.objects.filter(pk=message.pk).update(**changes)
    for message, report in fresh:
        _draw_conclusions(message, report, now)
    Attempt.objects.bulk_create(
        _attempt(message, report) for message, report in fresh if _is_worth_telling(message, report)
    )
    ids = [report.pk for _message, report in fresh]
    return DeliveryReport.objects.filter(pk__in=ids).update(taken_at=now)


def consequence(message: Message, reports: Sequence[DeliveryReport]) -> dict[str, object]:
    """Return the fields of a message that all its reports together change."""
    latest = [report for report in reports if report.attempt == message.attempts]
    if arrived := [report for report in reports if report.state == State.DELIVERED]:
        changes = _delivered(message, min(report.told_at for report in arrived))
    elif failures := [report for report in latest if report.state == State.FAILED]:
        changes = _failed(message, min(failures, key=lambda each: (each.told_at, each.code)))
    elif latest and message.status in PERHAPS_GONE:
        changes = {"status": Status.HANDED_OVER, "reason": Reason.NONE, "detail": ""}
    else:
        changes = {}
    if changes:
        # Whatever it reports, the provider had the message: by when, and under which number.
        number = next((report.provider_id for report in reports if report.provider_id), "")
        changes |= {
            "look_up_at": None,
            "handed_over_at": message.handed_over_at or min(each.told_at for each in reports),
            "provider_id": message.provider_id or number,
        }
    return changes


def _delivered(message: Message, at: datetime) -> dict[str, object]:
    if (message.status, message.delivered_at) == (Status.DELIVERED, at):
        return {}
    return {"status": Status.DELIVERED, "reason": Reason.NONE, "detail": "", "delivered_at": at}


def _failed(message: Message, report: DeliveryReport) -> dict[str, object]:
    words = _in_words(report)[:500]
    may_fail = message.status in (Status.HANDED_OVER, Status.UNKNOWN, Status.FAILED)
    if not may_fail or (message.status, message.detail) == (Status.FAILED, words):
        return {}
    reason = REASONS.get(report.because, Reason.NOT_DELIVERED)
    return {"status": Status.FAILED, "reason": reason, "detail": words}


def forget_old(now: datetime) -> int:
    """Delete what is a month old; what it came to stays with the messages."""
    deleted, _per_model = DeliveryReport.objects.filter(received_at__lte=now - KEPT).delete()
    return deleted


def _draw_conclusions(message: Message, report: DeliveryReport, now: datetime) -> None:
    """Block a bad address, stop at a bad account; an earlier attempt may have had another."""
    if report.state != State.FAILED or report.attempt != message.attempts:
        return
    because = RefusedBecause(report.because) if report.because else None
    blocks.block(message, report.channel, because, _in_words(report), now)
    if because is RefusedBecause.ACCOUNT:
        breaker.stop(report.channel, _in_words(report))


def _is_worth_telling(message: Message, report: DeliveryReport) -> bool:
    """Leave out that it is on its way, which is no news where it was handed over."""
    return report.state != State.ON_ITS_WAY or message.status in PERHAPS_GONE


def _in_words(report: DeliveryReport) -> str:
    name = blocks.name_of(report.channel)
    return f"{name}: {report.words} ({report.code})" if report.words else f"{name}: {report.code}"


def _attempt(message: Message, report: DeliveryReport) -> Attempt:
    outcome = {
        State.ON_ITS_WAY: Attempt.Outcome.ON_ITS_WAY,
        State.DELIVERED: Attempt.Outcome.DELIVERED,
        State.FAILED: Attempt.Outcome.NOT_DELIVERED,
    }[State(report.state)]
    return Attempt(
        message=message,
        number=report.attempt,
        channel=report.channel,
        ended_at=report.told_at,
        outcome=outcome,
        detail=f"{report.code} {report.words}".strip(),
    )
