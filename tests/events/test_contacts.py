"""Participants and their Bitrix24 contacts: the right one, made once, with the right phone."""

from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.db import connection, connections

from events import contacts
from events.contact_choice import choose
from integrations.bitrix24.sandbox.people import add_person
from outbox import breaker
from outbox.models import ChannelState
from people.models import Participant
from tests.factories import START, make_event, make_participant, make_registration

pytestmark = pytest.mark.django_db

NOW = START - timedelta(days=1)
PHONE = "+37120000001"
EMAIL = "anna@example.com"


def register(event=None, **person):
    person = {
        "first_name": "Anna",
        "last_name": "Ozola",
        "email": EMAIL,
        "phone": PHONE,
        "bitrix24_contact_id": None,
    } | person
    return make_registration(event, person=person).participant


def add_contact(portal, **fields):
    fields = {"name": "Anna", "last_name": "Ozola", "email": EMAIL, "phone": PHONE} | fields
    return add_person(portal.portal, fields)


def addresses(portal, contact_id, kind="PHONE"):
    row = portal.portal.contacts.rows[contact_id]
    return [item["VALUE"] for item in row["FM"] if item["TYPE_ID"] == kind]


def contact_of(person):
    person.refresh_from_db()
    return person.bitrix24_contact_id


def test_a_person_nobody_knows_is_added_once_with_our_key(portal):
    person = register()

    assert contacts.match_due(NOW) == 1
    assert contacts.match_due(NOW) == 0

    [(contact_id, row)] = portal.portal.contacts.rows.items()
    assert contact_of(person) == contact_id
    assert (row["NAME"], row["LAST_NAME"]) == ("Anna", "Ozola")
    assert (row["ORIGINATOR_ID"], row["ORIGIN_ID"]) == ("smmprocess", person.origin_id)
    assert addresses(portal, contact_id) == [PHONE]
    assert addresses(portal, contact_id, "EMAIL") == [EMAIL]
    assert (person.bitrix24_phone, person.bitrix24_email) == (PHONE, EMAIL)
    assert (person.bitrix24_matched_at, person.bitrix24_problem) == (NOW, "")


def test_our_key_tells_nothing_of_the_person_and_differs_for_everybody(portal):
    anna, other = make_participant(), make_participant()

    assert anna.origin_id != other.origin_id
    assert anna.unsubscribe_token not in anna.origin_id
    assert anna.origin_id == Participant.objects.get(pk=anna.pk).origin_id


def test_our_own_key_comes_before_the_addresses(portal):
    person = register()
    add_contact(portal)
    ours = add_contact(
        portal,
        name="Renamed",
        email="",
        phone="",
        originator_id="smmprocess",
        origin_id=person.origin_id,
    )

    contacts.match_due(NOW)

    assert contact_of(person) == ours
    assert addresses(portal, ours) == [PHONE]


@pytest.mark.parametrize(
    "stored", [{"phone": ""}, {"email": ""}, {"name": "ANNA", "last_name": "ozola"}]
)
def test_a_contact_with_one_of_the_addresses_and_the_name_is_taken(portal, stored):
    known = add_contact(portal, **stored)
    person = register()

    contacts.match_due(NOW)

    assert contact_of(person) == known
    assert addresses(portal, known) == [PHONE]
    assert addresses(portal, known, "EMAIL") == [EMAIL]


def test_a_shared_family_address_under_another_name_is_not_the_same_person(portal):
    mother = add_contact(portal, name="Ilze")
    person = register()

    contacts.match_due(NOW)

    assert contact_of(person) not in (None, mother)
    assert len(portal.portal.contacts.rows) == 2


def test_two_children_on_their_mothers_address_do_not_share_a_contact(portal):
    nameless = add_contact(portal, name="", last_name="Ozola", phone="")
    children = [register(first_name="Jānis", phone=""), register(first_name="Pēteris", phone="")]

    contacts.match_due(NOW)

    assert sorted(contact_of(child) for child in children) == sorted(portal.portal.contacts.rows)
    assert nameless in [child.bitrix24_contact_id for child in children]


def test_of_several_contacts_the_newest_is_taken_and_a_person_is_told(portal):
    add_contact(portal)
    newest = add_contact(portal)
    person = register()

    contacts.match_due(NOW)

    assert contact_of(person) == newest
    assert person.bitrix24_problem != ""
    assert str(newest) in person.bitrix24_problem


def test_no_contacts_make_no_choice():
    assert choose(None, [[], []]).contact is None


def test_the_phone_meant_becomes_the_first_and_the_others_are_kept(portal):
    known = add_contact(portal, phone="+37129999999")
    person = register()

    contacts.match_due(NOW)

    assert contact_of(person) == known
    assert addresses(portal, known) == [PHONE, "+37129999999"]


def test_the_phone_meant_changes_places_when_it_is_there_already(portal):
    known = add_contact(portal, phone="+37129999999")
    add = portal.portal.contacts.rows[known]["FM"]
    add.append({"ID": "900", "TYPE_ID": "PHONE", "VALUE_TYPE": "HOME", "VALUE": "20 000 001"})
    register()

    contacts.match_due(NOW)

    assert addresses(portal, known) == [PHONE, "+37129999999"]


def test_a_phone_written_otherwise_is_left_as_it_is(portal):
    known = add_contact(portal, phone="20 000 001")
    register()

    contacts.match_due(NOW)

    assert addresses(portal, known) == ["20 000 001"]


def test_a_changed_phone_reaches_the_contact(portal):
    person = register()
    contacts.match_due(NOW)
    Participant.objects.filter(pk=person.pk).update(phone="+37128888888")

    assert contacts.match_due(NOW) == 1

    assert addresses(portal, contact_of(person)) == ["+37128888888", PHONE]
    assert person.bitrix24_phone == "+37128888888"


def test_a_contact_changed_in_the_portal_is_looked_at_again(portal):
    person = register()
    contacts.match_due(NOW)
    portal.portal.contacts.rows[contact_of(person)]["FM"][0]["VALUE"] = "+37127777777"

    assert contacts.check_again([person.bitrix24_contact_id]) == 1
    contacts.match_due(NOW)

    assert addresses(portal, contact_of(person))[0] == PHONE


def test_a_contact_that_was_deleted_is_made_anew(portal):
    person = register()
    contacts.match_due(NOW)
    first = contact_of(person)
    portal.portal.contacts.clear()
    contacts.check_again([first])

    contacts.match_due(NOW)

    assert contact_of(person) == max(portal.portal.contacts.rows)


def test_an_addition_whose_answer_was_lost_is_found_again_and_not_repeated(portal):
    person = register()
    portal.portal.faults.add_spec("execute-then-drop:method=crm.contact.add,count=1")

    contacts.match_due(NOW)
    unclear = contact_of(person), person.bitrix24_retry_at
    contacts.match_due(NOW + timedelta(seconds=89))
    early = contact_of(person)
    contacts.match_due(NOW + timedelta(seconds=90))

    assert unclear == (None, NOW + timedelta(seconds=90))
    assert early is None
    assert [contact_of(person)] == list(portal.portal.contacts.rows)
    assert person.bitrix24_problem == ""


def test_a_worker_that_dies_after_the_addition_makes_no_second_contact(portal, monkeypatch):
    person = register()
    monkeypatch.setattr(contacts._Round, "_note", _die)
    with pytest.raises(SystemExit):
        contacts.match_due(NOW)
    monkeypatch.undo()

    contacts.match_due(NOW + timedelta(seconds=149))
    too_early = contact_of(person)
    contacts.match_due(NOW + timedelta(seconds=150))

    assert too_early is None
    assert [contact_of(person)] == list(portal.portal.contacts.rows)


def _die(*_args):
    raise SystemExit


def test_one_person_the_portal_refuses_does_not_hold_back_the_others(portal):
    first, second = register(), register(first_name="Zane", email="z@example.com", phone="")
    portal.portal.faults.add_spec(
        "error:method=crm.contact.add,count=1,text=The field is wrong,status=400"
    )

    contacts.match_due(NOW)

    assert contact_of(first) is None
    assert contact_of(second) is not None
    assert (first.bitrix24_problem, first.bitrix24_failures) == ("The field is wrong", 1)
    assert first.bitrix24_retry_at == NOW + timedelta(seconds=30)


def test_a_refusal_is_tried_again_ever_more_slowly(portal):
    person = register()
    portal.portal.faults.add_spec("error:method=crm.contact.add,text=No,status=400")
    waits, now = [], NOW
    for _ in range(9):
        contacts.match_due(now)
        person.refresh_from_db()
        waits.append((person.bitrix24_retry_at - now).total_seconds())
        now = person.bitrix24_retry_at

    assert waits == [30, 60, 120, 240, 480, 960, 1920, 3600, 3600]


def test_a_person_may_have_the_problems_tried_again_at_once(portal):
    person = register()
    fault = portal.portal.faults.add_spec("error:method=crm.contact.add,text=No,status=400")
    contacts.match_due(NOW)
    portal.portal.faults.remove(fault.id)

    assert contacts.try_again() == 1
    contacts.match_due(NOW)

    assert contact_of(person) is not None
    assert person.bitrix24_problem == ""


def test_a_phone_that_could_not_be_set_leaves_the_email_usable(portal):
    known = add_contact(portal, phone="+37129999999")
    person = register()
    portal.portal.faults.add_spec("error:method=crm.contact.update,text=No,status=400")

    contacts.match_due(NOW)

    assert contact_of(person) == known
    assert (person.bitrix24_phone, person.bitrix24_email) == ("", EMAIL)
    assert person.bitrix24_problem == "No"


def test_a_portal_that_is_down_is_tried_again_and_changes_nothing_else(portal, monkeypatch):
    monkeypatch.setattr("outbox.channels.bitrix24.CALL_SECONDS", 5)
    person = register()
    portal.portal.faults.add_spec("drop:count=50")

    contacts.match_due(NOW)

    assert contact_of(person) is None
    assert person.bitrix24_retry_at == NOW + timedelta(seconds=30)
    assert person.bitrix24_problem.startswith("connection lost")
    assert portal.portal.contacts.rows == {}


def test_a_refused_account_stops_the_matching_until_a_person_acts(portal):
    person = register()
    portal.portal.configure(scopes=frozenset({"bizproc"}))
    contacts.match_due(NOW)
    later = NOW + timedelta(hours=1)
    portal.portal.configure(scopes=frozenset({"crm"}))

    stopped = contacts.match_due(later), ChannelState.objects.get(pk=contacts.STATE)
    breaker.reopen(contacts.STATE)
    contacts.match_due(later)

    assert stopped[0] == 0
    assert stopped[1].needs_a_person
    assert contact_of(person) is not None


def test_nearest_event_first_and_past_ones_last(portal, monkeypatch):
    monkeypatch.setattr(contacts, "BATCH", 1)
    past = register(make_event(starts_at=START - timedelta(days=3)), email="a@example.com")
    later = register(make_event(starts_at=START + timedelta(days=3)), email="b@example.com")
    near = register(make_event(starts_at=START), email="c@example.com")

    order = [contacts.claim(NOW, 1)[0].pk for _ in range(3)]

    assert order == [near.pk, later.pk, past.pk]


def test_who_is_of_no_event_or_has_no_address_is_left_alone(portal):
    long_past = make_event(starts_at=START - timedelta(days=30))
    register(long_past)
    cancelled = make_registration(person={"bitrix24_contact_id": None})
    cancelled.cancel(NOW)
    register(email="", phone="")
    make_participant(bitrix24_contact_id=None)

    assert contacts.match_due(NOW) == 0
    assert portal.portal.statistics.requests == 0


@pytest.mark.parametrize("address", ["", "https://college.bitrix24.eu/"])
def test_without_a_webhook_nothing_is_matched(settings, address):
    settings.BITRIX24_WEBHOOK_URL = address
    person = register()

    assert contacts.match_due(NOW) == 0
    assert person.bitrix24_tried_at is None


def test_a_batch_of_fifty_takes_a_handful_of_requests(portal):
    event = make_event()
    for number in range(120):
        register(event, email=f"p{number}@example.com", phone=f"+371200{number:05}")

    assert contacts.match_due(NOW) == 120

    assert len(portal.portal.contacts.rows) == 120
    # Per 50 people: our keys, their two addresses each, and the additions in a few batches.
    assert portal.portal.statistics.requests <= 3 * 7


def test_no_transaction_is_open_while_the_portal_is_asked(portal, transactional_db, monkeypatch):
    register()
    seen = []
    run = contacts._Round._choices

    def watched(self):
        seen.append(connection.in_atomic_block)
        return run(self)

    monkeypatch.setattr(contacts._Round, "_choices", watched)

    contacts.match_due(NOW)

    assert seen == [False]


@pytest.mark.django_db(transaction=True)
def test_several_workers_at_once_make_no_doubles(portal, monkeypatch):
    event = make_event()
    for number in range(60):
        register(event, email=f"p{number}@example.com", phone=f"+371200{number:05}")
    # As many processes: in one, a single matcher runs at a time.
    monkeypatch.setattr(contacts, "_turn", _NoTurn())
    monkeypatch.setattr(contacts, "BATCH", 10)
    start = Barrier(4)

    def work():
        start.wait()
        contacts.match_due(NOW)
        connections.close_all()

    workers = [Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert len(portal.portal.contacts.rows) == 60
    assert Participant.objects.filter(bitrix24_contact_id=None).count() == 0


class _NoTurn:
    def acquire(self, *, blocking):
        return True

    def release(self):
        return None
