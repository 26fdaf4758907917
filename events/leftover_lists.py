"""Files of lists and reports that a process which ended at the wrong moment has left behind."""

from datetime import datetime

from events.models import AttendanceReport, ParticipantImport
from events.models.participant_import import FOLDER, KEPT, private_storage

State = ParticipantImport.State


def clear(now: datetime) -> int:
    """Remove what is older than a day and of no use to anybody; return how many files."""
    storage = private_storage()
    if not storage.exists(FOLDER):
        return 0
    imported = ParticipantImport.objects.filter(state=State.DONE, finished_at__lte=now - KEPT)
    imported.exclude(file="").update(file="")
    counted = AttendanceReport.objects.filter(imported_at__lte=now - KEPT)
    counted.exclude(file="").update(file="")
    names = {f"{FOLDER}/{name}" for name in storage.listdir(FOLDER)[1]}
    old = {name for name in names if storage.get_modified_time(name) <= now - KEPT}
    for model in (ParticipantImport, AttendanceReport):
        old -= set(model.objects.filter(file__in=old).values_list("file", flat=True))
    for name in old:
        storage.delete(name)
    return len(old)
