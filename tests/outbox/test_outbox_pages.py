"""The outbox in the browser: found, decided, stopped; each by whom it may be."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override
from pytest_django.asserts import assertContains, assertNotContains

from accounts.models import Role
from events.models import ReminderDispatch, ReminderRule
from outbox import health, pause
from outbox.models import Attempt, Dispatch, Message, Reason, Status
from tests.factories import arm_rules, make_event, make_message, make_participant, make_user

pytestmark = pytest.mark.django_db


def useful(**fields):
    now = timezone.now()
    return make_message(due_at=now, expires_at=now + timedelta(hours=1), **fields)


def decide(client, message, decision):
    return client.post(reverse("outbox:message_decide", args=[message.pk, decision]))


ALLOWED, REFUSED = 200, 403


@pytest.mark.parametrize(
    ("role", "see", "stop"),
    [
        (Role.DIRECTOR, ALLOWED, REFUSED),
        (Role.MARKETING_HEAD, ALLOWED, ALLOWED),
        (Role.PROJECT_MANAGER, ALLOWED, REFUSED),
        (Role.SPECIALIST, ALLOWED, REFUSED),
        (Role.UNIT_HEAD, REFUSED, REFUSED),
    ],
)
def test_who_may_see_and_stop(client_for, role, see, stop):
    client = client_for(make_user(role=role))
    message = make_message()

    pages = [
        client.get(reverse("outbox:message_list")).status_code,
        client.get(reverse("outbox:message_detail", args=[message.pk])).status_code,
        client.get(reverse("outbox:sending_pause")).status_code,
    ]

    assert pages == [see, see, stop]


@pytest.mark.parametrize(
    ("role", "expected"),
    [
        (Role.DIRECTOR, 403),
        (Role.MARKETING_HEAD, 302),
        (Role.PROJECT_MANAGER, 302),
        (Role.SPECIALIST, 302),
        (Role.UNIT_HEAD, 403),
    ],
)
def test_who_may_decide(client_for, role, expected):
    client = client_for(make_user(role=role))

    assert decide(client, useful(), "drop").status_code == expected


def test_a_stranger_is_asked_to_sign_in(client):
    response = client.get(reverse("outbox:message_list"))

    assert response.status_code == 302
    assert response["Location"].startswith(reverse("accounts:login"))


def test_a_failed_message_is_sent_again_and_the_decision_is_kept(client_for):
    user = make_user()
    message = useful(status=Status.FAILED, reason=Reason.REFUSED, attempts=1)

    decide(client_for(user), message, "retry")

    message.refresh_from_db()
    assert (message.status, message.reason) == (Status.PLANNED, "")
    assert list(message.history.values_list("outcome", "by")) == [
        (Attempt.Outcome.DECIDED, user.pk)
    ]


@pytest.mark.parametrize(
    ("decision", "status"),
    [
        ("sent", Status.HANDED_OVER),
        ("again", Status.PLANNED),
        ("drop", Status.SKIPPED),
    ],
)
def test_an_unknown_outcome_is_decided_by_a_person(client_for, decision, status):
    message = useful(status=Status.UNKNOWN, reason=Reason.UNCLEAR)

    decide(client_for(make_user()), message, decision)

    message.refresh_from_db()
    assert message.status == status


def test_people_decide_as_soon_as_the_look_up_has_been_asked_in_vain(client_for):
    now, client = timezone.now(), client_for(make_user())
    asked = {"status": Status.UNKNOWN, "reason": Reason.UNCLEAR, "look_up_at": now}
    open_one, in_vain = useful(**asked), useful(**asked, no_answer_at=now)
    with override("en"):
        lamp = health.lamp(now).problems

    for message in (open_one, in_vain):
        decide(client, message, "again")

    statuses = Message.objects.order_by("pk").values_list("status", "no_answer_at")
    assert list(statuses) == [(Status.UNKNOWN, None), (Status.PLANNED, None)]
    assert "1 message has an unknown outcome: please decide." in lamp


def test_what_is_of_no_use_any_more_is_not_sent_again(client_for):
    message = make_message(status=Status.UNKNOWN, reason=Reason.UNCLEAR)

    response = client_for(make_user()).post(
        reverse("outbox:message_decide", args=[message.pk, "again"]), follow=True
    )

    message.refresh_from_db()
    assert message.status == Status.UNKNOWN
    assert "of no use any more" in response.content.decode()


def test_a_message_settled_meanwhile_is_left_alone(client_for):
    message = useful(status=Status.HANDED_OVER, handed_over_at=timezone.now())

    response = client_for(make_user()).post(
        reverse("outbox:message_decide", args=[message.pk, "again"]), follow=True
    )

    message.refresh_from_db()
    assert message.status == Status.HANDED_OVER
    assert "has changed meanwhile" in response.content.decode()


def test_stopping_all_sending_needs_a_reason_and_is_shown(client_for):
    client = client_for(make_user())

    client.post(reverse("outbox:sending_pause"), {"reason": ""})
    without = pause.is_paused()
    client.post(reverse("outbox:sending_pause"), {"reason": "The portal moves."})
    page = client.get(reverse("outbox:message_list")).content.decode()
    client.post(reverse("outbox:sending_resume"))

    assert without is False
    assert "The portal moves." in page
    assert pause.is_paused() is False


def test_the_filter_finds_by_name_state_and_medium(client_for):
    found = useful(participant=make_participant(first_name="Ņikita"))
    useful(status=Status.SKIPPED, reason=Reason.NO_EMAIL)
    query = {"q": "Ņikita", "status": "planned", "medium": "email"}

    page = client_for(make_user()).get(reverse("outbox:message_list"), query).context["page"]

    assert page.rows == [found]


def test_pages_go_older_and_newer_without_losing_a_message(client_for):
    dispatch = Dispatch.objects.create(title="Reminder", purpose="service")
    made = [useful(dispatch=dispatch).pk for _ in range(120)]
    client, address = client_for(make_user()), reverse("outbox:message_list")

    first = client.get(address).context["page"]
    second = client.get(address, {"after": first.next}).context["page"]
    third = client.get(address, {"after": second.next}).context["page"]
    back = client.get(address, {"before": third.previous}).context["page"]

    seen = [row.pk for page in (first, second, third) for row in page.rows]
    assert seen == made[::-1]
    assert (third.next, back.rows) == (None, second.rows)


def test_markup_in_a_text_stays_text(client_for):
    message = useful(body="<script>alert(1)</script>")

    page = client_for(make_user()).get(reverse("outbox:message_detail", args=[message.pk]))

    assert "<script>alert(1)" not in page.content.decode()


def test_health_names_the_silent_part_and_turns_red(client):
    make_message(due_at=timezone.now() - timedelta(minutes=5))

    answer = client.get("/healthz")

    assert answer.status_code == 503
    assert answer.json()["status"] == "failing"
    assert answer.json()["overdue"] == 1
    assert Message.objects.count() == 1


def test_a_message_leads_to_its_recipient_and_names_its_channel(client_for):
    message = useful(channel="bitrix24_email", provider_id="85")

    html = client_for(make_user()).get(reverse("outbox:message_detail", args=[message.pk]))

    assertContains(html, reverse("events:participant_detail", args=[message.participant_id]))
    assertContains(html, '85 <span class="quiet">(E-mail by Bitrix24)</span>')


def test_a_narrowed_list_says_so_and_leads_back(client_for):
    client, event = client_for(make_user()), make_event()

    everything = client.get(reverse("outbox:message_list"))
    narrowed = client.get(reverse("outbox:message_list"), {"event": event.pk})

    assertNotContains(everything, "Show all messages")
    assertContains(narrowed, "Show all messages")
    assertContains(narrowed, f'href="{reverse("events:event_detail", args=[event.pk])}"')


def test_what_nobody_knows_of_names_its_own_provider_and_why_it_is_not_sent_again(client_for):
    client = client_for(make_user())
    unclear = {"status": Status.UNKNOWN, "reason": Reason.WORKER_DIED, "channel": "smtp"}
    in_time, too_late = useful(**unclear), make_message(**unclear)

    still_of_use, past_use = (
        client.get(reverse("outbox:message_detail", args=[message.pk]))
        for message in (in_time, too_late)
    )

    assertContains(still_of_use, "E-mail by the mail server (SMTP): nobody knows whether this went")
    assertNotContains(still_of_use, "Bitrix24 or ask")
    assertNotContains(still_of_use, "It is of no use any more, so it is not sent again.")
    assertContains(past_use, "It is of no use any more, so it is not sent again.")


def test_a_filter_that_finds_nothing_says_so_and_an_empty_outbox_what_will_be_there(client_for):
    client, address = client_for(make_user()), reverse("outbox:message_list")

    empty, narrowed = client.get(address), client.get(address, {"q": "Ņikita"})

    assertContains(empty, "Messages appear when a reminder is due")
    assertContains(narrowed, "No message like that is here.")
    assertNotContains(narrowed, "Messages appear when a reminder is due")


def test_a_message_names_its_event_in_the_language_of_the_page(client_for):
    event = make_event(title="Atvērto durvju diena", title_en="Open day")
    arm_rules()
    message = useful()
    ReminderDispatch.objects.create(
        dispatch=message.dispatch, event=event, rule=ReminderRule.objects.for_kind(event.kind)[0]
    )
    address = reverse("outbox:message_detail", args=[message.pk])

    latvian = client_for(make_user(language="lv")).get(address)
    english = client_for(make_user(language="en")).get(address)

    link = f'<a href="{reverse("events:event_detail", args=[event.pk])}">%s</a>'
    assertContains(latvian, link % "Atvērto durvju diena", html=True)
    assertContains(english, link % "Open day", html=True)
