"""Running methods: scopes, operating time, how long they take, and what comes of them."""

import itertools
from dataclasses import dataclass
from typing import Any

from . import methods as _methods  # noqa: F401 - importing it registers the methods
from .calls import METHODS, Call, Caller, Listing, Method, RestError
from .clock import iso
from .encoding import as_dict, decode_query, is_true, section
from .faults import Fault
from .portal import Portal
from .references import resolve

MAX_BATCH = 50


class RequestCutError(Exception):
    """The request has lasted too long and the server has cut it off."""


@dataclass(frozen=True)
class Outcome:
    """What a method gave, and the `time` object that goes with it."""

    result: Any
    time: dict[str, Any]
    total: int | None = None
    next: int | None = None

    def body(self) -> dict[str, Any]:
        body: dict[str, Any] = {"result": self.result}
        if self.next is not None:
            body["next"] = self.next
        if self.total is not None:
            body["total"] = self.total
        return {**body, "time": self.time}


class Execution:
    """The methods one request runs, one after the other, inside its time limit."""

    def __init__(self, portal: Portal, caller: Caller, *, version: int = 2) -> None:
        self.portal = portal
        self.caller = caller
        self.version = version
        self._left = portal.settings.request_limit

    def run(self, name: str, params: dict[str, Any], *, fault: Fault | None = None) -> Outcome:
        """Run one method, or a batch of them; a fault may cut a batch short."""
        if name != "batch":
            return self._run_one(name, params)
        started = self.portal.clock.now()
        # A batch that is cut after some commands answers nothing, so what it gives is not used.
        commands = itertools.islice(_commands(params), fault.after if fault else None)
        result = self._batch(dict(commands), is_halting=is_true(params.get("halt")))
        now = self.portal.clock.now()
        return Outcome(result, self._time(started, now - started, operating=(0.0, int(now) + 600)))

    def run_list(self, calls: list[Any]) -> Outcome:
        """Run a batch of REST 3.0: a list of calls, answered by a list in the same order."""
        started = self.portal.clock.now()
        results = []
        for item in calls[:MAX_BATCH]:
            call = as_dict(item)
            name = str(call.get("method", "")).lower()
            try:
                results.append(self._run_one(name, as_dict(call.get("query"))).result)
            except RestError as error:
                results.append(error.body())
        now = self.portal.clock.now()
        return Outcome(results, self._time(started, now - started, operating=(0.0, int(now) + 600)))

    def _batch(self, commands: dict[str, Any], *, is_halting: bool) -> dict[str, Any]:
        results: dict[str, Any] = {}
        errors: dict[str, Any] = {}
        totals: dict[str, Any] = {}
        nexts: dict[str, Any] = {}
        times: dict[str, Any] = {}
        for position, (key, command) in enumerate(commands.items()):
            if not isinstance(command, str):
                continue
            try:
                outcome = self._command(command, position, results)
            except RestError as error:
                errors[key] = _inner_error(error)
                if is_halting:
                    break
                continue
            results[key] = outcome.result
            times[key] = outcome.time
            if outcome.total is not None:
                totals[key] = outcome.total
            if outcome.next is not None:
                nexts[key] = outcome.next
        return {
            "result": section(results),
            "result_error": section(errors),
            "result_total": section(totals),
            "result_next": section(nexts),
            "result_time": section(times),
        }

    def _command(self, command: str, position: int, results: dict[str, Any]) -> Outcome:
        if position >= MAX_BATCH:
            raise RestError(400, "ERROR_BATCH_LENGTH_EXCEEDED", "Max batch length exceeded")
        name, query = split_command(command)
        if name == "batch":
            text = "Method is not allowed for batch usage"
            raise RestError(405, "ERROR_BATCH_METHOD_NOT_ALLOWED", text)
        fault = self.portal.faults.strike_command(name)
        if fault is not None:
            self.portal.count_fault(fault)
            raise fault_error(fault)
        return self._run_one(name, resolve(query, results))

    def _run_one(self, name: str, params: dict[str, Any]) -> Outcome:
        found = self._find(name)
        self._check(found)
        started = self.portal.clock.now()
        seconds = self.portal.draw_latency(name)
        self._spend(seconds)
        with self.portal.lock:
            self.portal.statistics.commands += 1
            self.portal.statistics.methods[found.name] += 1
            operating = self.portal.operating(self.caller.key, found.name)
            operating.add(seconds, self.portal.clock.now())
            result = found.handler(Call(self.portal, self.caller, params))
            now = self.portal.clock.now()
            used = (operating.used(now), operating.resets_at(now))
        time = self._time(started, seconds, operating=used)
        if isinstance(result, Listing):
            return Outcome(result.result, time, result.total, result.next)
        return Outcome(result, time)

    def _find(self, name: str) -> Method:
        found = METHODS[self.version].get(name)
        if found is None:
            raise RestError(404, "ERROR_METHOD_NOT_FOUND", "Method not found!")
        if not found.is_allowed(self.caller):
            text = "The request requires higher privileges than provided by the webhook token"
            raise RestError(403, "insufficient_scope", text)
        if found.application_only and not self.caller.is_application:
            raise RestError(403, "ACCESS_DENIED", "Application context required")
        return found

    def _check(self, found: Method) -> None:
        with self.portal.lock:
            operating = self.portal.operating(self.caller.key, found.name)
            if operating.is_blocked(self.portal.clock.now()):
                self.portal.statistics.refused_by_operating_time += 1
                raise operating_time_error()

    def _spend(self, seconds: float) -> None:
        """Take the time the method takes; the server cuts a request that has none left."""
        is_cut = seconds > self._left
        if seconds > 0:
            self.portal.clock.sleep(min(seconds, self._left))
        self._left -= seconds
        if is_cut:
            raise RequestCutError

    def _time(
        self, started: float, seconds: float, *, operating: tuple[float, int]
    ) -> dict[str, Any]:
        time: dict[str, Any] = {
            "start": started,
            "finish": started + seconds,
            "duration": seconds,
            "processing": seconds,
            "date_start": iso(started),
            "date_finish": iso(started + seconds),
        }
        if self.portal.settings.shows_operating:
            used, resets_at = operating
            time |= {"operating_reset_at": resets_at, "operating": float(used)}
        return time


def split_command(command: str) -> tuple[str, dict[str, Any]]:
    """Split `method?query` of a batch into the method's name and its parameters."""
    name, _, query = command.partition("?")
    return method_name(name), decode_query(query)


def method_name(name: str) -> str:
    """The name of a method as it is looked up: small letters, no suffix."""
    return name.strip().strip("/").lower().removesuffix(".json")


def command_names(params: dict[str, Any]) -> list[str]:
    """The methods a batch is going to call."""
    commands = (command for _, command in _commands(params) if isinstance(command, str))
    return [method_name(command.partition("?")[0]) for command in commands]


def operating_time_error() -> RestError:
    text = "Method is blocked due to operation time limit"
    return RestError(429, "OPERATION_TIME_LIMIT", text)


def fault_error(fault: Fault) -> RestError:
    """The refusal a fault stands for."""
    if fault.kind == "429":
        return operating_time_error()
    if fault.kind == "503":
        return RestError(503, "QUERY_LIMIT_EXCEEDED", "Too many requests")
    if fault.kind == "error":
        return RestError(fault.status, fault.code, fault.text)
    return RestError(500, "INTERNAL_SERVER_ERROR", "Internal server error")


def _commands(params: dict[str, Any]) -> list[tuple[str, Any]]:
    return list(as_dict(params.get("cmd")).items())


def _inner_error(error: RestError) -> dict[str, Any]:
    if error.code == "insufficient_scope":
        # Inside a batch the portal gives the code alone.
        return {"error": error.code, "error_description": ""}
    return error.body()
