"""Invitations: an e-mail with a link at which a new person chooses the password."""

from smtplib import SMTPException

from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode
from django.utils.translation import gettext

from accounts.models import User


class InvitationError(Exception):
    """The mail server did not take the invitation."""


def invite(person: User, *, by: User) -> None:
    """Send the person, in the person's language, the link to choose a password."""
    with translation.override(person.language):
        context = {
            "person": person,
            "inviter": by,
            "site_name": settings.SITE_NAME,
            "link": settings.SITE_URL + password_link(person),
            "days": settings.PASSWORD_RESET_TIMEOUT // (24 * 60 * 60),
        }
        subject = gettext("Your access to %(site)s") % {"site": settings.SITE_NAME}
        body = render_to_string("accounts/email_invitation.txt", context)
    try:
        send_mail(subject, body, None, [person.email])
    except (SMTPException, OSError) as error:
        raise InvitationError(
            gettext("The mail server did not take the invitation for %(email)s.")
            % {"email": person.email}
        ) from error


def password_link(person: User) -> str:
    """Make the address at which the person, and nobody else, can choose a password, once."""
    return reverse(
        "accounts:password_reset_confirm",
        kwargs={
            "uidb64": urlsafe_base64_encode(force_bytes(person.pk)),
            "token": default_token_generator.make_token(person),
        },
    )
