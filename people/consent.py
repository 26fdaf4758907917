"""Giving and withdrawing consent: the history grows, the participant's present state follows."""

from datetime import datetime

from django.db import transaction

from people.models import Consent, ConsentSource, ConsentText, Medium, Participant

STATE_FIELD = {Medium.EMAIL: "offers_by_email_at", Medium.SMS: "offers_by_sms_at"}


def current_text(medium: str) -> ConsentText | None:
    """Return the newest version of the words people are shown for this medium."""
    return ConsentText.objects.filter(medium=medium).order_by("-version").first()


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
) -> bool:
    """Record a consent or its withdrawal; return whether the person's state changed.

    Repeating what already holds adds no row, so an imported list can be imported again.
    """
    field = STATE_FIELD[medium]
    if (getattr(participant, field) is not None) == is_given:
        return False
    setattr(participant, field, at if is_given else None)
    participant.save(update_fields=[field])
    Consent.objects.create(
        participant=participant,
        medium=medium,
        is_given=is_given,
        at=at,
        text=text,
        source=source,
        place=place[:200],
        ip_address=ip_address,
        recorded_by_id=by_id,
    )
    return True
