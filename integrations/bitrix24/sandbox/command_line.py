"""The options of the sandbox's command line, and running it until it is stopped."""

import argparse
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

from integrations.sandbox_running import StartError, until_stopped

from .faults import FaultError
from .lead_history import catch_up
from .outgoing import Subscription
from .people import seed
from .portal import ALL_SCOPES, Portal, PortalSettings
from .server import PortalServer
from .storage import StateFile

DEFAULT_PORT = 8024


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the sandbox's options to a parser."""
    parser.add_argument("--port", type=int, default=DEFAULT_PORT, help="0 takes any free port")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--webhook-secret", default="sandbox-secret")
    parser.add_argument("--user-id", type=int, default=1)
    parser.add_argument("--burst", type=float, default=50, help="requests before a 503")
    parser.add_argument("--drain", type=float, default=2, help="requests forgotten each second")
    parser.add_argument("--operating-limit", type=float, default=480, help="seconds per method")
    parser.add_argument(
        "--latency",
        action="append",
        default=[],
        metavar="[METHOD=]SECONDS",
        help="how long a command takes; may be repeated for single methods",
    )
    parser.add_argument("--latency-jitter", type=float, default=0, help="seconds up or down")
    parser.add_argument(
        "--fault",
        action="append",
        default=[],
        metavar="NAME[:OPTION=VALUE,…]",
        help="for example 503:probability=5%% or execute-then-drop:method=crm.activity.add,count=1",
    )
    parser.add_argument("--state", type=Path, help="file that keeps what was sent")
    parser.add_argument("--seed", type=int, default=0, help="made-up contacts, and as many leads")
    parser.add_argument(
        "--lead-history", type=int, default=0, metavar="DAYS", help="made-up leads up to now"
    )
    parser.add_argument("--random-seed", type=int, default=0, help="for repeatable faults")
    parser.add_argument("--scopes", default=",".join(sorted(ALL_SCOPES)))
    parser.add_argument("--no-bizproc", action="store_true", help="a plan without workflows")
    parser.add_argument("--no-leads", action="store_true", help="a CRM in simple mode")
    parser.add_argument("--not-admin", action="store_true", help="webhook of a plain employee")
    parser.add_argument("--webhook-target", help="address that is told of changed records")
    parser.add_argument("--application-token", default="sandbox-application-token")


def serve(
    port: int = DEFAULT_PORT,
    *,
    host: str = "127.0.0.1",
    portal: Portal | None = None,
    state: Path | None = None,
    people: int = 0,
    lead_days: int = 0,
    on_start: Callable[[PortalServer], object] | None = None,
) -> None:
    """Serve a portal until Ctrl-C or SIGTERM, then save its state."""
    portal = portal or Portal()
    storage = _open(state, portal) if state else None
    try:
        server = PortalServer(host, port, portal)
    except (OSError, OverflowError) as error:
        if storage:
            storage.close()
        raise StartError(f"Port {port} cannot be used: {error}.") from error
    seed(portal, people)
    catch_up(portal, lead_days)
    try:
        with until_stopped(server.stopping):
            if on_start:
                on_start(server)
            server.serve_forever(poll_interval=0.1)
    finally:
        server.server_close()
        if storage:
            storage.close()


def run(options: dict[str, Any], say: Callable[[str], object]) -> None:
    """Serve as the options of the command line ask."""
    portal = build_portal(options)
    serve(
        options["port"],
        host=options["host"],
        portal=portal,
        state=options["state"],
        people=options["seed"],
        lead_days=options["lead_history"],
        on_start=lambda server: say(_greeting(server)),
    )


def build_portal(options: dict[str, Any]) -> Portal:
    """Set up a portal as the options of the command line ask."""
    latency, method_latency = _latencies(options["latency"])
    scopes = frozenset(filter(None, options["scopes"].split(",")))
    if options["no_bizproc"]:
        scopes -= {"bizproc"}
    settings = PortalSettings(
        webhook_secret=options["webhook_secret"],
        user_id=options["user_id"],
        scopes=scopes,
        burst=options["burst"],
        drain=options["drain"],
        operating_limit=options["operating_limit"],
        latency=latency,
        latency_jitter=options["latency_jitter"],
        method_latency=method_latency,
        is_admin=not options["not_admin"],
        has_workflows=not options["no_bizproc"],
        crm_mode=2 if options["no_leads"] else 1,
    )
    portal = Portal(settings, seed=options["random_seed"])
    for spec in options["fault"]:
        try:
            portal.faults.add_spec(spec)
        except FaultError as error:
            raise StartError(str(error)) from error
    if options["webhook_target"]:
        subscription = Subscription(options["webhook_target"], options["application_token"])
        portal.outgoing.subscribe(subscription)
    return portal


def _latencies(specs: list[str]) -> tuple[float, dict[str, float]]:
    latency = 0.0
    by_method: dict[str, float] = {}
    for spec in specs:
        method, separator, seconds = spec.rpartition("=")
        try:
            if separator:
                by_method[method.lower()] = float(seconds)
            else:
                latency = float(seconds)
        except ValueError as error:
            raise StartError(f"“{spec}” is not a latency.") from error
    return latency, by_method


def _open(state: Path, portal: Portal) -> StateFile:
    try:
        return StateFile(state, portal)
    except sqlite3.Error as error:
        raise StartError(f"The state file {state} cannot be used: {error}.") from error


def _greeting(server: PortalServer) -> str:
    return (
        f"The sandbox Bitrix24 is at {server.url}/\n"
        f"BITRIX24_WEBHOOK_URL={server.webhook_url}\n"
        "Ctrl-C stops it."
    )
