"""The preparation of webinars and open days, with one year's events and with ten years'."""

import tempfile
from datetime import datetime, timedelta

from django.conf import settings
from django.core.management import call_command
from django.utils import timezone

from accounts.models import User
from events.models import Event, Material, MaterialVersion, Registration
from opendays import activity as open_day_of
from opendays.models import Series
from people.models import Participant
from plans import intakes
from plans.local_time import local_day
from plans.models import Activity, Channel, Intake, Publication
from tools.bench.figures import Figure, Size
from tools.bench.ledger import analyse
from tools.bench.rows.pages import figure, page_of, signed_in, take
from webinars import activity as webinar_of
from webinars.models import Presenter, Webinar

YEARS = 10
WEBINARS_A_YEAR, PEOPLE, MATERIALS, VERSIONS = 30, 100, 6, 3
WEEKS = timedelta(weeks=25)
MOST_MS = 150.0


def measure(size: Size) -> list[Figure]:
    now = timezone.now()
    with tempfile.TemporaryDirectory() as directory:
        settings.STATIC_ROOT = directory
        call_command("collectstatic", interactive=False, verbosity=0)
        client = signed_in()
        head = User.objects.get()
        pages = _pages(*_year(0, head, now))
        analyse()
        fewer = take(client, pages)
        for year in range(1, size.choose(YEARS, 2)):
            _year(year, head, now)
        analyse()
        many = take(client, pages)
    return [figure(page, fewer[page], many[page], most_ms=MOST_MS) for page in many]


def _pages(webinar: Event, open_day: Event) -> dict[str, str]:
    return {
        "a webinar's preparation": page_of("webinars:board", webinar),
        "an open day's preparation": page_of("opendays:board", open_day),
        "a webinar's contract": f"{page_of('webinars:board', webinar)}edit/contract/",
        "recording an advertisement": page_of("events:publication_create", webinar),
        "presenters": page_of("webinars:presenter_list"),
    }


def _year(year: int, head: User, now: datetime) -> tuple[Event, Event]:
    """Make a year's webinars and weekly open days; return the next of each, with people."""
    day = local_day(now)
    intake = intakes.begin(
        Intake(
            year=day.year - year,
            season=Intake.Season.SPRING,
            begins_on=day - timedelta(days=30),
            ends_on=day + timedelta(days=330),
        ),
        by=head,
        at=now,
    )
    for kind in (Channel.Kind.FACEBOOK, Channel.Kind.INSTAGRAM, Channel.Kind.HOME_PAGE):
        Channel.objects.create(intake=intake, kind=kind, name=str(kind.label))
    starts = [now + timedelta(days=5 + 10 * number) for number in range(WEBINARS_A_YEAR)]
    webinars = [_webinar(intake, at, head, now) for at in starts]
    weekly = _activity(intake, Activity.Kind.OPEN_DAY, now + timedelta(days=6), WEEKS)
    series = open_day_of.make(weekly, by_id=head.pk, now=now)
    assert isinstance(series, Series)
    open_days = [each.event for each in series.occurrences.select_related("event__activity")]
    for event in (*webinars, *open_days):
        _prepare(event, head, now)
    return webinars[0], open_days[0]


def _activity(
    intake: Intake, kind: Activity.Kind, at: datetime, weeks: timedelta | None = None
) -> Activity:
    return Activity.objects.create(
        intake=intake,
        kind=kind,
        title=str(kind.label),
        starts_at=at,
        ends_at=at + timedelta(minutes=90),
        last_on=local_day(at) + weeks if weeks else None,
    )


def _webinar(intake: Intake, at: datetime, head: User, now: datetime) -> Event:
    activity = _activity(intake, Activity.Kind.FREE_WEBINAR, at)
    event = webinar_of.make_event(activity, by_id=head.pk, now=now)
    presenter = Presenter.objects.create(name=f"Lektors {event.pk}")
    webinar = Webinar.objects.create(event=event, topic="Tēma", presenter=presenter)
    webinar.ticks.create(key="room", done_at=now, done_by=head)
    return event


def _prepare(event: Event, head: User, now: datetime) -> None:
    """Give an event its people, materials and advertisements."""
    assert event.activity is not None
    people = Participant.objects.bulk_create(
        Participant(first_name="Anna", last_name="Ozola", email=f"a{event.pk}-{n}@example.org")
        for n in range(PEOPLE)
    )
    Registration.objects.bulk_create(
        Registration(event=event, participant=person, source="list", registered_at=now)
        for person in people
    )
    for number in range(MATERIALS):
        kind = Material.Kind.TEXT if number % 2 else Material.Kind.BANNER
        material = Material.objects.create(
            event=event, kind=kind, title=f"Materiāls {number}", alt_text="Attēls"
        )
        MaterialVersion.objects.bulk_create(
            MaterialVersion(
                material=material, number=version, text="Nāciet!", made_at=now, made_by=head
            )
            for version in range(1, VERSIONS + 1)
        )
    Publication.objects.bulk_create(
        Publication(
            activity=event.activity,
            channel=channel,
            planned_at=event.starts_at - timedelta(days=7),
            published_at=now,
            published_by=head,
            url="https://example.org/1",
        )
        for channel in event.activity.intake.channels.all()
    )
