"""A property to try things against: it answers in Google's own messages and counts nobody.

The library of Google is imported when the server is started, not before: what only names the
sandbox must stay able to fork.
"""

from .command_line import add_arguments, run
from .property import Fault, Property
from .server import Sandbox, running_sandbox

__all__ = [
    "Fault",
    "Property",
    "Sandbox",
    "add_arguments",
    "run",
    "running_sandbox",
]
