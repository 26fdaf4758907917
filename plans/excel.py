"""The plans of an intake as an Excel workbook; its first sheet can be read in again."""

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from functools import partial
from typing import TypeVar

from django.db import models
from django.utils.text import capfirst
from django.utils.translation import get_language, gettext

from documents.content import words
from files.spreadsheets import Sheet, write_workbook
from plans import content
from plans.list_columns import Column, title_of
from plans.models import Activity, CommunicationPlan, Intake

SEPARATOR = "; "
M = TypeVar("M", bound=models.Model)


def workbook(intake: Intake) -> bytes:
    """Write everything that is planned for an intake, in the language of the page."""
    plan = intake.communication_plan
    return write_workbook(
        [
            Sheet(
                gettext("Activities"),
                [*map(title_of, Column), gettext("State"), gettext("Spent, €")],
                map(_activity_row, activities_of(intake)),
            ),
            Sheet(
                gettext("Communication plan"),
                [gettext("What"), gettext("Content")],
                ((line.label, words(line.value)) for line in content.communication_lines(plan)),
            ),
            Sheet(gettext("Grid"), _grid_headers(intake), _grid_rows(plan)),
            _cards(
                gettext("Target audiences"),
                content.AUDIENCE_FIELDS,
                intake.audiences.prefetch_related("channels"),
            ),
            _cards(
                gettext("Channels"),
                content.CHANNEL_FIELDS,
                intake.channels.select_related("owner"),
            ),
        ]
    )


def activities_of(intake: Intake) -> Iterable[Activity]:
    """Give the activities of the plan with all that a row tells."""
    return (
        intake.activities.in_plan()
        .select_related("owner", "unit")
        .prefetch_related("audiences", "channels", "goals")
    )


def _activity_row(activity: Activity) -> list[object]:
    return [
        *(VALUES[column](activity) for column in Column),
        activity.get_state_display(),
        activity.budget_spent,
    ]


def _joined(name: str, activity: Activity) -> str:
    return SEPARATOR.join(str(each) for each in getattr(activity, name).all())


def _named(name: str, activity: Activity) -> str:
    return str(getattr(activity, name) or "")


VALUES: dict[Column, Callable[[Activity], object]] = {
    Column.NUMBER: lambda activity: activity.pk,
    Column.KIND: lambda activity: activity.get_kind_display(),
    Column.TITLE: lambda activity: activity.title,
    Column.TITLE_EN: lambda activity: activity.title_en,
    Column.STARTS: lambda activity: activity.starts_at,
    Column.ENDS: lambda activity: activity.ends_at,
    Column.LAST_ON: lambda activity: activity.last_on,
    Column.OWNER: partial(_named, "owner"),
    Column.UNIT: partial(_named, "unit"),
    Column.PRESENTER: lambda activity: activity.presenter,
    Column.AUDIENCES: partial(_joined, "audiences"),
    Column.CHANNELS: partial(_joined, "channels"),
    Column.GOALS: partial(_joined, "goals"),
    Column.BUDGET: lambda activity: activity.budget_planned,
    Column.LEADS: lambda activity: activity.expected_leads,
    Column.NOTES: lambda activity: activity.notes,
}


def _grid_headers(intake: Intake) -> list[object]:
    return [
        gettext("Key message"),
        gettext("Target audience"),
        *(channel.name for channel in intake.channels.all()),
    ]


def _grid_rows(plan: CommunicationPlan) -> Iterator[list[object]]:
    channels = list(plan.intake.channels.all())
    audiences = list(plan.intake.audiences.all())
    for message in plan.key_messages.prefetch_related("wordings"):
        said = {(each.audience_id, each.channel_id): each.text for each in message.wordings.all()}
        for audience in audiences:
            cells = (said.get((audience.pk, channel.pk), "") for channel in channels)
            yield [message.text, audience.name, *cells]


def _cards(title: str, names: tuple[str, ...], rows: models.QuerySet[M]) -> Sheet:
    labels = [capfirst(content.label_of(rows.model, name)) for name in ("name", *names)]
    return Sheet(
        title,
        labels,
        ([str(row), *(content.value_of(row, name) for name in names)] for row in rows),
    )


def filename(intake: Intake, today: date) -> str:
    word = "plans" if get_language() == "lv" else "plan"
    return f"{word}-{intake.year}-{intake.season}-{today.isoformat()}.xlsx"
