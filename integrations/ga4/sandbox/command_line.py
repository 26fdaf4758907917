"""The options of the sandbox's command line, and running it until it is stopped."""

import argparse
from collections.abc import Callable
from typing import Any

from integrations.sandbox_running import StartError, until_stopped

from .property import Fault, Property

DEFAULT_PORT = 8026


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the sandbox's options to a parser."""
    parser.add_argument("--port", type=int, default=DEFAULT_PORT, help="0 takes any free port")
    parser.add_argument("--property", default="123456789", help="its number")
    parser.add_argument("--time-zone", default="Europe/Riga", help="whose days it has")
    parser.add_argument(
        "--fault",
        action="append",
        default=[],
        choices=[fault.value for fault in Fault],
        help="what becomes of the next call; may be repeated",
    )
    parser.add_argument(
        "--always", choices=[fault.value for fault in Fault], help="what becomes of every call"
    )
    parser.add_argument("--thresholded", action="store_true", help="say that rows are withheld")
    parser.add_argument("--other-row", action="store_true", help="say that sources are merged")
    parser.add_argument("--sampled", action="store_true", help="say that data are sampled")


def run(options: dict[str, Any], say: Callable[[str], object]) -> None:
    """Serve as the options ask until Ctrl-C or SIGTERM."""
    from .server import PortError, Sandbox

    property_ = Property(
        number=options["property"],
        time_zone=options["time_zone"],
        always=Fault(options["always"]) if options["always"] else None,
        thresholded=options["thresholded"],
        other_row=options["other_row"],
        sampled=options["sampled"],
    )
    property_.faults.extend(Fault(name) for name in options["fault"])
    try:
        sandbox = Sandbox(property_, port=options["port"])
    except PortError as error:
        raise StartError(f"Port {options['port']} cannot be used: {error}.") from error
    try:
        with until_stopped(sandbox.stopping):
            say(f"GA4_PROPERTY_ID={property_.number}\nGA4_ENDPOINT={sandbox.endpoint}")
            sandbox.stopping.wait()
    finally:
        sandbox.close()
