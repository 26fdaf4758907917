"""Beginning an intake: with its two plans, empty and open."""

from datetime import datetime

from django.db import transaction

from accounts.models import User
from documents.models import Document
from plans.models import ActivityPlan, CommunicationPlan, Intake


@transaction.atomic
def begin(intake: Intake, *, by: User, at: datetime) -> Intake:
    """Save a new intake and give it a communication plan and an activity plan."""
    intake.changed_by, intake.changed_at = by, at
    intake.save()
    CommunicationPlan.objects.create(
        intake=intake, document=Document.objects.create(), changed_by=by, changed_at=at
    )
    ActivityPlan.objects.create(intake=intake, document=Document.objects.create())
    return intake
