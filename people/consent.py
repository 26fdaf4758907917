"""Giving and withdrawing consent: the history grows, the participant's present state follows."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from people.models import Consent, ConsentSource, ConsentText, Medium, Participant
from people.signals import offers_refused

STATE_FIELD = {Medium.EMAIL: "offers_by_email_at", Medium.SMS: "offers_by_sms_at"}


def current_text(medium: str) -> ConsentText | None:
    """Return the newest version of the words people are shown for this medium."""
    return ConsentText.objects.filter(medium=medium).order_by("-version").first()


@dataclass(frozen=True)
class Proof:
    """Who gave or withdrew a consent where, so that it can be shown later."""

    source: ConsentSource
    place: str = ""
    text: ConsentText | None = None
    ip_address: str | None = None
    by_id: int | None = None


def current_texts() -> dict[Medium, ConsentText]:
    """Return the newest words of every medium that has any."""
    texts = {medium: current_text(medium) for medium in Medium}
    return {medium: text for medium, text in texts.items() if text is not None}


@transaction.atomic
def record(
    participant: Participant,
    medium: Medium,
    *,
    is_given: bool,
    at: datetime,
    source: ConsentSource,
    text: ConsentText | None = None,
    place: str = "",
    ip_address: str | None = None,
    by_id: int | None = None,
    is_last: bool = True,
) -> bool:
    """Record a consent or its withdrawal; return whether the person's state changed.

    Repeating what already holds adds no row, so an imported list can be imported again. Who stores
    more in the same transaction (`is_last=False`) has to take back at its end, once and for all,
    what is being sent: taken back bit by bit, two might wait for each other.
    """
    proof = Proof(source, place, text, ip_address, by_id)
    consent = draft(participant, medium, is_given=is_given, at=at, proof=proof)
    if consent is None:
        return False
    participant.save(update_fields=[STATE_FIELD[medium]])
    consent.save()
    if is_last and not is_given:
        offers_refused.send(Participant, participants=[participant])
    return True


def draft(
    participant: Participant, medium: Medium, *, is_given: bool, at: datetime, proof: Proof
) -> Consent | None:
    """Change the state without saving, and return the row for the history; None if it holds."""
    field = STATE_FIELD[medium]
    if (getattr(participant, field) is not None) == is_given:
        return None
    setattr(participant, field, at if is_given else None)
    return Consent(
        participant=participant,
        medium=medium,
        is_given=is_given,
        at=at,
        text=proof.text,
        source=proof.source,
        place=proof.place[:200],
        ip_address=proof.ip_address,
        recorded_by_id=proof.by_id,
    )


def withdraw_all(participant: Participant, *, at: datetime, proof: Proof) -> int:
    """Withdraw what the person has consented to, by every medium; return how many it was.

    What is being sent is left to the caller, as with `record(is_last=False)`.
    """
    return sum(
        record(
            participant,
            medium,
            is_given=False,
            at=at,
            source=proof.source,
            place=proof.place,
            by_id=proof.by_id,
            is_last=False,
        )
        for medium in Medium
    )
