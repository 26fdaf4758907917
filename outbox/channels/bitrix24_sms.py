"""SMS by Bitrix24: a workflow on the participant's contact, started with the text."""

from collections.abc import Sequence
from datetime import timedelta

from django.conf import settings
from django.utils.translation import gettext

from integrations.bitrix24.client import Bitrix24
from integrations.bitrix24.commands import Command
from integrations.bitrix24.owners import Owner
from integrations.bitrix24.workflows import SmsLookup, find_sms, start_sms_workflow
from outbox.channels.base import Absent, Found, LookUp
from outbox.channels.bitrix24 import Bitrix24Channel, contact_of
from outbox.models import Message
from people.models import Medium

LONGEST = 200
"""Characters that the portal's "Send SMS" action takes (Bitrix24 helpdesk, article 12763564)."""

MARGIN = timedelta(minutes=2)
"""How far the portal's clock may be from ours when an SMS is looked for by its moment."""


class Bitrix24SmsChannel(Bitrix24Channel):
    """Found again by the personal link in the text, since an SMS carries no key of ours."""

    key = "bitrix24_sms"
    medium = Medium.SMS
    method = "bizproc.workflow.start"

    def missing(self) -> str:
        if not settings.BITRIX24_SMS_TEMPLATE_ID:
            return super().missing() or gettext(
                "SMS are not set up: BITRIX24_SMS_TEMPLATE_ID names no workflow template."
            )
        return super().missing()

    def problem_with(self, message: Message) -> str:
        if len(message.body) > LONGEST:
            text = gettext("The text has %(count)s characters; Bitrix24 sends at most %(most)s.")
            return text % {"count": len(message.body), "most": LONGEST}
        if not message.token or message.token not in message.body:
            return gettext("The text has no personal link, so it could not be found again.")
        return ""

    def command(self, message: Message, owner: Owner) -> Command:
        return start_sms_workflow(
            owner,
            message.body,
            template_id=settings.BITRIX24_SMS_TEMPLATE_ID,
            text_parameter=settings.BITRIX24_SMS_TEXT_PARAMETER,
            due_at=message.due_at,
            due_parameter=settings.BITRIX24_SMS_DUE_PARAMETER,
        )

    def find(self, client: Bitrix24, messages: Sequence[Message]) -> dict[int, LookUp]:
        lookups = {
            f"m_{message.pk}": SmsLookup(owner, message.token, message.due_at - MARGIN)
            for message in messages
            if (owner := contact_of(message)) is not None
        }
        activities = find_sms(client, lookups)
        found: dict[int, LookUp] = {message.pk: Absent() for message in messages}
        for message in messages:
            # The personal link stands in every SMS of the event; only the same text is this one.
            same = [
                sms
                for sms in activities.get(f"m_{message.pk}", [])
                if sms.text.split() == message.body.split()
            ]
            if same:
                oldest = min(same, key=lambda sms: sms.id)
                found[message.pk] = Found(str(oldest.id), oldest.created_at)
        return found
