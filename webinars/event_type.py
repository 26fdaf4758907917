"""The webinar: participants are reminded by e-mail and SMS (process step 5.1)."""

from django.utils.translation import gettext_lazy as _

from events import default_rules as rules
from events.event_type import EventType

WEBINAR = EventType(
    key="webinar",
    name=_("webinar"),
    name_plural=_("Webinars"),
    step="5.1",
    own_fields=("presenter", "price", "currency"),
    rules=(
        rules.CONFIRMATION,
        rules.TOMORROW,
        rules.BEFORE,
        rules.JOIN_NOW,
        rules.BEGUN,
        rules.LATE_START,
        rules.MOVED,
        rules.CANCELLED,
    ),
)
