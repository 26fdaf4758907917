"""`manage.py ga4_sandbox`: run the sandbox Google Analytics."""

from integrations.ga4 import sandbox
from integrations.management.sandbox_command import SandboxCommand


class Command(SandboxCommand):
    help = "Run a property of Google Analytics that counts nobody and answers as the real one does."
    sandbox = sandbox
