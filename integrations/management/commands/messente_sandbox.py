"""`manage.py messente_sandbox`: run the sandbox Messente."""

from integrations.management.sandbox_command import SandboxCommand
from integrations.messente import sandbox


class Command(SandboxCommand):
    help = "Run an SMS gateway that sends nothing and shows what it would have sent."
    sandbox = sandbox
