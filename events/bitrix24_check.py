"""The check of the Bitrix24 connection: what works, what is missing, and what to do about it.

Every sentence is for the administrator who sets the portal up; none of them holds the webhook's
secret. A portal that hangs is given up on within 15 seconds.
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings
from django.utils.translation import gettext, ngettext

from events.bitrix24_findings import Finding, Level, not_told
from events.bitrix24_sending_check import mailbox, sms_workflow
from events.models import Bitrix24Source
from integrations.bitrix24 import system
from integrations.bitrix24.client import HURRIED_PATIENCE, Bitrix24
from integrations.bitrix24.commands import Command
from integrations.bitrix24.errors import Bitrix24OffError
from integrations.outcomes import Done, NotExecuted, Outcome, Refused, Unclear, Why
from outbox.channels.bitrix24_outcomes import sentence_of

SKEW = timedelta(seconds=60)
"""How far the portal's clock may be from ours before somebody is told."""

METHODS = (
    *("crm.contact.list", "crm.contact.add", "crm.contact.update", "crm.duplicate.findbycomm"),
    *("crm.activity.add", "crm.activity.list", "crm.activity.delete", "crm.lead.list"),
    *("bizproc.workflow.start", "bizproc.workflow.template.list"),
)


def portal() -> str:
    """Return the portal's address without the secret; empty when Bitrix24 is off."""
    try:
        return Bitrix24.from_settings().requester.transport.webhook.portal
    except (ValueError, Bitrix24OffError):
        return ""


def check() -> list[Finding]:
    """Ask the portal, and say in words what was found."""
    if not settings.BITRIX24_WEBHOOK_URL:
        return [_off()]
    try:
        client = Bitrix24.from_settings().hurried()
    except ValueError as error:
        # The exception repeats nothing of the address.
        advice = gettext("Copy the whole address from the inbound webhook's page in Bitrix24.")
        return [Finding(Level.BAD, gettext("Address"), str(error), advice)]
    deadline = datetime.now(UTC) + timedelta(seconds=HURRIED_PATIENCE)
    profile = client.call(Command("profile"), deadline=deadline)
    if not isinstance(profile, Done):
        return [_unreachable(profile)]
    answers = client.batch(_questions(), deadline=deadline)
    return [
        Finding(
            Level.OK,
            gettext("Connection"),
            gettext("%(portal)s answers.") % {"portal": portal()},
        ),
        _administrator(profile.result),
        *_scopes(answers["scope"]),
        *_methods(answers),
        *_mode(answers["mode"]),
        sms_workflow(answers["templates"]),
        mailbox(client, deadline),
        *_clock(client.clock_skew()),
    ]


def _questions() -> dict[str, Command]:
    select = ["ID", "NAME", "ENTITY", "DOCUMENT_TYPE", "PARAMETERS"]
    templates = {"SELECT": select, "FILTER": {"MODULE_ID": "crm"}}
    return {
        "scope": Command("scope"),
        "mode": Command("crm.settings.mode.get"),
        "templates": Command("bizproc.workflow.template.list", templates),
        **{name: Command("method.get", {"name": name}) for name in METHODS},
    }


def _off() -> Finding:
    return Finding(
        Level.WARNING,
        gettext("Connection"),
        gettext("Bitrix24 is off: BITRIX24_WEBHOOK_URL is empty. Everything else works."),
        gettext(
            "In Bitrix24, an administrator makes an inbound webhook (Developer resources → Other → "
            "Inbound webhook) with the scopes crm, bizproc and user_basic. Put its address into "
            "BITRIX24_WEBHOOK_URL and restart the application."
        ),
    )


def _unreachable(outcome: Refused | NotExecuted | Unclear) -> Finding:
    subject = gettext("Connection")
    if isinstance(outcome, Refused):
        sentence = gettext("%(portal)s refuses our webhook: %(answer)s") % {
            "portal": portal(),
            "answer": sentence_of(outcome),
        }
        return Finding(Level.BAD, subject, sentence, _advice_on(outcome.code.upper()))
    if outcome.reason in (Why.THROTTLED, Why.OUT_OF_TIME, Why.METHOD_PAUSED):
        return Finding(
            Level.WARNING,
            subject,
            gettext("It was not our turn to ask: messages are being sent just now."),
            gettext("Check again in a minute."),
        )
    sentence = gettext("%(portal)s does not answer (%(answer)s).") % {
        "portal": portal(),
        "answer": sentence_of(outcome),
    }
    advice = gettext(
        "Open the portal in a browser. If it works there, see whether this server may reach it "
        "over HTTPS. Messages wait meanwhile and go when it answers again."
    )
    return Finding(Level.BAD, subject, sentence, advice)


def _advice_on(code: str) -> str:
    if code == "ACCESS_DENIED":
        return gettext("REST needs a paid plan with the Bitrix24 Market subscription: renew it.")
    if code == "OVERLOAD_LIMIT":
        return gettext("Bitrix24 has blocked the portal's REST: write to its support.")
    return gettext(
        "The webhook was deleted, has expired or belongs to somebody who was dismissed. Make a new "
        "one in Bitrix24 and put its address into BITRIX24_WEBHOOK_URL."
    )


def _administrator(profile: Mapping[str, Any]) -> Finding:
    subject = gettext("Webhook's owner")
    name = f"{profile.get('NAME') or ''} {profile.get('LAST_NAME') or ''}".strip()
    if profile.get("ADMIN") in (True, "Y", "1", 1):
        sentence = gettext("%(name)s is an administrator of the portal.") % {"name": name}
        return Finding(Level.OK, subject, sentence)
    return Finding(
        Level.BAD,
        subject,
        gettext("%(name)s is not an administrator, so SMS cannot be sent.") % {"name": name},
        gettext("Make the webhook anew as an administrator, or make its owner one."),
    )


def _scopes(outcome: Outcome) -> Iterator[Finding]:
    subject = gettext("Scopes")
    if not isinstance(outcome, Done):
        yield not_told(subject, outcome)
        return
    granted = {str(each) for each in outcome.result}
    needed = {
        "crm": gettext("contacts and e-mail"),
        "bizproc": gettext("SMS"),
        "user_basic": gettext("the names of those responsible"),
    }
    if "user" in granted:
        del needed["user_basic"]
    missing = {name: use for name, use in needed.items() if name not in granted}
    for name, use in missing.items():
        yield Finding(
            Level.WARNING if name == "user_basic" else Level.BAD,
            subject,
            gettext("The scope %(scope)s is missing; it is needed for %(use)s.")
            % {"scope": name, "use": use},
            gettext("Tick %(scope)s on the inbound webhook's page in Bitrix24 and save it.")
            % {"scope": name},
        )
    if not missing:
        yield Finding(
            Level.OK,
            subject,
            gettext("All needed scopes are granted: %(scopes)s.") % {"scopes": ", ".join(needed)},
        )


def _methods(answers: Mapping[str, Outcome]) -> Iterator[Finding]:
    subject = gettext("Methods")
    answered = {name: each for name in METHODS if isinstance(each := answers[name], Done)}
    missing = [
        name
        for name, each in answered.items()
        if not (each.result["isExisting"] and each.result["isAvailable"])
    ]
    if missing:
        yield Finding(
            Level.BAD,
            subject,
            gettext("The portal does not let us call: %(methods)s.")
            % {"methods": ", ".join(missing)},
            gettext(
                "Add the missing scopes. If none is missing, the portal's plan lacks them: "
                "workflows need a paid plan."
            ),
        )
    elif len(answered) == len(METHODS):
        sentence = gettext("All methods that are needed can be called.")
        yield Finding(Level.OK, subject, sentence)
    else:
        other = next(each for name in METHODS if not isinstance(each := answers[name], Done))
        yield not_told(subject, other)


def _mode(outcome: Outcome) -> Iterator[Finding]:
    subject = gettext("CRM mode")
    if not isinstance(outcome, Done):
        yield not_told(subject, outcome)
    elif int(outcome.result) == system.CrmMode.CLASSIC:
        yield Finding(Level.OK, subject, gettext("The portal works with leads and contacts."))
    else:
        reads_leads = Bitrix24Source.objects.filter(
            is_on=True, entity=Bitrix24Source.Entity.LEAD
        ).exists()
        yield Finding(
            Level.WARNING if reads_leads else Level.INFO,
            subject,
            gettext("The portal works without leads."),
            gettext("Take registrations from contacts: a source of leads stays empty.")
            if reads_leads
            else "",
        )


def _clock(skew: timedelta | None) -> Iterator[Finding]:
    if skew is None:
        return
    seconds = round(skew.total_seconds())
    sentence = ngettext(
        "The portal's clock and ours are %(count)s second apart.",
        "The portal's clock and ours are %(count)s seconds apart.",
        abs(seconds),
    ) % {"count": abs(seconds)}
    if abs(skew) <= SKEW:
        yield Finding(Level.OK, gettext("Clock"), sentence)
    else:
        advice = gettext("Let this server take its time from an NTP server.")
        yield Finding(Level.BAD, gettext("Clock"), sentence, advice)
