"""An imported list of figures: its file, what was asked about it, and what came of it."""

from datetime import datetime, timedelta
from typing import Any, Self

from django.conf import settings
from django.db import connection, models, transaction
from django.db.models import Max, Q
from django.utils.translation import gettext_lazy as _

from files.models import StoredFile
from goals.models import Series
from kpi.models.channel import Channel
from ui.choices import ShownChoices

FORGOTTEN_AFTER = timedelta(days=7)
STUCK_AFTER = timedelta(minutes=2)
AT_WORK = ("reading", "deciding", "writing", "taking_back")
IMPORTED = ("done", "taking_back")


class ListImportQuerySet(models.QuerySet["ListImport"]):
    def done(self) -> Self:
        return self.filter(state=ListImport.State.DONE)

    def taken_back(self) -> Self:
        """Keep those that do not count any more, or are about not to."""
        return self.filter(taken_back_by__isnull=False)

    def stuck(self, now: datetime) -> Self:
        """Keep those whose worker has shown no sign for too long."""
        return self.filter(state__in=AT_WORK, moved_at__lte=now - STUCK_AFTER)

    def nobody_is_at(self) -> Self:
        """Lock these, without those that a worker has locked, and without waiting for it."""
        return self.select_for_update(skip_locked=_can_skip_locked())

    def forgotten(self, now: datetime) -> Self:
        """Keep those that nobody has carried out within a week."""
        return self.exclude(state__in=IMPORTED).filter(at__lt=now - FORGOTTEN_AFTER)


class ListImport(models.Model):
    """One list, from its upload over the mapping and the preview to the result, and back."""

    class State(ShownChoices):
        READING = "reading", "is-info", "clock", _("being read")
        MAPPING = "mapping", "is-info", "clock", _("waits for what its titles mean")
        DECIDING = "deciding", "is-info", "clock", _("being compared")
        READY = "ready", "is-info", "clock", _("waits for you")
        WRITING = "writing", "is-info", "clock", _("being imported")
        DONE = "done", "is-ok", "check", _("imported")
        TAKING_BACK = "taking_back", "is-info", "clock", _("being taken back")
        FAILED = "failed", "is-bad", "circle-x", _("refused")

    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+", verbose_name=_("file"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(_("uploaded"))
    reader_language = models.CharField(max_length=5, choices=settings.LANGUAGES)
    """In which the sentences about the rows are written."""

    state = models.CharField(
        _("state"), max_length=15, choices=State.choices, default=State.READING
    )
    progress = models.PositiveSmallIntegerField(default=0)
    """Per cent of the rows read."""

    moved_at = models.DateTimeField()
    """When it last came a step further."""

    taken_up_at = models.DateTimeField(null=True, blank=True)
    """When this step was given to another worker by itself; that happens once."""

    found = models.JSONField(default=dict)
    """Sheets, titles and channels of the list, and what is to be asked about it."""

    choices = models.JSONField(default=dict)
    """What somebody answered: the meaning of titles and channels, the year, the order of dates."""

    summary = models.JSONField(default=dict)
    """How many figures have which fate, and what was noticed."""

    problem = models.TextField(blank=True)
    """Why the list as a whole was refused."""

    finished_at = models.DateTimeField(_("imported"), null=True, blank=True)
    taken_back_at = models.DateTimeField(_("taken back"), null=True, blank=True)
    taken_back_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = ListImportQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = _("imported list of figures")
        verbose_name_plural = _("imported lists of figures")
        constraints = [
            models.CheckConstraint(
                name="kpi_list_done_has_time",
                condition=Q(state__in=IMPORTED, finished_at__isnull=False)
                | (~Q(state__in=IMPORTED) & Q(finished_at=None)),
            ),
            models.CheckConstraint(
                name="kpi_list_taken_back_was_done",
                condition=(
                    ~Q(state="taking_back") & Q(taken_back_at=None, taken_back_by=None)
                    | Q(state="taking_back", taken_back_at=None, taken_back_by__isnull=False)
                    | Q(state="done", taken_back_at__isnull=False, taken_back_by__isnull=False)
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.file.name

    @property
    def shown_state(self) -> "ListImport.State":
        return self.State(self.state)

    @property
    def is_imported(self) -> bool:
        return self.state in IMPORTED

    @property
    def is_at_work(self) -> bool:
        return self.state in AT_WORK

    def is_stuck(self, now: datetime) -> bool:
        """Say whether its worker has shown no sign for too long; it may then be tried again."""
        is_quiet = self.is_at_work and now - self.moved_at >= STUCK_AFTER
        return is_quiet and not self.is_held()

    def is_held(self) -> bool:
        """Say whether a worker has it locked: of one long transaction there is no other sign."""
        if not _can_skip_locked():
            return False
        with transaction.atomic():
            return not ListImport.objects.nobody_is_at().filter(pk=self.pk).exists()

    def take_in_hand(self, state: State) -> "ListImport | None":
        """Lock it until the transaction ends; None if another worker is at this step, or was.

        Of two workers the second leaves it to the first. That is told by the file, which only they
        lock: somebody who looks whether a worker is at the list has its row for a moment, and a
        worker that comes just then has to wait for it and not to go away.
        """
        files = StoredFile.objects.select_for_update(skip_locked=_can_skip_locked(), no_key=True)
        if files.filter(pk=self.file_id).first() is None:
            return None
        return ListImport.objects.select_for_update().filter(pk=self.pk, state=state).first()

    def step(self, state: State, now: datetime, *, progress: int = 0) -> bool:
        """Note that it has come further; False if another worker has, or it was discarded."""
        fields: dict[str, Any] = {"state": state, "progress": progress, "moved_at": now}
        if state != self.state:
            fields["taken_up_at"] = None
        same = ListImport.objects.filter(pk=self.pk, state=self.state)
        if not same.update(**fields):
            return False
        for name, value in fields.items():
            setattr(self, name, value)
        return True

    @transaction.atomic
    def take_up(self, now: datetime) -> bool:
        """Begin the step anew if its worker shows no sign; False if that was done once already."""
        if self.is_held():
            return False
        left = ListImport.objects.stuck(now).filter(pk=self.pk, taken_up_at=None)
        return bool(left.update(progress=0, moved_at=now, taken_up_at=now))

    @transaction.atomic
    def refuse(self, problem: str, now: datetime) -> None:
        """Give up with a sentence that says why."""
        if self.step(self.State.FAILED, now):
            self.problem = problem
            self.save(update_fields=["problem"])


def _can_skip_locked() -> bool:
    return connection.features.has_select_for_update_skip_locked


class ListLines(models.Model):
    """A page of what becomes, or became, of the figures of a list."""

    list = models.ForeignKey(ListImport, models.CASCADE, related_name="pages")
    fate = models.CharField(max_length=10)
    number = models.PositiveIntegerField()
    lines = models.JSONField()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["list", "fate", "number"], name="kpi_list_page_once")
        ]

    def __str__(self) -> str:
        return f"{self.fate} {self.number}"


class MappingQuerySet(models.QuerySet["Mapping"]):
    def that_count(self) -> Self:
        """Keep the last answer about each text, without those of imports taken back."""
        taken_back = ListImport.objects.taken_back().values("file")
        last = self.exclude(file__in=taken_back).order_by().values("of", "text")
        return self.filter(pk__in=last.annotate(last=Max("pk")).values("last"))


class Mapping(models.Model):
    """What a title or a channel of a list meant to us; the next list that has it means the same."""

    class Of(models.TextChoices):
        HEADING = "heading", _("title")
        CHANNEL = "channel", _("channel")

    of = models.CharField(max_length=10, choices=Of.choices)
    text = models.CharField(_("in the list"), max_length=200)
    """Without marks, case and punctuation."""

    series = models.ForeignKey(Series, models.CASCADE, null=True, blank=True, related_name="+")
    channel = models.ForeignKey(Channel, models.CASCADE, null=True, blank=True, related_name="+")
    is_of_list = models.BooleanField(default=False)
    """The channel of a title is the one that its row or sheet says."""

    is_left_out = models.BooleanField(default=False)
    file = models.ForeignKey(
        StoredFile, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("file")
    )
    """The list about which it was answered; None: from before that was kept."""

    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects = MappingQuerySet.as_manager()

    class Meta:
        verbose_name = _("meaning of a title")
        verbose_name_plural = _("meanings of titles")
        constraints = [
            models.UniqueConstraint(fields=["of", "text", "file"], name="kpi_mapping_once"),
            models.CheckConstraint(
                name="kpi_mapping_means_something",
                condition=~Q(of="heading") | Q(is_left_out=True) | Q(series__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.text
