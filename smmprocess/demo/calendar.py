"""The college's events: an open day about to start, the weeks around it, and two webinars."""

import random
from datetime import datetime, time, timedelta
from decimal import Decimal

from accounts.models import Role, User
from events import registration
from events.models import Event, Offer, OfferLine, Registration
from events.models.offer import sunday_of
from opendays import series
from opendays.models import Series
from people.models import Medium
from plans.local_time import local_day, local_moment
from smmprocess.demo.people import Invented, invent

OPEN_DAY = ("Atvērto durvju diena", "Open day")
ABOUT = (
    "Tiešsaistes tikšanās ar studiju programmu direktoriem: kā notiek studijas, cik tās maksā un "
    "kā pieteikties.",
    "Meet the programme directors online: how studies work, what they cost and how to apply.",
)
SOON = timedelta(minutes=15, seconds=30)
"""An open day is made to start this long from now, so that its first reminders are due at once."""

REGISTERED = 46
OPENS = time(18)
WEEKS_AHEAD = 8


def make_soon(staff: dict[Role, User], now: datetime) -> Event:
    """Return the open day that is about to start; make one if there is none."""
    running = Event.objects.going_ahead().filter(
        kind="open_day", starts_at__gt=now + timedelta(minutes=15), starts_at__lt=now + 2 * SOON
    )
    return running.first() or make_open_day(staff, next_minute(now + SOON), now)


def make_open_day(
    staff: dict[Role, User], starts_at: datetime, now: datetime, *, registered: int = REGISTERED
) -> Event:
    """Make an open day of 45 minutes, with people registered over the week before."""
    event = Event.objects.create(
        kind="open_day",
        title=OPEN_DAY[0],
        title_en=OPEN_DAY[1],
        description=ABOUT[0],
        description_en=ABOUT[1],
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=45),
        room_url="https://example.org/zoom/bvk-atvertas-durvis",
        moderator=staff[Role.PROJECT_MANAGER],
        offer=week_offer(starts_at),
        created_by=staff[Role.MARKETING_HEAD],
        created_at=min(now, starts_at) - timedelta(days=14),
    )
    register_people(event, invent(registered, seed=local_day(starts_at).toordinal() % 97), now)
    return event


def make_series(staff: dict[Role, User], now: datetime) -> None:
    """Make the weekly open day, on Wednesdays at 18:00 for the next two months."""
    if Series.objects.exists():
        return
    days_ahead = (2 - local_day(now).weekday()) % 7 or 7
    first_day = local_day(now) + timedelta(days=days_ahead)
    for week in range(WEEKS_AHEAD):
        week_offer(local_moment(first_day + timedelta(weeks=week), OPENS))
    weekly = Series(
        title=OPEN_DAY[0],
        title_en=OPEN_DAY[1],
        description=ABOUT[0],
        description_en=ABOUT[1],
        weekday=2,
        clock=OPENS,
        minutes=45,
        first_day=first_day,
        last_day=first_day + timedelta(weeks=WEEKS_AHEAD - 1),
        room_url="https://example.org/zoom/bvk-atvertas-durvis",
        moderator=staff[Role.PROJECT_MANAGER],
    )
    events = series.create(weekly, by_id=staff[Role.MARKETING_HEAD].pk, now=now)
    for number, event in enumerate(events[:3]):
        register_people(event, invent(24 - 7 * number, seed=400 + number), now)


def make_webinars(staff: dict[Role, User], now: datetime) -> None:
    """Make a free webinar in ten days and a paid one in five weeks."""
    if Event.objects.filter(kind="webinar").exists():
        return
    plans = [
        ("Sociālie tīkli mazam uzņēmumam", "Social media for a small business", 10, None, 18),
        ("Finanšu plānošana vadītājiem", "Financial planning for managers", 35, Decimal(45), 5),
    ]
    for number, (title, title_en, days, price, registered) in enumerate(plans):
        starts_at = local_moment(local_day(now) + timedelta(days=days), OPENS)
        event = Event.objects.create(
            kind="webinar",
            title=title,
            title_en=title_en,
            starts_at=starts_at,
            ends_at=starts_at + timedelta(minutes=90),
            room_url=f"https://example.org/zoom/bvk-vebinars-{number + 1}",
            presenter="Dr. oec. Inga Krūmiņa" if price else "Rihards Žagars",
            price=price,
            moderator=staff[Role.SPECIALIST],
            created_by=staff[Role.MARKETING_HEAD],
            created_at=now - timedelta(days=20),
        )
        register_people(event, invent(registered, seed=200 + number), now)


def week_offer(moment: datetime) -> Offer:
    """Return the offer of the week in which a moment lies; make it if it is missing."""
    sunday = sunday_of(local_day(moment))
    offer, is_new = Offer.objects.get_or_create(
        last_day=sunday,
        defaults={
            "title": "Īpašā cena studijām",
            "title_en": "A special price for studies",
            "first_day": sunday - timedelta(days=6),
            "url": "https://example.org/bvk/studijas",
        },
    )
    if is_new:
        OfferLine.objects.bulk_create(
            OfferLine(
                offer=offer,
                programme=name,
                programme_en=name_en,
                price=Decimal(price),
                special_price=Decimal(special),
            )
            for name, name_en, price, special in [
                ("Uzņēmējdarbības vadība", "Business management", 2190, 1790),
                ("Mārketings un tirdzniecība", "Marketing and sales", 1990, 1690),
                ("Grāmatvedība un finanses", "Accounting and finance", 2090, 1750),
            ]
        )
    return offer


def register_people(event: Event, people: list[Invented], now: datetime) -> None:
    """Register people over the week before the event, the way a list does it."""
    chance = random.Random(event.pk)  # noqa: S311 - nothing here is secret
    before = min(now, event.starts_at)
    for person in people:
        registration.register(
            event,
            registration.Person(
                first_name=person.first_name,
                last_name=person.last_name,
                email=person.email,
                phone=person.phone,
                language=person.language,
                consents={Medium.EMAIL: person.accepts_offers},
            ),
            registration.Origin(Registration.Source.LIST, place="dalibnieki.xlsx"),
            before - timedelta(minutes=chance.randrange(60, 7 * 24 * 60)),
            confirm=False,
        )


def next_minute(moment: datetime) -> datetime:
    return moment.replace(second=0, microsecond=0) + timedelta(minutes=1)
