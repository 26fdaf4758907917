"""An uploaded list of participants: its private file, what was found in it, what came of it."""

import secrets
from datetime import datetime, timedelta
from typing import Self

from django.conf import settings
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from events.models.event import Event
from files.models import private_storage

KEPT = timedelta(days=1)
"""How long a file waits for somebody to confirm it."""

STUCK_AFTER = timedelta(minutes=2)
FOLDER = "imports"


def random_name(_record: models.Model, _filename: str) -> str:
    return f"{FOLDER}/{secrets.token_hex(16)}"


class ParticipantImportQuerySet(models.QuerySet["ParticipantImport"]):
    def forgotten(self, now: datetime) -> Self:
        """Keep those that were uploaded more than a day ago and never carried out."""
        return self.filter(uploaded_at__lte=now - KEPT).exclude(state=ParticipantImport.State.DONE)

    def stuck(self, now: datetime) -> Self:
        """Keep those whose worker has shown no sign for too long."""
        return self.filter(state__in=AT_WORK, moved_at__lte=now - STUCK_AFTER)

    def without_lines(self) -> Self:
        """Leave out the long part, for a page that only asks how far it has come."""
        return self.defer("lines")


class ParticipantImport(models.Model):
    """One list, from its upload over the preview to the result."""

    class State(models.TextChoices):
        READING = "reading", _("being read")
        READY = "ready", _("waits for you")
        IMPORTING = "importing", _("being imported")
        DONE = "done", _("imported")
        FAILED = "failed", _("refused")

    event = models.ForeignKey(Event, models.CASCADE, related_name="imports")
    file = models.FileField(storage=private_storage, upload_to=random_name, blank=True)
    """Deleted as soon as the list is imported, or after a day."""

    original_name = models.CharField(_("file"), max_length=200)
    uploaded_at = models.DateTimeField(_("uploaded"))
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        verbose_name=_("uploaded by"),
        null=True,
        blank=True,
        related_name="+",
    )
    people_language = models.CharField(
        _("language of the people"), max_length=5, choices=settings.LANGUAGES
    )
    """For those of whom the list does not say it."""

    reader_language = models.CharField(max_length=5, choices=settings.LANGUAGES)
    """In which the sentences about the rows are written."""

    state = models.CharField(
        _("state"), max_length=10, choices=State.choices, default=State.READING
    )
    progress = models.PositiveSmallIntegerField(default=0)
    """Per cent of the rows read."""

    moved_at = models.DateTimeField()
    """When it last came a step further."""

    taken_up_at = models.DateTimeField(null=True, blank=True)
    """When this step was given to another worker by itself; that happens once."""

    confirm_registrations = models.BooleanField(_("everybody gets a confirmation"), default=False)
    take_up_cancelled = models.BooleanField(
        _("who has cancelled is registered again"), default=False
    )
    summary = models.JSONField(default=dict)
    """Sheet, columns, counts, and what would go out."""

    lines = models.JSONField(default=list)
    """What becomes, or became, of each row: kind, row, person, column and reason."""

    problem = models.TextField(blank=True)
    """Why the list as a whole was refused."""

    finished_at = models.DateTimeField(_("imported"), null=True, blank=True)

    objects = ParticipantImportQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("imported list")
        verbose_name_plural = _("imported lists")
        indexes = [models.Index(fields=["uploaded_at"], name="participant_import_uploaded")]

    def __str__(self) -> str:
        return self.original_name

    @property
    def left_cancelled(self) -> int:
        """How many people of the list had cancelled when it was read; 0 before that."""
        counts: dict[str, int] = self.summary.get("counts", {})
        return counts.get("left_cancelled", 0)

    @property
    def is_at_work(self) -> bool:
        return self.state in AT_WORK

    def is_stuck(self, now: datetime) -> bool:
        """Say whether its worker has shown no sign for too long; it may then be tried again."""
        return self.is_at_work and now - self.moved_at >= STUCK_AFTER

    def step(self, state: State, now: datetime, *, progress: int = 0) -> bool:
        """Note that it has come further; False if another worker has taken it on meanwhile."""
        same = ParticipantImport.objects.filter(pk=self.pk, state=self.state)
        if not same.update(state=state, progress=progress, moved_at=now):
            return False
        self.state, self.progress, self.moved_at = state, progress, now
        return True

    def take_up(self, now: datetime) -> bool:
        """Begin the step anew if its worker shows no sign; False if that was done once already."""
        left = ParticipantImport.objects.stuck(now).filter(pk=self.pk, taken_up_at=None)
        return bool(left.update(progress=0, moved_at=now, taken_up_at=now))

    @transaction.atomic
    def refuse(self, problem: str, now: datetime) -> None:
        """Give up with a sentence that says why; the file is of no more use."""
        if self.step(self.State.FAILED, now):
            self.problem = problem
            self.save(update_fields=["problem"])
            self.delete_file()

    def delete_file(self) -> None:
        if self.file:
            self.file.delete(save=False)
            self.save(update_fields=["file"])


AT_WORK = (ParticipantImport.State.READING, ParticipantImport.State.IMPORTING)
