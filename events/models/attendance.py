"""Evidence of attendance: every sign is kept with its kind, and the strongest wins."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from events.models.registration import Registration


class Evidence(models.Model):
    """One sign that somebody was, or was not, there."""

    class Kind(models.IntegerChoices):
        """In order of strength."""

        OPENED = 1, _("opened the personal link")
        EARLY = 2, _("pressed “Join” too early")
        BUTTON = 3, _("pressed “Join”")
        MEETING = 4, _("seen by the meeting")
        REPORT = 5, _("in the meeting's report")
        STAFF = 6, _("said by staff")

    PROOF = (Kind.BUTTON, Kind.MEETING, Kind.REPORT, Kind.STAFF)
    """Kinds that say something of attendance; a fetched link may have been a machine."""

    registration = models.ForeignKey(Registration, models.CASCADE, related_name="evidence")
    kind = models.PositiveSmallIntegerField(_("kind"), choices=Kind.choices)
    is_present = models.BooleanField(_("present"), default=True)
    at = models.DateTimeField(_("at"))
    minutes = models.PositiveSmallIntegerField(_("minutes"), null=True, blank=True)
    note = models.CharField(_("note"), max_length=200, blank=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["at", "pk"]
        verbose_name = _("evidence")
        verbose_name_plural = _("evidence")

    def __str__(self) -> str:
        return f"{self.registration} · {self.get_kind_display()}"

    @property
    def words(self) -> str:
        """Say what the sign is, for people."""
        if self.kind == self.Kind.REPORT and not self.is_present:
            return gettext("not in the meeting's report")
        return self.get_kind_display()

    @property
    def is_by_staff(self) -> bool:
        return self.kind == self.Kind.STAFF
