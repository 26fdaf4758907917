"""The review of an intake: beginning it, freezing its figures, what its decisions become."""

from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils import translation
from django.utils.translation import gettext

from accounts.models import Role, User
from documents.editing import open_for_change
from documents.models import InvalidTransitionError
from goals.models import Goal, Year
from plans.models import Intake
from results import exports, page
from results.headline import targets_reached
from results.models import Decision, GoalNote, Review, ReviewStateError, Snapshot
from results.shown import Shown
from work.models import Task

MAX_TASK_TITLE, MAX_GOAL_TITLE = 150, 200


def begin(intake: Intake) -> Review:
    """Begin the review of an intake, or give the one there is."""
    review, _is_new = Review.objects.get_or_create(intake=intake)
    _note_every_goal(review)
    return review


def _note_every_goal(review: Review) -> None:
    """Give every goal of the year a note, also those that were added since."""
    goals = Goal.objects.filter(year__year=review.intake.year)
    GoalNote.objects.bulk_create(
        [GoalNote(review=review, goal=goal) for goal in goals], ignore_conflicts=True
    )


def freeze(review: Review, *, by: User, at: datetime) -> Snapshot:
    """Keep the results as they are read at this moment, and the page in every language."""
    content = page.read(review.intake, at)
    _note_every_goal(review)
    reached, judged = targets_reached(content)
    return review.freeze(
        by=by, at=at, content=content, pages=pages_of(content), reached=reached, judged=judged
    )


def confirm(review: Review, snapshot: Snapshot, *, by: User, at: datetime) -> bool:
    """Confirm the figures that were seen; the files of a closed intake are kept from then on.

    False where that closed the intake, and one of its files could not be drawn.
    """
    review.confirm(snapshot, by=by, at=at)
    return not review.is_closed or exports.keep_all(Shown.of(review.intake, at))


def pages_of(content: dict[str, Any]) -> dict[str, str]:
    """Draw the page in every language, as it is to be kept.

    Its icons come from the address that stays: the one with a digest in it goes with the next
    deployment that changes them.
    """
    of_now, that_stays = static("icons.svg"), f"{settings.STATIC_URL}icons.svg"
    pages: dict[str, str] = {}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            drawn = render_to_string("results/_content.html", {"page": page.draw(content)})
        pages[language] = drawn.replace(of_now, that_stays)
    return pages


def make_task(decision: Decision, *, by: User, at: datetime, role: Role, due_on: date) -> Task:
    """Make a decision a task of whoever sees to it, or of anybody of the role."""
    with transaction.atomic():
        held = _held(decision)
        title, rest = _title_of(held.text, MAX_TASK_TITLE)
        origin = gettext("Decided in the review: %(intake)s.") % {"intake": held.review.intake}
        task = Task.objects.create(
            title=title,
            notes="\n\n".join(filter(None, [rest, origin])),
            role=held.owner.role if held.owner else role,
            assignee=held.owner,
            due_on=due_on,
            created_by=by,
            created_at=at,
        )
        held.task = task
        held.save(update_fields=["task"])
    return task


def make_goal(decision: Decision, year: Year, *, category: str) -> Goal:
    """Make a decision a goal of a year whose goals are still being drawn up."""
    try:
        with open_for_change(year.document):
            held = _held(decision)
            title, rest = _title_of(held.text, MAX_GOAL_TITLE)
            goal = Goal.objects.create(
                year=year,
                category=category,
                title=title,
                description=rest,
                owner=held.owner,
                position=year.goals.count(),
            )
            held.goal = goal
            held.save(update_fields=["goal"])
    except InvalidTransitionError as refusal:
        raise ReviewStateError(str(refusal)) from None
    return goal


def _title_of(text: str, most: int) -> tuple[str, str]:
    """Give what of a decision is its title, and the whole of it where that is not all."""
    if len(text) <= most:
        return text, ""
    return f"{text[: most - 1].rsplit(maxsplit=1)[0]}…", text


def _held(decision: Decision) -> Decision:
    held = Decision.objects.select_for_update(of=("self",)).get(pk=decision.pk)
    if held.task_id or held.goal_id:
        raise ReviewStateError(gettext("This decision became a task or a goal already."))
    return held
