"""Import a list of figures from the command line, as the page does."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any, cast

from django.core.files.uploadedfile import UploadedFile
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import override

from accounts.models import User
from files import uploads
from files.tables import ListError
from kpi.lists import deciding, importing, mapping, reading
from kpi.lists.dates import Order
from kpi.lists.deciding import Fate, Plan
from kpi.lists.found import Found
from kpi.lists.hints import Hints
from kpi.lists.mapping import Choices

WORTH_A_LINE = (Fate.REFUSED, Fate.WARNING, Fate.CHANGED)


class Command(BaseCommand):
    """Reads, says what becomes of the figures, and imports all that is not refused, or nothing."""

    help = "Import a list of figures (Excel or CSV): a daily list or a monthly table."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="The list: .xlsx or CSV.")
        parser.add_argument("--by", required=True, help="E-mail address of who imports it.")
        parser.add_argument("--dry-run", action="store_true", help="Say it, do not do it.")
        parser.add_argument(
            "--unknown",
            choices=["ask", "leave-out", "make"],
            default="ask",
            help="Titles and channels nobody knows: stop, leave them out, or make them new.",
        )
        parser.add_argument("--year", type=int, help="Of months whose year stands nowhere.")
        parser.add_argument(
            "--order",
            choices=[str(order) for order in Order],
            help="Of dates like 01/02/2026: day or month first.",
        )
        parser.add_argument("--without-sheet", action="append", default=[], help="Left out.")

    def handle(self, *_arguments: Any, **options: Any) -> None:
        by = User.objects.active().filter(email__iexact=options["by"]).first()
        if by is None:
            raise CommandError(f"Nobody here has the address {options['by']}.")
        hints = Hints(
            filename=options["file"].name,
            year=options["year"],
            order=Order(options["order"]) if options["order"] else None,
            left_out=frozenset(options["without_sheet"]),
        )
        with override("en"):
            try:
                plan = self._import(options["file"], hints, by, options)
            except ListError as refusal:
                raise CommandError(str(refusal)) from None
            self._report(plan, dry_run=options["dry_run"])

    def _import(self, path: Path, hints: Hints, by: User, options: dict[str, Any]) -> Plan:
        now = timezone.now()
        try:
            with path.open("rb") as file:
                found = reading.read(file, mapping.vocabulary(), hints, self._progress)
                self.stderr.write("")
                choices = self._choices(found, options["unknown"])
                if options["dry_run"]:
                    return deciding.decide(found, choices, timezone.localdate(now))
                size = path.stat().st_size
                upload = UploadedFile(cast("Any", file), path.name, size=size)
                with transaction.atomic():
                    kept = uploads.keep(upload, importing.kind_of(file), by=by, at=now)
                    plan, _counts = importing.import_found(
                        found, choices, file=kept, by=by, now=now
                    )
                    return plan
        except OSError as error:
            raise CommandError(f"{path} cannot be read: {error.strerror}.") from None

    def _choices(self, found: Found, unknown: str) -> Choices:
        if found.needs_year:
            raise CommandError("The year of the months stands nowhere: say it with --year.")
        if found.needs_order:
            raise CommandError("Dates like 01/02/2026 may be two days: say --order dmy or mdy.")
        choices = mapping.suggest(found, mapping.vocabulary())
        if unknown != "ask":
            return mapping.without_questions(choices, make=unknown == "make")
        if choices.unanswered:
            titles = ", ".join(f"“{text}”" for text in choices.unanswered)
            raise CommandError(f"Nobody knows these, say --unknown make or leave-out: {titles}.")
        return choices

    def _progress(self, done: int, total: int) -> None:
        self.stderr.write(f"\rRow {done} of about {total}", ending="")
        self.stderr.flush()

    def _report(self, plan: Plan, *, dry_run: bool) -> None:
        for line in plan.lines():
            if line.fate in WORTH_A_LINE:
                change = f"{line.before} → {line.after}" if line.before else line.after
                parts = (line.sheet, line.what, line.channel, line.when, change, line.reason)
                said = " · ".join(part for part in parts if part)
                self.stdout.write(f"row {line.row}: {line.fate}: {said}")
        for notice in plan.found.notices:
            self.stdout.write(notice)
        figures = ", ".join(f"{plan.counts[fate]} {fate}" for fate in Fate)
        missing = f"{plan.counts['missing']} empty, {plan.counts['left_out']} left out"
        self.stdout.write(f"{'Would be' if dry_run else 'Done'}: {figures}, {missing}.")
