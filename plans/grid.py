"""The grid of a communication plan: what is said to whom where, with its empty cells."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction

from plans.models import Audience, Channel, CommunicationPlan, KeyMessage, Wording

Place = tuple[int, int]
"""The numbers of an audience and a channel."""


@dataclass(frozen=True)
class Cell:
    """How a key message is put to an audience on a channel; without a text it is an empty cell."""

    audience: Audience
    channel: Channel
    text: str

    @property
    def place(self) -> Place:
        return (self.audience.pk, self.channel.pk)


@dataclass(frozen=True)
class Table:
    """A key message with a row for each audience and a column for each channel."""

    message: KeyMessage
    rows: list[tuple[Audience, list[Cell]]]

    @property
    def cells(self) -> list[Cell]:
        return [cell for _audience, cells in self.rows for cell in cells]


@dataclass(frozen=True)
class Grid:
    """All key messages of a plan, and how much of it is filled."""

    channels: list[Channel]
    tables: list[Table]

    @property
    def size(self) -> int:
        return sum(len(table.cells) for table in self.tables)

    @property
    def empty(self) -> int:
        return sum(not cell.text for table in self.tables for cell in table.cells)


def grid_of(plan: CommunicationPlan) -> Grid:
    """Lay out the whole grid; the plan's intake is read with it."""
    audiences, channels = list(plan.intake.audiences.all()), list(plan.intake.channels.all())
    messages = plan.key_messages.prefetch_related("wordings")
    return Grid(channels, [table_of(message, audiences, channels) for message in messages])


def table_of(
    message: KeyMessage, audiences: Iterable[Audience], channels: Iterable[Channel]
) -> Table:
    said = {(each.audience_id, each.channel_id): each.text for each in message.wordings.all()}
    channels = list(channels)
    return Table(
        message,
        [
            (
                audience,
                [
                    Cell(audience, channel, said.get((audience.pk, channel.pk), ""))
                    for channel in channels
                ],
            )
            for audience in audiences
        ],
    )


@transaction.atomic
def fill(message: KeyMessage, wanted: dict[Place, tuple[str, str]]) -> dict[Place, str]:
    """Write into cells, unless somebody wrote into them meanwhile: then give what they wrote.

    `wanted` gives the text that was seen and the text wanted; nothing is saved on a clash.
    """
    message.plan.document.hold_open()
    said = {
        (each.audience_id, each.channel_id): each.text
        for each in Wording.objects.filter(key_message=message)
    }
    clashes = {
        place: said.get(place, "")
        for place, (was, text) in wanted.items()
        if said.get(place, "") not in (was, text)
    }
    if clashes:
        return clashes
    for (audience, channel), (_was, text) in wanted.items():
        cell = Wording.objects.filter(key_message=message, audience=audience, channel=channel)
        if not text:
            cell.delete()
        elif text != said.get((audience, channel), ""):
            Wording.objects.update_or_create(
                key_message=message,
                audience_id=audience,
                channel_id=channel,
                defaults={"text": text},
            )
    return {}
