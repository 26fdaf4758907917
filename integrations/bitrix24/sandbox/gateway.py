"""The REST entrance: address, limits, faults and rights, before and after a method runs."""

import hmac
import re
from dataclasses import dataclass, replace
from typing import Any

from .calls import Caller, RestError, RestV3Error
from .exchange import HangUp, Reply, Request
from .execution import (
    Execution,
    RequestCutError,
    command_names,
    fault_error,
    method_name,
)
from .faults import Fault
from .portal import Portal

REPLAY_LIFE = 24 * 3600
IDEMPOTENCY_KEY = re.compile(r"[\x20-\x7e]{1,255}")

BROKEN_PAGE = "<!DOCTYPE html><html><body><h1>{title}</h1><p>nginx</p></body></html>"


@dataclass(frozen=True)
class Address:
    """What the path of a REST request says: version, credentials and method."""

    version: int
    method: str
    user: str = ""
    secret: str = ""

    @classmethod
    def parse(cls, path: str) -> "Address":
        parts = [part for part in path.split("/") if part][1:]
        version = 3 if parts[:1] == ["api"] else 2
        parts = parts[1:] if version == 3 else parts
        if len(parts) == 3:
            return cls(version, method_name(parts[2]), user=parts[0], secret=parts[1])
        if len(parts) == 1:
            return cls(version, method_name(parts[0]))
        raise RestError(404, "ERROR_METHOD_NOT_FOUND", "Method not found!")


class Gateway:
    """Answers the requests that come to `/rest/`."""

    def __init__(self, portal: Portal) -> None:
        self.portal = portal

    def answer(self, request: Request) -> Reply:
        """Answer a request, or hang up on it; either way it is counted."""
        try:
            reply = self._answer(request)
        except RestError as error:
            reply = Reply.json(error.body(), error.status)
        except RequestCutError:
            reply = _broken(504, "504 Gateway Time-out")
        except HangUp:
            self._count(0)
            raise
        self._count(reply.status)
        return reply

    def _count(self, status: int) -> None:
        """Count an answer; 0 stands for none."""
        with self.portal.lock:
            self.portal.statistics.requests += 1
            self.portal.statistics.statuses[status] += 1

    def _answer(self, request: Request) -> Reply:
        moved_to = self.portal.settings.moved_to
        if moved_to and request.headers.get("host", "") not in moved_to:
            return _redirect(request, moved_to)
        address = Address.parse(request.path)
        try:
            self._admit(request)
            params = request.params()
            fault = self._strike(address, params)
            if fault is not None and not fault.executes:
                self._suffer(fault, request)
            caller = self._authenticate(address, params)
            reply = self._execute(request, address, caller, params, fault)
            return self._after(fault, reply)
        except RestError as error:
            if address.version == 3 and not isinstance(error, RestV3Error):
                body = {"error": {"code": error.code, "message": error.text}}
                return Reply.json(body, error.status)
            raise
        except Substituted as substituted:
            return substituted.reply

    def _admit(self, request: Request) -> None:
        settings = self.portal.settings
        if settings.requires_https and request.headers.get("x-forwarded-proto") != "https":
            raise RestError(400, "INVALID_REQUEST", "Https required")
        with self.portal.lock:
            is_admitted = self.portal.bucket(request.address).admit(self.portal.clock.now())
            self.portal.statistics.refused_by_rate += not is_admitted
        if not is_admitted:
            raise RestError(503, "QUERY_LIMIT_EXCEEDED", "Too many requests")
        if settings.is_overloaded:
            raise RestError(503, "OVERLOAD_LIMIT", "REST API is blocked due to overload")
        if not settings.is_commercial:
            text = "REST API is available only on commercial plans"
            raise RestError(403, "ACCESS_DENIED", text)

    def _strike(self, address: Address, params: dict[str, Any]) -> Fault | None:
        is_batch = address.method == "batch"
        methods = {address.method, *(command_names(params) if is_batch else ())}
        fault = self.portal.faults.strike_request(methods, is_batch=is_batch)
        if fault is not None:
            self.portal.count_fault(fault)
        return fault

    def _suffer(self, fault: Fault, request: Request) -> None:
        """Let a fault take the place of the work, or just delay it."""
        if fault.kind == "slow":
            self.portal.clock.sleep(fault.delay)
        elif fault.kind == "302":
            raise Substituted(_redirect(request, fault.location or _other_name(request)))
        else:
            self._break(fault)

    def _break(self, fault: Fault) -> None:
        if fault.kind == "drop":
            raise HangUp
        if fault.kind == "hang":
            raise HangUp(after=fault.delay)
        if fault.kind == "html":
            raise Substituted(_broken(502, "502 Bad Gateway"))
        raise fault_error(fault)

    def _after(self, fault: Fault | None, reply: Reply) -> Reply:
        if fault is not None and fault.executes:
            self._break(fault)
        return reply

    def _authenticate(self, address: Address, params: dict[str, Any]) -> Caller:
        settings = self.portal.settings
        if not address.secret:
            return self.portal.oauth.authenticate(str(params.pop("auth", "")))
        is_right_secret = hmac.compare_digest(
            address.secret.encode(), settings.webhook_secret.encode()
        )
        if address.user != str(settings.user_id) or not is_right_secret:
            raise RestError(401, "NO_AUTH_FOUND", "Wrong authorization data")
        return Caller("webhook", is_application=False, scopes=settings.scopes)

    def _execute(
        self,
        request: Request,
        address: Address,
        caller: Caller,
        params: dict[str, Any],
        fault: Fault | None,
    ) -> Reply:
        execution = Execution(self.portal, caller, version=address.version)
        if address.version == 2:
            return Reply.json(execution.run(address.method, params, fault=fault).body())
        if address.method == "batch":
            calls = request.json() if request.body else []
            return Reply.json(execution.run_list(calls if isinstance(calls, list) else []).body())
        return self._execute_once(request, address, execution, params)

    def _execute_once(
        self, request: Request, address: Address, execution: Execution, params: dict[str, Any]
    ) -> Reply:
        """Run a method of REST 3.0, or give again what it gave under the same key."""
        key = request.headers.get("idempotency-key")
        if key is None:
            return Reply.json(execution.run(address.method, params).body())
        if not IDEMPOTENCY_KEY.fullmatch(key):
            text = "Idempotency-Key must be 1 to 255 printable ASCII characters"
            raise RestV3Error(400, "INVALIDIDEMPOTENCYKEYEXCEPTION", text)
        place = (execution.caller.key, address.method, key)
        replayed = self._replay(place, request.body)
        if replayed is not None:
            return replayed
        reply = Reply.json(
            execution.run(address.method, params).body(), headers={"Idempotency-Key": key}
        )
        self.portal.replays[place] = (self.portal.clock.now(), request.body, reply)
        return reply

    def _replay(self, place: tuple[str, str, str], body: bytes) -> Reply | None:
        stored_at, stored_body, reply = self.portal.replays.get(place, (0.0, b"", None))
        if reply is None or self.portal.clock.now() - stored_at >= REPLAY_LIFE:
            return None
        if stored_body != body:
            text = "Idempotency-Key was used with another request"
            raise RestV3Error(422, "IDEMPOTENCYKEYREUSEDEXCEPTION", text)
        return replace(reply, headers={**reply.headers, "Idempotent-Replayed": "true"})


class Substituted(Exception):  # noqa: N818 - not an error: an answer given in place of the work
    """Another answer takes the place of the method's own."""

    def __init__(self, reply: Reply) -> None:
        super().__init__()
        self.reply = reply


def _redirect(request: Request, location: str) -> Reply:
    query = f"?{request.query}" if request.query else ""
    return Reply.redirect(f"{location.rstrip('/')}{request.path}{query}", 302)


def _other_name(request: Request) -> str:
    """The sandbox under another name of this machine, as a renamed portal would be."""
    name, _, port = request.headers.get("host", "localhost").partition(":")
    other = "127.0.0.1" if name == "localhost" else "localhost"
    return f"http://{other}:{port}" if port else f"http://{other}"


def _broken(status: int, title: str) -> Reply:
    return Reply.html(BROKEN_PAGE.format(title=title), status)
