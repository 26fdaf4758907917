"""Pages of a year's goals: all years, one, its strategy, its versions, its approval."""

from functools import partial

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Prefetch
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from accounts.http import StaffRequest, allowed_if
from documents.comparison import draft_changes, history
from documents.editing import open_for_change, save_unless_taken
from documents.http import steps_for, take_step
from documents.models import InvalidTransitionError
from documents.rules import can_draw_up, can_edit
from files.http import send
from files.uploads import store
from goals import years
from goals.content import complete_content, content
from goals.forms import NewYearForm, StrategyFileForm, YearForm
from goals.models import Goal, Indicator, Year
from goals.rules import can_see_goals
from goals.standing import standings_of_year, tallies, tally

YEARS_ON_A_PAGE = 5


@allowed_if(can_see_goals)
@require_GET
def year_list(request: StaffRequest) -> HttpResponse:
    found = Year.objects.visible_to(request.user).select_related("document")
    page = Paginator(found, YEARS_ON_A_PAGE).get_page(request.GET.get("page"))
    shown = list(page)
    rows = list(zip(shown, tallies(shown), strict=True))
    context = {"page": page, "rows": rows, "can_draw_up": can_draw_up(request.user)}
    return render(request, "goals/year_list.html", context)


@allowed_if(can_draw_up)
def year_create(request: StaffRequest) -> HttpResponse:
    today = timezone.localdate()
    proposed = today.year if Year.objects.current(today) is None else today.year + 1
    form = NewYearForm(request.POST or None, initial={"year": proposed})
    if request.method == "POST" and form.is_valid():
        number, source = form.cleaned_data["year"], form.cleaned_data["source"]
        begin = partial(years.begin_from, source) if source else years.begin
        if save_unless_taken(form, partial(begin, number, by=request.user, at=timezone.now())):
            messages.success(
                request, gettext("The goals of the year are begun: set their targets.")
            )
            return redirect("goals:year_detail", number)
    return render(request, "goals/year_create.html", {"form": form})


@allowed_if(can_see_goals)
@require_GET
def year_detail(request: StaffRequest, number: int) -> HttpResponse:
    year = _year(request, number)
    document = year.document
    context = {
        **_goals_of(year),
        "document": document,
        "can_edit": can_edit(request.user, document),
        "steps": steps_for(request.user, document),
        "step_url": f"{reverse('goals:year_detail', args=[number])}steps/",
        "versions_url": reverse("goals:year_versions", args=[number]),
        "comments": document.comments.select_related("by"),
    }
    return render(request, "goals/year_detail.html", context)


@allowed_if(can_see_goals)
@require_GET
def year_print(request: StaffRequest, number: int) -> HttpResponse:
    return render(request, "goals/year_print.html", _goals_of(_year(request, number)))


@allowed_if(can_draw_up)
def year_update(request: StaffRequest, number: int) -> HttpResponse:
    year = _year(request, number)
    if request.method != "POST" and not can_edit(request.user, year.document):
        raise PermissionDenied
    form = YearForm(request.POST or None, instance=year)
    if request.method == "POST" and form.is_valid():
        at = timezone.now()
        if form.save_revised(by=request.user, at=at, document=year.document):
            messages.success(request, gettext("The strategy is saved."))
            return redirect("goals:year_detail", number)
    context = {"form": form, "year": year, "file_form": StrategyFileForm()}
    return render(request, "goals/year_update.html", context)


@allowed_if(can_see_goals)
def strategy_file(request: StaffRequest, number: int) -> HttpResponseBase:
    """Give the strategy's file; a POST puts another in its place."""
    year = _year(request, number)
    if request.method == "POST":
        return _take_file(request, year)
    if year.strategy_file is None:
        raise Http404
    return send(year.strategy_file, inline=True)


def _take_file(request: StaffRequest, year: Year) -> HttpResponse:
    if not can_draw_up(request.user):
        raise PermissionDenied
    file_form = StrategyFileForm(request.POST, request.FILES)
    if not file_form.is_valid():
        form = YearForm(instance=year)
        context = {"form": form, "year": year, "file_form": file_form}
        return render(request, "goals/year_update.html", context)
    try:
        with open_for_change(year.document):
            year.strategy_file = store(
                file_form.cleaned_data["upload"], by=request.user, at=timezone.now()
            )
            year.save(update_fields=["strategy_file"])
    except InvalidTransitionError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, gettext("The file is saved."))
    return redirect("goals:year_detail", year.year)


@allowed_if(can_see_goals)
@require_GET
def year_versions(request: StaffRequest, number: int) -> HttpResponse:
    year = _year(request, number)
    document = year.document
    context = {
        "year": year,
        "document": document,
        "chapters": history(document),
        "since_then": draft_changes(document, content(year)) if document.is_open else [],
    }
    return render(request, "goals/year_versions.html", context)


@allowed_if(can_see_goals)
@require_POST
def year_step(request: StaffRequest, number: int, step: str) -> HttpResponse:
    year = _year(request, number)
    return take_step(
        request,
        year.document,
        step,
        content=lambda: complete_content(year),
        back=reverse("goals:year_detail", args=[number]),
    )


def _year(request: StaffRequest, number: int) -> Year:
    years_seen = Year.objects.visible_to(request.user).select_related(
        "document__submitted_by", "document__decided_by", "strategy_file"
    )
    return get_object_or_404(years_seen, year=number)


def _goals_of(year: Year) -> dict[str, object]:
    """Give the goals of a year with how each of their indicators stands."""
    indicators = Indicator.objects.select_related("owner", "previous", "series__growth_of")
    goals = list(
        Goal.objects.filter(year=year)
        .select_related("owner")
        .prefetch_related(Prefetch("indicators", indicators))
    )
    standing = standings_of_year(goals, year.year, timezone.localdate())
    rows = [(goal, standing[goal.pk]) for goal in goals]
    return {
        "year": year,
        "rows": rows,
        "tally": tally(
            each.last.confidence if each.last else None
            for _goal, of_goal in rows
            for each in of_goal
        ),
    }
