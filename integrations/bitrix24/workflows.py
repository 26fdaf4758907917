"""SMS: a workflow of the portal sends the text it is started with, and leaves an activity."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from integrations.bitrix24.client import Bitrix24
from integrations.bitrix24.commands import Command
from integrations.bitrix24.owners import Owner, OwnerKind
from integrations.outcomes import Done

DOCUMENTS = {
    OwnerKind.LEAD: "CCrmDocumentLead",
    OwnerKind.DEAL: "CCrmDocumentDeal",
    OwnerKind.CONTACT: "CCrmDocumentContact",
}


@dataclass(frozen=True)
class SmsActivity:
    """An SMS that the portal's workflow really handed to its provider."""

    id: int
    created_at: datetime
    text: str
    message_id: str
    """The provider's message in the portal, for asking about delivery."""


@dataclass(frozen=True)
class SmsLookup:
    """One SMS to be found again: on this record, not before `since`, with `token` in its text."""

    owner: Owner
    token: str
    since: datetime


def start_sms_workflow(
    owner: Owner,
    text: str,
    *,
    template_id: int,
    text_parameter: str,
    due_at: datetime,
    due_parameter: str = "",
) -> Command:
    """Say how one person gets one SMS; an answer means "started", not "sent".

    The parameter names are the template's; without a `due_parameter` the moment is left out.
    """
    parameters: dict[str, Any] = {text_parameter: text}
    if due_parameter:
        parameters[due_parameter] = due_at
    return Command(
        "bizproc.workflow.start",
        {
            "TEMPLATE_ID": template_id,
            "DOCUMENT_ID": ["crm", DOCUMENTS[owner.kind], f"{owner.kind.name}_{owner.id}"],
            "PARAMETERS": parameters,
        },
    )


def find_sms(
    client: Bitrix24, lookups: Mapping[str, SmsLookup], *, deadline: datetime | None = None
) -> dict[str, list[SmsActivity]]:
    """Return for every look-up, by its key, the SMS found; an empty list means none was sent."""
    commands = {key: _list_sms(lookup) for key, lookup in lookups.items()}
    answers = client.read_batch(commands, deadline=deadline)
    return {
        key: [_sms(row) for row in answers[key].result if lookup.token in _text(row)]
        for key, lookup in lookups.items()
    }


class SmsStage(StrEnum):
    """How far an SMS has come, as the portal's provider told the portal."""

    ON_ITS_WAY = "on its way"
    DELIVERED = "delivered"
    FAILED = "failed"


@dataclass(frozen=True)
class SmsState:
    """The stage, and the portal's own word for it."""

    stage: SmsStage
    word: str


STAGES = {
    **dict.fromkeys(("delivered", "read"), SmsStage.DELIVERED),
    **dict.fromkeys(("undelivered", "failed", "error"), SmsStage.FAILED),
}


def sms_states(
    client: Bitrix24, message_ids: Mapping[str, str], *, deadline: datetime | None = None
) -> dict[str, SmsState]:
    """Return by the same keys what the portal knows of these provider's messages.

    The method is not documented; it answers with an English word. A portal that lacks it, a webhook
    without the scope messageservice and a message that is not known are left out: this is for
    information, and nothing depends on it.
    """
    commands = {
        key: Command("messageservice.message.status.get", {"MESSAGE_ID": message_id})
        for key, message_id in message_ids.items()
    }
    outcomes = client.batch(commands, deadline=deadline) if commands else {}
    return {
        key: SmsState(STAGES.get(word.casefold(), SmsStage.ON_ITS_WAY), word)
        for key, outcome in outcomes.items()
        if isinstance(outcome, Done) and isinstance(word := outcome.result, str) and word
    }


def _list_sms(lookup: SmsLookup) -> Command:
    return Command(
        "crm.activity.list",
        {
            "filter": {
                "PROVIDER_ID": "CRM_SMS",
                "OWNER_TYPE_ID": lookup.owner.kind,
                "OWNER_ID": lookup.owner.id,
                ">=CREATED": lookup.since,
            },
            # Newest first: should there be more than a page, ours is on it.
            "order": {"ID": "DESC"},
            "select": ["ID", "CREATED", "DESCRIPTION", "ASSOCIATED_ENTITY_ID"],
        },
    )


def _sms(row: dict[str, Any]) -> SmsActivity:
    return SmsActivity(
        id=int(row["ID"]),
        created_at=datetime.fromisoformat(row["CREATED"]),
        text=_text(row),
        message_id=str(row.get("ASSOCIATED_ENTITY_ID") or ""),
    )


def _text(row: dict[str, Any]) -> str:
    return row.get("DESCRIPTION") or ""
