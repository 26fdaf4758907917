"""`manage.py ga4_sandbox`: run the sandbox Google Analytics."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from integrations.ga4 import sandbox


class Command(BaseCommand):
    help = "Run a property of Google Analytics that counts nobody and answers as the real one does."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        sandbox.add_arguments(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            sandbox.run(options, self._say)
        except sandbox.StartError as error:
            raise CommandError(str(error)) from error

    def _say(self, text: str) -> None:
        self.stdout.write(text)
        # Under a process manager the output is a pipe, and this is all there is to read.
        self.stdout.flush()
