"""What becomes of a message that had fallen due by a start which the event no longer has."""

from collections.abc import Iterator, Sequence

from events.models import Event, EventMove, ReminderRule
from events.models.move import SETTLING


def is_past_by_move(rule: ReminderRule, event: Event, moves: Sequence[EventMove]) -> bool:
    """Say whether only a move has put into the past what this rule says of an earlier day.

    What leads straight in goes at once all the same. What had fallen due already, and has not gone
    yet, stays due: the batch may be under way, or the worker may have been down. Moves that follow
    one another before anybody is told of them count as one, so whatever fell due by any of their
    times is due. What would be of no use any more by the new time is past in any case.
    """
    if rule.anchor != ReminderRule.Anchor.START or rule.late != ReminderRule.Late.SKIP:
        return False
    if event.moved_at is not None and rule.expires_at(event) <= event.moved_at:
        return True
    is_past = False
    for run in _runs(moves):
        first, moved_at = run[0], run[-1].moved_at
        was_due = not is_past and rule.due_from(first.old_starts_at) <= moved_at
        fell_due_meanwhile = any(
            each.moved_at <= rule.due_from(each.new_starts_at) <= moved_at for each in run[:-1]
        )
        is_over_by_now = rule.due_from(run[-1].new_starts_at) < moved_at
        is_past = is_over_by_now and not was_due and not fell_due_meanwhile
    return is_past


def _runs(moves: Sequence[EventMove]) -> Iterator[list[EventMove]]:
    """Part the moves of an event, the first one first, where enough time passed to tell of them."""
    run: list[EventMove] = []
    for move in moves:
        if run and move.moved_at - run[-1].moved_at >= SETTLING:
            yield run
            run = []
        run.append(move)
    if run:
        yield run
