"""E-mail by Bitrix24: an outgoing e-mail activity on the participant's contact."""

import logging
from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from integrations.bitrix24.activities import delete_activity, find_emails, send_email
from integrations.bitrix24.client import Bitrix24
from integrations.bitrix24.commands import Command
from integrations.bitrix24.errors import Bitrix24Error
from integrations.bitrix24.owners import Owner
from integrations.outcomes import NotExecuted as CallNotExecuted
from integrations.outcomes import Outcome as CallOutcome
from integrations.outcomes import Refused as CallRefused
from integrations.outcomes import Unclear as CallUnclear
from outbox.channels.base import Absent, CannotTell, Found, LookUp
from outbox.channels.bitrix24 import ORIGINATOR, Bitrix24Channel
from outbox.models import Attempt, Message
from outbox.text_html import as_html
from people.models import Medium

logger = logging.getLogger(__name__)

BAD_ADDRESS = ("email send error. invalid email", "the field communications is not defined")
CALENDAR_FILE = "event.ics"


class Bitrix24EmailChannel(Bitrix24Channel):
    """Found again by our own key, which the portal keeps as ORIGIN_ID."""

    key = "bitrix24_email"
    name = _("E-mail by Bitrix24")
    medium = Medium.EMAIL
    method = "crm.activity.add"

    def command(self, message: Message, owner: Owner) -> Command:
        calendar = message.attachment.encode()
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
            files=((CALENDAR_FILE, calendar),) if calendar else (),
        )

    def to_look_up_first(self, messages: Sequence[Message]) -> list[Message]:
        """Return also those refused before, which may be after the activity was made.

        It is deleted then, or the card would show a mail that never left.
        """
        refused = Attempt.objects.filter(
            message__in=[message.pk for message in messages if message.attempts > 1],
            outcome=Attempt.Outcome.REFUSED,
        )
        ids = set(refused.values_list("message", flat=True))
        ids |= {message.pk for message in super().to_look_up_first(messages)}
        return [message for message in messages if message.pk in ids]

    def clean_up(self, client: Bitrix24, messages: Sequence[Message], deadline: datetime) -> None:
        try:
            self.find(client, messages, deadline)
        except Bitrix24Error as error:
            # No harm done: before a repeat it is looked for again.
            logger.info("E-mails that never left stay on their contacts for now: %s", error)

    def is_bad_address(self, outcome: CallOutcome) -> bool:
        return isinstance(outcome, CallRefused) and outcome.description.casefold().startswith(
            BAD_ADDRESS
        )

    def find(
        self, client: Bitrix24, messages: Sequence[Message], deadline: datetime
    ) -> dict[int, LookUp]:
        keys = [str(message.uid) for message in messages]
        activities = find_emails(client, keys, originator_id=ORIGINATOR, deadline=deadline)
        found: dict[int, LookUp] = {}
        unsent: dict[int, int] = {}
        for message in messages:
            activity = activities.get(str(message.uid))
            if activity is None:
                found[message.pk] = Absent()
            elif activity.sent:
                found[message.pk] = Found(str(activity.id))
            elif activity.sent is None:
                sentence = gettext("Bitrix24 does not show whether it was sent.")
                found[message.pk] = CannotTell(sentence)
            else:
                unsent[message.pk] = activity.id
        return found | _deleted(client, unsent, deadline)


def _deleted(client: Bitrix24, unsent: dict[int, int], deadline: datetime) -> dict[int, LookUp]:
    """Delete records of mails that never left; only without them a repeat is the only one."""
    if not unsent:
        return {}
    commands = {str(pk): delete_activity(activity) for pk, activity in unsent.items()}
    found: dict[int, LookUp] = {}
    for key, outcome in client.batch(commands, deadline=deadline).items():
        if isinstance(outcome, CallNotExecuted | CallUnclear):
            sentence = gettext("The record of an attempt that failed could not be deleted yet.")
            found[int(key)] = CannotTell(sentence)
        else:
            # Refused: somebody else has deleted it.
            found[int(key)] = Absent()
    return found
