"""E-mails as CRM activities: sent by adding one, found again by our own key."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from integrations.bitrix24.client import Bitrix24
from integrations.bitrix24.commands import Command
from integrations.bitrix24.lists import PAGE, in_groups, walk
from integrations.bitrix24.owners import Owner

EMAIL, OUTGOING, HTML = 4, 2, 3


@dataclass(frozen=True)
class EmailActivity:
    """An e-mail in the CRM. `sent` is None where the portal does not show it."""

    id: int
    sent: bool | None
    copies: int = 1
    """More than one means that the same message was added more than once."""


def send_email(
    owner: Owner,
    address: str,
    *,
    subject: str,
    html: str,
    sender: str,
    due_at: datetime,
    responsible_id: int,
    originator_id: str,
    origin_id: str,
    files: Sequence[tuple[str, bytes]] = (),
) -> Command:
    """Say how one person gets one e-mail; Bitrix24 queues it because it is added as completed."""
    attached = [{"fileData": [name, b64encode(content).decode()]} for name, content in files]
    return Command(
        "crm.activity.add",
        {
            "fields": {
                "TYPE_ID": EMAIL,
                "DIRECTION": OUTGOING,
                "COMPLETED": "Y",
                "OWNER_TYPE_ID": owner.kind,
                "OWNER_ID": owner.id,
                # No TYPE here: a wrong one silently drops the recipient.
                "COMMUNICATIONS": [
                    {"VALUE": address, "ENTITY_TYPE_ID": owner.kind, "ENTITY_ID": owner.id}
                ],
                "SUBJECT": subject,
                "DESCRIPTION": html,
                "DESCRIPTION_TYPE": HTML,
                "RESPONSIBLE_ID": responsible_id,
                "START_TIME": due_at,
                "END_TIME": due_at,
                "SETTINGS": {"MESSAGE_FROM": sender, "DISABLE_SENDING_MESSAGE_COPY": "Y"},
                "ORIGINATOR_ID": originator_id,
                "ORIGIN_ID": origin_id,
                "FILES": attached or None,
            }
        },
    )


def delete_activity(activity_id: int) -> Command:
    """Remove an activity, for example an e-mail that was added but never left."""
    return Command("crm.activity.delete", {"id": activity_id})


def find_emails(
    client: Bitrix24,
    origin_ids: Iterable[str],
    *,
    originator_id: str,
    deadline: datetime | None = None,
) -> dict[str, EmailActivity]:
    """Look our e-mails up by our own keys; what is not in the answer was never added."""
    rows: dict[str, list[dict[str, Any]]] = {}
    for group in in_groups(origin_ids, PAGE):
        filters = {"ORIGINATOR_ID": originator_id, "@ORIGIN_ID": group}
        select = ["ID", "ORIGIN_ID", "SETTINGS", "ASSOCIATED_ENTITY_ID"]
        for row in walk(client, "crm.activity.list", filters, select, deadline=deadline):
            rows.setdefault(str(row["ORIGIN_ID"]), []).append(row)
    return {origin_id: _email(found) for origin_id, found in rows.items()}


def _email(rows: list[dict[str, Any]]) -> EmailActivity:
    best = max(rows, key=lambda row: _was_sent(row) is True)
    return EmailActivity(int(best["ID"]), _was_sent(best), len(rows))


def _was_sent(row: dict[str, Any]) -> bool | None:
    """Read the two traces that queueing leaves; without either column nobody can tell."""
    settings = row.get("SETTINGS")
    mark = settings.get("IS_MESSAGE_SENT") if isinstance(settings, dict) else None
    posting = row.get("ASSOCIATED_ENTITY_ID")
    if mark in (True, "Y", "1", 1, "true") or str(posting or "0") != "0":
        return True
    if mark is None and posting is None:
        return None
    return False
