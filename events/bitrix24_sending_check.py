"""The part of the Bitrix24 check by which messages go: the SMS workflow and the mailbox."""

from collections.abc import Mapping
from datetime import datetime
from email.utils import parseaddr

from django.conf import settings
from django.utils.translation import gettext

from events.bitrix24_findings import Finding, Level, not_told
from integrations.bitrix24 import system
from integrations.bitrix24.client import Bitrix24
from integrations.bitrix24.errors import Bitrix24Error
from integrations.outcomes import Done, Outcome

CONTACT_DOCUMENT = "CCrmDocumentContact"


def sms_workflow(outcome: Outcome) -> Finding:
    """Say whether the workflow that sends the SMS is there and takes our text."""
    subject = gettext("SMS workflow")
    if not isinstance(outcome, Done):
        return not_told(subject, outcome)
    templates = {each.id: each for each in map(system.template_of, outcome.result)}
    chosen = templates.get(settings.BITRIX24_SMS_TEMPLATE_ID)
    if chosen is None:
        return Finding(Level.BAD, subject, _no_template(), _choose_from(templates))
    if chosen.entity != CONTACT_DOCUMENT:
        sentence = gettext("The template %(template)s is not one for contacts.")
        return Finding(
            Level.BAD, subject, sentence % {"template": _named(chosen)}, _choose_from(templates)
        )
    parameter = settings.BITRIX24_SMS_TEXT_PARAMETER
    if parameter not in chosen.parameters:
        return Finding(
            Level.BAD,
            subject,
            gettext("The template %(template)s has no parameter %(parameter)s; it has: %(others)s.")
            % {
                "template": _named(chosen),
                "parameter": parameter,
                "others": ", ".join(chosen.parameters) or "–",
            },
            gettext(
                "Add a parameter %(parameter)s of type text to the template and use it as the text "
                "of “Send SMS”, or name the one that is there in BITRIX24_SMS_TEXT_PARAMETER."
            )
            % {"parameter": parameter},
        )
    sentence = gettext("The template %(template)s takes the text as %(parameter)s.")
    return Finding(
        Level.OK, subject, sentence % {"template": _named(chosen), "parameter": parameter}
    )


def _no_template() -> str:
    if not settings.BITRIX24_SMS_TEMPLATE_ID:
        return gettext("No workflow template is chosen, so no SMS can be sent.")
    return gettext("The portal has no template with the number %(number)s.") % {
        "number": settings.BITRIX24_SMS_TEMPLATE_ID
    }


def _choose_from(templates: Mapping[int, system.WorkflowTemplate]) -> str:
    fitting = [_named(each) for each in templates.values() if each.entity == CONTACT_DOCUMENT]
    if fitting:
        advice = gettext("Put the number of one of these into BITRIX24_SMS_TEMPLATE_ID: %(list)s.")
        return advice % {"list": ", ".join(fitting)}
    return gettext(
        "In Bitrix24, make a workflow template for contacts that does not start by itself, with a "
        "text parameter %(parameter)s and the single action “Send SMS” with that text. Put its "
        "number into BITRIX24_SMS_TEMPLATE_ID."
    ) % {"parameter": settings.BITRIX24_SMS_TEXT_PARAMETER}


def _named(template: system.WorkflowTemplate) -> str:
    return f"{template.id} ({template.name})"


def mailbox(client: Bitrix24, deadline: datetime) -> Finding:
    subject = gettext("Sender")
    address = parseaddr(settings.BITRIX24_SENDER)[1]
    if not address:
        return Finding(
            Level.BAD,
            subject,
            gettext("No sender's address is set, so no e-mail can be sent by Bitrix24."),
            gettext("Put “Name <address>” of a connected mailbox into BITRIX24_SENDER."),
        )
    try:
        known = system.senders(client, deadline=deadline)
    except Bitrix24Error:
        return Finding(
            Level.INFO,
            subject,
            gettext("E-mails go out as %(sender)s; this portal does not tell its mailboxes.")
            % {"sender": settings.BITRIX24_SENDER},
            gettext("Tick the scope mail to have it checked, or send one e-mail as a test."),
        )
    if address.casefold() in {each.email.casefold() for each in known}:
        sentence = gettext("E-mails go out as %(sender)s, a mailbox the portal knows.")
        return Finding(Level.OK, subject, sentence % {"sender": settings.BITRIX24_SENDER})
    return Finding(
        Level.BAD,
        subject,
        gettext("The portal has no mailbox %(address)s.") % {"address": address},
        gettext(
            "Connect that mailbox in Bitrix24 (CRM settings → Mail), or put one that is connected "
            "into BITRIX24_SENDER: %(known)s."
        )
        % {"known": ", ".join(each.email for each in known) or "–"},
    )
