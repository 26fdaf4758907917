"""One's own profile, and the administration of users and units."""

from axes.utils import reset as forget_failed_attempts
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import views as auth_views
from django.contrib.auth.decorators import login_required
from django.contrib.auth.forms import PasswordResetForm, SetPasswordForm
from django.contrib.messages.views import SuccessMessageMixin
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from accounts.forms import ProfileForm, UnitForm, UserFilterForm, UserForm
from accounts.http import StaffRequest, administrator_required, client_address
from accounts.invitations import InvitationError, invite
from accounts.limits import Limit, is_exceeded
from accounts.models import LastAdministratorError, Unit, User
from accounts.rules import can_deactivate, can_invite, can_reactivate
from accounts.signals import leaving_shown
from ui.parts import parts_wanted_by

USERS_ON_A_PAGE = 50


FORGOTTEN = Limit("forgotten passwords", 20, 600)
"""From one network, where a whole college may be behind one address."""


class PasswordResetView(auth_views.PasswordResetView):
    """Django's own, not as often as a robot likes."""

    def form_valid(self, form: PasswordResetForm) -> HttpResponse:
        if is_exceeded(FORGOTTEN, client_address(self.request)):
            sentence = gettext("Too many requests came from your network. Please wait ten minutes.")
            form.add_error(None, sentence)
            return self.form_invalid(form)
        return super().form_valid(form)


class PasswordChangeView(SuccessMessageMixin, auth_views.PasswordChangeView):
    """Django's own, and it says that it is done."""

    success_message = _("Your password is changed.")


class PasswordResetConfirmView(auth_views.PasswordResetConfirmView):
    """Django's own, and who has proved to own the mailbox is not kept out any longer."""

    def form_valid(self, form: SetPasswordForm) -> HttpResponse:
        forget_failed_attempts(username=form.user.email)
        messages.success(self.request, gettext("The new password is set: please sign in with it."))
        return super().form_valid(form)


@login_required
def profile(request: StaffRequest) -> HttpResponse:
    form = ProfileForm(request.POST or None, instance=request.user)
    if request.method == "POST" and form.is_valid():
        form.save(commit=False).save(update_fields=form.changed_data)
        with override(request.user.language):
            messages.success(request, gettext("Your profile is saved."))
        response = redirect("accounts:profile")
        # This browser's switch would hide the language just chosen.
        response.delete_cookie(settings.LANGUAGE_COOKIE_NAME)
        return response
    return render(request, "accounts/profile.html", {"form": form})


@administrator_required
@require_GET
def user_list(request: StaffRequest) -> HttpResponse:
    form = UserFilterForm(request.GET)
    users = User.objects.select_related("unit")
    if form.is_valid():
        users = users.matching(form.cleaned_data["q"])
        if role := form.cleaned_data["role"]:
            users = users.filter(role=role)
        if state := form.cleaned_data["state"]:
            users = users.filter(is_active=state == "active")
    page = Paginator(users, USERS_ON_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "accounts/user_list.html", {"page": page, "form": form})


@administrator_required
def user_create(request: StaffRequest) -> HttpResponse:
    form = UserForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        person = form.save(commit=False)
        person.set_unusable_password()
        person.save()
        send_invitation(request, person)
        return redirect("accounts:user_list")
    return render(request, "accounts/user_form.html", {"form": form})


@administrator_required
def user_update(request: StaffRequest, pk: int) -> HttpResponse:
    person = get_object_or_404(User, pk=pk)
    form = UserForm(request.POST or None, instance=person)
    if request.method == "POST" and saved(form):
        messages.success(request, gettext("%(name)s is saved.") % {"name": person})
        still_here = person != request.user or person.is_administrator
        return redirect("accounts:user_list" if still_here else "home")
    context = {
        "form": form,
        "person": User.objects.get(pk=pk),
        "can_deactivate": can_deactivate(request.user, person),
        "can_reactivate": can_reactivate(request.user, person),
        "can_invite": can_invite(request.user, person),
    }
    return render(request, "accounts/user_form.html", context)


def saved(form: UserForm) -> bool:
    """Save the person if the form is right; who else administers stays true in between."""
    with transaction.atomic():
        if form.is_valid():
            form.save(commit=False).save(update_fields=form.changed_data)
    return form.is_valid()


@administrator_required
def user_deactivate(request: StaffRequest, pk: int) -> HttpResponse:
    person = get_object_or_404(User, pk=pk)
    if not can_deactivate(request.user, person):
        raise PermissionDenied
    if request.method != "POST":
        parts = parts_wanted_by(leaving_shown, User, person=person, user=request.user)
        context = {"person": person, "parts": parts}
        return render(request, "accounts/user_deactivate.html", context)
    try:
        person.deactivate()
    except LastAdministratorError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, gettext("%(name)s may not sign in now.") % {"name": person})
    return redirect("accounts:user_list")


@administrator_required
@require_POST
def user_reactivate(request: StaffRequest, pk: int) -> HttpResponse:
    person = get_object_or_404(User, pk=pk)
    if not can_reactivate(request.user, person):
        raise PermissionDenied
    person.reactivate()
    messages.success(request, gettext("%(name)s may sign in again.") % {"name": person})
    return redirect("accounts:user_list")


@administrator_required
@require_POST
def user_invite(request: StaffRequest, pk: int) -> HttpResponse:
    person = get_object_or_404(User, pk=pk)
    if not can_invite(request.user, person):
        raise PermissionDenied
    send_invitation(request, person)
    return redirect("accounts:user_list")


def send_invitation(request: StaffRequest, person: User) -> None:
    """Invite, and say on the next page whether the invitation went."""
    try:
        invite(person, by=request.user)
    except InvitationError as problem:
        messages.error(request, str(problem))
    else:
        text = gettext("An invitation went to %(email)s.") % {"email": person.email}
        messages.success(request, text)


@administrator_required
@require_GET
def unit_list(request: StaffRequest) -> HttpResponse:
    units = Unit.objects.annotate(people=Count("users", filter=Q(users__is_active=True)))
    return render(request, "accounts/unit_list.html", {"units": units})


@administrator_required
def unit_create(request: StaffRequest) -> HttpResponse:
    form = UnitForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        unit = form.save()
        messages.success(request, gettext("The unit %(unit)s is added.") % {"unit": unit})
        return redirect("accounts:unit_list")
    return render(request, "accounts/unit_form.html", {"form": form})


@administrator_required
def unit_update(request: StaffRequest, pk: int) -> HttpResponse:
    unit = get_object_or_404(Unit, pk=pk)
    form = UnitForm(request.POST or None, instance=unit)
    if request.method == "POST" and form.is_valid():
        form.save(commit=False).save(update_fields=["name"])
        messages.success(request, gettext("The unit is now called %(unit)s.") % {"unit": unit})
        return redirect("accounts:unit_list")
    return render(request, "accounts/unit_form.html", {"form": form})
