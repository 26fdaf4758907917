"""Pages of the week's offers: who may, what is checked, and what a change reaches."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from events import reminders
from events.models import Offer, OfferLine
from events.models.looks import AT_ONCE
from outbox import delivery
from tests.factories import (
    START,
    arm_rules,
    make_event,
    make_offer,
    make_participant,
    make_registration,
    make_user,
)

pytestmark = pytest.mark.django_db

AFTER = START + timedelta(minutes=150)


def address(name):
    return reverse(f"events:{name}", args=[make_offer().pk] if "_list" not in name else [])


def offer_form(*programmes, **changes):
    """Return what a browser sends; a programme is its name, price and special price."""
    sent = {
        "title": "Pavasara cena",
        "title_en": "Spring price",
        "first_day": "2026-03-11",
        "last_day": "",
        "url": "https://college.example.org/offer",
        "lines-TOTAL_FORMS": str(len(programmes)),
        "lines-INITIAL_FORMS": "0",
    }
    for number, (programme, price, special) in enumerate(programmes):
        sent |= {
            f"lines-{number}-programme": programme,
            f"lines-{number}-price": price,
            f"lines-{number}-special_price": special,
            f"lines-{number}-currency": "EUR",
        }
    return {**sent, **changes}


LAW = ("Tiesību zinātne", "2190", "1790.50")
EMPTY = ("", "", "")


@pytest.fixture
def head(client_for):
    return client_for(make_user())


def create(client, *programmes, **changes):
    return client.post(reverse("events:offer_create"), offer_form(*programmes, **changes))


def test_copying_needs_a_post(head):
    assert head.get(address("offer_copy")).status_code == 405


def test_an_offer_ends_on_the_sunday_of_its_week_unless_told_otherwise(head):
    create(head, LAW, EMPTY)

    offer = Offer.objects.get()
    assert offer.last_day == date(2026, 3, 15)
    assert [(line.programme, line.special_price) for line in offer.lines.all()] == [
        ("Tiesību zinātne", Decimal("1790.50"))
    ]


@pytest.mark.parametrize(
    ("programmes", "changes", "sentence"),
    [
        ([LAW], {"last_day": "2026-03-10"}, "The last day must not be before the first day."),
        ([LAW], {"last_day": "2026-03-26"}, "An offer holds for two weeks at most."),
        ([LAW], {"url": "javascript:alert(1)"}, "Enter a valid URL."),
        ([("Law", "100", "100")], {}, "The special price must be lower than the price."),
        ([("Law", "100", "-1")], {}, "A price is not below zero."),
        ([("Law", "100", "x")], {}, "Enter a number."),
        ([LAW], {"lines-0-currency": "eur"}, "Three capital letters, such as EUR."),
        ([EMPTY], {}, "An offer needs at least one programme."),
        ([LAW], {"title": ""}, "This field is required."),
    ],
)
def test_what_is_wrong_stands_beside_its_field(head, programmes, changes, sentence):
    page = create(head, *programmes, **changes).content.decode()

    assert sentence in page
    assert 'role="alert"' in page
    assert Offer.objects.count() == 0


def test_more_rows_come_without_losing_what_was_typed(head):
    page = create(head, LAW, more="1").content.decode()

    assert 'value="Tiesību zinātne"' in page
    assert 'name="lines-2-programme"' in page
    assert page.count('value="EUR"') == 3
    assert Offer.objects.count() == 0


@pytest.mark.parametrize("total", ["999999999999", "x", "", "-5"])
def test_a_senseless_number_of_rows_is_answered_calmly(head, total):
    response = create(head, LAW, more="1", **{"lines-TOTAL_FORMS": total})

    assert response.status_code == 200
    assert Offer.objects.count() == 0


def test_a_programme_is_changed_and_another_taken_out(head):
    offer = make_offer()
    kept = offer.lines.get()
    gone = OfferLine.objects.create(
        offer=offer, programme="Old", price=Decimal(10), special_price=Decimal(5)
    )
    sent = offer_form(
        ("Biznesa vadība", "2000", "1500"), ("Old", "10", "5"), **{"lines-INITIAL_FORMS": "2"}
    )
    sent |= {"lines-0-id": kept.pk, "lines-1-id": gone.pk, "lines-1-DELETE": "on"}

    head.post(reverse("events:offer_update", args=[offer.pk]), sent)

    assert [(line.pk, line.programme) for line in offer.lines.all()] == [
        (kept.pk, "Biznesa vadība")
    ]


def test_an_offer_is_copied_to_the_next_week_with_its_prices(head):
    offer = make_offer()

    response = head.post(reverse("events:offer_copy", args=[offer.pk]))

    copy = Offer.objects.exclude(pk=offer.pk).get()
    assert response.url == reverse("events:offer_update", args=[copy.pk])
    assert (copy.first_day, copy.last_day) == (date(2026, 3, 16), date(2026, 3, 22))
    assert (copy.title, copy.title_en, copy.url) == (offer.title, offer.title_en, offer.url)
    assert [(line.programme, line.price, line.special_price) for line in copy.lines.all()] == [
        ("Uzņēmējdarbība", Decimal(2190), Decimal(1790))
    ]
    assert offer.lines.count() == 1


def test_the_page_names_the_events_that_tell_of_it(head):
    offer = make_offer()
    make_event(title_en="Spring open day", offer=offer)
    make_event(title_en="Another day")

    page = head.get(reverse("events:offer_detail", args=[offer.pk])).content.decode()

    assert "Spring open day" in page
    assert "Another day" not in page


def test_editing_says_how_many_were_told_already_and_keeps_what_was_sent(head, sent):
    arm_rules()
    offer = make_offer()
    make_registration(
        make_event(offer=offer), participant=make_participant(offers_by_email_at=START)
    )
    reminders.queue_due(AFTER)
    delivery.send_due("recording", lambda: AFTER)
    assert "1790" in "".join(sent[0][1].split())

    page = head.get(reverse("events:offer_update", args=[offer.pk])).content.decode()

    assert "1 person has been told of this offer already." in page


def test_a_new_price_reaches_what_waits(head, sent, time_machine):
    arm_rules()
    offer = make_offer()
    make_registration(
        make_event(offer=offer), participant=make_participant(offers_by_email_at=START)
    )
    reminders.queue_due(AFTER)
    time_machine.move_to(AFTER, tick=False)
    line = offer.lines.get()
    changed = offer_form(
        ("Uzņēmējdarbība", "2190", "999"), **{"lines-INITIAL_FORMS": "1", "lines-0-id": line.pk}
    )

    head.post(reverse("events:offer_update", args=[offer.pk]), changed)
    reminders.queue_due(AFTER)
    delivery.send_due("recording", lambda: AFTER)

    assert ["999 EUR" in text for _address, text in sent] == [True]
    assert offer.events.get().look_at != AT_ONCE


def test_the_list_costs_the_same_with_one_offer_and_with_three(head, django_assert_max_num_queries):
    def queries():
        with django_assert_max_num_queries(20) as counted:
            head.get(reverse("events:offer_list"))
        return len(counted)

    make_offer()
    with_one = queries()
    make_offer()
    make_offer()

    assert queries() == with_one


def test_without_offers_the_page_says_what_that_means(head):
    page = head.get(reverse("events:offer_list")).content.decode()

    assert "Without an offer nothing is advertised after an event." in page
