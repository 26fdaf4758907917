"""Into the ledger: rows are stored once, withdrawn, held and released; the database decides."""

import logging
from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from celery import current_app, current_task
from django.conf import settings
from django.db import connection, transaction
from kombu.exceptions import OperationalError

from outbox import beginning
from outbox.models import Dispatch, Message, MessageQuerySet, Reason, Status
from people.models import Participant
from people.rows import insert

logger = logging.getLogger(__name__)

CHUNK = 500


def store(messages: Sequence[Message]) -> int:
    """Store rows that are not there yet; return how many were offered.

    Two workers may offer the same row: the unique key keeps one of them.
    """
    for start in range(0, len(messages), CHUNK):
        insert(messages[start : start + CHUNK], or_ignore=True)
    return len(messages)


def send_soon(channel: str) -> None:
    """Have a worker send what was just stored, once it is committed, before the next tick."""
    ask_a_worker("outbox.tasks.send_channel", channel)


def ask_a_worker(task: str, *arguments: str) -> None:
    """Have any worker do what a tick would have it do, without waiting for the tick.

    Asked for by workers only, whose broker is there; a command or a page leaves it to the tick.
    """
    if current_task:
        transaction.on_commit(partial(_ask, task, arguments))


def _ask(task: str, arguments: Sequence[str]) -> None:
    try:
        current_app.send_task(task, arguments, expires=settings.TICK_EXPIRES, retry=False)
    except OperationalError as error:
        logger.warning("%s waits for the next tick: %s", task, type(error).__name__)


def withdraw(messages: MessageQuerySet, reason: Reason) -> int:
    """Take back what has not been handed over; return how many rows it was.

    Runs in the transaction of the change that makes them wrong, so that after its commit none
    of them can be claimed, nor begun by a worker that has it in hand.
    """
    return _stop(messages, [Status.PLANNED, Status.HELD], status=Status.SKIPPED, reason=reason)


def hold(messages: MessageQuerySet, reason: Reason) -> int:
    return _stop(messages, [Status.PLANNED], status=Status.HELD, reason=reason)


def _stop(messages: MessageQuerySet, waiting: Sequence[Status], **state: object) -> int:
    stopped = _in_state(messages, waiting).update_in_one_order(**state)
    # Last: the update has waited for the claims that were under way.
    return stopped + beginning.take_back(messages, **state)


def ask_anew(messages: MessageQuerySet) -> int:
    """Have whoever queued these asked again also about what is in hand; return how many that is.

    Comes last in the transaction of a change by which some of them may be wrong, and once. What
    only waits is asked about when it is claimed, which is after the change.
    """
    if not messages.filter(status__in=[Status.PLANNED, Status.CALLING]).exists():
        return 0
    if connection.features.has_select_for_update:
        # Waits for the claims that are under way; others leave these rows out until the commit.
        waiting = _in_state(messages, [Status.PLANNED]).in_one_order()
        list(waiting.values_list("pk", flat=True))
    return beginning.take_back(messages, status=Status.PLANNED)


def ask_anew_of(participants: Iterable[Participant | int], **_signal: Any) -> int:
    return ask_anew(Message.objects.filter(participant__in=participants))


def release(messages: MessageQuerySet, reason: Reason, now: datetime) -> int:
    """Let go what was held for `reason` and is still of use; return how many rows it was."""
    held = _in_state(messages, [Status.HELD]).filter(reason=reason, expires_at__gt=now)
    return held.update_in_one_order(status=Status.PLANNED, reason=Reason.NONE)


def _in_state(messages: MessageQuerySet, statuses: Sequence[Status]) -> MessageQuerySet:
    """Keep those in one of these states, asked again of a row that somebody else just changed.

    Django turns an update over joined tables into one by a list of ids, and PostgreSQL, when it
    has waited for a claim, would not look at the state within that list again.
    """
    return Message.objects.filter(pk__in=messages.order_by().values("pk"), status__in=statuses)


@transaction.atomic
def queue_to_users(title: str, drafts: Sequence[Message], *, purpose: str) -> Dispatch:
    """Store a new dispatch with messages to members of staff."""
    dispatch = Dispatch.objects.create(title=title, purpose=purpose)
    for draft in drafts:
        draft.dispatch = dispatch
    store(drafts)
    return dispatch
