"""Figures that a newer version has frozen: said in words on the page of the intake."""

from collections.abc import Callable
from functools import wraps

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect

from accounts.http import StaffRequest
from results.facts.forms_of_content import UnreadableError

View = Callable[..., HttpResponse]


def or_said(view: View) -> View:
    """Lead to the frozen page, which is there as it was drawn, where its figures cannot be read."""

    @wraps(view)
    def wrapped(request: StaffRequest, intake: int) -> HttpResponse:
        try:
            return view(request, intake)
        except UnreadableError as refusal:
            messages.error(request, str(refusal))
            return redirect("results:intake_results", intake)

    return wrapped
