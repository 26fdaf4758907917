"""SMS by Bitrix24: a workflow on the participant's contact, started with the text."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from django.conf import settings
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from integrations.bitrix24.client import Bitrix24
from integrations.bitrix24.commands import Command
from integrations.bitrix24.owners import Owner
from integrations.bitrix24.workflows import (
    SmsLookup,
    SmsStage,
    SmsState,
    find_sms,
    sms_states,
    start_sms_workflow,
)
from outbox.channels.base import Absent, CannotTell, Found, LookUp, Report
from outbox.channels.bitrix24 import Bitrix24Channel
from outbox.channels.bitrix24_contact import contact_of
from outbox.models import DeliveryReport, Message, Status
from people.models import Medium

LONGEST = 200
"""Characters that the portal's "Send SMS" action takes (Bitrix24 helpdesk, article 12763564)."""

MARGIN = timedelta(minutes=2)
"""How far the portal's clock may be from ours when an SMS is looked for by its moment."""

STATES = {
    SmsStage.ON_ITS_WAY: DeliveryReport.State.ON_ITS_WAY,
    SmsStage.DELIVERED: DeliveryReport.State.DELIVERED,
    SmsStage.FAILED: DeliveryReport.State.FAILED,
}


class Bitrix24SmsChannel(Bitrix24Channel):
    """Found again by the personal link in the text, since an SMS carries no key of ours."""

    key = "bitrix24_sms"
    name = _("SMS by Bitrix24")
    medium = Medium.SMS
    method = "bizproc.workflow.start"
    confirms = True
    """A workflow that was started has not sent anything yet: it leaves an activity if it does."""

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

    def waits_for(self, message: Message) -> str:
        """Wait until the contact's first phone is the one we mean: no other gets the SMS."""
        if problem := super().waits_for(message):
            return problem
        person = message.participant
        if person is not None and person.bitrix24_phone != message.address:
            waiting = gettext("The contact's first phone in Bitrix24 is not known to be this one.")
            return person.bitrix24_problem or waiting
        return ""

    def not_confirmed(self) -> str:
        return gettext(
            "Bitrix24 took it but has made no SMS of it so far: check the contact's phone and the "
            "SMS provider in Bitrix24. If one comes late, this message says so by itself."
        )

    def command(self, message: Message, owner: Owner) -> Command:
        return start_sms_workflow(
            owner,
            message.body,
            template_id=settings.BITRIX24_SMS_TEMPLATE_ID,
            text_parameter=settings.BITRIX24_SMS_TEXT_PARAMETER,
            due_at=message.due_at,
            due_parameter=settings.BITRIX24_SMS_DUE_PARAMETER,
        )

    def find(
        self, client: Bitrix24, messages: Sequence[Message], deadline: datetime
    ) -> dict[int, LookUp]:
        # Where our clock is ahead, the portal's moment of an SMS is before the one we know.
        margin = MARGIN - min(client.clock_skew() or timedelta(), timedelta())
        lookups = {
            f"m_{message.pk}": SmsLookup(owner, message.token, message.due_at - margin)
            for message in messages
            if (owner := contact_of(message)) is not None
        }
        activities = find_sms(client, lookups, deadline=deadline)
        found: dict[int, LookUp] = {}
        message_ids: dict[str, str] = {}
        for message in messages:
            if (key := f"m_{message.pk}") not in lookups:
                sentence = gettext("The contact it was sent to is no longer known.")
                found[message.pk] = CannotTell(sentence)
                continue
            # The personal link stands in every SMS of the event; only the same text is this one.
            words = message.body.split()
            same = [sms for sms in activities[key] if sms.text.split() == words]
            oldest = min(same, key=lambda sms: sms.id, default=None)
            found[message.pk] = Found(str(oldest.id), oldest.created_at) if oldest else Absent()
            if oldest and oldest.message_id and message.status == Status.HANDED_OVER:
                message_ids[key] = oldest.message_id
        return self._with_reports(found, sms_states(client, message_ids, deadline=deadline))

    def _with_reports(
        self, found: dict[int, LookUp], states: Mapping[str, SmsState]
    ) -> dict[int, LookUp]:
        """Add what the portal's provider told of SMS that are known to have gone out."""
        for key, state in states.items():
            pk = int(key.removeprefix("m_"))
            if isinstance(there := found[pk], Found):
                report = Report(STATES[state.stage], state.word, provider_id=there.provider_id)
                found[pk] = replace(there, report=report)
        return found
