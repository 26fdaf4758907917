"""One decision on all messages of an occasion and a channel that wait for a person."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains

from accounts.models import Role
from outbox import decisions, delivery, look_up, undecided
from outbox.channels import HandedOver, Unclear
from outbox.models import Attempt, Dispatch, Message, Reason, Status
from outbox.recording import Recorder
from outbox.undecided import DECISIONS
from tests import fakes
from tests.factories import START, make_message, make_user

pytestmark = pytest.mark.django_db

DUE = START - timedelta(minutes=15)


def make_undecided(count=3, **fields):
    """Make messages of one occasion of which nobody can tell whether they went."""
    fields.setdefault("dispatch", Dispatch.objects.create(title="Reminder", purpose="service"))
    fields = {"status": Status.UNKNOWN, "reason": Reason.UNCLEAR, "attempts": 1} | fields
    return [make_message(**fields) for _ in range(count)]


def still_useful(**fields):
    now = timezone.now()
    return make_undecided(due_at=now, expires_at=now + timedelta(hours=1), **fields)


def seen(messages):
    return {message.pk: message.attempts for message in messages}


def decide(messages, decision, at=DUE, by=None):
    group = (messages[0].dispatch_id, messages[0].channel)
    by_id = (by or make_user()).pk
    return undecided.decide(group, DECISIONS[decision], seen(messages), by_id=by_id, at=at)


def statuses():
    return list(Message.objects.order_by("pk").values_list("status", flat=True))


def address(message, decision=None):
    group = [message.dispatch_id, message.channel]
    if decision is None:
        return reverse("outbox:undecided_detail", args=group)
    return reverse("outbox:undecided_decide", args=[*group, decision])


@pytest.mark.parametrize(
    ("decision", "status"),
    [("sent", Status.HANDED_OVER), ("again", Status.PLANNED), ("drop", Status.SKIPPED)],
)
def test_one_decision_holds_for_all_and_is_kept_with_each(monkeypatch, decision, status):
    monkeypatch.setattr(undecided, "BATCH", 2)
    messages, user = make_undecided(5), make_user()

    assert decide(messages, decision, by=user) == 5

    assert statuses() == [status] * 5
    kept = Attempt.objects.order_by("message").values_list("message", "outcome", "by")
    assert list(kept) == [(each.pk, Attempt.Outcome.DECIDED, user.pk) for each in messages]


@pytest.mark.parametrize(
    ("state", "reason", "may_have_been_told"),
    [
        ({"status": Status.UNKNOWN, "reason": Reason.UNCLEAR}, Reason.LEFT_UNCLEAR, True),
        ({"status": Status.FAILED, "reason": Reason.REFUSED}, Reason.NOT_NEEDED, False),
        ({"status": Status.PLANNED, "reason": Reason.NONE}, Reason.NOT_NEEDED, False),
    ],
)
def test_what_may_have_gone_stays_so_also_when_it_is_not_needed(state, reason, may_have_been_told):
    message = make_message(attempts=1, **state)

    decisions.settle_as_not_needed(message, by_id=make_user().pk, at=DUE)

    message.refresh_from_db()
    assert (message.status, message.reason) == (Status.SKIPPED, reason)
    assert Message.objects.taken().exists() is may_have_been_told
    assert not Message.objects.undecided().exists()


def test_other_channels_and_occasions_are_not_spoken_of():
    messages = make_undecided(2)
    other_channel = make_undecided(1, dispatch=messages[0].dispatch, channel="other")
    other_occasion = make_undecided(1)

    assert decide([*messages, *other_channel, *other_occasion], "again") == 2

    assert statuses() == [Status.PLANNED, Status.PLANNED, Status.UNKNOWN, Status.UNKNOWN]


def test_what_changed_since_it_was_seen_is_left_alone():
    messages = make_undecided(4)
    settled, in_work, unclear_again, same = messages
    Message.objects.filter(pk=settled.pk).update(status=Status.HANDED_OVER, handed_over_at=DUE)
    Message.objects.filter(pk=in_work.pk).update(look_up_at=DUE)
    Message.objects.filter(pk=unclear_again.pk).update(attempts=2)
    make_undecided(1, dispatch=same.dispatch)

    assert decide(messages, "again") == 1

    assert statuses() == [
        *(Status.HANDED_OVER, Status.UNKNOWN, Status.UNKNOWN, Status.PLANNED, Status.UNKNOWN)
    ]
    assert set(Attempt.objects.values_list("message", flat=True)) == {same.pk}


def test_what_is_of_no_use_any_more_is_not_sent_again_with_the_others():
    messages = make_undecided(2)
    past = make_undecided(1, dispatch=messages[0].dispatch, expires_at=DUE)

    assert decide([*messages, *past], "again") == 2

    assert statuses() == [Status.PLANNED, Status.PLANNED, Status.UNKNOWN]


def test_a_worker_that_wakes_and_says_it_went_keeps_it_from_going_twice(sent, settings):
    message = make_message()
    channel = fakes.RecordingChannel()
    lease_over = DUE + settings.MESSAGE_LEASE
    claimed = delivery.claim(channel, DUE, 1).messages
    look_up.abandon_expired_leases(lease_over)
    Message.objects.update(look_up_at=None)
    message.refresh_from_db()
    decisions.settle_by_sending_again(message, by_id=make_user().pk, at=lease_over)

    asleep = Recorder(channel, lambda: lease_over, worker="asleep")
    asleep.add(claimed[0], HandedOver("r1"))
    asleep.flush()
    delivery.send_due("recording", lambda: lease_over)

    message.refresh_from_db()
    assert (message.status, message.provider_id, sent) == (Status.HANDED_OVER, "r1", [])


def test_news_of_an_earlier_call_changes_nothing_once_it_was_claimed_again(sent, settings):
    message = make_message()
    channel = fakes.RecordingChannel()
    lease_over = DUE + settings.MESSAGE_LEASE
    claimed = delivery.claim(channel, DUE, 1).messages
    look_up.abandon_expired_leases(lease_over)
    Message.objects.update(look_up_at=None)
    message.refresh_from_db()
    decide([message], "again", lease_over)
    delivery.claim(channel, lease_over, 1)

    asleep = Recorder(channel, lambda: lease_over, worker="asleep")
    asleep.add(claimed[0], Unclear("Asleep."))
    asleep.flush()

    message.refresh_from_db()
    assert (message.status, message.attempts) == (Status.CALLING, 2)


def test_the_list_leads_to_each_group_for_whoever_may_decide(client_for):
    pair, single = make_undecided(2), make_undecided(1)
    query = {"status": "undecided"}
    page = reverse("outbox:message_list")

    html = client_for(make_user()).get(page, query)
    for_director = client_for(make_user(role=Role.DIRECTOR)).get(page, query)
    searched = client_for(make_user()).get(page, {**query, "q": "anna"})

    assertContains(html, address(pair[0]))
    assertNotContains(html, address(single[0]))
    assertNotContains(for_director, address(pair[0]))
    assertNotContains(searched, address(pair[0]))


def test_the_page_counts_and_a_button_decides_on_what_it_counted(client_for):
    messages = still_useful()
    client = client_for(make_user())
    page = client.get(address(messages[0]))
    form = {"seen": page.context["form"]["seen"].value()}
    make_undecided(1, dispatch=messages[0].dispatch, expires_at=messages[0].expires_at)

    answer = client.post(address(messages[0], "again"), form, follow=True)

    assertContains(page, "None went out: send 3 again")
    assertContains(answer, "3 messages were decided on.")
    assert statuses() == [Status.PLANNED] * 3 + [Status.UNKNOWN]


@pytest.mark.parametrize(
    ("channel", "count", "is_warned"),
    [("MuteChannel", 2, True), ("MuteChannel", 1, False), ("RecordingChannel", 2, False)],
)
def test_the_page_warns_of_one_decision_for_what_may_have_gone_and_not_gone(
    client_for, sent, settings, channel, count, is_warned
):
    settings.MESSAGE_CHANNELS = {"recording": f"tests.fakes.{channel}"}
    messages = make_undecided(count)

    page = client_for(make_user()).get(address(messages[0]))

    assert ("some get it twice" in page.content.decode()) is is_warned


def test_pressed_twice_the_second_time_decides_on_nothing(client_for):
    messages = still_useful()
    client = client_for(make_user())
    form = {"seen": client.get(address(messages[0])).context["form"]["seen"].value()}

    client.post(address(messages[0], "again"), form)
    answer = client.post(address(messages[0], "sent"), form, follow=True)

    assertContains(answer, "3 messages were left alone")
    assert statuses() == [Status.PLANNED] * 3


@pytest.mark.parametrize("nonsense", ["", "1", "1:x", "1:1,2:1", f"{'9' * 30}:1"])
def test_nonsense_decides_on_nothing(client_for, nonsense):
    messages = still_useful()

    client_for(make_user()).post(address(messages[0], "drop"), {"seen": nonsense})

    assert statuses() == [Status.UNKNOWN] * 3


@pytest.mark.parametrize("page", ["list", "group"])
def test_the_pages_take_as_many_queries_for_many_as_for_few(
    client_for, page, django_assert_max_num_queries
):
    few, client = make_undecided(2), client_for(make_user())
    where = {"list": reverse("outbox:message_list") + "?status=undecided", "group": address(few[0])}
    client.get(where[page])
    with django_assert_max_num_queries(100) as with_few:
        client.get(where[page])
    make_undecided(9, dispatch=few[0].dispatch)
    make_undecided(2)

    with django_assert_max_num_queries(len(with_few.captured_queries)):
        client.get(where[page])
