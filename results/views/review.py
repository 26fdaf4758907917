"""Pages of a review: the meeting, the notes on goals, freezing and confirming."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from accounts.http import StaffRequest, allowed_if
from accounts.models import User
from documents.editing import RevisedForm
from documents.rules import can_draw_up
from plans.models import Intake
from results import reviews
from results.forms import DecisionForm, GoalNoteForm, MeetingForm, ReasonForm, SeenForm
from results.headline import reached_words
from results.models import GoalNote, Review, ReviewStateError
from results.rules import (
    can_confirm,
    can_freeze,
    can_reopen,
    can_see_results,
    can_take_back,
    can_write_review,
)
from work.rules import can_create_tasks


@allowed_if(can_see_results)
@require_GET
def review_detail(request: StaffRequest, intake: int) -> HttpResponse:
    found = get_object_or_404(Intake, pk=intake)
    review = Review.objects.filter(intake=found).select_related("intake").first()
    context = {"intake": found, "review": review, "is_over": found.ends_on < timezone.localdate()}
    if review is not None:
        context |= _content(request.user, review)
    return render(request, "results/review_detail.html", context)


def _content(user: User, review: Review) -> dict[str, Any]:
    snapshot = review.snapshot
    return {
        "snapshot": snapshot,
        "reached": reached_words(snapshot.reached, snapshot.judged) if snapshot else "",
        "confirmations": review.confirmations.values(),
        "notes": review.goal_notes.select_related("goal", "changed_by"),
        "decisions": review.decisions.select_related("owner", "task", "goal__year", "made_by"),
        "earlier": review.snapshots.exclude(reopened_at=None).select_related("reopened_by"),
        "decision_form": DecisionForm(),
        "reason_form": ReasonForm(),
        "can_write": can_write_review(user, review),
        "can_freeze": can_freeze(user, review),
        "can_confirm": can_confirm(user, review),
        "unfinished": review.unfinished(timezone.localdate()),
        "can_take_back": can_take_back(user, review),
        "can_reopen": can_reopen(user, review),
        "can_make_tasks": can_create_tasks(user),
        "can_make_goals": can_draw_up(user),
    }


@allowed_if(can_see_results)
@require_POST
def review_begin(request: StaffRequest, intake: int) -> HttpResponse:
    reviews.begin(get_object_or_404(Intake, pk=intake))
    return redirect("results:review_detail", intake)


@dataclass(frozen=True)
class Step:
    """Something one of the two does with a review as a whole."""

    may: Callable[[User, Review], bool]
    take: Callable[[StaffRequest, Review], object]
    done: str | Promise


def _freeze(request: StaffRequest, review: Review) -> None:
    reviews.freeze(review, by=request.user, at=timezone.now())


def _confirm(request: StaffRequest, review: Review) -> None:
    """Confirm what the person saw, not what was frozen meanwhile."""
    form = SeenForm(request.POST, review=review)
    if not form.is_valid():
        raise Http404
    seen = form.cleaned_data["snapshot"]
    if not reviews.confirm(review, seen, by=request.user, at=timezone.now()):
        messages.warning(
            request,
            gettext(
                "The intake is closed, but not all of its files could be drawn. They will be drawn"
                " once somebody takes them along, and say when that was."
            ),
        )


def _take_back(request: StaffRequest, review: Review) -> None:
    review.take_back(by=request.user)


def _reopen(request: StaffRequest, review: Review) -> None:
    form = ReasonForm(request.POST)
    if not form.is_valid():
        raise ReviewStateError(form.refusal)
    review.reopen(by=request.user, at=timezone.now(), reason=form.cleaned_data["reason"])


STEPS = {
    "freeze": Step(
        can_freeze, _freeze, _("The figures are frozen: what changes later stands beside them.")
    ),
    "confirm": Step(can_confirm, _confirm, _("Confirmed.")),
    "take-back": Step(can_take_back, _take_back, _("Your confirmation is taken back.")),
    "reopen": Step(can_reopen, _reopen, _("The intake is open again.")),
}


@allowed_if(can_see_results)
@require_POST
def review_step(request: StaffRequest, intake: int, step: str) -> HttpResponse:
    if step not in STEPS:
        raise Http404
    review = get_object_or_404(Review.objects.select_related("intake"), intake=intake)
    if not STEPS[step].may(request.user, review):
        raise PermissionDenied
    try:
        STEPS[step].take(request, review)
    except ReviewStateError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, str(STEPS[step].done))
    return redirect("results:review_detail", intake)


@allowed_if(can_see_results)
def meeting_update(request: StaffRequest, intake: int) -> HttpResponse:
    review = get_object_or_404(Review.objects.select_related("intake"), intake=intake)
    form = MeetingForm(request.POST or None, instance=review)
    return _written(request, review, form, str(_("The meeting")))


@allowed_if(can_see_results)
def note_update(request: StaffRequest, pk: int) -> HttpResponse:
    note = get_object_or_404(GoalNote.objects.select_related("review__intake", "goal"), pk=pk)
    form = GoalNoteForm(request.POST or None, instance=note)
    return _written(request, note.review, form, note.goal.label(request.LANGUAGE_CODE))


def _written(request: StaffRequest, review: Review, form: RevisedForm, title: str) -> HttpResponse:
    """Show a form of a review and save it, unless somebody has confirmed meanwhile."""
    if not can_write_review(request.user, review):
        raise PermissionDenied
    if request.method == "POST" and form.is_valid():
        try:
            with review.held():
                is_saved = form.save_revised(by=request.user, at=timezone.now())
        except ReviewStateError as refusal:
            messages.error(request, str(refusal))
            return redirect("results:review_detail", review.intake_id)
        if is_saved:
            messages.success(request, str(_("Saved.")))
            return redirect("results:review_detail", review.intake_id)
    context = {"form": form, "intake": review.intake, "title": title}
    return render(request, "results/written_form.html", context)
