"""`manage.py after_restore`: stop all sending and have looked up what a lost database had sent."""

from argparse import ArgumentParser
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from outbox import restored


class Command(BaseCommand):
    help = (
        "Run this after restoring a backup by hand, before the worker starts. All sending is "
        "stopped, and what was due until the database was lost is looked up at the provider."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--sent-until",
            type=_moment,
            metavar="'YYYY-MM-DD HH:MM'",
            help="When the lost database last sent anything, in Riga's time; now, if left out.",
        )

    def handle(self, *args: Any, sent_until: datetime | None, **options: Any) -> None:
        now = timezone.now()
        if sent_until is not None and sent_until > now:
            raise CommandError("That moment is still to come.")
        count = restored.take_in_by_hand(sent_until or now, now)
        self.stdout.write("All sending is stopped until somebody resumes it on the outbox page.")
        self.stdout.write(f"{count} messages may have gone already and are looked up first.")


def _moment(text: str) -> datetime:
    moment = parse_datetime(text)
    if moment is None:
        raise ValueError(text)
    return moment if timezone.is_aware(moment) else timezone.make_aware(moment)
