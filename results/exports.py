"""The report on an intake as files: drawn while its review is open, kept once it is closed."""

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils import translation

from results.models import Snapshot, SnapshotFile
from results.shown import Shown
from results.who_is_who import who_is_who

if TYPE_CHECKING:
    from results.report import Report

Kind = SnapshotFile.Kind


def file_of(shown: Shown, kind: Kind) -> bytes:
    """Give a file in the language that is active; of a closed intake the one that is kept."""
    if shown.closed_at is None or shown.snapshot is None:
        return DRAW[kind](shown, shown.now)
    language = translation.get_language() or settings.LANGUAGE_CODE
    return _kept(shown.snapshot, kind, language) or _keep(shown, shown.snapshot, kind, language)


def keep_all(shown: Shown) -> None:
    """Keep the files of an intake that was closed just now, in every language."""
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            for kind in Kind:
                file_of(shown, kind)


def _kept(snapshot: Snapshot, kind: Kind, language: str) -> bytes | None:
    kept = snapshot.files.filter(kind=kind, language=language).values_list("content", flat=True)
    return next((bytes(each) for each in kept), None)


def _keep(shown: Shown, snapshot: Snapshot, kind: Kind, language: str) -> bytes:
    """Draw it as of the moment the intake was closed; of two that do so at once, one is kept."""
    assert shown.closed_at is not None
    drawn = SnapshotFile(
        snapshot=snapshot,
        kind=kind,
        language=language,
        content=DRAW[kind](shown, shown.closed_at),
    )
    SnapshotFile.objects.bulk_create([drawn], ignore_conflicts=True)
    kept = _kept(snapshot, kind, language)
    assert kept is not None
    return kept


# Inside and not above: what draws PDF takes 28 MB of every worker, which know all addresses.


def _pdf(shown: Shown, at: datetime) -> bytes:
    from results import report

    return report.pdf(_report(shown), at=at)


def _xlsx(shown: Shown, at: datetime) -> bytes:
    from results import report

    return report.workbook(_report(shown), at=at)


def _report(shown: Shown) -> "Report":
    from results.report import Report

    return Report(
        intake=shown.intake,
        page=shown.drawn(),
        review=shown.review,
        snapshot=shown.snapshot,
        confirmations=shown.confirmations,
        notes=shown.notes,
        decisions=shown.decisions,
        people=who_is_who(),
    )


DRAW: dict[Kind, Callable[[Shown, datetime], bytes]] = {Kind.PDF: _pdf, Kind.XLSX: _xlsx}
