"""Pages of an advertisement of an activity on a channel."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from accounts.http import StaffRequest, allowed_if
from plans.forms.activity import PublicationForm, PublishForm
from plans.models import Publication, PublishingRefusedError
from plans.rules import can_publish, can_see_plans
from plans.views.activity import find_activity
from plans.views.saving import saved


@allowed_if(can_see_plans)
def publication_create(request: StaffRequest, pk: int) -> HttpResponse:
    activity = find_activity(pk)
    return _edit(request, Publication(activity=activity))


@allowed_if(can_see_plans)
def publication_update(request: StaffRequest, pk: int) -> HttpResponse:
    return _edit(request, _find(pk))


def _edit(request: StaffRequest, publication: Publication) -> HttpResponse:
    activity = publication.activity
    if not can_publish(request.user, activity):
        raise PermissionDenied
    form = PublicationForm(request.POST or None, instance=publication)
    if saved(request, form):
        messages.success(request, gettext("The advertisement is planned."))
        return redirect("plans:activity_detail", activity.pk)
    context = {"form": form, "activity": activity, "intake": activity.intake}
    return render(request, "plans/publication_form.html", context)


@allowed_if(can_see_plans)
def publication_publish(request: StaffRequest, pk: int) -> HttpResponse:
    """Note a live post; what is missing for it is said, and a reason is asked for."""
    publication = _find(pk)
    activity = publication.activity
    if not can_publish(request.user, activity):
        raise PermissionDenied
    form = PublishForm(request.POST or None, initial={"url": publication.url})
    if request.method == "POST" and form.is_valid():
        try:
            publication.publish(**form.cleaned_data, by=request.user, at=timezone.now())
        except PublishingRefusedError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, gettext("The live post is noted."))
            return redirect("plans:activity_detail", activity.pk)
    context = {
        "form": form,
        "publication": publication,
        "activity": activity,
        "intake": activity.intake,
    }
    return render(request, "plans/publication_publish.html", context)


@allowed_if(can_see_plans)
def publication_delete(request: StaffRequest, pk: int) -> HttpResponse:
    """Take an advertisement out; one that is live stays, since people have seen it."""
    publication = _find(pk)
    if not can_publish(request.user, publication.activity) or publication.published_at:
        raise PermissionDenied
    back_url = reverse("plans:activity_detail", args=[publication.activity_id])
    if request.method == "POST":
        publication.delete()
        messages.success(request, gettext("The advertisement is taken out."))
        return redirect(back_url)
    context = {
        "record": publication,
        "intake": publication.activity.intake,
        "back_url": back_url,
        "warning": "",
    }
    return render(request, "plans/take_out.html", context)


def _find(pk: int) -> Publication:
    found = Publication.objects.select_related("activity__intake", "channel")
    return get_object_or_404(found, pk=pk)
