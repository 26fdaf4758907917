"""Who may open which page and do what there: the table of rights against every address there is."""

from collections.abc import Iterator
from urllib.parse import urlencode

import pytest
import time_machine
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import URLResolver, get_resolver, reverse

from tests.permission_table import ANSWERS, GIVEN, OF_NO_FORM, TABLE
from tests.permission_world import NOW, PERSONS, make_persons, make_world

APPS = sorted({line.app for line in TABLE})
METHODS = ("GET", "POST")
FORM = "application/x-www-form-urlencoded"
REFUSALS = {401: "-", 403: "-", 404: "?", 405: "x"}
DONE = {200, 302}
"""A page, a form with what is wrong in it, a file, or the way on after an act."""

WITHOUT_TOKEN = {
    *("outbox:delivery_report", "outbox:inbound_sms", "events:bitrix24_event", "events:zoom_event"),
    *("events:join", "events:offer_open", "events:unsubscribe"),
    *("events:registration_again", "events:registration_cancel_own"),
}
"""What other programs ask for, and what a personal link opens: it is the key itself."""


def names(resolver: URLResolver, namespace: str = "") -> Iterator[str]:
    for each in resolver.url_patterns:
        if isinstance(each, URLResolver):
            yield from names(each, f"{each.namespace}:" if each.namespace else namespace)
        else:
            yield f"{namespace}{each.name}"


@pytest.fixture
def world(db, settings, tmp_path, client_for):
    """Everything there is, and the cookies of each person; the webhooks have their secrets."""
    settings.MEDIA_ROOT = tmp_path
    settings.ZOOM_WEBHOOK_SECRET = settings.BITRIX24_APPLICATION_TOKEN = "secret"
    settings.MESSENTE_INBOUND_SECRET = "secret"
    with time_machine.travel(NOW, tick=False):
        persons = make_persons()
        cookies = {
            name: client_for(person).cookies if person else Client().cookies
            for name, person in persons.items()
        }
        yield make_world(persons), cookies


def ask(cookies, method, line, objects):
    """Ask as one person, and leave everything as it was."""
    client = Client()
    client.cookies.update(cookies)
    given = urlencode(GIVEN.get(line.name, OF_NO_FORM))
    address, body = line.address(objects), b""
    if method == "POST":
        body = given.encode()
    elif line.name in GIVEN:
        address = f"{address}?{given}"
    with transaction.atomic():
        response = client.generic(method, address, body, content_type=FORM)
        if response.streaming:
            response.getvalue()  # reads and closes the file
        transaction.set_rollback(True)
    return outcome(response, ANSWERS.get(line.name, DONE))


def outcome(response, done):
    """Say in a character what came of it; what is neither done nor refused stands as its number."""
    if response.status_code == 302 and response.url.startswith(f"{reverse('accounts:login')}?"):
        return ">"
    if response.status_code in done:
        return "+"
    return REFUSALS.get(response.status_code, f"[{response.status_code}]")


@pytest.mark.parametrize("status", [400, 409, 413, 429, 500, 503])
def test_what_is_neither_done_nor_refused_is_not_taken_for_a_right(status):
    assert outcome(HttpResponse(status=status), DONE) == f"[{status}]"


def test_the_table_names_every_address_of_the_project():
    assert set(names(get_resolver())) == {line.name for line in TABLE}


@pytest.mark.parametrize("app", APPS)
def test_every_person_may_do_what_the_table_says(world, app):
    objects, cookies = world
    lines = [(line, method) for line in TABLE if line.app == app for method in line.methods]

    seen = {
        (line.name, line.of, method): "".join(
            ask(cookies[person], method, line, objects) for person in PERSONS
        )
        for line, method in lines
    }

    assert seen == {(line.name, line.of, method): line.outcomes for line, method in lines}


@pytest.mark.parametrize("app", APPS)
def test_every_change_wants_a_token_that_only_our_pages_have(world, app):
    objects, cookies = world
    client = Client(enforce_csrf_checks=True)
    client.cookies.update(cookies["head"])

    done = {
        line.name
        for line in TABLE
        if line.app == app and "POST" in line.methods and line.name not in WITHOUT_TOKEN
        if client.post(line.address(objects)).status_code != 403
    }

    assert done == set()


@pytest.mark.parametrize("app", APPS)
def test_what_the_table_does_not_list_nobody_may_do(world, app):
    objects, cookies = world
    listed = {(line.name, method) for line in TABLE for method in line.methods}
    refused = {">", *REFUSALS.values()}

    not_refused = [
        (line.name, method, person)
        for line in TABLE
        for method in METHODS
        for person in PERSONS
        if line.app == app
        and (line.name, method) not in listed
        and ask(cookies[person], method, line, objects) not in refused
    ]

    assert not_refused == []
