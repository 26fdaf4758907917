"""The open day: e-mail and SMS 15 minutes before, an SMS 10 minutes after the start to those who
have not joined, and the week's special price afterwards (process step 5.2)."""

from django.utils.translation import gettext_lazy as _

from accounts.models import Role
from events import default_rules as rules
from events.event_type import DefaultTask, EventType

OPEN_DAY = EventType(
    key="open_day",
    name=_("open day"),
    name_plural=_("Open days"),
    step="5.2",
    board="opendays:board",
    activity_kinds=("open_day",),
    has_offer=True,
    own_fields=("with_offer", "offer"),
    rules=(
        rules.CONFIRMATION,
        rules.BEFORE,
        rules.JOIN_NOW,
        rules.BEGUN,
        rules.LATE_START,
        rules.OFFER,
        rules.MOVED,
        rules.CANCELLED,
    ),
    tasks=(
        DefaultTask(
            "concept",
            ("Izstrādāt reklāmas koncepciju", "Develop the advertising concept"),
            -14,
            Role.MARKETING_HEAD,
        ),
        DefaultTask(
            "banners",
            ("Sagatavot reklāmas banerus", "Prepare the advertising banners"),
            -10,
            Role.SPECIALIST,
        ),
        DefaultTask(
            "publication",
            (
                "Ievietot reklāmu Facebook un mājaslapā",
                "Place the advertising on Facebook and the home page",
            ),
            -7,
            Role.SPECIALIST,
        ),
    ),
)
