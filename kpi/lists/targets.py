"""What the figures of a list are of, by what was answered about its titles and channels."""

from typing import NamedTuple

from goals.models import Series, Unit
from kpi.lists.found import NO_CHANNEL, Found
from kpi.lists.mapping import (
    ALL,
    LEFT_OUT,
    NEW,
    NEW_SERIES,
    OF_LIST,
    Choices,
    HeadingChoice,
    in_percent,
    new_name,
    unit_of,
)
from kpi.lists.numbers import counts_things
from kpi.lists.wording import plain
from kpi.models import Channel


class Target(NamedTuple):
    """What figures under a title are of."""

    series_id: int
    name: str
    is_whole: bool
    is_percent: bool


class Place(NamedTuple):
    """A channel; no number stands for all of them together."""

    channel_id: int | None
    name: str


def targets_of(found: Found, choices: Choices) -> tuple[list[Target | None], list[Place | None]]:
    """Give for each title what it is of, and its channel where it has one of its own."""
    series = {str(each.pk): each for each in Series.objects.all()}
    channels = _channels(choices)
    shares = in_percent(found) if any(map(_is_new, choices.headings.values())) else set()
    new: dict[str, int] = {}
    targets: list[Target | None] = []
    places: list[Place | None] = []
    for text in found.headings:
        choice = choices.headings.get(text, HeadingChoice(LEFT_OUT))
        if not choice.is_answered or choice.series == LEFT_OUT:
            targets.append(None)
            places.append(None)
            continue
        if choice.series in NEW_SERIES:
            # Not there yet: numbered below zero until it is made.
            number = new.setdefault(plain(text), -len(new) - 1)
            unit = unit_of(text, is_share=text in shares)
            kind = Series.Kind(NEW_SERIES[choice.series])
            targets.append(_target(number, new_name(text), kind, unit))
        else:
            each = series[choice.series]
            targets.append(_target(each.pk, str(each), Series.Kind(each.kind), Unit(each.unit)))
        places.append(None if choice.channel == OF_LIST else channels[choice.channel])
    return targets, places


def _is_new(choice: HeadingChoice) -> bool:
    return choice.series in NEW_SERIES


def _target(number: int, name: str, kind: Series.Kind, unit: Unit) -> Target:
    return Target(number, name, counts_things(kind, unit), unit == Unit.PERCENT)


def _channels(choices: Choices) -> dict[str, Place]:
    """Give every channel by the answer that chooses it; new ones are numbered below zero."""
    places = {str(each.pk): Place(each.pk, str(each)) for each in Channel.objects.all()}
    names = [choice.new_channel for choice in choices.headings.values() if choice.new_channel]
    names += [text for text, choice in choices.channels.items() if choice == NEW]
    new: dict[str, Place] = {}
    for name in names:
        place = new.setdefault(plain(name), Place(-len(new) - 1, new_name(name)))
        places[f"{NEW}:{name}"] = place
    return places | {ALL: Place(None, "")}


def places_of(found: Found, choices: Choices) -> dict[int, Place | None]:
    """Give for each channel of a list what it is to us; None where it is left out."""
    channels = _channels(choices)
    places: dict[int, Place | None] = {NO_CHANNEL: Place(None, "")}
    for number, text in enumerate(found.channels):
        choice = choices.channels.get(text, LEFT_OUT)
        places[number] = channels.get(f"{NEW}:{text}" if choice == NEW else choice)
    return places
