"""The report on an intake as files: drawn while its review is open, kept once it is closed."""

import logging
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

logger = logging.getLogger(__name__)

Kind = SnapshotFile.Kind


def file_of(shown: Shown, kind: Kind) -> bytes:
    """Give a file in the language that is active; of a closed intake the one that is kept."""
    if shown.closed_at is None or shown.snapshot is None:
        return DRAW[kind](shown, shown.now)
    return kept_file(shown.snapshot, kind) or _keep(shown, shown.snapshot, kind)


def keep_all(shown: Shown) -> bool:
    """Keep the files of an intake that was closed just now, in every language; False if one failed.

    The intake is closed all the same: what could not be drawn is drawn once it is asked for.
    """
    kept = [
        _try_to_keep(shown, kind, language)
        for language, _name in settings.LANGUAGES
        for kind in Kind
    ]
    return all(kept)


def _try_to_keep(shown: Shown, kind: Kind, language: str) -> bool:
    try:
        with translation.override(language):
            file_of(shown, kind)
    except Exception:
        logger.exception("The %s (%s) of intake %s was not drawn", kind, language, shown.intake.pk)
        return False
    return True


def kinds_kept(snapshot: Snapshot) -> set[str]:
    """Say which files are kept of frozen results, in the language that is active."""
    return set(snapshot.files.filter(language=_language()).values_list("kind", flat=True))


def kept_file(snapshot: Snapshot, kind: Kind) -> bytes | None:
    kept = snapshot.files.filter(kind=kind, language=_language()).values_list("content", flat=True)
    return next((bytes(each) for each in kept), None)


def _language() -> str:
    return translation.get_language() or settings.LANGUAGE_CODE


def _keep(shown: Shown, snapshot: Snapshot, kind: Kind) -> bytes:
    """Draw it, with the moment at which that is; of two that do so at once, one is kept."""
    drawn = SnapshotFile(
        snapshot=snapshot,
        kind=kind,
        language=_language(),
        content=DRAW[kind](shown, shown.now),
    )
    SnapshotFile.objects.bulk_create([drawn], ignore_conflicts=True)
    kept = kept_file(snapshot, kind)
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
