"""The webhook's secret shows up nowhere: not in logs, texts, tracebacks or exception chains."""

import io
import logging
import traceback

import pytest
import requests
import responses

from integrations.bitrix24.commands import Command
from integrations.bitrix24.errors import Bitrix24Error
from integrations.bitrix24.masking import MaskSecrets, mask
from tests.integrations.bitrix24.fakes import SECRET, URL, client_at


def chain(error):
    """Walk everything a reporting tool could walk, suppressed or not."""
    while error:
        yield error
        error = error.__cause__ or error.__context__


@responses.activate
@pytest.mark.parametrize(
    "failure",
    [
        requests.ConnectionError(f"HTTPSConnectionPool: Max retries with url: {URL}profile"),
        requests.ReadTimeout(f"Read timed out: {URL}profile"),
        requests.exceptions.InvalidURL(URL),
    ],
)
def test_an_error_and_its_whole_chain_are_free_of_the_secret(failure, caplog):
    responses.post(f"{URL}profile", body=failure)
    client = client_at(patience=0.5)

    with caplog.at_level(logging.DEBUG), pytest.raises(Bitrix24Error) as raised:
        client.read(Command("profile"))

    texts = [text for error in chain(raised.value) for text in (repr(error), str(error.args))]
    texts += traceback.format_exception(raised.value)
    texts += [repr(client), repr(vars(client.requester.transport)), caplog.text]
    assert SECRET not in "\n".join(texts)


@responses.activate
def test_an_answer_that_repeats_the_address_is_masked():
    responses.post(
        f"{URL}profile",
        status=400,
        json={"error": "", "error_description": f"No such address: {URL}profile"},
    )

    with pytest.raises(Bitrix24Error) as raised:
        client_at().read(Command("profile"))

    assert str(raised.value) == (
        "Bitrix24 did not answer profile: No such address: "
        "https://college.bitrix24.eu/rest/1/***/profile"
    )


def test_debug_logs_of_the_http_library_are_masked_whatever_the_handlers(closed_port):
    output = io.StringIO()
    handler = logging.StreamHandler(output)
    logger = logging.getLogger("urllib3")
    level = logger.level
    logger.addHandler(handler)
    logger.setLevel(logging.DEBUG)
    client = client_at(f"http://127.0.0.1:{closed_port}/rest/1/{SECRET}/")

    try:
        client.call(Command("profile"))
        logging.getLogger("urllib3.connectionpool").debug('"POST %s"', f"/rest/1/{SECRET}/profile")
    finally:
        logger.removeHandler(handler)
        logger.setLevel(level)

    assert '"POST /rest/1/***/profile"' in output.getvalue()
    assert SECRET not in output.getvalue()


def test_the_filter_masks_tracebacks_and_leaves_other_records_alone():
    output = io.StringIO()
    handler = logging.StreamHandler(output)
    handler.addFilter(MaskSecrets())
    logger = logging.getLogger("test.masking")
    logger.addHandler(handler)

    try:
        raise ValueError(f"POST {URL}profile")
    except ValueError:
        logger.exception("Could not call %s.", f"{URL}profile")
    logger.warning("%d of %d", 3, 5)

    assert SECRET not in output.getvalue()
    assert "Could not call https://college.bitrix24.eu/rest/1/***/profile." in output.getvalue()
    assert "ValueError: POST https://college.bitrix24.eu/rest/1/***/profile" in output.getvalue()
    assert output.getvalue().endswith("3 of 5\n")


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("/rest/1/abc/profile", "/rest/1/***/profile"),
        ("/rest/api/12/abc/mail.message.send", "/rest/api/12/***/mail.message.send"),
        ("/rest/1/abc", "/rest/1/***"),
        ("/rest/profile?auth=abc&x=1", "/rest/profile?auth=***&x=1"),
        ("auth[application_token]=abc&ts=1", "auth[application_token]=***&ts=1"),
        ('{"access_token": "abc"}', '{"access_token": "***"}'),
        ("{'access_token': 'abc', 'x': 1}", "{'access_token': '***', 'x': 1}"),
        ("django.contrib.auth: no such user", "django.contrib.auth: no such user"),
        ("The rest of 1/3 is authored.", "The rest of 1/3 is authored."),
    ],
)
def test_mask(text, masked):
    assert mask(text) == masked
