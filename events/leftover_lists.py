"""Files of lists and reports that a process which ended at the wrong moment has left behind."""

from datetime import datetime

from events.models import AttendanceReport, ParticipantImport
from events.models.participant_import import FOLDER, KEPT
from files.clearing import contents_until, remove_contents

State = ParticipantImport.State


def clear(now: datetime) -> int:
    """Remove what is older than a day and of no use to anybody; return how many files."""
    imported = ParticipantImport.objects.filter(state=State.DONE, finished_at__lte=now - KEPT)
    imported.exclude(file="").update(file="")
    counted = AttendanceReport.objects.filter(imported_at__lte=now - KEPT)
    counted.exclude(file="").update(file="")
    old = contents_until(now - KEPT, FOLDER)
    for model in (ParticipantImport, AttendanceReport):
        old -= set(model.objects.filter(file__in=old).values_list("file", flat=True))
    return remove_contents(old)
