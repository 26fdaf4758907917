"""An event: a webinar or an open day, at a moment, with its room and what has happened to it."""

from datetime import date, datetime, time, timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.models import Role, User
from documents.models import Revised
from events.models.looks import AT_ONCE, LookedAt, new_request
from events.models.move import SETTLING, announced_at
from events.models.offer import Offer
from people.tokens import link_token
from plans.local_time import local_day, local_moment
from plans.models import Activity

AROUND = timedelta(days=15)
"""How long before its start and after its end an event may still have something due."""

LOOK_IS_LATE = timedelta(minutes=1)
"""A plan that is due and not looked at for so long is a fault of ours."""


class EventQuerySet(models.QuerySet["Event"]):
    def going_ahead(self) -> Self:
        return self.filter(cancelled_at=None)

    def on_days(self, first: date, last: date) -> Self:
        """Keep those that begin on the days from `first` to `last`, as they are in Riga."""
        begin, end = local_moment(first, time()), local_moment(last + timedelta(days=1), time())
        return self.filter(starts_at__gte=begin, starts_at__lt=end)

    def upcoming(self, now: datetime) -> Self:
        return self.filter(ends_at__gt=now).order_by("starts_at", "pk")

    def past(self, now: datetime) -> Self:
        return self.filter(ends_at__lte=now).order_by("-starts_at", "-pk")

    def with_board_for(self, user: User) -> Self:
        """Keep those whose preparation `user` may see, as rules.can_see_board says it of one."""
        if user.has_role(Role.UNIT_HEAD):
            return self.filter(models.Q(activity__unit=user.unit_id) | models.Q(moderator=user))
        return self

    def search(self, words: str) -> Self:
        """Keep those whose title contains every word; SQLite folds only the case of a to z."""
        found = self
        for word in words.split():
            condition = models.Q()
            for spelling in {word, word.lower(), word.capitalize()}:
                condition |= models.Q(title__icontains=spelling)
                condition |= models.Q(title_en__icontains=spelling)
            found = found.filter(condition)
        return found

    def around(self, now: datetime) -> Self:
        return self.filter(starts_at__lte=now + AROUND, ends_at__gte=now - AROUND)

    def as_in(self, event: "Event") -> Self:
        """Keep this event if everything its messages are counted from still is as in `event`."""
        names = ("pk", "starts_at", "ends_at", "moved_at", "cancelled_at", "starts_late_at")
        return self.filter(**{name: getattr(event, name) for name in names})

    def look_again(self) -> int:
        """Have the plans of these looked at as soon as possible; return how many."""
        return self.update(
            look_at=AT_ONCE, look_request=new_request(), look_asked_at=timezone.now()
        )

    def not_looked_at(self, now: datetime) -> Self:
        """Keep those whose plan should have been looked at a while ago, and was not."""
        since = now - LOOK_IS_LATE
        return self.to_look_at(since).filter(look_asked_at__lte=since)

    def look_soon(self, now: datetime) -> int:
        """Have those looked at who have no row yet, at the next tick; return how many events."""
        is_due = models.When(look_at__lte=now, then=models.F("look_at"))
        look_at = models.Case(is_due, default=models.Value(now))
        return self.update(look_at=look_at, look_request=new_request())

    def to_look_at(self, now: datetime) -> Self:
        """Keep those whose plan has something to do now; one range of a small index."""
        return self.filter(look_at__lte=now).order_by("look_at", "pk")


class Event(LookedAt, Revised):
    """A webinar or an open day that people register for and join online."""

    class Entry(models.TextChoices):
        """How people get into the room, which decides what a missing sign of somebody means."""

        PERSONAL_LINK = "personal_link", _("by the personal link only")
        OPEN_LINK = "open_link", _("the room's link is known elsewhere too")

    kind = models.CharField(_("kind"), max_length=20)
    activity = models.ForeignKey(
        Activity,
        models.SET_NULL,
        verbose_name=_("activity of the plan"),
        null=True,
        blank=True,
        editable=False,
        related_name="events",
    )
    title = models.CharField(_("title"), max_length=150)
    title_en = models.CharField(_("title in English"), max_length=150, blank=True)
    description = models.TextField(_("description"), blank=True)
    description_en = models.TextField(_("description in English"), blank=True)
    slug = models.CharField(max_length=20, unique=True, default=link_token, editable=False)
    starts_at = models.DateTimeField(_("starts"))
    ends_at = models.DateTimeField(_("ends"))
    room_url = models.URLField(
        _("room"), blank=True, help_text=_("The address of the online room, such as a Zoom link.")
    )
    entry = models.CharField(
        _("how people get in"), max_length=15, choices=Entry.choices, default=Entry.PERSONAL_LINK
    )
    recording_url = models.URLField(_("recording"), blank=True)
    moderator = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        verbose_name=_("moderator"),
        null=True,
        blank=True,
        related_name="moderated_events",
    )
    presenter = models.CharField(_("presenter"), max_length=150, blank=True)
    price = models.DecimalField(
        _("price"),
        max_digits=8,
        decimal_places=2,
        null=True,
        blank=True,
        help_text=_("Left empty: free of charge."),
    )
    currency = models.CharField(_("currency"), max_length=3, default="EUR")
    offer = models.ForeignKey(
        Offer, models.PROTECT, verbose_name=_("offer"), null=True, blank=True, related_name="events"
    )
    with_offer = models.BooleanField(
        _("advertises the offer of its day"),
        default=True,
        help_text=_("After the event, to those who agreed to offers."),
    )
    registration_open = models.BooleanField(_("registration on the public page"), default=True)

    reminders_stopped_at = models.DateTimeField(null=True, blank=True, editable=False)
    reminders_stop_reason = models.CharField(max_length=200, blank=True, editable=False)
    rules_off = models.ManyToManyField(
        "events.ReminderRule",
        verbose_name=_("reminders switched off for this event"),
        blank=True,
        related_name="+",
    )
    cancelled_at = models.DateTimeField(null=True, blank=True, editable=False)
    cancelled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
    )
    cancel_reason = models.CharField(_("reason"), max_length=300, blank=True, editable=False)
    moved_at = models.DateTimeField(null=True, blank=True, editable=False)
    """The last change of the start; a notice waits for ten quiet minutes after it."""

    moved_from = models.DateTimeField(null=True, blank=True, editable=False)
    """The start before that change; until it passes, somebody may still come at the old time."""

    room_opened_at = models.DateTimeField(null=True, blank=True, editable=False)
    no_show_held_at = models.DateTimeField(null=True, blank=True, editable=False)
    no_show_released_at = models.DateTimeField(null=True, blank=True, editable=False)
    starts_late_at = models.DateTimeField(null=True, blank=True, editable=False)
    """The moderator said "we start late": all registered get one message instead of the SMS
    to those who have not joined."""

    created_at = models.DateTimeField(default=timezone.now, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
    )

    objects = EventQuerySet.as_manager()

    class Meta:
        ordering = ["starts_at", "pk"]
        verbose_name = _("event")
        verbose_name_plural = _("events")
        constraints = [
            models.CheckConstraint(
                name="event_ends_after_it_starts",
                condition=models.Q(ends_at__gt=models.F("starts_at")),
                violation_error_message=_("The event must end after it starts."),
            ),
            models.CheckConstraint(
                name="event_cancelled_has_reason",
                condition=models.Q(cancelled_at=None) | ~models.Q(cancel_reason=""),
            ),
        ]
        indexes = [
            models.Index(fields=["starts_at"], name="event_starts_at"),
            models.Index(
                fields=["look_at"], name="event_look_at", condition=models.Q(look_at__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def name(self, language: str) -> str:
        return self.title_en or self.title if language == "en" else self.title

    @property
    def shown_name(self) -> str:
        """The name in the language of whoever reads the page, for pages that know no events."""
        return self.name(get_language() or "")

    def about(self, language: str) -> str:
        return self.description_en or self.description if language == "en" else self.description

    @property
    def is_cancelled(self) -> bool:
        return self.cancelled_at is not None

    @property
    def is_free(self) -> bool:
        return not self.price

    def take_offer(self) -> bool:
        """Take the offer that holds on its day in place of none or of one that does not.

        The week's offer is often made after the event. Return whether it is another than before;
        the caller saves.
        """
        day = local_day(self.starts_at)
        if not self.with_offer:
            fitting = None
        elif self.offer is not None and self.offer.holds_on(day):
            fitting = self.offer
        else:
            fitting = Offer.objects.for_day(day).first() or self.offer
        is_another = fitting != self.offer
        self.offer = fitting
        return is_another

    def take_times(self, starts_at: datetime, ends_at: datetime, at: datetime) -> list[str]:
        """Take other times, without saving; return the fields that may have changed.

        What was said of the old start, such as that the room is open, does not hold for another.
        """
        old_start, self.starts_at, self.ends_at = self.starts_at, starts_at, ends_at
        self.take_offer()
        if old_start == starts_at:
            return ["starts_at", "ends_at", "offer"]
        is_settled = self.moved_at is None or at - self.moved_at >= SETTLING
        self.moved_from = old_start if is_settled else self.moved_from or old_start
        self.moved_at = at
        self.no_show_held_at = self.no_show_released_at = self.starts_late_at = None
        self.room_opened_at = None
        moments = ["moved_from", "moved_at", "no_show_held_at", "no_show_released_at"]
        return ["starts_at", "ends_at", "offer", *moments, "starts_late_at", "room_opened_at"]

    @property
    def move_announced_at(self) -> datetime | None:
        """When a notice of the last change of the start goes; None if it was never changed."""
        if self.moved_at is None:
            return None
        return announced_at(self.moved_at, self.starts_at, self.moved_from or self.starts_at)

    def release_no_show(self, at: datetime) -> list[str]:
        """Whoever has not joined is really missing; return the fields to save."""
        self.no_show_released_at, self.no_show_held_at = at, None
        self.room_opened_at = self.room_opened_at or at
        return ["no_show_released_at", "no_show_held_at", "room_opened_at"]

    @property
    def public_url(self) -> str:
        """The page on which people register."""
        return f"{settings.SITE_URL}/e/{self.slug}"

    def has_begun(self, now: datetime) -> bool:
        return self.starts_at <= now

    def has_ended(self, now: datetime) -> bool:
        return self.ends_at <= now
