"""Step 5.2: the weekly open day of the plan, its weeks before and ahead, and one about to start."""

from datetime import datetime, timedelta
from decimal import Decimal

from events import advertising, changes, from_plan
from events import materials as event_materials
from events.materials import Content
from events.models import Event, Material, Offer, OfferLine
from events.models.offer import sunday_of
from opendays import activity as from_activity
from opendays import series as domain
from opendays.board import CHANNELS
from opendays.models import LeadCount, Promotion, Series
from outbox.models import Message
from plans.holidays import is_holiday
from plans.local_time import local_day, same_clock
from plans.models import Activity, Channel, Publication
from smmprocess.demo import pictures
from smmprocess.demo.history import live_through, write_down
from smmprocess.demo.registrations import register_people
from smmprocess.demo.staff import Staff
from work.models import Task

TITLE = ("Atvērto durvju diena", "Open day")
ABOUT = (
    "Tiešsaistes tikšanās ar studiju programmu direktoriem: kā notiek studijas, cik tās maksā un "
    "kā pieteikties.",
    "Meet the programme directors online: how studies work, what they cost and how to apply.",
)
ROOM = "https://example.org/zoom/bvk-atvertas-durvis"
CONCEPT = (
    "Viens jautājums nedēļā, uz kuru atbild programmas direktors. Reklāma divās daļās: nedēļu "
    "iepriekš aicinājums ar direktora portretu, dienu iepriekš stāsts ar skatītāju jautājumiem. "
    "Baneris visām nedēļām viens, mainās tikai datums un jautājums."
)
POST = (
    "Vai var studēt un strādāt pilnu slodzi? Trešdien 18.00 tiešsaistē atbildēs programmas "
    "direktors. Piesakies, un saiti saņemsi e-pastā un SMS."
)
SOON = timedelta(minutes=15, seconds=30)
"""An open day is made to start this long from now, so that its first reminders are due at once."""

REGISTERED = 46
CAME_EARLIER = (28, 33, 30, 37)
TO_COME = (24, 17, 10)
LEADS = (9, 12, 8, 14)
WEEK = timedelta(days=7)
AFTERWARDS = timedelta(hours=1)
"""So long after its end everything has been said to an open day's people."""


def make_series(staff: Staff, activity: Activity, now: datetime) -> Series:
    """Make the weekly open day of the plan with one click, and lead it to the present."""
    made_at = activity.starts_at - timedelta(days=20)
    for starts_at, _ends_at in activity.occurrences():
        week_offer(starts_at)
    series = from_activity.make(activity, by_id=staff.head.pk, now=made_at)
    assert isinstance(series, Series)
    series.description, series.description_en = ABOUT
    series.room_url = ROOM
    domain.update(series, by_id=staff.head.pk, now=made_at)
    for occurrence in series.occurrences.select_related("event"):
        if is_holiday(occurrence.original_on):
            domain.skip(occurrence, "Valsts svētki.", by_id=staff.head.pk, now=made_at)
    events = [
        each.event
        for each in series.occurrences.select_related("event__offer", "event__activity")
        if not each.event.is_cancelled
    ]
    over = [event for event in events if event.has_ended(now - AFTERWARDS)]
    ahead = [event for event in events if not event.has_ended(now)]
    _promote(series, events, staff, now)
    for number, event in enumerate(over):
        register_people(event, CAME_EARLIER[number % 4], seed=300 + number, now=now)
        live_through(event)
        _count_leads(event, LEADS[number % 4], staff)
    for number, (event, registered) in enumerate(zip(ahead, TO_COME, strict=False)):
        register_people(event, registered, seed=400 + number, now=now)
    return series


def _promote(series: Series, events: list[Event], staff: Staff, now: datetime) -> None:
    """Give the series its concept, its banner and its advertisements week by week."""
    at = series.created_at + timedelta(days=2)
    Promotion.objects.create(series=series, concept=CONCEPT, changed_by=staff.head, changed_at=at)
    banner = Material(
        event=events[0],
        title="Atvērto durvju dienas baneris",
        alt_text="Atvērtas durvis un uzraksts: trešdien 18.00 tiešsaistē.",
    )
    version = event_materials.add(
        banner, Content(pictures.upload("open-day.png"), ""), by=staff.specialist, at=at
    )
    version.approve(by=staff.head, at=at + timedelta(hours=4))
    text = Material(event=events[0], kind=Material.Kind.TEXT, title="Ieraksts nedēļu iepriekš")
    version = event_materials.add(text, Content(None, POST), by=staff.specialist, at=at)
    version.approve(by=staff.head, at=at + timedelta(hours=5))
    for event in events:
        _advertise(event, staff, now)


def _advertise(event: Event, staff: Staff, now: datetime) -> None:
    """Place an open day's advertisements a week before it, or plan them."""
    assert event.activity is not None
    due_at = same_clock(event.starts_at, days=-7) - timedelta(hours=9)
    for number, channel in enumerate(_channels(event.activity)):
        at = due_at + timedelta(minutes=6 * number)
        if at < now:
            url = f"{channel.address}/{event.slug}"
            advertising.record(event, channel, url, by=staff.specialist, at=at)
        else:
            Publication.objects.create(activity=event.activity, channel=channel, planned_at=at)


def _channels(activity: Activity) -> list[Channel]:
    return list(activity.channels.filter(kind__in=CHANNELS))


def _count_leads(event: Event, count: int, staff: Staff) -> None:
    LeadCount.objects.create(
        event=event,
        count=count,
        note="Bitrix24, jauni līdi trīs dienās pēc pasākuma",
        changed_by=staff.manager,
        changed_at=event.ends_at + timedelta(days=3),
    )


def make_soon(staff: Staff, now: datetime) -> Event:
    """Return the open day that is about to start; make one if there is none."""
    running = Event.objects.going_ahead().filter(
        kind="open_day",
        starts_at__gt=now + timedelta(minutes=15),
        starts_at__lt=now + SOON + timedelta(minutes=1),
    )
    return running.first() or _make_soon(staff, next_minute(now + SOON), now)


def _make_soon(staff: Staff, starts_at: datetime, now: datetime) -> Event:
    """Make an open day outside of the series, with people registered over the week before."""
    week_offer(starts_at)
    event = Event(
        kind="open_day",
        title=TITLE[0],
        title_en=TITLE[1],
        description=ABOUT[0],
        description_en=ABOUT[1],
        room_url=ROOM,
        moderator=staff.manager,
    )
    made_at = now - timedelta(days=15)
    activity = _weekly_activity(now)
    if activity is not None:
        from_plan.take(event, activity, made_at)
    ends_at = starts_at + timedelta(minutes=45)
    changes.create(event, starts_at, ends_at, by_id=staff.head.pk, now=made_at)
    _prepare(event, staff, now)
    register_people(event, REGISTERED, seed=local_day(starts_at).toordinal() % 97, now=now)
    return event


def _weekly_activity(now: datetime) -> Activity | None:
    """Return the activity that an open day of today carries out."""
    weekly = Activity.objects.in_plan().filter(
        kind=Activity.Kind.OPEN_DAY, starts_at__lte=now, last_on__gte=local_day(now)
    )
    return weekly.first()


def _prepare(event: Event, staff: Staff, now: datetime) -> None:
    """Have everything done that is due for an open day of today."""
    Promotion.objects.create(event=event, concept=CONCEPT, changed_by=staff.head, changed_at=now)
    if event.activity is not None:
        placed = advertising.publications_of(event)
        for channel in _channels(event.activity):
            if advertising.placed_on(placed, Channel.Kind(channel.kind)) is None:
                url = f"{channel.address}/{event.slug}"
                advertising.record(event, channel, url, by=staff.specialist, at=now - WEEK)
    made_at = now - timedelta(days=11)
    banner = Material(
        event=event,
        title="Šīs atvērto durvju dienas baneris",
        alt_text="Atvērtas durvis un uzraksts: šodien tiešsaistē.",
    )
    version = event_materials.add(
        banner, Content(pictures.upload("open-day.png"), ""), by=staff.specialist, at=made_at
    )
    # That the banner waited for its approval days ago is no news.
    write_down(Message.objects.filter(user__isnull=False, due_at=made_at))
    version.approve(by=staff.head, at=made_at + timedelta(hours=3))
    for task in Task.objects.filter(event=event).open():
        task.complete(by=task.assignee or staff.specialist, at=now - WEEK)


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


def next_minute(moment: datetime) -> datetime:
    return moment.replace(second=0, microsecond=0) + timedelta(minutes=1)
