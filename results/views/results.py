"""Pages of an intake's results: all intakes, one, its print, its presentation, what was frozen."""

from functools import cache
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_GET

from accounts.http import StaffRequest, allowed_if
from events.event_type import all_types
from plans.models import Intake
from results import exports, page
from results.comparison import Comparison, compare
from results.facts import own
from results.facts.forms_of_content import UnreadableError
from results.facts.scope import Scope
from results.forms import EnrolledForm
from results.minutes import Minutes
from results.models import Enrolled, Review, Snapshot
from results.rules import can_prepare_review, can_see_own_results, can_see_results
from results.shown import Shown
from results.views.unreadable import or_said

INTAKES_ON_A_PAGE = 25


@allowed_if(can_see_own_results)
@require_GET
def intake_list(request: StaffRequest) -> HttpResponse:
    """List the intakes, with their whole results or with what of them is the person's."""
    found = Intake.objects.select_related("review").prefetch_related("review__snapshots")
    shown = Paginator(found, INTAKES_ON_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": shown,
        "today": timezone.localdate(),
        "can_see_results": can_see_results(request.user),
    }
    return render(request, "results/intake_list.html", context)


@allowed_if(can_see_results)
@require_GET
def intake_results(request: StaffRequest, intake: int) -> HttpResponse:
    """Show the frozen page where there is one, with what changed since; `?now` shows today's."""
    found = get_object_or_404(Intake, pk=intake)
    review = Review.objects.filter(intake=found).first()
    snapshot = review.snapshot if review else None
    now = page.read(found, timezone.now())
    is_frozen = snapshot is not None and "now" not in request.GET
    context: dict[str, Any] = {
        "intake": found,
        "review": review,
        "snapshot": snapshot,
        "is_frozen": is_frozen,
        "since": _compared(snapshot, now) if snapshot else None,
        "page": None if is_frozen else page.draw(now),
        "kinds": all_types(),
        "can_prepare": can_prepare_review(request.user),
        "is_over": found.ends_on < timezone.localdate(),
    }
    return render(request, "results/intake_results.html", context)


@allowed_if(can_see_own_results)
@require_GET
def own_results(request: StaffRequest, intake: int) -> HttpResponse:
    found = get_object_or_404(Intake, pk=intake)
    parts = page.draw_parts(own.read(Scope(found, timezone.now()), request.user))
    context = {"intake": found, "parts": parts}
    return render(request, "results/own_results.html", context)


@allowed_if(can_see_results)
@require_GET
def intake_print(request: StaffRequest, intake: int) -> HttpResponse:
    return render(request, "results/print.html", _shown(intake))


@allowed_if(can_see_results)
@require_GET
@or_said
def intake_presentation(request: StaffRequest, intake: int) -> HttpResponse:
    """Show one part at a time in large type, for the meeting."""
    return render(request, "results/presentation.html", _shown(intake))


@allowed_if(can_see_results)
@require_GET
def snapshot_detail(request: StaffRequest, pk: int) -> HttpResponse:
    """Show what was frozen earlier, also what was opened again since."""
    found = Snapshot.objects.select_related("review__intake", "taken_by", "reopened_by")
    snapshot = get_object_or_404(found, pk=pk)
    context = {
        "snapshot": snapshot,
        "intake": snapshot.review.intake,
        "confirmations": snapshot.confirmations.select_related("by"),
        "files": exports.kinds_kept(snapshot),
        "minutes": Minutes.of_kept(snapshot.minutes) if snapshot.minutes else None,
    }
    return render(request, "results/snapshot_detail.html", context)


@allowed_if(can_prepare_review)
def enrolled_update(request: StaffRequest, intake: int, kind: str) -> HttpResponse:
    """Write down how many enrolled: nothing here knows that by itself."""
    found = get_object_or_404(Intake, pk=intake)
    event_type = next((each for each in all_types() if each.key == kind), None)
    if event_type is None:
        raise Http404
    enrolled = Enrolled.objects.filter(intake=found, event_kind=kind).first()
    form = EnrolledForm(
        request.POST or None, instance=enrolled or Enrolled(intake=found, event_kind=kind)
    )
    if (
        request.method == "POST"
        and form.is_valid()
        and form.save_revised(by=request.user, at=timezone.now())
    ):
        messages.success(request, gettext("The number is saved."))
        return redirect("results:intake_results", found.pk)
    context = {"form": form, "intake": found, "event_type": event_type}
    return render(request, "results/enrolled_form.html", context)


def _shown(intake: int) -> dict[str, Any]:
    """Give what a page of results shows; `page` is drawn where a template asks for it."""
    shown = Shown.of(get_object_or_404(Intake, pk=intake), timezone.now())
    return {
        "intake": shown.intake,
        "review": shown.review,
        "snapshot": shown.snapshot,
        "page": cache(shown.drawn),
        "confirmations": shown.confirmations,
        "notes": shown.notes,
        "decisions": shown.decisions,
    }


def _compared(snapshot: Snapshot, now: dict[str, Any]) -> Comparison | None:
    """Compare with what is frozen; None where a newer version has frozen it."""
    try:
        return compare(snapshot.content, now)
    except UnreadableError:
        return None
