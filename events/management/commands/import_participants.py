"""Import a list of participants into an event from the command line, as the page does."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from events import participant_import, participant_list
from events.import_plan import Fate, ImportPlan, Wishes
from events.models import Event
from events.participant_list import ParticipantList
from events.registration import RegistrationRefusedError
from files.list_files import ListError


class Command(BaseCommand):
    """Reads, says what happens to each row, and imports everything or nothing."""

    help = "Import a list of participants (Excel or CSV) into an event."

    def add_arguments(self, parser: ArgumentParser) -> None:
        languages = [code for code, _name in settings.LANGUAGES]
        parser.add_argument("event", help="Number or short name (slug) of the event.")
        parser.add_argument("file", type=Path, help="The list: .xlsx or CSV.")
        parser.add_argument("--dry-run", action="store_true", help="Say it, do not do it.")
        parser.add_argument("--confirm", action="store_true", help="Send a confirmation to all.")
        parser.add_argument(
            "--again", action="store_true", help="Register also those who have cancelled."
        )
        parser.add_argument(
            "--language",
            choices=languages,
            default=settings.LANGUAGE_CODE,
            help="Of the people of whom the list does not say it.",
        )

    def handle(self, *_arguments: Any, **options: Any) -> None:
        event = _event(options["event"])
        wishes = Wishes(options["confirm"], options["again"], options["language"])
        with override("en"):
            try:
                plan = self._import(event, options["file"], wishes, dry_run=options["dry_run"])
            except (ListError, RegistrationRefusedError) as refusal:
                raise CommandError(str(refusal)) from None
            self._report(plan, dry_run=options["dry_run"])

    def _import(self, event: Event, path: Path, wishes: Wishes, *, dry_run: bool) -> ImportPlan:
        found = self._read(path)
        origin = participant_import.list_origin(path.name)
        act = participant_import.plan_import if dry_run else participant_import.import_list
        return act(event, found, origin, wishes, timezone.now())

    def _read(self, path: Path) -> ParticipantList:
        try:
            with path.open("rb") as file:
                found = participant_list.read(file, filename=path.name, progress=self._progress)
        except OSError as error:
            raise CommandError(f"{path} cannot be read: {error.strerror}.") from None
        self.stderr.write("")
        return found

    def _progress(self, done: int, total: int) -> None:
        self.stderr.write(f"\rRow {done} of about {total}", ending="")
        self.stderr.flush()

    def _report(self, plan: ImportPlan, *, dry_run: bool) -> None:
        for line in plan.lines:
            if line.reason:
                self.stdout.write(
                    f"row {line.row}: {line.fate}: "
                    + " · ".join(part for part in (line.person, line.column, line.reason) if part)
                )
        counts = plan.counts()
        title = "Would be" if dry_run else "Done"
        figures = ", ".join(f"{counts[fate]} {fate}" for fate in Fate if fate != Fate.WARNING)
        self.stdout.write(f"{title}: {figures}, {counts[Fate.WARNING]} warnings.")
        for notice in plan.found.notices:
            self.stdout.write(notice)
        if ignored := plan.found.ignored_columns:
            self.stdout.write(_("Columns not used: %(columns)s.") % {"columns": ", ".join(ignored)})


def _event(name: str) -> Event:
    wanted = Q(slug=name) | (Q(pk=int(name)) if name.isdecimal() else Q())
    event = Event.objects.filter(wanted).first()
    if event is None:
        raise CommandError(f"There is no event “{name}”.")
    return event
