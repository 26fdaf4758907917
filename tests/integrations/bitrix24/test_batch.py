"""Batches: how they are written, what became of each command, how large they grow."""

import json
from datetime import UTC, datetime
from urllib.parse import parse_qsl, unquote

import pytest
import responses
from hypothesis import given
from hypothesis import strategies as st

from integrations.bitrix24.commands import Command
from integrations.bitrix24.errors import Bitrix24Error
from integrations.bitrix24.limiter import Bucket, MemoryLimiter
from integrations.bitrix24.pace import MemoryPace, RedisPace
from integrations.bitrix24.shared import connect
from integrations.outcomes import Done, Kind, NotExecuted, Refused, Unclear, Why
from tests.integrations.bitrix24.fakes import URL, FakeTime, batch_answer, client_at

SEND = Command("crm.activity.add")


def answer(*bodies):
    for body in bodies:
        status, body = body if isinstance(body, tuple) else (200, body)
        responses.post(f"{URL}batch", status=status, json=body)


def answer_all(seconds=0.1):
    """Carry out whatever is asked, each command in so many seconds."""

    def carry_out(request):
        names = json.loads(request.body)["cmd"]
        body = batch_answer(
            result=dict.fromkeys(names, 1),
            result_time={name: {"duration": seconds} for name in names},
        )
        return 200, {}, json.dumps(body)

    responses.add_callback(responses.POST, f"{URL}batch", carry_out)


def sent(index=0):
    return json.loads(responses.calls[index].request.body)


def sizes():
    return [len(sent(index)["cmd"]) for index in range(len(responses.calls))]


def sending(count):
    return {f"message {index}": SEND for index in range(count)}


def test_a_command_is_written_as_php_reads_it_with_everything_encoded_once():
    command = Command(
        "crm.lead.list",
        {
            "filter": {">=DATE_CREATE": datetime(2026, 3, 1, tzinfo=UTC), "@ID": [1, 2]},
            "fields": {"TITLE": "John&Martin=100% +ā", "OPEN": True, "NONE": None},
            "start": -1,
        },
    )

    assert command.query() == (
        "crm.lead.list"
        "?filter[%3E%3DDATE_CREATE]=2026-03-01T00%3A00%3A00%2B00%3A00"
        "&filter[%40ID][0]=1&filter[%40ID][1]=2"
        "&fields[TITLE]=John%26Martin%3D100%25%20%2B%C4%81&fields[OPEN]=Y&start=-1"
    )


def test_a_command_without_parameters_is_its_name():
    assert Command("profile").query() == "profile"


def test_text_cannot_refer_to_the_result_of_another_command():
    assert "$result[" not in Command("x", {"TEXT": "$result[m_0][ID]"}).query()


@given(st.dictionaries(st.text(min_size=1), st.text()))
def test_any_text_survives_the_encoding(fields):
    query = Command("x", {"f": fields}).query().partition("?")[2]

    read = {
        unquote(name): value
        for name, value in (
            (pair.partition("=")[0], dict(parse_qsl(pair, keep_blank_values=True)).popitem()[1])
            for pair in query.split("&")
            if pair
        )
    }
    assert read == {f"f[{key}]": value for key, value in fields.items()}


def test_what_bitrix24_cannot_take_is_refused_before_it_is_sent():
    with pytest.raises(TypeError, match="no way to write a set"):
        Command("x", {"ids": {1, 2}}).query()


@responses.activate
def test_every_command_has_its_own_outcome_under_the_callers_key():
    answer(
        batch_answer(
            result={"m_0": 999, "m_3": [], "m_5": None},
            result_error={
                "m_1": {"error": "", "error_description": "The field SUBJECT is not defined."},
                "m_4": {"error": "INTERNAL_SERVER_ERROR", "error_description": "?"},
            },
            result_total={"m_3": 120},
            result_next={"m_3": 50},
        )
    )
    keys = ["7", "3f2a-e1", "not run", "a list", "odd", "nothing"]

    outcomes = client_at().batch(dict.fromkeys(keys, SEND))

    assert outcomes == {
        "7": Done(999),
        "3f2a-e1": Refused("", "The field SUBJECT is not defined.", Kind.DATA),
        "not run": NotExecuted(Why.NOT_REACHED),
        "a list": Done([], total=120, next=50),
        "odd": Unclear(Why.SERVER_ERROR, "INTERNAL_SERVER_ERROR"),
        "nothing": Done(None),
    }
    assert sent() == {
        "halt": 0,
        "cmd": {f"m_{index}": "crm.activity.add" for index in range(6)},
    }


@responses.activate
@pytest.mark.parametrize(
    ("status", "body", "first", "rest"),
    [
        (
            500,
            {"error": "INTERNAL_SERVER_ERROR"},
            Unclear(Why.SERVER_ERROR, "INTERNAL_SERVER_ERROR"),
            NotExecuted(Why.NOT_REACHED),
        ),
        (
            200,
            {"result": {"result": [1, 2], "result_error": []}},
            Unclear(Why.UNREADABLE, "the sections of the batch"),
            NotExecuted(Why.NOT_REACHED),
        ),
        (
            200,
            {"result": True},
            Unclear(Why.UNREADABLE, "the sections of the batch"),
            NotExecuted(Why.NOT_REACHED),
        ),
        (
            401,
            {"error": "NO_AUTH_FOUND", "error_description": "Wrong authorization data"},
            Refused("NO_AUTH_FOUND", "Wrong authorization data", Kind.ACCOUNT),
            NotExecuted(Why.NOT_REACHED),
        ),
        (
            413,
            {"error": "TOO_LARGE"},
            Refused("TOO_LARGE", "", Kind.ACCOUNT),
            NotExecuted(Why.NOT_REACHED),
        ),
    ],
)
def test_when_a_request_fails_as_a_whole_the_next_is_not_made(status, body, first, rest):
    answer((status, body))

    outcomes = client_at().batch(sending(21))

    assert list(outcomes.values()) == [first] * 20 + [rest]
    assert len(responses.calls) == 1


@responses.activate
def test_a_throttled_batch_is_made_again():
    answer(
        (503, {"error": "QUERY_LIMIT_EXCEEDED", "error_description": "Too many requests"}),
        batch_answer(result={"m_0": 1}),
    )

    assert client_at().batch(sending(1)) == {"message 0": Done(1)}
    assert len(responses.calls) == 2


@responses.activate
def test_an_unclear_batch_is_not_made_again():
    answer((502, {}), batch_answer(result={"m_0": 1}))

    assert client_at().batch(sending(1)) == {"message 0": Unclear(Why.SERVER_ERROR, "HTTP 502")}
    assert len(responses.calls) == 1


@responses.activate
def test_after_the_deadline_the_rest_is_not_executed():
    time = FakeTime()

    def slowly(request):
        time.now += 30
        names = json.loads(request.body)["cmd"]
        return 200, {}, json.dumps(batch_answer(result=dict.fromkeys(names, 1)))

    responses.add_callback(responses.POST, f"{URL}batch", slowly)
    deadline = datetime.fromtimestamp(time.now + 10, UTC)

    outcomes = client_at(time=time).batch(sending(30), deadline=deadline)

    assert list(outcomes.values()) == [Done(1)] * 20 + [NotExecuted(Why.OUT_OF_TIME)] * 10


@responses.activate
def test_a_method_that_runs_out_of_time_inside_a_batch_rests_alone():
    limit = {"error": "OPERATION_TIME_LIMIT", "error_description": "Method is blocked"}
    answer(
        batch_answer(result={"m_0": 1}, result_error={"m_1": limit, "m_2": limit}),
        batch_answer(result={"m_0": "66e8.1"}),
    )
    time = FakeTime()
    client = client_at(time=time, limiter=MemoryLimiter(clock=time))
    workflow = Command("bizproc.workflow.start")

    first = client.batch(sending(3))
    second = client.batch({"mail": SEND, "sms": workflow, "more mail": SEND})

    paused = NotExecuted(Why.METHOD_PAUSED, 300, "OPERATION_TIME_LIMIT")
    assert list(first.values()) == [Done(1), paused, paused]
    assert second == {
        "mail": NotExecuted(Why.METHOD_PAUSED, 300),
        "sms": Done("66e8.1"),
        "more mail": NotExecuted(Why.METHOD_PAUSED, 300),
    }
    assert sent(1)["cmd"] == {"m_0": "bizproc.workflow.start"}


@responses.activate
def test_with_halt_nothing_is_executed_after_the_first_failure():
    refusal = {"error": "", "error_description": "Wrong DOCUMENT_ID!"}
    answer(batch_answer(result={"m_0": 1}, result_error={"m_1": refusal}))

    outcomes = client_at().batch(sending(22), halt=True)

    assert list(outcomes.values()) == [
        Done(1),
        Refused("", "Wrong DOCUMENT_ID!", Kind.DATA),
        *[NotExecuted(Why.NOT_REACHED)] * 20,
    ]
    assert (sent()["halt"], len(responses.calls)) == (1, 1)


@responses.activate
def test_with_halt_nothing_is_executed_after_a_method_that_rests():
    time = FakeTime()
    limiter = MemoryLimiter(clock=time)
    limiter.pause("crm.activity.add")
    answer(batch_answer(result={"m_0": 1}))
    add, other = SEND, Command("crm.contact.add")

    outcomes = client_at(time=time, limiter=limiter).batch(
        {"a": other, "b": add, "c": other}, halt=True
    )

    assert outcomes == {
        "a": Done(1),
        "b": NotExecuted(Why.METHOD_PAUSED, 300),
        "c": NotExecuted(Why.NOT_REACHED),
    }


@responses.activate
def test_batches_begin_small_and_grow_with_what_was_measured():
    answer_all(seconds=0.3)

    outcomes = client_at().batch(sending(150))

    assert list(outcomes.values()) == [Done(1)] * 150
    assert sizes() == [20, 50, 50, 30]


@responses.activate
def test_slow_commands_go_in_batches_that_end_in_half_a_minute():
    answer_all(seconds=5)

    client_at().batch(sending(40))

    assert sizes() == [20, 6, 6, 6, 2]


@responses.activate
def test_a_batch_that_the_portal_cut_off_makes_the_next_one_smaller():
    time = FakeTime()

    def cut_off(request):
        time.now += 60
        return 504, {}, ""

    responses.add_callback(responses.POST, f"{URL}batch", cut_off)
    client = client_at(time=time)
    before = client.batch_size("crm.activity.add")

    client.batch(sending(20))

    assert (before, client.batch_size("crm.activity.add")) == (20, 10)


@responses.activate
def test_a_portal_that_says_no_times_is_measured_by_the_whole_request():
    time = FakeTime()

    def without_times(request):
        time.now += 40
        names = json.loads(request.body)["cmd"]
        return 200, {}, json.dumps(batch_answer(result=dict.fromkeys(names, 1)))

    responses.add_callback(responses.POST, f"{URL}batch", without_times)
    client = client_at(time=time)

    client.batch(sending(20))

    assert client.batch_size("crm.activity.add") == 15


@responses.activate
def test_waiting_for_the_turn_does_not_count_as_slowness():
    time = FakeTime()
    limiter = MemoryLimiter(Bucket(burst=1, drain=0.02, margin_seconds=0), time, level=1)
    answer((502, {}))
    client = client_at(time=time, limiter=limiter)

    client.batch(sending(1))

    assert time.slept == [50]
    assert client.batch_size("crm.activity.add") == 20


def test_a_command_too_slow_for_any_batch_still_goes_alone():
    pace = MemoryPace()
    pace.learn("crm.lead.add", 45)

    assert client_at(pace=pace).batch_size("crm.lead.add") == 1


def test_the_pace_becomes_careful_quickly_and_bold_slowly():
    pace = MemoryPace()
    measured = []
    for seconds in (1.0, 2.0, 1.0):
        pace.learn("x", seconds)
        measured.append(pace.seconds(["x", "y"]))

    assert measured == [{"x": 1.0}, {"x": 1.5}, {"x": pytest.approx(1.4)}]


def test_the_pace_is_shared_through_redis(redis_url):
    one, other = (RedisPace(connect(redis_url), "shared-pace") for _ in range(2))

    one.learn("crm.activity.add", 0.4)

    assert other.seconds(["crm.activity.add", "profile"]) == {"crm.activity.add": 0.4}
    assert other.seconds([]) == {}


def test_without_redis_the_pace_is_ones_own(closed_port):
    pace = RedisPace(connect(f"redis://127.0.0.1:{closed_port}/0"), "college")

    pace.learn("crm.activity.add", 0.4)

    assert pace.seconds(["crm.activity.add"]) == {"crm.activity.add": 0.4}


@responses.activate
def test_questions_left_open_are_asked_again_without_the_others():
    fault = {"error": "INTERNAL_SERVER_ERROR", "error_description": ""}
    answer(
        batch_answer(result={"m_0": [1]}, result_error={"m_1": fault}),
        (502, {}),
        batch_answer(result={"m_0": [2]}),
    )
    ask = Command("crm.contact.list")

    answers = client_at().read_batch({"a": ask, "b": ask})

    assert answers == {"a": Done([1]), "b": Done([2])}
    assert sizes() == [2, 1, 1]


@responses.activate
def test_a_question_refused_in_a_batch_raises():
    refusal = {"error": "", "error_description": "Access denied."}
    answer(batch_answer(result={"m_0": [1]}, result_error={"m_1": refusal}))
    ask = Command("crm.contact.list")

    with pytest.raises(Bitrix24Error, match=r"did not answer crm.contact.list: Access denied."):
        client_at().read_batch({"a": ask, "b": ask})

    assert len(responses.calls) == 1


@responses.activate
def test_an_empty_batch_asks_nothing():
    assert client_at().batch({}) == {}
    assert client_at().read_batch({}) == {}


def test_a_call_of_rest_3_does_not_go_into_a_batch():
    with pytest.raises(ValueError, match="REST 2 only"):
        client_at().batch({"a": Command("mail.mailbox.senders", version=3)})
