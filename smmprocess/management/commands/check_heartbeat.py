"""`manage.py check_heartbeat beat`: fails when that part is silent; for a container's health."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from outbox.health import SILENCE, silent_parts
from outbox.models import Heartbeat


class Command(BaseCommand):
    help = "Fail when beat or worker has not shown itself for a minute."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("part", choices=Heartbeat.Part.values)

    def handle(self, *args: Any, part: str, **options: Any) -> None:
        if part in silent_parts(timezone.now()):
            raise CommandError(f"No sign of {part} for {SILENCE.seconds} seconds.")
