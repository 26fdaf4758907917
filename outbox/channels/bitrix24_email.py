"""E-mail by Bitrix24: an outgoing e-mail activity on the participant's contact."""

from collections.abc import Sequence

from django.conf import settings

from integrations.bitrix24.activities import delete_activity, find_emails, send_email
from integrations.bitrix24.client import Bitrix24
from integrations.bitrix24.commands import Command
from integrations.bitrix24.outcomes import Refused as CallRefused
from integrations.bitrix24.owners import Owner
from outbox.channels.base import Absent, CannotTell, Found, LookUp
from outbox.channels.bitrix24 import ORIGINATOR, Bitrix24Channel
from outbox.models import Message
from outbox.text_html import as_html
from people.models import Medium

BAD_ADDRESS = ("email send error. invalid email", "the field communications is not defined")


class Bitrix24EmailChannel(Bitrix24Channel):
    """Found again by our own key, which the portal keeps as ORIGIN_ID."""

    key = "bitrix24_email"
    medium = Medium.EMAIL
    method = "crm.activity.add"

    def command(self, message: Message, owner: Owner) -> Command:
        return send_email(
            owner,
            message.address,
            subject=message.subject,
            html=as_html(message.body),
            sender=settings.BITRIX24_SENDER,
            due_at=message.due_at,
            responsible_id=settings.BITRIX24_RESPONSIBLE_ID,
            originator_id=ORIGINATOR,
            origin_id=str(message.uid),
        )

    def is_bad_address(self, refused: CallRefused) -> bool:
        return refused.description.casefold().startswith(BAD_ADDRESS)

    def find(self, client: Bitrix24, messages: Sequence[Message]) -> dict[int, LookUp]:
        by_key = {str(message.uid): message for message in messages}
        activities = find_emails(client, by_key, originator_id=ORIGINATOR)
        found: dict[int, LookUp] = {}
        for key, message in by_key.items():
            activity = activities.get(key)
            if activity is None:
                found[message.pk] = Absent()
            elif activity.sent:
                found[message.pk] = Found(str(activity.id))
            elif activity.sent is None:
                found[message.pk] = CannotTell("The portal does not show whether it was sent.")
            else:
                # The record was made, the mail never left: without it a repeat is the only one.
                client.call(delete_activity(activity.id))
                found[message.pk] = Absent()
        return found
