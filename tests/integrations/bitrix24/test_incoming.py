"""What the portal posts to us."""

import logging

import pytest

from integrations.bitrix24.incoming import Event, NotAnEventError, parse_event, token_is_right

FORM = {
    "event": "ONCRMLEADADD",
    "event_handler_id": "975",
    "data[FIELDS][ID]": "1000983",
    "ts": "1742807175",
    "auth[domain]": "college.bitrix24.eu",
    "auth[client_endpoint]": "https://college.bitrix24.eu/rest/",
    "auth[server_endpoint]": "https://oauth.bitrix.info/rest/",
    "auth[member_id]": "a223",
    "auth[application_token]": "51856fefc120afa4b628cc82d3935cce",
}
EVENT = Event("ONCRMLEADADD", 1000983, 1742807175, "college.bitrix24.eu", "a223")


def test_an_event_is_read():
    assert parse_event(FORM) == EVENT


def test_tokens_that_come_along_are_neither_kept_nor_logged(caplog):
    extra = {"auth[access_token]": "s6p6eclrvim6da22ft9ch94ekreb52lv", "auth[scope]": "crm"}

    with caplog.at_level(logging.DEBUG):
        event = parse_event(FORM | extra)

    assert event == EVENT
    assert caplog.text == ""


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"data[FIELDS][ID]": "x"}, "The id or the time is not a number."),
        ({"ts": ""}, "The id or the time is not a number."),
        ({"event": None}, "The form has no field 'event'."),
        ({"data[FIELDS][ID]": None}, "The form has no field 'data[FIELDS][ID]'."),
    ],
)
def test_a_form_that_is_no_event_is_refused(change, sentence):
    form = {key: value for key, value in (FORM | change).items() if value is not None}

    with pytest.raises(NotAnEventError) as raised:
        parse_event(form)

    assert str(raised.value) == sentence


@pytest.mark.parametrize(
    ("form", "expected", "right"),
    [
        (FORM, "51856fefc120afa4b628cc82d3935cce", True),
        (FORM, "51856fefc120afa4b628cc82d3935ccf", False),
        (FORM, "", False),
        ({}, "51856fefc120afa4b628cc82d3935cce", False),
        ({"auth[application_token]": ""}, "", False),
        ({"auth[application_token]": "ā"}, "51856fefc120afa4b628cc82d3935cce", False),
    ],
)
def test_only_the_right_token_lets_in(form, expected, right):
    assert token_is_right(form, expected) is right
