"""A Bitrix24 portal to try things against: it behaves like the real one and sends nothing.

Knows the standard library only, so that it runs without Django.
"""

from .clock import ManualClock, SystemClock
from .command_line import add_arguments, run, serve
from .faults import Fault, FaultError
from .portal import Portal, PortalSettings
from .sent import SentMessage
from .server import Sandbox, running_sandbox

__all__ = [
    "Fault",
    "FaultError",
    "ManualClock",
    "Portal",
    "PortalSettings",
    "Sandbox",
    "SentMessage",
    "SystemClock",
    "add_arguments",
    "run",
    "running_sandbox",
    "serve",
]
