"""What steps 2 to 4 plan, in the order of the process."""

from plans.models.activity import (
    Activity,
    ActivityComment,
    Publication,
    PublishingRefusedError,
)
from plans.models.audience import Audience, Channel
from plans.models.communication import CommunicationPlan, KeyMessage, Wording
from plans.models.intake import ActivityPlan, Intake, IntakeTarget
from plans.models.plan_import import PlanImport

__all__ = [
    "Activity",
    "ActivityComment",
    "ActivityPlan",
    "Audience",
    "Channel",
    "CommunicationPlan",
    "Intake",
    "IntakeTarget",
    "KeyMessage",
    "PlanImport",
    "Publication",
    "PublishingRefusedError",
    "Wording",
]
