"""The HTTP server: the gateway's calls under /v1, a page for people, and its controls."""

import base64
import hmac
import json
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from integrations.sandbox_server import SandboxServer, serving

from .account import Account, Fault, RefusedError, Sms
from .page import page
from .reports import state_of

MAX_BODY = 1024 * 1024


class HangUpError(Exception):
    """The connection is closed without an answer."""


class Handler(BaseHTTPRequestHandler):
    """Reads one request after the other from a connection and writes the answers."""

    protocol_version = "HTTP/1.1"
    server_version = "Sandbox"
    disable_nagle_algorithm = True
    server: "GatewayServer"

    def do_GET(self) -> None:
        self._serve(b"")

    def do_POST(self) -> None:
        length = self.headers.get("Content-Length", "0")
        if not length.isdecimal() or int(length) > MAX_BODY:
            self.close_connection = True
            self._write(413, b"", "text/plain")
            return
        self._serve(self.rfile.read(int(length)))

    def log_message(self, *args: Any) -> None:
        """Say nothing: what is sent is nobody's business."""

    def _serve(self, body: bytes) -> None:
        path = urlsplit(self.path).path
        try:
            if path.startswith("/v1/"):
                self._json(*self._gateway(path.removeprefix("/v1"), body))
            elif self.command == "POST":
                self.server.control(path, {k: v[0] for k, v in parse_qs(body.decode()).items()})
                self._write(303, b"", "text/plain", {"Location": "/"})
            else:
                html = page(self.server.account, self.server.api_url)
                self._write(200, html.encode(), "text/html; charset=utf-8")
        except RefusedError as refusal:
            self._json(refusal.status, {"errors": [refusal.error]})
        except HangUpError:
            self.close_connection = True
            self.connection.shutdown(socket.SHUT_RDWR)

    def _gateway(self, path: str, body: bytes) -> tuple[int, Any]:
        account = self.server.account
        if not self._is_signed_in():
            raise RefusedError(401, "103", "The user name or the password is wrong.")
        if (self.command, path) == ("POST", "/omnimessage"):
            return self._send(body)
        if path == "/phonebook/blacklist":
            return 200, {"phoneNumbers": sorted(account.blacklist)}
        if path.startswith("/phonebook/blacklist/"):
            if unquote(path.rpartition("/")[2]) in account.blacklist:
                return 204, None
            raise RefusedError(404, "203", "The number is not in the blacklist.")
        sms = account.find(path.split("/")[2]) if path.endswith("/status") else None
        if sms is None:
            raise RefusedError(404, "101", "There is no such message.")
        told = {"omnimessage_id": sms.number, "to": sms.to, "statuses": [state_of(sms)]}
        return 200, told

    def _send(self, body: bytes) -> tuple[int, Any]:
        account, fault = self.server.account, self.server.account.next_fault()
        if fault in (Fault.ERROR, Fault.BUSY, Fault.THROTTLED):
            raise RefusedError(int(fault), "104", "Not now.")
        if fault is Fault.DROP_FIRST:
            raise HangUpError
        if fault is Fault.SLOW:
            self.server.stopping.wait(account.slow_seconds)
        try:
            payload = json.loads(body)
        except ValueError:
            raise RefusedError(400, "105", "The body is no JSON.") from None
        answer = account.take(account.check(payload))
        if fault is Fault.DROP:
            raise HangUpError
        return 201, answer

    def _is_signed_in(self) -> bool:
        account = self.server.account
        wanted = base64.b64encode(f"{account.username}:{account.password}".encode()).decode()
        given = self.headers.get("Authorization", "")
        return hmac.compare_digest(given.encode(), f"Basic {wanted}".encode())

    def _json(self, status: int, body: Any) -> None:
        text = b"" if body is None else json.dumps(body).encode()
        self._write(status, text, "application/json")

    def _write(
        self, status: int, body: bytes, kind: str, headers: dict[str, str] | None = None
    ) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        if status != 204:
            self.send_header("Content-Length", str(len(body)))
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)


class GatewayServer(SandboxServer):
    """One gateway at one address."""

    def __init__(self, host: str, port: int, account: Account) -> None:
        self.account = account
        super().__init__((host, port), Handler)

    @property
    def api_url(self) -> str:
        return f"{self.url}/v1"

    def control(self, path: str, form: dict[str, str]) -> None:
        """Do what a button of the page asks for."""
        account = self.account
        if path == "/report" and (sms := account.find(form.get("number", ""))):
            account.reports.post(sms, form.get("status", "DELIVRD"), int(form.get("error", "0")))
        elif path == "/blacklist" and (number := form.get("number", "").strip()):
            account.blacklist ^= {number}
        elif path == "/fault" and form.get("fault") in list(Fault):
            account.faults.append(Fault(form["fault"]))
        elif path == "/credit":
            account.credit = 0 if account.credit else 100
        else:
            raise RefusedError(404, "101", "There is no such button.")


class Sandbox:
    """A sandbox running in a thread of this process."""

    def __init__(self, server: GatewayServer) -> None:
        self._server = server
        self.account = server.account
        self.reports = server.account.reports

    @property
    def url(self) -> str:
        """The address of its page."""
        return self._server.url

    @property
    def api_url(self) -> str:
        """The address a client is set up with."""
        return self._server.api_url

    @property
    def sent(self) -> list[Sms]:
        """What was taken, oldest first."""
        return self.account.sent


@contextmanager
def running_sandbox(account: Account, port: int = 0) -> Iterator[Sandbox]:
    """Run a sandbox on a free port for the length of a block."""
    server = GatewayServer("127.0.0.1", port, account)
    with serving(server):
        try:
            yield Sandbox(server)
        finally:
            account.reports.stop()
