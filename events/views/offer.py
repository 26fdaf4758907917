"""The week's offers: their programmes and prices, and the events that announce them."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from accounts.http import StaffRequest, allowed_if
from events import offers
from events.forms.offer import OfferForm, lines_formset
from events.models import Offer
from events.rules import can_edit_rules, can_see_events

OFFERS_ON_A_PAGE = 20
MORE_ROWS = 2


@allowed_if(can_see_events)
@require_GET
def offer_list(request: StaffRequest) -> HttpResponse:
    found = Offer.objects.prefetch_related("lines").annotate(event_count=Count("events"))
    found = found.order_by("-last_day", "-pk")
    context = {
        "page": Paginator(found, OFFERS_ON_A_PAGE).get_page(request.GET.get("page")),
        "now": timezone.now(),
        "may_edit": can_edit_rules(request.user),
    }
    return render(request, "events/offer_list.html", context)


@allowed_if(can_see_events)
@require_GET
def offer_detail(request: StaffRequest, pk: int) -> HttpResponse:
    offer = get_object_or_404(Offer.objects.prefetch_related("lines"), pk=pk)
    context = {
        "offer": offer,
        "events": offer.events.order_by("-starts_at")[:20],
        "told": offers.told(offer),
        "now": timezone.now(),
        "may_edit": can_edit_rules(request.user),
    }
    return render(request, "events/offer_detail.html", context)


@allowed_if(can_edit_rules)
def offer_create(request: StaffRequest) -> HttpResponse:
    return _edit(request, Offer())


@allowed_if(can_edit_rules)
def offer_update(request: StaffRequest, pk: int) -> HttpResponse:
    return _edit(request, get_object_or_404(Offer, pk=pk))


@allowed_if(can_edit_rules)
@require_POST
def offer_copy(request: StaffRequest, pk: int) -> HttpResponse:
    copy = get_object_or_404(Offer.objects.prefetch_related("lines"), pk=pk).copy_to_next_week()
    messages.success(request, gettext("Copied to the next week: check the days and the prices."))
    return redirect("events:offer_update", copy.pk)


def _edit(request: StaffRequest, offer: Offer) -> HttpResponse:
    sent = request.POST if request.method == "POST" else None
    more = MORE_ROWS if "more" in request.POST else 0
    form, lines = OfferForm(sent, instance=offer), lines_formset(sent, offer, more=more)
    if sent is not None and not more and all([form.is_valid(), lines.is_valid()]):
        with transaction.atomic():
            saved = form.save()
            lines.save()
            offers.look_again(saved, timezone.now())
        messages.success(request, gettext("The offer is saved."))
        return redirect("events:offer_detail", saved.pk)
    context = {
        "form": form,
        "lines": lines,
        "offer": Offer.objects.get(pk=offer.pk) if offer.pk else None,
        "told": offers.told(offer) if offer.pk else 0,
    }
    return render(request, "events/offer_form.html", context)
