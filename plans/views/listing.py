"""Pages of an activity plan: as a list, a month, a week; its warnings, versions and imports."""

from datetime import date

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_GET, require_POST

from accounts.http import StaffRequest, allowed_if
from documents.comparison import draft_changes, history
from documents.content import snapshot
from documents.http import steps_for, take_step
from documents.models import InvalidTransitionError
from files.list_files import ListError
from plans import calendar_days, content, excel, overview, warnings
from plans import plan_import as importing
from plans.calendar_days import Day
from plans.forms.activity import ActivityFilterForm, PlanImportForm
from plans.linked import between, carried_out, with_changes
from plans.models import Activity, Intake, PlanImport, Publication
from plans.plan_import import Fate
from plans.rules import can_edit_activities, can_manage_plans, can_propose, can_see_plans
from plans.views.intake import find_intake
from plans.views.saving import refuse_locked

ACTIVITIES_ON_A_PAGE = 50
WARNINGS_ON_A_PAGE = 50
DRAWN_ON_A_DAY = 6
"""So many lines a day of a month has; the week shows them all."""


def saying(intake: Intake) -> dict[str, object]:
    """Write down what the activity plan says now."""
    return snapshot(lambda: content.activity_lines(intake))


def frame(request: StaffRequest, intake: Intake) -> dict[str, object]:
    """Give what every view of an activity plan shows around it."""
    return {
        "intake": intake,
        "document": intake.activity_plan.document,
        "can_edit": can_edit_activities(request.user, intake),
        "can_propose": can_propose(request.user),
    }


@allowed_if(can_see_plans)
@require_GET
def intake_activities(request: StaffRequest, pk: int) -> HttpResponse:
    intake = find_intake(pk)
    document = intake.activity_plan.document
    form = ActivityFilterForm(request.GET)
    found = _narrowed(intake.activities.select_related("owner", "unit"), form)
    page = Paginator(found, ACTIVITIES_ON_A_PAGE).get_page(request.GET.get("page"))
    context = frame(request, intake) | {
        "form": form,
        "page": page,
        "lines": with_changes(
            page, carried_out(Activity.objects.filter(pk__in=[a.pk for a in page]))
        ),
        "is_narrowed": any(request.GET.get(name) for name in ("q", "kind", "state")),
        "steps": steps_for(request.user, document),
        "step_url": reverse("plans:activities_step", args=[pk, "x"]).removesuffix("x/"),
        "comment_url": reverse("plans:activities_step", args=[pk, "comment"]),
        "comments": document.comments.select_related("by"),
    }
    return render(request, "plans/intake_activities.html", context)


def _narrowed(activities: QuerySet[Activity], form: ActivityFilterForm) -> QuerySet[Activity]:
    wanted = form.cleaned_data if form.is_valid() else {}
    if kind := wanted.get("kind"):
        activities = activities.filter(kind=kind)
    match wanted.get("state"):
        case None | "":
            activities = activities.filter(
                state__in=[Activity.State.PROPOSED, Activity.State.PLANNED, Activity.State.DONE]
            )
        case "all":
            pass
        case state:
            activities = activities.filter(state=state)
    for word in wanted.get("q", "").replace("\x00", "").split():
        activities = activities.filter(
            Q(title__icontains=word) | Q(title_en__icontains=word) | Q(presenter__icontains=word)
        )
    return activities


@allowed_if(can_see_plans)
@require_GET
def intake_month(request: StaffRequest, pk: int) -> HttpResponse:
    intake, today = find_intake(pk), timezone.localdate()
    month = _day(request.GET.get("month", "") + "-01", intake, today).replace(day=1)
    weeks = calendar_days.weeks_of_month(month, today)
    days = [day for week in weeks for day in week]
    _fill(intake, days)
    for day in days:
        day.keep(DRAWN_ON_A_DAY)
    context = frame(request, intake) | {
        "weeks": weeks,
        "days": days,
        "shown": month,
        "before": f"{calendar_days.month_after(month, -1):%Y-%m}",
        "after": f"{calendar_days.month_after(month, 1):%Y-%m}",
    }
    return render(request, "plans/intake_month.html", context)


@allowed_if(can_see_plans)
@require_GET
def intake_week(request: StaffRequest, pk: int) -> HttpResponse:
    intake, today = find_intake(pk), timezone.localdate()
    monday = calendar_days.monday_of(_day(request.GET.get("week", ""), intake, today))
    days = calendar_days.week_of(monday, today)
    _fill(intake, days)
    context = frame(request, intake) | {
        "days": days,
        "shown": monday,
        "last": days[-1].day,
        "before": (monday - calendar_days.WEEK).isoformat(),
        "after": (monday + calendar_days.WEEK).isoformat(),
    }
    return render(request, "plans/intake_week.html", context)


def _day(text: str, intake: Intake, today: date) -> date:
    """Read which day a calendar shows: today if the intake runs, else its first day."""
    if text.strip("-01"):
        try:
            day = date.fromisoformat(text)
        except ValueError:
            raise Http404 from None
        if not 2000 <= day.year <= 2100:
            raise Http404
        return day
    return today if intake.begins_on <= today <= intake.ends_on else intake.begins_on


def _fill(intake: Intake, days: list[Day]) -> None:
    first, last = calendar_days.bounds(days[0].day, days[-1].day)
    shown = [Activity.State.PROPOSED, Activity.State.PLANNED, Activity.State.DONE]
    activities = intake.activities.filter(state__in=shown)
    calendar_days.fill(
        days,
        between(activities, first, last),
        Publication.objects.filter(
            activity__intake=intake,
            activity__state__in=shown,
            planned_at__gte=first,
            planned_at__lt=last,
        ).select_related("activity", "channel"),
        carried_out(activities),
    )


@allowed_if(can_see_plans)
@require_GET
def intake_warnings(request: StaffRequest, pk: int) -> HttpResponse:
    intake = find_intake(pk)
    found = warnings.of_intake(intake)
    page = Paginator(found, WARNINGS_ON_A_PAGE).get_page(request.GET.get("page"))
    context = frame(request, intake) | {"page": page}
    return render(request, "plans/intake_warnings.html", context)


@allowed_if(can_see_plans)
@require_GET
def activities_print(request: StaffRequest, pk: int) -> HttpResponse:
    """Show the whole plan on one page, to be printed."""
    intake = find_intake(pk)
    kinds, total = overview.money_of(intake)
    context = {
        "intake": intake,
        "document": intake.activity_plan.document,
        "lines": with_changes(
            excel.activities_of(intake), carried_out(intake.activities.in_plan())
        ),
        "kinds": kinds,
        "total": total,
    }
    return render(request, "plans/activities_print.html", context)


@allowed_if(can_see_plans)
@require_GET
def activities_versions(request: StaffRequest, pk: int) -> HttpResponse:
    intake = find_intake(pk)
    plan = intake.activity_plan
    context = {
        "intake": intake,
        "owner": plan,
        "chapters": history(plan.document),
        "draft": draft_changes(plan.document, saying(intake)) if plan.document.is_open else [],
        "back_url": reverse("plans:intake_activities", args=[pk]),
    }
    return render(request, "plans/versions.html", context)


@allowed_if(can_see_plans)
@require_POST
def activities_step(request: StaffRequest, pk: int, step: str) -> HttpResponse:
    intake = find_intake(pk)
    back = reverse("plans:intake_activities", args=[pk])
    document = intake.activity_plan.document
    return take_step(
        request, document, step, content=lambda: content.complete_activities(intake), back=back
    )


@allowed_if(can_manage_plans)
def plan_import(request: StaffRequest, pk: int) -> HttpResponse:
    intake = find_intake(pk)
    refuse_locked(request, intake.activity_plan.document)
    form = PlanImportForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            record = importing.receive(
                intake, file.file, file.name, by=request.user, at=timezone.now()
            )
        except ListError as refusal:
            form.add_error("file", str(refusal))
        else:
            return redirect("plans:plan_import_detail", record.pk)
    return render(request, "plans/plan_import.html", {"form": form, "intake": intake})


@allowed_if(can_manage_plans)
def plan_import_detail(request: StaffRequest, pk: int) -> HttpResponse:
    """Show row by row what a list would do; sent, it is imported in one transaction."""
    record = _import(request, pk)
    if request.method == "POST":
        try:
            done = importing.carry_out(record, by=request.user, at=timezone.now())
        except InvalidTransitionError as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _imported(done.count(Fate.NEW), done.count(Fate.CHANGED)))
        return redirect("plans:intake_activities", record.intake_id)
    found = importing.preview(record)
    context = {
        "record": record,
        "intake": record.intake,
        "preview": found,
        "counts": [(fate, found.count(fate)) for fate in Fate],
    }
    return render(request, "plans/plan_import_detail.html", context)


def _imported(added: int, changed: int) -> str:
    sentences = (
        ngettext("%(count)s activity is new.", "%(count)s activities are new.", added)
        % {"count": added},
        ngettext("%(count)s activity is changed.", "%(count)s activities are changed.", changed)
        % {"count": changed},
    )
    return " ".join(sentences)


@allowed_if(can_manage_plans)
@require_POST
def plan_import_discard(request: StaffRequest, pk: int) -> HttpResponse:
    record = _import(request, pk)
    record.delete()
    messages.success(request, gettext("The list is discarded."))
    return redirect("plans:intake_activities", record.intake_id)


def _import(request: StaffRequest, pk: int) -> PlanImport:
    """Give a list to who uploaded it: nobody confirms what they have not seen."""
    found = PlanImport.objects.select_related("intake__activity_plan__document")
    return get_object_or_404(found, pk=pk, uploaded_by=request.user)
