"""`manage.py bitrix24_sandbox`: run the sandbox Bitrix24."""

from integrations.bitrix24 import sandbox
from integrations.management.sandbox_command import SandboxCommand


class Command(SandboxCommand):
    help = "Run a Bitrix24 portal that sends nothing and shows what it would have sent."
    sandbox = sandbox
