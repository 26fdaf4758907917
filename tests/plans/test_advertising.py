"""An advertisement of what was cancelled stays where somebody planned it, and says so."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils.translation import override

from accounts.models import Role
from events.changes import cancel, move
from plans import warnings
from plans.advertising import advertised
from plans.linked import carried_out
from plans.models import Activity, Publication
from tests.factories import make_event, make_user
from tests.plans.making import NOW, START, make_activity, make_intake, make_publication, make_weekly

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


def make_webinar(**fields):
    """Plan a webinar with an advertisement, and make its event."""
    activity = make_activity(make_intake())
    return make_publication(activity), make_event(kind="webinar", activity=activity, **fields)


def make_weekly_with_advertising():
    """Plan three open days, each advertised a week before it."""
    activity, events = make_weekly(make_intake())
    return events, [
        make_publication(activity, planned_at=event.starts_at - 7 * DAY) for event in events
    ]


def called_off():
    events = carried_out(Activity.objects.all())
    found = advertised(Publication.objects.select_related("activity"), events)
    return [each.publication for each in found if each.is_called_off]


def stop(event):
    cancel(event, "No presenter.", by_id=make_user().pk, now=NOW)


def test_what_advertises_a_cancelled_event_is_for_nothing():
    publication, event = make_webinar()
    before = called_off()

    stop(event)

    assert (before, called_off()) == ([], [publication])


def test_another_event_in_the_place_of_a_cancelled_one_is_advertised():
    publication, event = make_webinar()
    stop(event)

    make_event(kind="webinar", activity=publication.activity, starts_at=START + 7 * DAY)

    assert called_off() == []


def test_what_is_planned_without_an_event_or_done_is_advertised():
    publication, event = make_webinar()
    make_publication(make_activity(publication.activity.intake))
    publication.activity.finish()

    stop(event)

    assert called_off() == []


def test_what_advertises_a_cancelled_activity_is_for_nothing():
    publication = make_publication(make_activity(make_intake()))
    Activity.objects.update(state=Activity.State.CANCELLED, reason="No presenter.")

    assert called_off() == [publication]


def test_of_a_weekly_series_only_the_advertisement_of_the_cancelled_week_is_for_nothing():
    [_first, second, _third], [_of_first, of_second, _of_third] = make_weekly_with_advertising()
    move(
        second,
        second.starts_at + DAY,
        second.ends_at + DAY,
        by_id=make_user().pk,
        now=NOW - 2 * DAY,
    )

    stop(second)

    assert called_off() == [of_second]


@time_machine.travel(NOW, tick=False)
@pytest.mark.parametrize("query", ["month?month=2026-02", "week?week=2026-02-09"])
def test_a_calendar_says_that_what_is_advertised_was_cancelled(client_for, query):
    publication, event = make_webinar()
    client = client_for(make_user())
    view, _mark, parameter = query.partition("?")
    intake = publication.activity.intake
    address = f"{reverse(f'plans:intake_{view}', args=[intake.pk])}?{parameter}"
    before = client.get(address).text

    stop(event)

    assert "(its event was cancelled)" not in before
    after = client.get(address).text
    assert "(its event was cancelled)" in after
    assert publication.channel.name in after


@time_machine.travel(NOW, tick=False)
@pytest.mark.parametrize(
    ("is_live", "role", "to_do"),
    [
        (False, Role.SPECIALIST, "Take it out, or plan it for another day."),
        (True, Role.SPECIALIST, "Say so in the post, or take the post down."),
        (False, Role.DIRECTOR, None),
    ],
)
def test_the_page_of_an_activity_says_what_to_do_with_it(client_for, is_live, role, to_do):
    publication, event = make_webinar()
    if is_live:
        Publication.objects.update(url="https://example.org/post", published_at=NOW)
    client = client_for(make_user(role=role))
    page = reverse("plans:activity_detail", args=[publication.activity_id])
    before = client.get(page).text

    stop(event)

    after = client.get(page).text
    told = ["What it advertises is cancelled", "Take it out, or plan", "Say so in the post"]
    assert [each in before for each in told] == [False] * 3
    assert "What it advertises is cancelled" in after
    assert [each for each in told[1:] if each in after] == (
        [each for each in told[1:] if to_do and to_do.startswith(each)]
    )
    assert to_do is None or to_do in after


def test_it_is_warned_of_until_it_is_taken_out_and_clashes_with_nothing():
    publication, event = make_webinar()
    other = make_activity(publication.activity.intake)
    make_publication(other, planned_at=publication.planned_at + timedelta(minutes=30))
    activity, intake = publication.activity, publication.activity.intake
    clash = [warning.activities for warning in warnings.of_intake(intake)]

    stop(event)

    assert clash == [(activity, other)]
    assert [warning.activities for warning in warnings.of_intake(intake)] == [(activity,)]
    [warning] = warnings.about(activity)
    with override("en"):
        assert "but its event is cancelled" in warning.sentence
    assert warnings.about(other) == []

    publication.delete()
    assert warnings.of_intake(intake) == []


def test_what_is_live_is_not_warned_of_since_nothing_is_left_to_plan():
    _publication, event = make_webinar()
    Publication.objects.update(url="https://example.org/post", published_at=NOW)

    stop(event)

    assert warnings.of_intake(event.activity.intake) == []
    assert len(called_off()) == 1
