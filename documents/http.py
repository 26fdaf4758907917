"""What the pages of documents share: the steps a person may take, and taking one."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.http import StaffRequest
from accounts.models import User
from documents import rules
from documents.forms import ApproveForm, CommentForm, NoWordsForm, ReopenForm, SendBackForm
from documents.models import Comment, Document, InvalidTransitionError

Content = Callable[[], dict[str, Any]]


@dataclass(frozen=True)
class Asked:
    """A step as somebody asks for it."""

    document: Document
    by: User
    at: datetime
    text: str
    content: Content


@dataclass(frozen=True)
class Step:
    """Something a person does with a document."""

    may: Callable[[User, Document], bool]
    form: type[forms.Form]
    take: Callable[[Asked], object]
    done: str | Promise


def _submit(asked: Asked) -> None:
    asked.document.submit(by=asked.by, at=asked.at, content=asked.content)


def _comment(asked: Asked) -> None:
    Comment.objects.create(document=asked.document, by=asked.by, at=asked.at, text=asked.text)


STEPS = {
    "submit": Step(
        rules.can_submit, NoWordsForm, _submit, _("Submitted: it waits for the director now.")
    ),
    "withdraw": Step(
        rules.can_withdraw,
        NoWordsForm,
        lambda asked: asked.document.withdraw(by=asked.by, at=asked.at),
        _("Taken back: it can be changed again."),
    ),
    "approve": Step(
        rules.can_decide,
        ApproveForm,
        lambda asked: asked.document.approve(by=asked.by, at=asked.at, comment=asked.text),
        _("Approved and locked."),
    ),
    "send_back": Step(
        rules.can_decide,
        SendBackForm,
        lambda asked: asked.document.send_back(by=asked.by, at=asked.at, comment=asked.text),
        _("Returned with your comment."),
    ),
    "reopen": Step(
        rules.can_reopen,
        ReopenForm,
        lambda asked: asked.document.reopen(by=asked.by, at=asked.at, reason=asked.text),
        _("Opened for a change. The approved version stays among the versions."),
    ),
    "comment": Step(rules.can_comment, CommentForm, _comment, _("Your comment is added.")),
}


def steps_for(user: User, document: Document) -> dict[str, forms.Form]:
    """Give the forms of the steps that `user` may take now, by the name of the step."""
    return {
        name: step.form(auto_id=f"id_{name}_%s")
        for name, step in STEPS.items()
        if step.may(user, document)
    }


def take_step(
    request: StaffRequest, document: Document, name: str, *, content: Content, back: str
) -> HttpResponse:
    """Take a step with a document, tell how it went, and lead back to its page."""
    if name not in STEPS:
        raise Http404
    step = STEPS[name]
    if not step.may(request.user, document):
        raise PermissionDenied
    form = step.form(request.POST)
    if form.is_valid():
        text = form.cleaned_data.get("text", "")
        _take(request, step, Asked(document, request.user, timezone.now(), text, content))
    else:
        messages.error(request, _first_error(form))
    return redirect(back)


def _take(request: HttpRequest, step: Step, asked: Asked) -> None:
    try:
        step.take(asked)
    except InvalidTransitionError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, str(step.done))


def _first_error(form: forms.Form) -> str:
    name, errors = next(iter(form.errors.items()))
    return f"{form.fields[name].label}: {errors[0]}"
