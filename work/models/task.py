"""A task: what is to be done by when, by whom, and what became of it."""

from datetime import date, datetime
from functools import reduce
from operator import or_
from typing import Any, Self

from django.conf import settings
from django.db import models, transaction
from django.db.models import Case, Q, Value, When
from django.db.models.functions import Concat, Lower
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import Role, User
from documents.models import Revised, saved_by
from events.models import Event
from events.texts import clock, day
from plans.local_time import local_day
from work.models.change import TaskChange
from work.models.hand_over import HandOver
from work.models.recurring import RecurringTask
from work.models.template import TaskTemplate

SHOWN_WITH = ("event", "assignee", "done_by")
"""What a line of a list shows besides the task."""

SEE_ALL = (Role.DIRECTOR, Role.MARKETING_HEAD, Role.PROJECT_MANAGER)


class StepRefusedError(Exception):
    """The task is not in a state in which this can be done; the sentence says why."""


class TaskQuerySet(models.QuerySet["Task"]):
    def visible_to(self, user: User) -> Self:
        """Keep what `user` may see: all, those of the own unit, or one's own and the role's."""
        if user.has_role(*SEE_ALL):
            return self
        own = Q(assignee=user) | Q(assignee=None, role=user.role)
        if user.has_role(Role.UNIT_HEAD):
            return self.filter(own | Q(assignee__unit=user.unit_id))
        return self.filter(own | Q(role=user.role))

    def of(self, user: User) -> Self:
        """Keep what is for `user` to do: assigned, or for anybody of the role."""
        return self.filter(Q(assignee=user) | Q(assignee=None, role=user.role))

    def open(self) -> Self:
        return self.filter(done_at=None, missed_at=None, closed_at=None)

    def overdue(self, today: date) -> Self:
        return self.open().filter(due_on__lt=today)

    def search(self, words: str) -> Self:
        """Keep those one of whose titles contains every word, however capitalised."""
        found = self
        for word in words.split():
            # SQLite makes only a to z small: "Šķirot" begins with a capital there still. Each
            # spelling is looked for in every title.
            spellings = {word.lower(), *([] if word[0].isascii() else [word.capitalize()])}
            found = found.filter(
                reduce(or_, (Q(found_by__contains=spelling) for spelling in spellings))
            )
        return found

    def with_names(self) -> Self:
        return self.select_related(*SHOWN_WITH)


class Task(Revised):
    """Something one person, or anybody of a role, is to do by a day."""

    title = models.CharField(_("title"), max_length=150)
    title_en = models.CharField(_("title in English"), max_length=150, blank=True)
    event = models.ForeignKey(
        Event,
        models.CASCADE,
        verbose_name=_("event"),
        null=True,
        blank=True,
        related_name="work_tasks",
    )
    template = models.ForeignKey(
        TaskTemplate, models.PROTECT, null=True, editable=False, related_name="tasks"
    )
    recurring = models.ForeignKey(
        RecurringTask, models.PROTECT, null=True, editable=False, related_name="tasks"
    )
    role = models.CharField(_("role"), max_length=20, choices=Role.choices)
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        verbose_name=_("person"),
        null=True,
        blank=True,
        related_name="work_tasks",
        db_index=False,
    )
    due_on = models.DateField(_("due"))
    counted_from = models.DateTimeField(null=True, editable=False)
    counted_to = models.DateTimeField(null=True, editable=False)
    """The event's start and end that the due day goes with; others mean that the event has moved
    and nobody has decided about this task yet."""

    notes = models.TextField(_("notes"), blank=True)
    done_at = models.DateTimeField(null=True, editable=False)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
        db_index=False,
    )
    is_late = models.BooleanField(default=False, editable=False)
    """Whether it was ticked after its day."""

    late_reason = models.CharField(_("why late"), max_length=300, blank=True)
    missed_at = models.DateTimeField(null=True, editable=False)
    """When its day was over without it: only recurring tasks are closed so."""

    closed_at = models.DateTimeField(null=True, editable=False)
    close_reason = models.CharField(_("reason"), max_length=300, blank=True)
    found_by = models.GeneratedField(
        expression=Lower(Concat("title", Value(" "), "title_en")),
        output_field=models.TextField(),
        db_persist=True,
        editable=False,
    )
    hand_over = models.ForeignKey(
        HandOver, models.SET_NULL, null=True, editable=False, related_name="tasks"
    )
    """The absence for which somebody stands in; None once it has gone back."""

    created_at = models.DateTimeField(default=timezone.now, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+"
    )

    objects = TaskQuerySet.as_manager()

    class Meta:
        ordering = ["due_on", "pk"]
        verbose_name = _("task")
        verbose_name_plural = _("tasks")
        constraints = [
            models.UniqueConstraint(
                fields=["event", "template"],
                condition=Q(event__isnull=False, template__isnull=False),
                name="task_once_per_event_and_template",
            ),
            models.UniqueConstraint(
                fields=["recurring", "due_on"],
                condition=Q(recurring__isnull=False),
                name="task_once_per_recurrence",
            ),
            models.CheckConstraint(
                name="task_counted_by_start_and_end",
                condition=Q(counted_from=None, counted_to=None)
                | Q(counted_from__isnull=False, counted_to__isnull=False),
            ),
            models.CheckConstraint(name="task_role_known", condition=Q(role__in=Role.values)),
            models.CheckConstraint(
                name="task_ends_in_one_way",
                condition=Q(done_at=None, missed_at=None)
                | Q(done_at=None, closed_at=None)
                | Q(missed_at=None, closed_at=None),
            ),
            models.CheckConstraint(
                name="task_closed_has_reason", condition=Q(closed_at=None) | ~Q(close_reason="")
            ),
            models.CheckConstraint(
                name="task_missed_is_recurring",
                condition=Q(missed_at=None) | Q(recurring__isnull=False),
            ),
            models.CheckConstraint(
                name="task_late_is_done", condition=Q(is_late=False) | Q(done_at__isnull=False)
            ),
        ]
        # The open ones are few however many years of tasks there are. An index of all tasks of a
        # person would only lead SQLite to go through all years when it counts by person.
        indexes = [
            models.Index(
                fields=["due_on", "id"],
                name="task_open_due",
                condition=Q(done_at=None, missed_at=None, closed_at=None),
            ),
            models.Index(
                fields=["assignee", "due_on"],
                name="task_open_of_person",
                condition=Q(done_at=None, missed_at=None, closed_at=None),
            ),
            models.Index(
                fields=["role", "due_on"],
                name="task_open_of_role",
                condition=Q(done_at=None, missed_at=None, closed_at=None, assignee=None),
            ),
            # With what it is found by, a search goes through this index and not through the table.
            models.Index(fields=["due_on", "id", "found_by"], name="task_due"),
            models.Index(
                fields=["done_at", "id"], name="task_done", condition=Q(done_at__isnull=False)
            ),
            models.Index(fields=["done_at", "id"], name="task_late", condition=Q(is_late=True)),
            models.Index(
                fields=["due_on", "id"], name="task_missed", condition=Q(missed_at__isnull=False)
            ),
            models.Index(
                fields=["due_on", "id"], name="task_closed", condition=Q(closed_at__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def name(self, language: str) -> str:
        return self.title_en or self.title if language == "en" else self.title

    @property
    def is_open(self) -> bool:
        return self.done_at is None and self.missed_at is None and self.closed_at is None

    def is_overdue(self, today: date) -> bool:
        return self.is_open and self.due_on < today

    def complete(self, *, by: User, at: datetime) -> None:
        """Tick it. Of two people who tick at once, one is told that the other was quicker.

        Also a missed one: it was done after all, only not ticked on its day.
        """
        self._step(
            Q(done_at=None, closed_at=None),
            TaskChange(kind=TaskChange.Kind.DONE, by=by, at=at),
            done_at=at,
            done_by=by,
            is_late=Case(When(due_on__lt=local_day(at), then=True), default=False),
            missed_at=None,
        )

    def take(self, *, by: User, at: datetime) -> None:
        """Make it one's own, where it is for anybody of the role."""
        self._step(
            Q(assignee=None, done_at=None, missed_at=None, closed_at=None),
            TaskChange(kind=TaskChange.Kind.ASSIGNED, by=by, at=at, new_assignee=by),
            assignee=by,
            **saved_by(by.pk, at),
        )

    def reopen(self, *, by: User, at: datetime) -> None:
        """Take the tick back."""
        self._step(
            Q(done_at__isnull=False),
            TaskChange(kind=TaskChange.Kind.REOPENED, by=by, at=at),
            done_at=None,
            done_by=None,
            is_late=False,
            late_reason="",
        )

    def close(self, reason: str, *, by: User, at: datetime) -> None:
        """Close it undone: it is not needed."""
        self._step(
            Q(done_at=None, missed_at=None, closed_at=None),
            TaskChange(kind=TaskChange.Kind.CLOSED, by=by, at=at, text=reason),
            closed_at=at,
            close_reason=reason,
        )

    @transaction.atomic
    def _step(self, condition: Q, change: TaskChange, **values: Any) -> None:
        """Take a step if the task still is in a state for it, and note who took it."""
        taken = Task.objects.filter(condition, pk=self.pk).update(**values)
        self.refresh_from_db()
        if not taken:
            raise self._refusal()
        change.task = self
        change.save()

    def _refusal(self) -> StepRefusedError:
        if self.done_at is not None:
            words = gettext("%(name)s has ticked this on %(day)s at %(time)s already.")
            who = self.done_by or gettext("Somebody")
            return StepRefusedError(
                words % {"name": who, "day": day(self.done_at), "time": clock(self.done_at)}
            )
        if self.closed_at is not None:
            return StepRefusedError(
                gettext("This task is closed: %(reason)s") % {"reason": self.close_reason}
            )
        if self.assignee is not None:
            return StepRefusedError(
                gettext("This is a task of %(name)s.") % {"name": self.assignee}
            )
        return StepRefusedError(gettext("This task is open already."))
