"""What a look at the Bitrix24 connection has found, in words for the administrator."""

from dataclasses import dataclass

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from integrations.outcomes import Done, Outcome
from outbox.channels.bitrix24_outcomes import sentence_of
from ui.choices import ShownChoices


class Level(ShownChoices):
    """How much a finding matters."""

    OK = "ok", "is-ok", "check", _("Good")
    WARNING = "warning", "is-warning", "alert-triangle", _("Look at it")
    BAD = "bad", "is-bad", "circle-x", _("To be mended")
    INFO = "info", "is-info", "info-circle", _("For information")


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at: what it is like, and what to do about it."""

    level: Level
    subject: str
    sentence: str
    advice: str = ""


def not_told(subject: str, outcome: Outcome) -> Finding:
    answer = "" if isinstance(outcome, Done) else sentence_of(outcome)
    sentence = gettext("The portal did not tell: %(answer)s.") % {"answer": answer.rstrip(".")}
    advice = gettext("See what is missing above, then check again.")
    return Finding(Level.WARNING, subject, sentence, advice)
