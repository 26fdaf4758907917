"""An activity of the plan becomes an event and stays linked to it; how each kind does it is its
own."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext

from events.models import Event
from plans.models import Activity


class ActivityRefusedError(Exception):
    """The activity cannot become an event; the sentence says why."""


def hold(activity: Activity, kinds: Collection[str]) -> Activity:
    """Read an activity that may become an event; nobody else makes one of it meanwhile."""
    held = Activity.objects.select_for_update().get(pk=activity.pk)
    if held.kind not in kinds:
        raise ActivityRefusedError(gettext("This kind of activity has no event."))
    if not held.is_in_plan:
        raise ActivityRefusedError(gettext("The activity is not in the plan."))
    return held


def take(event: Event, activity: Activity, now: datetime) -> None:
    """Take over what the plan says, without saving; the reminders of a copied activity stay off."""
    event.activity = activity
    if activity.is_rolled_forward:
        event.reminders_stopped_at = now
        event.reminders_stop_reason = gettext(
            "Copied from an earlier intake: check the texts and the room, then switch on."
        )


@transaction.atomic
def link(event: Event, activity: Activity) -> None:
    """Link an event that was made by hand to the activity it carries out."""
    held = Activity.objects.select_for_update().get(pk=activity.pk)
    if held.events.exists():
        raise ActivityRefusedError(gettext("The activity has an event already."))
    event.activity = held
    event.save(update_fields=["activity"])
