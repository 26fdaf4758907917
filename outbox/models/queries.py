"""Which rows of the ledger: those to send, to decide anew, to show a person."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Self

from django.contrib.auth import get_user_model
from django.db import connection, models, transaction

from outbox.models.states import DROPPED, TAKEN, UNWRITTEN, Reason, Status
from people.search import is_somebody_like

if TYPE_CHECKING:
    from outbox.models.ledger import Message  # noqa: F401 - named in a string


class MessageQuerySet(models.QuerySet["Message"]):
    def planned(self) -> Self:
        return self.filter(status=Status.PLANNED)

    def undecided(self) -> Self:
        """Keep rows that surely have not gone, and of which no person has said that they shall not.

        What the plan says of them may still change, also after attempts that were not executed.
        """
        unsent = models.Q(status__in=[Status.PLANNED, Status.SKIPPED, Status.HELD])
        unwritten = models.Q(status=Status.FAILED, reason__in=UNWRITTEN)
        return self.filter(unsent | unwritten).exclude(reason__in=DROPPED)

    def sendable(self, channel: str, now: datetime) -> Self:
        """Keep what this channel may be asked to send now, earliest end of use first."""
        return (
            self.planned()
            .filter(channel=channel, not_before__lte=now, expires_at__gt=now)
            .order_by("expires_at", "pk")
        )

    def in_one_order(self) -> Self:
        """Lock these, in the order in which everybody locks rows of the ledger.

        Two who lock the same rows in different orders may each wait for the other.
        """
        return self.select_for_update().order_by("pk")

    @transaction.atomic
    def update_in_one_order(self, **changes: Any) -> int:
        """Update these; an update by itself locks in whatever order its rows are found."""
        if connection.features.has_select_for_update:
            list(self.in_one_order().values_list("pk", flat=True))
        return self.update(**changes)

    def past_use(self, now: datetime) -> Self:
        return self.filter(status__in=[Status.PLANNED, Status.HELD], expires_at__lte=now)

    def overdue(self, now: datetime) -> Self:
        """Keep what was due more than a minute ago and still waits, however often it was tried.

        An offer that came too late for the day waits for the morning by intention.
        """
        waiting = self.planned().exclude(reason=Reason.QUIET_HOURS, not_before__gt=now)
        return waiting.filter(due_at__lte=now - timedelta(minutes=1))

    def search(self, words: str) -> Self:
        """Keep those whose recipient's name or address has a word that begins with each word."""
        if not words.split():
            return self
        staff = get_user_model().objects.all()
        for word in words.split():
            in_name_or_address = models.Q(full_name__icontains=word) | models.Q(
                email__icontains=word
            )
            staff = staff.filter(in_name_or_address)
        to_staff = models.Q(user__in=list(staff.values_list("pk", flat=True)))
        return self.filter(is_somebody_like(words) | to_staff)

    def unwritten_by_fault(self, now: datetime) -> Self:
        """Keep those of use that a fault of this application kept from being written."""
        fault = {"status": Status.FAILED, "reason": Reason.PROGRAM_FAULT}
        return self.filter(**fault, expires_at__gt=now)

    def for_a_person(self) -> Self:
        """Keep unknown ones that no look-up will settle, or has been able to so far."""
        nobody_tells = models.Q(look_up_at=None) | models.Q(no_answer_at__isnull=False)
        return self.filter(nobody_tells, status=Status.UNKNOWN)

    def taken(self) -> Self:
        """Keep those a provider has, or may have: the person was, or may have been, told."""
        return self.filter(TAKEN)
