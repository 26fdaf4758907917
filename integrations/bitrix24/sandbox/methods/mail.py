"""`mail.*` of REST 3.0: sending from a mailbox, without a trace in the CRM."""

import json
from email.utils import parseaddr
from typing import Any

from integrations.bitrix24.sandbox.calls import Call, RestV3Error, method
from integrations.bitrix24.sandbox.encoding import as_list
from integrations.bitrix24.sandbox.sent import SentMessage

from .activities import ADDRESS

REQUIRED = ("from", "to", "subject", "body")
DEFAULT_LIMIT = 25


@method("mail.message.send", "mail", version=3)
def mail_message_send(call: Call) -> dict[str, Any]:
    params = call.params
    missing = [name for name in REQUIRED if not params.get(name)]
    if missing:
        raise _invalid(*((name, "Mandatory field is missing") for name in missing))
    sender = str(params["from"])
    if parseaddr(sender)[1] not in {parseaddr(known)[1] for known in call.portal.settings.senders}:
        raise _invalid(("from", "MESSAGE_SEND_FAILED"))
    recipients = {name: _addresses(params, name) for name in ("to", "cc", "bcc")}
    for address in [address for addresses in recipients.values() for address in addresses]:
        call.portal.send(
            SentMessage(
                kind="email",
                owner_type=0,
                owner_id=0,
                recipient="",
                address=address,
                subject=str(params["subject"]),
                text=str(params["body"]),
                is_html="<" in str(params["body"]),
                sender=sender,
                received_at=call.portal.clock.now(),
            )
        )
    return {"success": True, "to": recipients["to"]}


@method("mail.mailbox.senders", "mail", version=3)
def mail_mailbox_senders(call: Call) -> dict[str, Any]:
    pagination = call.params.get("pagination") or {}
    limit, offset = _page(pagination)
    named = [parseaddr(sender) for sender in call.portal.settings.senders]
    items = [
        {"email": address, "name": name, "sender": f"{name} <{address}>"} for name, address in named
    ]
    return {"items": items[offset : offset + limit]}


def _addresses(params: dict[str, Any], name: str) -> list[str]:
    addresses = [str(address) for address in as_list(params.get(name))]
    if not all(ADDRESS.fullmatch(parseaddr(address)[1]) for address in addresses):
        raise _invalid((name, "RESOLVE_RECIPIENTS_ERROR"))
    return addresses


def _page(pagination: Any) -> tuple[int, int]:
    unreadable = RestV3Error(
        400,
        "INVALIDPAGINATIONEXCEPTION",
        f"Unable to recognize pagination parameter `{json.dumps(pagination)}`",
    )
    if not isinstance(pagination, dict):
        raise unreadable
    try:
        limit = int(pagination.get("limit", DEFAULT_LIMIT))
        page = int(pagination.get("page", 1))
        offset = int(pagination.get("offset") or (page - 1) * limit)
    except (TypeError, ValueError):
        raise unreadable from None
    if limit < 1 or offset < 0:
        raise unreadable
    return min(limit, 100), offset


def _invalid(*problems: tuple[str, str]) -> RestV3Error:
    return RestV3Error(
        400,
        "VALIDATION_REQUESTVALIDATIONEXCEPTION",
        "Error validating request object",
        validation=[{"message": message, "field": field} for field, message in problems],
    )
