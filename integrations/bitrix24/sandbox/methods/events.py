"""`event.*`: subscriptions of an application, and its queue of events to fetch."""

from typing import Any

from integrations.bitrix24.sandbox.calls import Call, RestError, method, param
from integrations.bitrix24.sandbox.encoding import as_int, as_list, is_true
from integrations.bitrix24.sandbox.outgoing import EVENTS, Subscription

APPLICATION_TOKEN = "sandbox-application-token"  # noqa: S105 - of a sandbox
OFFLINE_LIMIT = 50
NONE: frozenset[str] = frozenset()


@method("event.bind", application_only=True)
def event_bind(call: Call) -> bool:
    event = str(param(call.params, "event") or "").upper()
    if event not in EVENTS:
        raise RestError(400, "ERROR_EVENT_NOT_FOUND", "Event not found")
    if param(call.params, "event_type") == "offline":
        call.portal.outgoing.offline.events.add(event)
        return True
    handler = str(param(call.params, "handler") or "")
    if not handler.startswith(("http://", "https://")):
        raise RestError(400, "ERROR_ARGUMENT", "Wrong handler URL")
    outgoing = call.portal.outgoing
    bound = next((item.events for item in outgoing.subscriptions if item.target == handler), NONE)
    token = call.portal.oauth.issue_access_token()
    outgoing.subscribe(Subscription(handler, APPLICATION_TOKEN, frozenset({*bound, event}), token))
    return True


@method("event.unbind", application_only=True)
def event_unbind(call: Call) -> dict[str, int]:
    return {"count": call.portal.outgoing.unsubscribe(str(param(call.params, "handler")))}


@method("event.offline.get", application_only=True)
def event_offline_get(call: Call) -> dict[str, Any]:
    """Take events from the queue: for good, or with `clear` = 0 until they are confirmed."""
    _require_admin(call)
    limit = as_int(param(call.params, "limit") or OFFLINE_LIMIT)
    clear = param(call.params, "clear")
    keeps = clear is not None and not is_true(clear)
    process_id, events = call.portal.outgoing.offline.take(limit, keep=keeps)
    return {"process_id": process_id, "events": events}


@method("event.offline.clear", application_only=True)
def event_offline_clear(call: Call) -> bool:
    """Confirm events taken under a process id: all of them, or those with the given ids."""
    _require_admin(call)
    ids = {str(item) for item in as_list(param(call.params, "id"))}
    call.portal.outgoing.offline.confirm(str(param(call.params, "process_id") or ""), ids)
    return True


def _require_admin(call: Call) -> None:
    if not call.portal.settings.is_admin:
        raise RestError(403, "ACCESS_DENIED", "Access denied!")
