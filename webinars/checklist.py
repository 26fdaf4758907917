"""The checklist of the hour: what the moderator does before, during and after a webinar."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from webinars.models import ChecklistTick, Webinar

# A key is stored with each tick, so never rename one.
LINES: dict[str, str | Promise] = {
    "room": _("The room is open and its recording is ready."),
    "sound": _("The presenter's sound, camera and slides work."),
    "stand_in": _("The stand-in can take over the room."),
    "welcome": _("The participants are welcomed and told how to ask."),
    "recording": _("The recording runs."),
    "questions": _("The questions in the chat are answered or passed on."),
    "next_step": _("The next step for participants is named."),
    "saved": _("The recording and the chat are saved."),
}


@dataclass(frozen=True)
class Line:
    """One line of the checklist of one webinar."""

    key: str
    words: str | Promise
    tick: ChecklistTick | None


def lines_of(webinar: Webinar) -> list[Line]:
    ticks = {}
    if webinar.pk:
        ticks = {tick.key: tick for tick in webinar.ticks.select_related("done_by")}
    return [Line(key, words, ticks.get(key)) for key, words in LINES.items()]


def tick(webinar: Webinar, key: str, *, by: User, at: datetime) -> None:
    """Say that a line is done; who said it first stays."""
    webinar.ticks.get_or_create(key=key, defaults={"done_by": by, "done_at": at})


def take_back(webinar: Webinar, key: str) -> None:
    webinar.ticks.filter(key=key).delete()
