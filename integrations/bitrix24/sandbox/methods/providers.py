"""`messageservice.*`: registering ourselves as a provider of text messages, applications only."""

from integrations.bitrix24.sandbox.calls import Call, RestError, method, param

STATUSES = ("queued", "sent", "delivered", "undelivered", "failed")


@method("messageservice.sender.list", "messageservice", application_only=True)
def messageservice_sender_list(call: Call) -> list[str]:
    return sorted(call.portal.providers)


@method("messageservice.sender.add", "messageservice", application_only=True)
def messageservice_sender_add(call: Call) -> bool:
    code = str(param(call.params, "CODE") or "")
    if not code:
        raise RestError(400, "ERROR_SENDER_VALIDATION_FAILURE", "Empty sender code!")
    if not param(call.params, "HANDLER"):
        raise RestError(400, "ERROR_SENDER_VALIDATION_FAILURE", "Empty sender handler!")
    if code in call.portal.providers:
        raise RestError(400, "ERROR_SENDER_ALREADY_INSTALLED", "Sender already installed!")
    call.portal.providers[code] = dict(call.params)
    return True


@method("messageservice.sender.delete", "messageservice", application_only=True)
def messageservice_sender_delete(call: Call) -> bool:
    if call.portal.providers.pop(str(param(call.params, "CODE")), None) is None:
        raise RestError(400, "ERROR_SENDER_NOT_FOUND", "Sender not found!")
    return True


@method("messageservice.message.status.update", "messageservice", application_only=True)
def messageservice_message_status_update(call: Call) -> bool:
    if param(call.params, "STATUS") not in STATUSES:
        raise RestError(400, "ERROR_MESSAGE_STATUS_INCORRECT", "Message status incorrect!")
    if not param(call.params, "MESSAGE_ID"):
        raise RestError(400, "ERROR_MESSAGE_NOT_FOUND", "Message not found!")
    return True
