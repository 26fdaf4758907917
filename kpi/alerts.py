"""What has to be told of: found in the figures, told once to whom it belongs, over by itself.

- **Behind**: a target of this year is behind, far behind or missed, as `kpi.pace` judges it. One
  that recovers and falls back within two weeks is the same one, and is not told of again.
- **No data**: a series that has a value on most days, 20 of the 28 up to its last one, has none for
  three whole days. What is measured now and then, such as attendance, is never waited for. The same
  holds for each channel in use; where all are silent, the series is told of once. A channel that
  was silent before that and still is afterwards has the same silence, and is not told of again.
- **Unusual**: a value of the last seven days lies far from its usual range, as `kpi.usual` says, by
  the days measured on the same channels: Facebook not typed in yet is no fall.

Who answers for the indicator is told; of a series, who answers for the indicators read from it this
year; without any, the marketing heads. What somebody muted is told of when the mute is over, if it
still holds then.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from django.db import transaction
from django.db.models import QuerySet

from accounts.models import Role, User
from goals.models import Indicator, Series
from kpi import figures, letter_names
from kpi.adding_up import ALL
from kpi.aims import told_of
from kpi.alert_letters import letter_about
from kpi.figures import Figure
from kpi.models import Alert, Channel
from kpi.periods import DAY, Span
from kpi.usual import WEEKS, usual_on
from outbox import queue
from outbox.models import Message, Purpose
from plans.local_time import local_day, local_moment

FROM, UNTIL = time(8), time(20)
"""Nobody is written to outside these hours; what is found then waits for the morning."""

SILENT = timedelta(days=3)
MOST_DAYS = (20, 28)
"""On so many of so many days a series has a value if it is one to wait for."""

LOOKED_BACK = timedelta(days=7)
SAME_ONE = timedelta(days=14)

Kind = Alert.Kind


@dataclass(frozen=True)
class Finding:
    """Something that holds now."""

    kind: Alert.Kind
    indicator: int | None = None
    series: int | None = None
    channel: int | None = None
    day: date | None = None
    value: Decimal | None = None
    usual_from: Decimal | None = None
    usual_to: Decimal | None = None

    @property
    def key(self) -> tuple[str, int | None, int | None, int | None, date | None]:
        return self.kind, self.indicator, self.series, self.channel, self.day

    @property
    def told_by(self) -> QuerySet[Alert]:
        """Give the alerts of it, those that are over too, the newest first."""
        return Alert.objects.filter(
            kind=self.kind,
            indicator=self.indicator,
            series=self.series,
            channel=self.channel,
            day=self.day,
        )


def look(now: datetime) -> int:
    """Bring the alerts up to date and write of new ones; return how many letters."""
    today = local_day(now)
    if not local_moment(today, FROM) <= now < local_moment(today, UNTIL):
        return 0
    with transaction.atomic():
        _keep(findings(today), now)
        return _tell(now)


def findings(today: date) -> list[Finding]:
    """Find everything that holds on a day."""
    behind = [
        Finding(Kind.BEHIND, indicator=told.indicator.pk)
        for told in told_of(today.year, today)
        if told.pace.light.is_late
    ]
    return [*behind, *_of_series(today)]


def _of_series(today: date) -> list[Finding]:
    series = list(Series.objects.on().entered())
    first = today - LOOKED_BACK - timedelta(weeks=WEEKS)
    read = figures.by_channel(series, Span.DAY, first, today - DAY, today=today)
    in_use = {ALL, *Channel.objects.on().values_list("pk", flat=True)}
    found: list[Finding] = []
    for number, channels in read.items():
        values = {channel: _values(days) for channel, days in channels.items() if channel in in_use}
        found += _silences(number, values, today)
        found += _unusual(number, channels[ALL], today)
    return found


def _values(of_days: Iterable[Figure]) -> dict[date, Decimal]:
    return {each.period.first: each.value for each in of_days if each.value is not None}


def _silences(
    series: int, values: dict[int | None, dict[date, Decimal]], today: date
) -> list[Finding]:
    if whole := _silent(series, ALL, values[ALL], today):
        return [whole]
    silent = (_silent(series, channel, of_each, today) for channel, of_each in values.items())
    return [each for each in silent if each]


def _silent(
    series: int, channel: int | None, values: dict[date, Decimal], today: date
) -> Finding | None:
    if not values:
        return None
    last, (most, of_days) = max(values), MOST_DAYS
    lately = sum(last - timedelta(days=of_days) < day for day in values)
    if lately < most or today - last <= SILENT:
        return None
    return Finding(Kind.NO_DATA, series=series, channel=channel, day=last)


def _unusual(series: int, of_days: Iterable[Figure], today: date) -> list[Finding]:
    """Compare each day with those that were measured on the same channels."""
    alike: dict[frozenset[int | None], dict[date, Decimal]] = defaultdict(dict)
    channels = {}
    for each in of_days:
        if each.value is not None:
            alike[each.channels][each.period.first] = each.value
            channels[each.period.first] = each.channels
    found = []
    for day in sorted(day for day in channels if day >= today - LOOKED_BACK):
        values = alike[channels[day]]
        usual = usual_on(day, values)
        if usual and not usual.has(values[day]):
            found.append(
                Finding(
                    Kind.UNUSUAL,
                    series=series,
                    day=day,
                    value=values[day],
                    usual_from=usual.low,
                    usual_to=usual.high,
                )
            )
    return found


def _keep(found: Iterable[Finding], now: datetime) -> None:
    """Open what is new, close what is over."""
    wanted = {each.key: each for each in found}
    there = {
        (each.kind, each.indicator_id, each.series_id, each.channel_id, each.day): each
        for each in Alert.objects.open().select_for_update()
    }
    over = [alert.pk for key, alert in there.items() if key not in wanted]
    Alert.objects.filter(pk__in=over).update(closed_at=now)
    for key, finding in wanted.items():
        if key not in there and not _reopen(finding, now):
            _open(finding, now)


def _reopen(finding: Finding, now: datetime) -> bool:
    """Go on with the same one where it was over for a while; return whether there is one.

    A silence is the same as long as its last value is.
    """
    over = finding.told_by.filter(closed_at__isnull=False)
    if finding.kind == Kind.BEHIND:
        over = over.filter(closed_at__gt=now - SAME_ONE)
    if finding.kind == Kind.UNUSUAL or (same := over.first()) is None:
        return False
    same.closed_at = None
    same.save(update_fields=["closed_at"])
    return True


def _open(finding: Finding, now: datetime) -> None:
    """Open one; another worker that found the same is waited for, and its row stays."""
    about = {
        "kind": finding.kind,
        "indicator_id": finding.indicator,
        "series_id": finding.series,
        "channel_id": finding.channel,
        "day": finding.day,
        "closed_at": None,
    }
    Alert.objects.get_or_create(
        **about,
        defaults={
            "value": finding.value,
            "usual_from": finding.usual_from,
            "usual_to": finding.usual_to,
            "found_at": now,
        },
    )


def _tell(now: datetime) -> int:
    """Write of each alert once: a letter for each person, with all that is new."""
    today = local_day(now)
    untold = (
        Alert.objects.open()
        .filter(told_at=None)
        .not_muted(today)
        .select_related("indicator__owner", "series", "channel")
    )
    claimed = [each for each in untold if _claim(each, now)]
    of_person: dict[User, list[Alert]] = defaultdict(list)
    belongs = _people(claimed, today)
    for alert in claimed:
        for person in belongs[alert.pk]:
            of_person[person].append(alert)
    letters: list[Message] = [
        letter_about(alerts, person, now) for person, alerts in of_person.items()
    ]
    if letters:
        title = letter_names.of_alerts()
        dispatch = queue.queue_to_users(title, letters, purpose=Purpose.SERVICE)
        numbers = [each.pk for each in claimed]
        Alert.objects.filter(pk__in=numbers).update(dispatch=dispatch)
    return len(letters)


def _claim(alert: Alert, now: datetime) -> bool:
    """Make an alert this worker's to tell of; of two workers one gets it."""
    return bool(Alert.objects.filter(pk=alert.pk, told_at=None).update(told_at=now))


def _people(alerts: list[Alert], today: date) -> dict[int, list[User]]:
    """Say to whom alerts belong, by their number."""
    owners = _owners_of_series(today)
    heads = list(User.objects.active().filter(role=Role.MARKETING_HEAD))
    found = {}
    for alert in alerts:
        owner = alert.indicator.owner if alert.indicator else None
        people = [owner] if owner else owners.get(alert.series_id or 0, [])
        found[alert.pk] = [each for each in people if each.is_active] or heads
    return found


def _owners_of_series(today: date) -> dict[int, list[User]]:
    found: dict[int, list[User]] = {}
    read = Indicator.objects.filter(
        goal__year__year=today.year, series__isnull=False, owner__isnull=False
    ).select_related("owner", "series")
    for indicator in read:
        assert indicator.series is not None
        assert indicator.owner is not None
        # What grows is read for its growth too.
        for number in {indicator.series.pk, indicator.series.growth_of_id or indicator.series.pk}:
            people = found.setdefault(number, [])
            if indicator.owner not in people:
                people.append(indicator.owner)
    return found
