"""The gates before advertising: the contract is signed, the banner is approved.

A reason opens them, and stays beside the advertisement with who gave it and when.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from events.models import Event, Material
from plans.models import Activity, Publication, PublishingRefusedError
from webinars.event_type import WEBINAR
from webinars.models import GateOverride, Webinar, of_event
from webinars.rules import can_override_gates


class Gate(models.TextChoices):
    CONTRACT = "contract", _("No advertising yet: the contract with the presenter is not signed.")
    BANNER = "banner", _("No advertising yet: no banner is approved.")


BOTH = _(
    "No advertising yet: the contract with the presenter is not signed, and no banner is approved."
)


def closed(webinar: Webinar, materials: Iterable[Material]) -> list[Gate]:
    """Return what still has to happen before anything may be advertised."""
    banners = [each for each in materials if each.kind == Material.Kind.BANNER]
    found = [] if webinar.is_signed else [Gate.CONTRACT]
    return found if any(each.is_approved for each in banners) else [*found, Gate.BANNER]


def closed_for(event: Event) -> list[Gate]:
    return closed(of_event(event), event.materials.with_versions())


def sentence(gates: Sequence[Gate]) -> str:
    """Say what is missing; there is something."""
    return str(BOTH if len(gates) == len(Gate) else gates[0].label)


def guard(publication: Publication, by: User, at: datetime, reason: str, **_signal: Any) -> None:
    """Refuse a publication of a webinar that is not ready, or write down why it is placed."""
    gates = _closed_of(publication.activity)
    if not gates:
        return
    if not reason.strip():
        raise PublishingRefusedError(sentence(gates))
    if not can_override_gates(by):
        raise PublishingRefusedError(
            gettext("Only the marketing head and the project manager can decide otherwise.")
        )
    GateOverride.objects.create(
        publication=publication,
        missing=[gate.value for gate in gates],
        reason=reason.strip(),
        by=by,
        at=at,
    )


def _closed_of(activity: Activity) -> list[Gate]:
    """Return what is missing for an activity; contract and banner belong to the event, so that
    a webinar which is not made yet has neither."""
    events = list(activity.events.going_ahead().filter(kind=WEBINAR.key))
    if not events and activity.kind in WEBINAR.activity_kinds:
        return list(Gate)
    return [gate for gate in Gate if any(gate in closed_for(event) for event in events)]
