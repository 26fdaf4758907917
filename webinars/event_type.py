"""The webinar: participants are reminded by e-mail and SMS (process step 5.1)."""

from django.utils.translation import gettext_lazy as _

from accounts.models import Role
from events import default_rules as rules
from events.event_type import DefaultTask, EventType

WEBINAR = EventType(
    key="webinar",
    name=_("webinar"),
    name_plural=_("Webinars"),
    step="5.1",
    board="webinars:board",
    activity_kinds=("free_webinar", "paid_webinar"),
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
    tasks=(
        DefaultTask(
            "topic",
            (
                "Noteikt vebināra tēmu un atrast lektoru",
                "Define the webinar's topic and find its presenter",
            ),
            -60,
            Role.MARKETING_HEAD,
        ),
        DefaultTask(
            "contract",
            ("Noslēgt līgumu ar lektoru", "Sign the contract with the presenter"),
            -45,
            Role.PROJECT_MANAGER,
        ),
        DefaultTask(
            "banner",
            ("Sagatavot reklāmas baneri", "Prepare the advertising banner"),
            -38,
            Role.SPECIALIST,
        ),
        DefaultTask(
            "materials",
            ("Sagatavot reklāmas materiālus", "Prepare the advertising materials"),
            -35,
            Role.SPECIALIST,
        ),
        DefaultTask(
            "publication",
            (
                "Ievietot reklāmu Facebook un Instagram",
                "Place the advertising on Facebook and Instagram",
            ),
            -1,
            Role.SPECIALIST,
            unit="months",
        ),
        DefaultTask(
            "reminders",
            (
                "Pārbaudīt, vai e-pasta un SMS atgādinājumi dalībniekiem ir gatavi",
                "Check that the reminders to participants by e-mail and SMS are ready",
            ),
            -1,
            Role.PROJECT_MANAGER,
            unit="working_days",
        ),
        DefaultTask(
            "moderation",
            ("Moderēt vebināru", "Moderate the webinar"),
            0,
            Role.PROJECT_MANAGER,
        ),
        DefaultTask(
            "pay",
            ("Noorganizēt samaksu lektoram", "Organise the presenter's pay"),
            5,
            Role.PROJECT_MANAGER,
            unit="working_days",
            anchor="end",
        ),
    ),
)
