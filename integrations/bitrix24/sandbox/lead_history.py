"""Made-up leads of the past: the same ones for the same day, however often the sandbox starts."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from .clock import PORTAL_ZONE, iso
from .entities import LEAD, SEMANTICS
from .portal import Portal
from .records import add_record
from .tables import Row

ORIGINATOR = "made-up"
BY_WEEKDAY = (1.3, 1.2, 1.1, 1.1, 0.9, 0.4, 0.5)
BY_MONTH = (1.1, 0.9, 0.9, 1.0, 1.2, 1.5, 1.2, 1.6, 1.1, 0.8, 0.8, 0.5)
A_DAY = 4.5
"""How many come on an average day."""

SOURCES = {"WEB": 34, "UC_FB": 22, "UC_IG": 15, "CALL": 12, "RECOMMENDATION": 10, "": 3}
NAMES = (
    ("WEB", "Mājaslapa"),
    ("UC_FB", "Facebook veidlapa"),
    ("UC_IG", "Instagram ziņa"),
    ("CALL", "Zvans"),
    ("RECOMMENDATION", "Ieteikums"),
    ("TRADE_SHOW", "Izglītības izstāde"),
)
"""How this college calls its sources; two of them it has added itself."""

STAGES = {"CONVERTED": 24, "JUNK": 18, "PROCESSED": 20, "IN_PROCESS": 38}


@dataclass(frozen=True)
class MadeUpLead:
    key: str
    source: str
    came_at: datetime
    stage: str
    moved_at: datetime


def catch_up(portal: Portal, days: int) -> None:
    """Add the leads of so many days that are not there yet, and move those that have moved."""
    if days <= 0:
        return
    portal.lead_sources = NAMES
    now = datetime.fromtimestamp(portal.clock.now(), PORTAL_ZONE)
    with portal.lock:
        for number in range(days, -1, -1):
            for lead in leads_of(now.date() - timedelta(number)):
                if lead.came_at <= now:
                    _keep(portal, lead, now)


def leads_of(day: date) -> Iterator[MadeUpLead]:
    chance = random.Random(day.toordinal())  # noqa: S311 - made-up leads, the same every time
    mean = A_DAY * BY_WEEKDAY[day.weekday()] * BY_MONTH[day.month - 1]
    for number in range(max(0, round(chance.gauss(mean, mean / 3)))):
        at = time(chance.randint(7, 22), chance.randint(0, 59), chance.randint(0, 59))
        came_at = datetime.combine(day, at, PORTAL_ZONE)
        yield MadeUpLead(
            key=f"{day}-{number}",
            source=_one_of(chance, SOURCES),
            came_at=came_at,
            stage=_one_of(chance, STAGES),
            moved_at=came_at + timedelta(days=chance.randint(1, 20), hours=1),
        )


def _one_of(chance: random.Random, weights: dict[str, int]) -> str:
    return chance.choices(list(weights), list(weights.values()))[0]


def _keep(portal: Portal, lead: MadeUpLead, now: datetime) -> None:
    known = portal.leads.indexed("ORIGIN_ID", [lead.key])
    row = known[0] if known else _add(portal, lead)
    if lead.moved_at <= now and row["STATUS_ID"] == "NEW":
        moved = {"STATUS_ID": lead.stage, "STATUS_SEMANTIC_ID": SEMANTICS.get(lead.stage, "P")}
        moved["MOVED_TIME"] = iso(lead.moved_at.timestamp())
        portal.leads.put(int(row["ID"]), row | moved)


def _add(portal: Portal, lead: MadeUpLead) -> Row:
    fields = {"ORIGINATOR_ID": ORIGINATOR, "ORIGIN_ID": lead.key, "SOURCE_ID": lead.source}
    number = add_record(
        portal,
        LEAD,
        fields,
        phones_and_emails=[],
        created_at=iso(lead.came_at.timestamp()),
        notify=False,
    )
    return portal.leads.rows[number]
