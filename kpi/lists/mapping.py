"""What the titles and channels of a list mean to us: suggested, answered, and remembered."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

from django.utils.translation import gettext

from accounts.models import User
from files.models import StoredFile
from goals.models import Series, Unit
from kpi.keys import free_key
from kpi.lists.found import Found
from kpi.lists.spellings import SPELLINGS
from kpi.lists.vocabulary import Named, Vocabulary
from kpi.lists.wording import ALL_CHANNELS, is_planned, is_sum, plain
from kpi.models import Channel, Mapping

LEFT_OUT = "out"
ALL = "all"
OF_LIST = "list"
NEW = "new"
NEW_SERIES = {f"{NEW}:{kind}": kind for kind in ("flow", "stock", "average")}
LONGEST = 200


@dataclass(frozen=True)
class HeadingChoice:
    """What a title means; `series` is a number, "out" or "new:flow", `channel` a number or word."""

    series: str = ""
    channel: str = OF_LIST
    """Empty as long as it has to be chosen; "new:TikTok" is a channel that is to be made."""

    @property
    def is_answered(self) -> bool:
        return self.series == LEFT_OUT or bool(self.series and self.channel)

    @property
    def new_channel(self) -> str:
        name = self.channel.removeprefix(f"{NEW}:")
        return name if name != self.channel else ""


@dataclass(frozen=True)
class Choices:
    """All answers about one list; an empty one is still to be given."""

    headings: dict[str, HeadingChoice]
    channels: dict[str, str]

    def to_json(self) -> dict[str, Any]:
        return {
            "headings": {text: asdict(each) for text, each in self.headings.items()},
            "channels": self.channels,
        }

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> "Choices":
        headings = stored.get("headings", {}).items()
        return cls(
            {text: HeadingChoice(**each) for text, each in headings}, stored.get("channels", {})
        )

    @property
    def unanswered(self) -> list[str]:
        return [
            *(text for text, each in self.headings.items() if not each.is_answered),
            *(text for text, each in self.channels.items() if not each),
        ]


def vocabulary() -> Vocabulary:
    """Build the words by which everything that is in use may be called."""
    return Vocabulary(
        [
            Named(
                each.pk,
                _names(each.name, each.name_en, SPELLINGS.get(each.key, "").split("|")),
                each.key,
            )
            for each in Series.objects.on()
        ],
        [
            Named(each.pk, _names(each.name, each.name_en, [each.key, *each.aliases]), each.key)
            for each in Channel.objects.on()
        ],
    )


def _names(name: str, name_en: str, others: Iterable[str]) -> list[str]:
    return [text for text in (name, name_en, *map(str, others)) if text]


def suggest(found: Found, words: Vocabulary) -> Choices:
    """Answer as the last list with the same titles was answered, else by what they say."""
    derived = set(Series.objects.filter(kind=Series.Kind.DERIVED).values_list("pk", flat=True))
    known = {(each.of, each.text): each for each in Mapping.objects.that_count()}
    headings, channels = {}, {}
    for text in found.headings:
        remembered = known.get((Mapping.Of.HEADING, _key(text)))
        headings[text] = _remembered(remembered) or _suggested(text, words, derived)
        if is_planned(text) and headings[text].series == LEFT_OUT:
            found.notice_planned(text)
    for text in found.channels:
        remembered = known.get((Mapping.Of.CHANNEL, _key(text)))
        channels[text] = _remembered_channel(remembered) or suggested_channel(text, words)
    return Choices(headings, channels)


def _key(text: str) -> str:
    return plain(text)[:LONGEST] or text.strip()[:LONGEST]


def _remembered(mapping: Mapping | None) -> HeadingChoice | None:
    if mapping is None:
        return None
    if mapping.is_left_out:
        return HeadingChoice(LEFT_OUT)
    if mapping.is_of_list:
        return HeadingChoice(str(mapping.series_id), OF_LIST)
    return HeadingChoice(str(mapping.series_id), str(mapping.channel_id or ALL))


def _suggested(text: str, words: Vocabulary, derived: set[int]) -> HeadingChoice:
    meaning = words.read(text)
    channel = OF_LIST if meaning.channel is None else str(meaning.channel)
    if is_planned(text) and not words.is_series(text):
        return HeadingChoice(LEFT_OUT, channel)
    if meaning.channel is None and may_be_channel(text, words):
        channel = ""
    if meaning.series is None:
        return HeadingChoice("", channel)
    if meaning.series in derived:
        # It is calculated from the other; what a list says of it is not needed.
        return HeadingChoice(LEFT_OUT, channel)
    return HeadingChoice(str(meaning.series), channel)


def may_be_channel(text: str, words: Vocabulary) -> str:
    """Give the part of a title that may name a channel nobody has told us of."""
    meaning = words.read(text)
    if meaning.series is not None:
        return ""
    section, colon, _rest = text.partition(": ")
    return meaning.left_over or (section if colon else "")


def _remembered_channel(mapping: Mapping | None) -> str:
    if mapping is None:
        return ""
    return LEFT_OUT if mapping.is_left_out else str(mapping.channel_id or ALL)


def suggested_channel(text: str, words: Vocabulary) -> str:
    if plain(text) in ALL_CHANNELS:
        return ALL
    if is_sum(text):
        return LEFT_OUT
    meaning = words.read(text)
    return str(meaning.channel) if meaning.is_channel_alone else ""


def without_questions(choices: Choices, *, make: bool) -> Choices:
    """Answer what is left to answer: leave it out, or make it new."""
    series, channel = ("new:flow", NEW) if make else (LEFT_OUT, LEFT_OUT)
    return Choices(
        {
            text: each if each.is_answered else HeadingChoice(series, each.channel or OF_LIST)
            for text, each in choices.headings.items()
        },
        {text: each or channel for text, each in choices.channels.items()},
    )


def remember(choices: Choices, *, file: StoredFile, by: User, at: datetime) -> None:
    """Keep the answers for the next list with the same titles."""
    rows = [
        Mapping(
            of=Mapping.Of.HEADING,
            text=_key(text),
            series_id=_number(each.series),
            channel_id=_number(each.channel) if each.series != LEFT_OUT else None,
            is_of_list=each.channel == OF_LIST,
            is_left_out=each.series == LEFT_OUT,
            file=file,
            by=by,
            at=at,
        )
        for text, each in choices.headings.items()
    ]
    rows += [
        Mapping(
            of=Mapping.Of.CHANNEL,
            text=_key(text),
            channel_id=_number(each),
            is_left_out=each == LEFT_OUT,
            file=file,
            by=by,
            at=at,
        )
        for text, each in choices.channels.items()
    ]
    Mapping.objects.bulk_create({(row.of, row.text): row for row in rows}.values())


def _number(choice: str) -> int | None:
    return int(choice) if choice.isdecimal() else None


def make_new(choices: Choices, found: Found) -> Choices:
    """Make the series and channels that were asked for, and answer with them."""
    series: dict[str, str] = {}
    made: dict[str, str] = {}
    headings = {}
    shares = in_percent(found)
    for text, each in choices.headings.items():
        answer = each
        if name := each.new_channel:
            answer = replace(answer, channel=_made(name, made))
        if kind := NEW_SERIES.get(each.series):
            name = plain(text)
            unit = unit_of(text, is_share=text in shares)
            series[name] = series.get(name) or str(_make_series(text, kind, unit).pk)
            answer = replace(answer, series=series[name])
        headings[text] = answer
    channels = {
        text: _made(text, made) if each == NEW else each for text, each in choices.channels.items()
    }
    return Choices(headings, channels)


def _made(name: str, made: dict[str, str]) -> str:
    """Make a channel, once for all titles that name it."""
    key = plain(name)
    made[key] = made.get(key) or str(_make_channel(name).pk)
    return made[key]


def in_percent(found: Found) -> set[str]:
    """Give the titles whose figures are mostly written with a sign of per cent."""
    shares: Counter[int] = Counter()
    for entry in found.entries:
        shares[entry.heading] += 1 if isinstance(entry.cell, str) and "%" in entry.cell else -1
    return {found.headings[heading] for heading, balance in shares.items() if balance > 0}


def unit_of(text: str, *, is_share: bool) -> Unit:
    """Guess the unit of a series that is to be made."""
    is_percent = is_share or "%" in text or "īpatsvars" in text.lower()
    return Unit.PERCENT if is_percent else Unit.NUMBER


def _make_series(text: str, kind: str, unit: Unit) -> Series:
    last = Series.objects.order_by("-position").values_list("position", flat=True).first()
    return Series.objects.create(
        key=free_key(text, Series.objects.values_list("key", flat=True)),
        name=text[:120],
        kind=kind,
        unit=unit,
        position=(last or 0) + 1,
    )


def _make_channel(text: str) -> Channel:
    last = Channel.objects.order_by("-position").values_list("position", flat=True).first()
    return Channel.objects.create(
        key=free_key(text, Channel.objects.values_list("key", flat=True)),
        name=text[:120],
        position=(last or 0) + 1,
    )


def new_name(text: str) -> str:
    return gettext("new: %(name)s") % {"name": text}
