"""The eight activities of a webinar as one board, computed from what is known of each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.utils.formats import date_format, number_format
from django.utils.timezone import localtime
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from events.board import (
    Box,
    Due,
    Messages,
    Stand,
    boxes,
    materials_stand,
    messages_stand,
    on_day,
    publication_stand,
)
from events.models import Event, Material
from plans.local_time import local_day
from plans.models import Publication
from webinars import gates
from webinars.checklist import Line
from webinars.models import Webinar
from webinars.promotion import CHANNELS, due_on

NAMES = {
    "topic": _("Topic and presenter"),
    "contract": _("Contract with the presenter"),
    "pay": _("The presenter's pay"),
    "banner": _("Advertising banner"),
    "materials": _("Advertising materials"),
    "publication": _("Advertising placed"),
    "moderation": _("Moderation"),
    "reminders": _("Reminders to participants"),
}


@dataclass(frozen=True)
class Facts:
    """Everything the board looks at, read beforehand."""

    event: Event
    webinar: Webinar
    now: datetime
    materials: Sequence[Material] = ()
    publications: Sequence[Publication] = ()
    checklist: Sequence[Line] = ()
    messages: Messages = field(default_factory=Messages)
    dues: Mapping[str, Due] = field(default_factory=dict)
    """Day and owner of each activity that has a task."""

    shows_contract: bool = True
    """Whether the reader may see what stands in the contract, and the pay."""

    @property
    def is_over(self) -> bool:
        return self.event.has_ended(self.now)

    def of_kind(self, *, banners: bool) -> list[Material]:
        return [each for each in self.materials if (each.kind == "banner") == banners]


def board(facts: Facts) -> list[Box]:
    """Judge the eight activities, in the order of the process."""
    stands = {
        "topic": _topic(facts.webinar),
        "contract": _contract(facts.webinar, in_full=facts.shows_contract),
        "pay": _pay(facts) if facts.shows_contract else None,
        "banner": materials_stand(facts.of_kind(banners=True), add=gettext("Add a banner.")),
        "materials": materials_stand(
            facts.of_kind(banners=False), add=gettext("Add the texts and films.")
        ),
        "publication": _publication(facts),
        "moderation": _moderation(facts),
        "reminders": messages_stand(facts.event, facts.messages, is_over=facts.is_over),
    }
    dues = {key: _due(facts, key) for key in stands}
    return boxes(facts.event, NAMES, stands, dues, local_day(facts.now))


def _due(facts: Facts, key: str) -> Due:
    """Take day and owner from the task; the rest is known without one too."""
    due, webinar, event = facts.dues.get(key, Due()), facts.webinar, facts.event
    on, owner = due.on, due.owner
    if key == "publication":
        on = on or due_on(event.starts_at)
    if key == "pay":
        on = webinar.pay_due_on or on
    if key == "moderation":
        on, owner = on or local_day(event.starts_at), str(event.moderator or owner)
    return Due(on, owner)


def _topic(webinar: Webinar) -> Stand:
    presenter = webinar.presenter
    evidence, missing = [], ""
    if webinar.topic:
        evidence.append(gettext("The topic is defined."))
    else:
        missing = gettext("Define the topic.")
    if presenter is None:
        missing = missing or gettext("Find the presenter.")
    else:
        evidence.append(gettext("Presenter: %(name)s.") % {"name": presenter})
        if presenter.consented_on is None:
            evidence.append(gettext("Consent to use name, words and photo is missing."))
            missing = missing or gettext("Ask the presenter for consent.")
    return Stand(
        is_done=not missing,
        is_begun=bool(evidence),
        evidence=tuple(evidence) or (gettext("There is neither topic nor presenter yet."),),
        next_step=missing,
    )


_AFTER = {
    Webinar.Contract.NONE: _("Draw up the contract."),
    Webinar.Contract.DRAFTED: _("Send the contract to the presenter."),
    Webinar.Contract.SENT: _("Get the contract signed."),
}


def _contract(webinar: Webinar, *, in_full: bool) -> Stand:
    evidence = [gettext("State: %(state)s.") % {"state": webinar.get_contract_state_display()}]
    if in_full and webinar.contract_number:
        evidence.append(gettext("Number %(number)s.") % {"number": webinar.contract_number})
    if in_full and webinar.contract_on:
        evidence.append(gettext("Dated %(day)s.") % {"day": on_day(webinar.contract_on)})
    state = Webinar.Contract(webinar.contract_state)
    return Stand(
        is_done=webinar.is_signed,
        is_begun=state != Webinar.Contract.NONE,
        evidence=tuple(evidence),
        next_step=str(_AFTER.get(state, "")),
    )


def _pay(facts: Facts) -> Stand:
    webinar = facts.webinar
    if webinar.pay_amount is None:
        return Stand(
            is_done=False,
            is_begun=False,
            evidence=(gettext("No pay is agreed yet."),),
            next_step=gettext("Agree the pay."),
        )
    amount = number_format(webinar.pay_amount, 2, force_grouping=True)
    evidence = [gettext("%(amount)s € are agreed.") % {"amount": amount}]
    if webinar.pay_amount == 0:
        evidence = [gettext("It is agreed that there is no pay.")]
    if webinar.paid_on:
        evidence.append(gettext("Paid on %(day)s.") % {"day": on_day(webinar.paid_on)})
    return Stand(
        is_done=webinar.is_paid,
        is_begun=True,
        evidence=tuple(evidence),
        next_step=gettext("Pay the presenter.")
        if facts.is_over
        else gettext("Pay after the webinar."),
    )


def _publication(facts: Facts) -> Stand:
    closed = gates.closed(facts.webinar, facts.materials)
    return publication_stand(
        facts.event,
        facts.publications,
        CHANNELS,
        before=gates.sentence(closed) if closed else "",
    )


def _moderation(facts: Facts) -> Stand:
    event, webinar = facts.event, facts.webinar
    ticked = sum(line.tick is not None for line in facts.checklist)
    evidence = [
        gettext("Moderator: %(name)s.") % {"name": event.moderator or gettext("nobody yet")},
        gettext("Stand-in: %(name)s.") % {"name": webinar.stand_in or gettext("nobody yet")},
    ]
    if webinar.rehearsal_at:
        when = date_format(localtime(webinar.rehearsal_at), "SHORT_DATETIME_FORMAT")
        evidence.append(gettext("Rehearsal: %(when)s.") % {"when": when})
    evidence.append(
        ngettext(
            "%(count)s of %(all)s lines of the checklist is ticked.",
            "%(count)s of %(all)s lines of the checklist are ticked.",
            ticked,
        )
        % {"count": ticked, "all": len(facts.checklist)}
    )
    return Stand(
        is_done=bool(facts.checklist) and ticked == len(facts.checklist),
        is_begun=event.moderator is not None or ticked > 0,
        evidence=tuple(evidence),
        next_step=_next_of_moderation(event, webinar),
        is_overdue=facts.is_over,
    )


def _next_of_moderation(event: Event, webinar: Webinar) -> str:
    if event.moderator is None:
        return gettext("Choose the moderator.")
    if webinar.stand_in is None:
        return gettext("Choose a stand-in.")
    if webinar.rehearsal_at is None:
        return gettext("Set the time of the rehearsal.")
    return gettext("Go through the checklist of the hour.")
