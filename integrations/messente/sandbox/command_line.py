"""The options of the sandbox's command line, and running it until it is stopped."""

import argparse
from collections.abc import Callable
from typing import Any

from integrations.sandbox_running import StartError, until_stopped

from .account import Account, Fault
from .reports import Style
from .server import GatewayServer

DEFAULT_PORT = 8025


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the sandbox's options to a parser."""
    parser.add_argument("--port", type=int, default=DEFAULT_PORT, help="0 takes any free port")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--username", default="sandbox-user")
    parser.add_argument("--password", default="sandbox-password")
    parser.add_argument("--sender", action="append", help="an allowed sender; may be repeated")
    parser.add_argument(
        "--reports",
        choices=[style.value for style in Style],
        default=Style.NORMAL.value,
        help="how delivery reports come",
    )
    parser.add_argument("--delay", type=float, default=2, help="seconds before they come")
    parser.add_argument(
        "--fault",
        action="append",
        default=[],
        choices=[fault.value for fault in Fault],
        help="what happens to the next call that sends; may be repeated",
    )


def run(options: dict[str, Any], say: Callable[[str], object]) -> None:
    """Serve as the options ask until Ctrl-C or SIGTERM."""
    account = Account(
        username=options["username"],
        password=options["password"],
        senders=tuple(options["sender"] or ("BVK", "College")),
        style=Style(options["reports"]),
        delay=options["delay"],
    )
    account.faults.extend(Fault(name) for name in options["fault"])
    try:
        server = GatewayServer(options["host"], options["port"], account)
    except (OSError, OverflowError) as error:
        raise StartError(f"Port {options['port']} cannot be used: {error}.") from error
    try:
        with until_stopped(server.stopping):
            say(f"The sandbox Messente is at {server.url}/\nMESSENTE_API_URL={server.api_url}")
            server.serve_forever(poll_interval=0.1)
    finally:
        account.reports.stop()
        server.server_close()
