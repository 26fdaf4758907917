"""When a provider is down, what waits goes by another, once, and back again."""

import random
import time
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from accounts.models import Role
from events import reminders
from outbox import breaker, delivery, detours
from outbox.channels import HandedOver, Unclear
from outbox.channels.base import channel_for
from outbox.models import ChannelState, Detour, Dispatch, Message, Status
from people.models import Medium
from tests import fakes
from tests.factories import (
    START,
    arm_rules,
    make_event,
    make_message,
    make_offer,
    make_registration,
    make_user,
)
from tests.outbox.test_concurrency import together

DUE = START - timedelta(minutes=15)


class FirstSms(fakes.RecordingChannel):
    key = "first_sms"
    name = "First SMS"
    medium = Medium.SMS


class SecondSms(fakes.RecordingChannel):
    key = "second_sms"
    name = "Second SMS"
    medium = Medium.SMS


class SlowSms(FirstSms):
    """Takes its time for a few at once, and says by whom they went."""

    def batch_size(self):
        return 4

    def send(self, messages):
        for message in messages:
            time.sleep(random.random() / 200)
            fakes.sent.append((message.address, message.body))
            yield message, HandedOver(f"{self.key} took it")


class OtherSlowSms(SlowSms):
    key = "second_sms"


class OffSms(FirstSms):
    key = "off_sms"

    def missing(self):
        return "Not set up."


@pytest.fixture(autouse=True)
def channels(settings, sent):
    here = "tests.outbox.test_detours."
    settings.MESSAGE_CHANNELS = {
        "first_sms": f"{here}FirstSms",
        "second_sms": f"{here}SecondSms",
        "off_sms": f"{here}OffSms",
        "smtp": "outbox.channels.smtp.SmtpChannel",
    }
    settings.SMS_CHANNEL = "first_sms"
    settings.EMAIL_CHANNEL = settings.OFFER_EMAIL_CHANNEL = "smtp"
    return sent


@pytest.fixture
def by_id(db):
    return make_user().pk


def make_sms(**fields):
    return make_message(channel="first_sms", medium="sms", **fields)


def stop_first():
    ChannelState.objects.create(channel="first_sms", needs_a_person=True, problem="No credit.")


def at(moment):
    return lambda: moment


def routes():
    return list(Message.objects.order_by("pk").values_list("channel", flat=True))


@pytest.mark.django_db
def test_only_what_surely_has_not_gone_is_moved(by_id):
    now = DUE
    fields = {"lease_until": now, "claim": "8c7b6ac1-52f5-4f6e-9a0e-5a8c3a1f0d27"}
    moved = {"planned": {}, "held": {"reason": "feed_not_trusted"}}
    kept = {
        "calling": fields,
        "unknown": {"reason": "unclear"},
        "handed_over": {"handed_over_at": now},
        "delivered": {"handed_over_at": now},
        "failed": {"reason": "refused"},
        "skipped": {"reason": "blocked"},
        "expired": {"reason": "too_late"},
    }
    assert {*moved, *kept} == set(Status.values)
    for status, more in {**moved, **kept}.items():
        make_sms(status=status, **more)

    assert detours.begin("first_sms", "second_sms", by_id=by_id, at=now) == 2

    found = dict(Message.objects.values_list("status", "channel"))
    assert found == dict.fromkeys(moved, "second_sms") | dict.fromkeys(kept, "first_sms")


@pytest.mark.django_db
def test_what_waits_is_sent_by_the_other_and_new_rows_take_the_same_way(by_id, sent):
    make_sms(body="Waits.")
    detours.begin("first_sms", "second_sms", by_id=by_id, at=DUE)

    assert channel_for(Medium.SMS) == "second_sms"
    assert channel_for(Medium.EMAIL) == "smtp"
    assert delivery.send_due("first_sms", at(DUE)) == 0
    assert delivery.send_due("second_sms", at(DUE)) == 1
    assert [body for _address, body in sent] == ["Waits."]


@pytest.mark.django_db
def test_reminders_that_fall_due_meanwhile_are_written_for_the_other(by_id):
    arm_rules()
    make_registration(make_event())
    detours.begin("first_sms", "second_sms", by_id=by_id, at=DUE)

    reminders.queue_due(DUE)

    sms = Message.objects.filter(medium="sms")
    assert list(sms.values_list("status", "channel")) == [("planned", "second_sms")]


@pytest.mark.django_db
def test_what_comes_back_to_waiting_follows_at_the_next_tick(by_id):
    detours.begin("first_sms", "second_sms", by_id=by_id, at=DUE)
    make_sms()

    assert detours.follow(DUE) == 1
    assert detours.follow(DUE) == 0

    assert routes() == ["second_sms"]


@pytest.mark.django_db
def test_without_a_detour_a_tick_asks_one_thing(django_assert_num_queries):
    with django_assert_num_queries(1):
        assert detours.follow(DUE) == 0


@pytest.mark.django_db
def test_the_way_back_moves_what_still_waits_and_keeps_who_did_what(by_id):
    other_id = make_user().pk
    make_sms()
    detours.begin("first_sms", "second_sms", by_id=by_id, at=DUE)
    detour = Detour.objects.get()

    assert detours.end(detour, by_id=other_id, at=DUE + timedelta(minutes=1)) == 1
    assert detours.end(detour, by_id=by_id, at=DUE + timedelta(minutes=2)) == 0

    detour.refresh_from_db()
    assert routes() == ["first_sms"]
    assert channel_for(Medium.SMS) == "first_sms"
    assert (detour.began_by_id, detour.began_at, detour.ended_by_id, detour.ended_at) == (
        by_id,
        DUE,
        other_id,
        DUE + timedelta(minutes=1),
    )


@pytest.mark.django_db
def test_the_way_back_leaves_what_is_the_others_own(settings, by_id):
    settings.MESSAGE_CHANNELS["mail"] = "tests.outbox.test_detours.SecondMail"
    settings.EMAIL_CHANNEL = "mail"
    offer, reminder = (
        make_message(channel=channel, dispatch=make_dispatch(purpose))
        for channel, purpose in (("smtp", "advertising"), ("mail", "service"))
    )
    detours.begin("mail", "smtp", by_id=by_id, at=DUE)
    assert routes() == ["smtp", "smtp"]

    detours.end(Detour.objects.get(), by_id=by_id, at=DUE)

    offer.refresh_from_db()
    reminder.refresh_from_db()
    assert (offer.channel, reminder.channel) == ("smtp", "mail")


class SecondMail(fakes.RecordingChannel):
    key = "mail"
    name = "Mail"
    medium = Medium.EMAIL


def make_dispatch(purpose):
    return Dispatch.objects.create(title="Occasion", purpose=purpose)


@pytest.mark.django_db
def test_staff_are_written_to_by_their_own_channel(settings, by_id):
    settings.MESSAGE_CHANNELS["mail"] = "tests.outbox.test_detours.SecondMail"
    make_message(channel="smtp", user=make_user(), address="head@college.example")

    assert detours.begin("smtp", "mail", by_id=by_id, at=DUE) == 0

    assert routes() == ["smtp"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("channel", "goes_by", "words"),
    [
        ("first_sms", "smtp", "cannot become an e-mail"),
        ("first_sms", "off_sms", "Not set up"),
        ("first_sms", "first_sms", "no such channel"),
        ("first_sms", "pigeon", "no such channel"),
        ("pigeon", "second_sms", "no such channel"),
    ],
)
def test_a_way_that_leads_nowhere_is_refused(by_id, channel, goes_by, words):
    make_sms()

    with override("en"), pytest.raises(detours.DetourRefusedError, match=words):
        detours.begin(channel, goes_by, by_id=by_id, at=DUE)

    assert (routes(), Detour.objects.count()) == (["first_sms"], 0)


@pytest.mark.django_db
def test_nobody_is_sent_in_circles(by_id):
    detours.begin("first_sms", "second_sms", by_id=by_id, at=DUE)

    for channel, goes_by in (("first_sms", "second_sms"), ("second_sms", "first_sms")):
        with pytest.raises(detours.DetourRefusedError):
            detours.begin(channel, goes_by, by_id=by_id, at=DUE)


@pytest.mark.django_db(transaction=True)
def test_workers_and_people_who_switch_to_and_fro_send_each_message_once(settings, sent):
    settings.MESSAGE_CHANNELS["first_sms"] = "tests.outbox.test_detours.SlowSms"
    settings.MESSAGE_CHANNELS["second_sms"] = "tests.outbox.test_detours.OtherSlowSms"
    by_id = make_user().pk
    texts = sorted(f"message {number}" for number in range(80))
    for text in texts:
        make_sms(body=text)

    def work(channel):
        while Message.objects.planned().exists():
            delivery.send_due(channel, at(DUE))

    def switch():
        while Message.objects.planned().exists():
            detours.begin("first_sms", "second_sms", by_id=by_id, at=DUE)
            time.sleep(random.random() / 50)
            detours.follow(DUE)
            detours.end(Detour.objects.in_force().get(), by_id=by_id, at=DUE)
            time.sleep(random.random() / 50)

    together(lambda: work("first_sms"), lambda: work("second_sms"), switch)

    assert sorted(body for _address, body in sent) == texts
    found = Message.objects.values_list("status", "attempts", "channel", "provider_id")
    assert Detour.objects.exists()
    assert set(found) <= {
        ("handed_over", 1, channel, f"{channel} took it") for channel in ("first_sms", "second_sms")
    }


# Pages


@pytest.fixture
def head(client_for):
    return client_for(make_user(full_name="Laura Liepiņa"))


LIST = "/outbox/"
BEGIN = "/outbox/detour/first_sms/second_sms/"
BUTTON = "Send what waits by “Second SMS” instead"


@pytest.mark.django_db
def test_the_outbox_offers_the_other_provider_when_one_is_down_and_the_way_back(head):
    make_sms()
    assert BUTTON not in head.get(LIST).content.decode()

    stop_first()
    shown = head.get(LIST).content.decode()
    assert BUTTON in shown
    assert "“First SMS” does not send now; 1 message waits for it." in shown
    assert "Send what waits by “First SMS” instead" not in shown

    shown = head.post(BEGIN, follow=True).content.decode()
    assert "1 message that waited goes by another way now: Second SMS." in shown
    assert "What is meant for “First SMS” goes by “Second SMS” instead" in shown
    assert "Laura Liepiņa" in shown
    assert BUTTON not in shown

    end = reverse("outbox:detour_end", args=[Detour.objects.get().pk])
    shown = head.post(end, follow=True).content.decode()
    assert "goes by “Second SMS” instead since" not in shown
    assert routes() == ["first_sms"]


@pytest.mark.django_db
def test_a_channel_that_rests_is_offered_too_and_one_that_is_stopped_is_no_way_out(head):
    make_sms()
    breaker.take_note("first_sms", [Unclear("Silent.")], timezone.now())
    ChannelState.objects.update(closed_until=timezone.now() + timedelta(seconds=30))
    assert BUTTON in head.get(LIST).content.decode()

    ChannelState.objects.create(channel="second_sms", needs_a_person=True, problem="Key.")
    assert BUTTON not in head.get(LIST).content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("is_administrator", [False, True])
def test_who_may_make_a_detour(client_for, role, is_administrator):
    stop_first()
    client = client_for(make_user(role=role, is_administrator=is_administrator))
    may = is_administrator or role == Role.MARKETING_HEAD

    shown = client.get(LIST)
    assert (BUTTON in shown.content.decode()) == (may and role != Role.UNIT_HEAD)
    assert client.post(BEGIN).status_code == (302 if may else 403)
    assert client.get(BEGIN).status_code == (405 if may else 403)
    assert Detour.objects.exists() == may


@pytest.mark.django_db
def test_a_refused_detour_says_why(head):
    shown = head.post("/outbox/detour/first_sms/smtp/", follow=True).content.decode()

    assert "An SMS cannot become an e-mail." in shown


@pytest.mark.django_db
def test_an_offer_is_written_for_the_other_mail_channel(settings, by_id):
    settings.MESSAGE_CHANNELS["mail"] = "tests.outbox.test_detours.SecondMail"
    arm_rules()
    event = make_event(offer=make_offer())
    make_registration(event, person={"offers_by_email_at": START - timedelta(days=30)})
    detours.begin("smtp", "mail", by_id=by_id, at=DUE)

    reminders.queue_due(START + timedelta(hours=2))

    sent_by = Message.objects.filter(dispatch__purpose="advertising").values_list("channel")
    assert set(sent_by) == {("mail",)}
