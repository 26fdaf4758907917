"""The HTTP server: threads, keep-alive, and lines that may be cut on purpose."""

import logging
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from integrations.sandbox_server import SandboxServer, serving

from .clock import Clock
from .control import Control
from .exchange import HangUp, Reply, Request
from .gateway import Gateway
from .people import seed
from .portal import Portal, PortalSettings
from .sent import SentMessage
from .storage import StateFile

logger = logging.getLogger(__name__)

MAX_BODY = 64 * 1024 * 1024


class Handler(BaseHTTPRequestHandler):
    """Reads one request after the other from a connection and writes the answers."""

    protocol_version = "HTTP/1.1"
    server_version = "Sandbox"
    disable_nagle_algorithm = True
    wbufsize = 64 * 1024
    server: "PortalServer"

    def do_GET(self) -> None:
        self._serve()

    def do_HEAD(self) -> None:
        self._serve()

    def do_POST(self) -> None:
        self._serve()

    def log_message(self, *args: Any) -> None:
        """Say nothing: the address of a webhook holds its secret."""

    def _serve(self) -> None:
        request = self._read()
        if request is None:
            return
        try:
            reply = self.server.answer(request)
        except HangUp as hang_up:
            self._hang_up(hang_up.after)
        else:
            self._write(reply)

    def _read(self) -> Request | None:
        length = self.headers.get("Content-Length", "0")
        if "chunked" in self.headers.get("Transfer-Encoding", "") or not length.isdigit():
            self._refuse(411)
            return None
        if int(length) > MAX_BODY:
            self._refuse(413)
            return None
        parts = urlsplit(self.path)
        return Request(
            verb=self.command,
            path=unquote(parts.path),
            query=parts.query,
            headers={name.lower(): value for name, value in self.headers.items()},
            body=self.rfile.read(int(length)),
            address=str(self.client_address[0]),
        )

    def _write(self, reply: Reply) -> None:
        self.send_response(reply.status)
        self.send_header("Content-Type", reply.content_type)
        self.send_header("Content-Length", str(len(reply.body)))
        self.send_header("X-Content-Type-Options", "nosniff")
        for name, value in reply.headers.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(reply.body)

    def _refuse(self, status: int) -> None:
        self.close_connection = True
        self._write(Reply(status))

    def _hang_up(self, after: float) -> None:
        if after:
            self.server.stopping.wait(after)
        self.close_connection = True
        self.connection.shutdown(socket.SHUT_RDWR)


class PortalServer(SandboxServer):
    """One portal at one address."""

    def __init__(self, host: str, port: int, portal: Portal) -> None:
        self.portal = portal
        self._gateway = Gateway(portal)
        self._control = Control(portal)
        super().__init__((host, port), Handler)

    @property
    def webhook_url(self) -> str:
        settings = self.portal.settings
        return f"{self.url}/rest/{settings.user_id}/{settings.webhook_secret}/"

    def answer(self, request: Request) -> Reply:
        """Answer a request; a mistake of the sandbox itself is logged and answered by 500."""
        responder = self._gateway if request.path.startswith("/rest/") else self._control
        try:
            return responder.answer(request)
        except HangUp:
            raise
        except Exception:
            # Without the path, which holds the secret of the webhook.
            logger.exception("The sandbox failed to answer a request.")
            body = {"error": "INTERNAL_SERVER_ERROR", "error_description": "Sandbox error"}
            return Reply.json(body, 500)


class Sandbox:
    """A sandbox running in a thread of this process."""

    def __init__(self, server: PortalServer) -> None:
        self._server = server
        self.portal = server.portal

    @property
    def url(self) -> str:
        return self._server.url

    @property
    def webhook_url(self) -> str:
        """The address a client is set up with; it ends in a slash."""
        return self._server.webhook_url

    @property
    def sent(self) -> list[SentMessage]:
        """What went out, oldest first."""
        return self.portal.sent


@contextmanager
def running_sandbox(
    *,
    clock: Clock | None = None,
    port: int = 0,
    people: int = 0,
    random_seed: int = 0,
    state: Path | None = None,
    **settings: Any,
) -> Iterator[Sandbox]:
    """Run a sandbox on a free port for the length of a block; settings as in PortalSettings."""
    portal = Portal(PortalSettings(**settings), clock=clock, seed=random_seed)
    storage = StateFile(state, portal) if state else None
    seed(portal, people)
    server = PortalServer("127.0.0.1", port, portal)
    try:
        with serving(server):
            yield Sandbox(server)
    finally:
        if storage:
            storage.close()
