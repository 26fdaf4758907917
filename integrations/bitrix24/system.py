"""Questions about the portal itself, for the page that checks the connection."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum
from typing import Any

from integrations.bitrix24.client import Bitrix24
from integrations.bitrix24.commands import Command
from integrations.bitrix24.owners import OwnerKind
from integrations.bitrix24.workflows import DOCUMENTS


class CrmMode(IntEnum):
    CLASSIC = 1
    """With leads."""
    SIMPLE = 2
    """Without leads."""


@dataclass(frozen=True)
class Profile:
    """Whose webhook it is."""

    id: int
    name: str
    is_admin: bool


@dataclass(frozen=True)
class WorkflowTemplate:
    id: int
    name: str
    entity: str
    parameters: tuple[str, ...]


@dataclass(frozen=True)
class Sender:
    """A mailbox the portal can send from; `line` is the form "Name <address>"."""

    email: str
    name: str
    line: str


def profile(client: Bitrix24) -> Profile:
    row = client.read(Command("profile")).result
    name = f"{row.get('NAME') or ''} {row.get('LAST_NAME') or ''}".strip()
    return Profile(int(row["ID"]), name, row.get("ADMIN") in (True, "Y", "1", 1))


def scope(client: Bitrix24) -> frozenset[str]:
    """Return the scopes ticked on the webhook."""
    return frozenset(client.read(Command("scope")).result)


def method_exists(client: Bitrix24, name: str) -> bool:
    """Say whether the portal has the method and lets this webhook call it."""
    answer = client.read(Command("method.get", {"name": name})).result
    return bool(answer["isExisting"] and answer["isAvailable"])


def mode(client: Bitrix24) -> CrmMode:
    return CrmMode(int(client.read(Command("crm.settings.mode.get")).result))


def server_time(client: Bitrix24) -> datetime:
    return datetime.fromisoformat(client.read(Command("server.time")).result)


def workflow_templates(
    client: Bitrix24, kind: OwnerKind = OwnerKind.CONTACT
) -> list[WorkflowTemplate]:
    """Return the templates that can be started on such a record; needs an administrator."""
    command = Command(
        "bizproc.workflow.template.list",
        {
            "SELECT": ["ID", "NAME", "ENTITY", "DOCUMENT_TYPE", "PARAMETERS"],
            "FILTER": {"MODULE_ID": "crm", "ENTITY": DOCUMENTS[kind]},
        },
    )
    return [template_of(row) for row in client.read(command).result]


def senders(client: Bitrix24, *, deadline: datetime | None = None) -> list[Sender]:
    """Return the mailboxes that may send; only portals with REST 3.0 mail know this."""
    command = Command("mail.mailbox.senders", version=3)
    items = client.read(command, deadline=deadline).result["items"]
    return [Sender(each["email"], each.get("name") or "", each["sender"]) for each in items]


def template_of(row: dict[str, Any]) -> WorkflowTemplate:
    """Read one row of `bizproc.workflow.template.list`."""
    parameters: dict[str, Any] | Sequence[Any] = row.get("PARAMETERS") or {}
    # An empty PHP array is a list; a filled one is an object keyed by parameter name.
    names = tuple(parameters) if isinstance(parameters, dict) else ()
    return WorkflowTemplate(int(row["ID"]), row.get("NAME") or "", row.get("ENTITY") or "", names)
