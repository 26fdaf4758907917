"""A gateway to try things against: it answers like Messente, reports like it, and sends nothing.

Knows the standard library only, so that it runs without Django.
"""

from .account import Account, Fault, Sms
from .command_line import add_arguments, run
from .server import Sandbox, running_sandbox

__all__ = [
    "Account",
    "Fault",
    "Sandbox",
    "Sms",
    "add_arguments",
    "run",
    "running_sandbox",
]
