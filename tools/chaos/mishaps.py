"""What can go wrong with a mail server, and at which moment of the conversation about a letter."""

from dataclasses import dataclass
from enum import Enum, auto


class Moment(Enum):
    """What the server has just been asked or, at the last two, what it is about to do."""

    GREETING = auto()
    SENDER = auto()
    RECIPIENT = auto()
    DATA = auto()
    TEXT = auto()
    """The text is on its way."""

    END = auto()
    """The whole text has come."""

    TAKEN = auto()
    """The letter is taken, and nobody knows."""


BEFORE_THE_TEXT = (Moment.GREETING, Moment.SENDER, Moment.RECIPIENT, Moment.DATA)
IN_A_SESSION = (Moment.SENDER, Moment.RECIPIENT, Moment.DATA, Moment.END)


@dataclass(frozen=True)
class Mishap:
    """It happens with this probability at each of these moments."""

    moments: tuple[Moment, ...]
    probability: float
    answer: str = ""
    """A refusal, in place of what should have been said and done."""

    seconds: float = 0
    hangs_up: bool = False


DROPS = (
    Mishap(BEFORE_THE_TEXT, 0.01, hangs_up=True),
    Mishap((Moment.TEXT,), 0.02, hangs_up=True),
    Mishap((Moment.TAKEN,), 0.04, hangs_up=True),
)
LATER = (
    Mishap((Moment.GREETING, *IN_A_SESSION), 0.01, answer="421 4.3.2 closing", hangs_up=True),
    Mishap(IN_A_SESSION, 0.015, answer="451 4.3.0 later"),
)
SLOW = (
    Mishap(IN_A_SESSION, 0.05, seconds=0.5),
    # Longer than anybody waits here: the letter is taken when it has been given up.
    Mishap((*IN_A_SESSION, Moment.TAKEN), 0.005, seconds=4),
)

MAIL_FAULTS: dict[str, tuple[Mishap, ...]] = {
    "none": (),
    "drops": DROPS,
    "later": LATER,
    "slow": SLOW,
    "mixed": (*DROPS, *LATER, *SLOW),
}
