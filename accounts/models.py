"""Staff: the people who sign in, their role in the process and their unit."""

from typing import Any, ClassVar, Self

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models, transaction
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """The roles the process description names as owners and involved."""

    DIRECTOR = "director", _("Director")
    MARKETING_HEAD = "marketing_head", _("Marketing head")
    PROJECT_MANAGER = "project_manager", _("Project manager")
    SPECIALIST = "specialist", _("Specialist")
    UNIT_HEAD = "unit_head", _("Head of unit")


class Unit(models.Model):
    """A structural unit of the college."""

    name = models.CharField(_("name"), max_length=120, unique=True)

    class Meta:
        ordering = ["name"]
        verbose_name = _("unit")
        verbose_name_plural = _("units")

    def __str__(self) -> str:
        return self.name


class LastAdministratorError(Exception):
    """Nobody would be left to administer users."""


class UserQuerySet(models.QuerySet["User"]):
    """Which users."""

    def active(self) -> Self:
        return self.filter(is_active=True)

    def administrators(self) -> Self:
        """Keep those who can administer now; the last of them may not be lost."""
        return self.active().filter(is_administrator=True)

    def only_administrator_is(self, user: "User") -> bool:
        """Tell whether nobody but `user` administers; true until the transaction ends."""
        administrators = self.administrators().select_for_update()
        return set(administrators.values_list("pk", flat=True)) == {user.pk}

    def matching(self, words: str) -> Self:
        """Keep users whose name, e-mail address or unit contains each of the words."""
        found = self
        for word in words.split():
            found = found.filter(
                Q(full_name__icontains=word)
                | Q(email__icontains=word)
                | Q(unit__name__icontains=word)
            )
        return found


class UserManager(BaseUserManager.from_queryset(UserQuerySet)):  # type: ignore[misc]
    """Creates users by e-mail address, and finds them by it however it is capitalised."""

    def get_by_natural_key(self, email: str | None) -> "User":
        return self.get(email__iexact=email)

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(email=self.normalize_email(email).strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        fields.setdefault("role", Role.MARKETING_HEAD)
        fields.setdefault("full_name", email)
        return self.create_user(email, password, is_administrator=True, **fields)


class User(AbstractBaseUser):
    """A member of staff; signs in with the e-mail address."""

    email = models.EmailField(_("e-mail"), unique=True)
    full_name = models.CharField(_("name and surname"), max_length=150)
    role = models.CharField(_("role"), max_length=20, choices=Role.choices)
    unit = models.ForeignKey(
        Unit, models.PROTECT, verbose_name=_("unit"), null=True, blank=True, related_name="users"
    )
    language = models.CharField(
        _("language"), max_length=5, choices=settings.LANGUAGES, default=settings.LANGUAGE_CODE
    )
    phone = models.CharField(_("phone"), max_length=20, blank=True)
    is_active = models.BooleanField(_("may sign in"), default=True)
    morning_list = models.BooleanField(
        _("gets a list of the day by e-mail each working morning"), default=True
    )
    weekly_report = models.BooleanField(
        _("gets the week in figures by e-mail each Monday"), default=True
    )
    is_administrator = models.BooleanField(_("administers users and connections"), default=False)
    joined_at = models.DateTimeField(_("added"), default=timezone.now, editable=False)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["full_name"]

    objects = UserManager()

    class Meta:
        ordering = ["full_name"]
        verbose_name = _("user")
        verbose_name_plural = _("users")
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                name="user_email_case_insensitive",
                violation_error_message=_("Someone with this e-mail address is here already."),
            ),
            models.CheckConstraint(name="user_role_known", condition=Q(role__in=Role.values)),
            models.CheckConstraint(
                name="unit_head_has_unit",
                condition=~Q(role=Role.UNIT_HEAD) | Q(unit__isnull=False),
                violation_error_message=_("A head of unit needs a unit."),
            ),
        ]

    def __str__(self) -> str:
        return self.full_name

    def has_role(self, *roles: Role) -> bool:
        return self.role in roles

    def deactivate(self) -> None:
        """Take away the right to sign in; what the person did stays."""
        with transaction.atomic():
            if User.objects.only_administrator_is(self):
                raise LastAdministratorError(_("The last administrator has to stay."))
            self.is_active = False
            self.save(update_fields=["is_active"])

    def reactivate(self) -> None:
        """Let the person sign in again, with the password as it was."""
        self.is_active = True
        self.save(update_fields=["is_active"])
