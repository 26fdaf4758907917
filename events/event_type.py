"""Types of events, and the reminder rules and tasks each begins with."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from django.conf import settings
from django.urls import reverse
from django.utils.module_loading import import_string

from accounts.models import Role
from events.models import Event, ReminderRule, ReminderText

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise


@dataclass(frozen=True)
class DefaultText:
    """Words of a rule in Latvian and English, for one kind of attendance or for all."""

    variant: str = ""
    subject: tuple[str, str] = ("", "")
    email: tuple[str, str] = ("", "")
    sms: tuple[str, str] = ("", "")


@dataclass(frozen=True)
class DefaultRule:
    """A rule as a new installation has it; from then on the browser's version holds."""

    key: str
    name: tuple[str, str]
    settings: dict[str, Any]
    texts: tuple[DefaultText, ...]


@dataclass(frozen=True)
class DefaultTask:
    """A task of each event as a new installation has it; then the browser's version holds."""

    key: str
    title: tuple[str, str]
    offset: int
    """So many units after the anchor; before it, if negative."""

    role: Role
    unit: Literal["days", "working_days", "months"] = "days"
    anchor: Literal["start", "end"] = "start"


@dataclass(frozen=True)
class EventType:
    """One kind of event: what it is called and which messages its participants get."""

    key: str
    name: "StrPromise"
    name_plural: "StrPromise"
    step: str
    rules: tuple[DefaultRule, ...] = field(repr=False)
    tasks: tuple[DefaultTask, ...] = field(repr=False, default=())
    board: str = ""
    """Name of the address of the page that shows how far the preparation is."""

    activity_kinds: tuple[str, ...] = ()
    """Which kinds of activities of the plan become events of this kind."""

    has_offer: bool = False
    own_fields: tuple[str, ...] = ()
    """Fields of an event that only this kind shows."""


def get_type(key: str) -> EventType:
    found: EventType = import_string(settings.EVENT_TYPES[key])
    return found


def board_url(event: Event) -> str:
    """Give the page of how far an event's preparation is."""
    return reverse(get_type(event.kind).board, args=[event.pk])


def all_types() -> list[EventType]:
    return [get_type(key) for key in settings.EVENT_TYPES]


def seed_rules(**_kwargs: Any) -> int:
    """Create the default rules that are missing; return how many.

    Runs after every migrate. What exists is left alone, whatever was edited in it.
    """
    created = 0
    for event_type in all_types():
        for position, default in enumerate(event_type.rules):
            rule, is_new = ReminderRule.objects.get_or_create(
                event_type=event_type.key,
                key=default.key,
                defaults={
                    "name": default.name[0],
                    "name_en": default.name[1],
                    "position": position,
                    **default.settings,
                },
            )
            if is_new:
                created += 1
                _seed_texts(rule, default)
    return created


def _seed_texts(rule: ReminderRule, default: DefaultRule) -> None:
    ReminderText.objects.bulk_create(
        ReminderText(
            rule=rule,
            language=language,
            variant=text.variant,
            email_subject=text.subject[number],
            email_body=text.email[number],
            sms_body=text.sms[number],
        )
        for text in default.texts
        for number, language in enumerate(("lv", "en"))
    )
