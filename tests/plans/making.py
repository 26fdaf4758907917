"""What the tests of plans are about, made with plain functions."""

from datetime import date, time, timedelta
from itertools import count

from opendays.models import Series
from opendays.series import create as create_series
from plans import intakes
from plans.models import Activity, Audience, Channel, Intake, KeyMessage, Publication
from tests.factories import make_user, riga

NOW = riga(2026, 1, 12, 10)
START = riga(2026, 3, 11, 18)
_numbers = count(1)


def make_intake(**fields):
    """Begin the Spring intake of 2026 with its two empty plans, unless told otherwise."""
    fields.setdefault("year", 2026)
    fields.setdefault("season", Intake.Season.SPRING)
    fields.setdefault("begins_on", date(2026, 1, 12))
    fields.setdefault("ends_on", date(2026, 6, 30))
    by = fields.pop("by", None) or make_user()
    return intakes.begin(Intake(**fields), by=by, at=NOW)


def make_channel(intake, **fields):
    fields.setdefault("kind", Channel.Kind.FACEBOOK)
    fields.setdefault("name", f"Channel {next(_numbers)}")
    return Channel.objects.create(intake=intake, **fields)


def make_audience(intake, **fields):
    fields.setdefault("name", f"Audience {next(_numbers)}")
    return Audience.objects.create(intake=intake, **fields)


def make_activity(intake, **fields):
    """Plan a free webinar of an hour and a half on a Wednesday evening."""
    fields.setdefault("kind", Activity.Kind.FREE_WEBINAR)
    fields.setdefault("title", f"Activity {next(_numbers)}")
    fields.setdefault("starts_at", START)
    fields.setdefault("ends_at", fields["starts_at"] + timedelta(minutes=90))
    several = {name: fields.pop(name) for name in ("audiences", "channels") if name in fields}
    activity = Activity.objects.create(intake=intake, **fields)
    for name, rows in several.items():
        getattr(activity, name).set(rows)
    return activity


def make_publication(activity, channel=None, **fields):
    channel = channel or make_channel(activity.intake)
    fields.setdefault("planned_at", activity.starts_at - timedelta(days=30))
    return Publication.objects.create(activity=activity, channel=channel, **fields)


def make_message(intake, **fields):
    fields.setdefault("text", f"Message {next(_numbers)}")
    return KeyMessage.objects.create(plan=intake.communication_plan, **fields)


def submit(plan):
    """Lock a plan, whatever it says so far."""
    plan.document.submit(by=make_user(), at=NOW, content=lambda: {"lines": []})


def make_weekly(intake):
    """Plan an open day on three Wednesdays, and make the events of its series."""
    activity = make_activity(intake, kind="open_day", starts_at=START, last_on=date(2026, 3, 25))
    series = Series(
        activity=activity,
        title="Open day",
        first_day=date(2026, 3, 11),
        last_day=date(2026, 3, 25),
        weekday=2,
        clock=time(18),
        minutes=90,
    )
    return activity, create_series(series, by_id=make_user().pk, now=NOW)
