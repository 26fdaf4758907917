"""A command that runs one of the sandboxes."""

from types import ModuleType
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from integrations.sandbox_running import StartError


class SandboxCommand(BaseCommand):
    """Runs the sandbox of a service, with its options, until it is stopped."""

    sandbox: ModuleType
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        self.sandbox.add_arguments(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            self.sandbox.run(options, self._say)
        except StartError as error:
            raise CommandError(str(error)) from error

    def _say(self, text: str) -> None:
        self.stdout.write(text)
        # Under a process manager the output is a pipe, and this is all there is to read.
        self.stdout.flush()
