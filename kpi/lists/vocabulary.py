"""Understand what a title of a list speaks of: which series, on which channel."""

import difflib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import zip_longest

from kpi.lists.wording import WORD, plain

_KEYED = re.compile(r".*\[([-\w]+)\]")
_CLOSE = 0.86
_CLOSE_WORD = 0.8
_SHORTEST_FOR_TYPO = 5
# Words that say nothing about what is counted.
_SAY_NOTHING = (
    "skaits skaita sk kopejais kopeja kopejie kopskaits menesi menesa diena dienas gada gads lapa"
    " lapas profila profils konta konts kanala kanals the of number total count in on per"
    " socialajos tiklos socialie tikli socialo tiklu tikls tikla"
    " raditaji raditajs statistika statistics data dati"
)
_FILLERS = frozenset(plain(_SAY_NOTHING).split())
_LONGEST_ENDING = 2
_SHORTEST_FOR_ENDING = 5


@dataclass(frozen=True)
class Meaning:
    """What a title was understood as; None for what it does not tell."""

    series: int | None = None
    channel: int | None = None
    is_whole: bool = False
    """Nothing of the title was left over."""

    left_over: str = ""
    """What stands beside the name of a series, as it is written, and may be a channel."""

    @property
    def is_channel_alone(self) -> bool:
        return self.channel is not None and self.series is None and self.is_whole


@dataclass(frozen=True)
class Named:
    """A series or a channel, by its number, with all it may be called; its own name first."""

    pk: int
    names: Sequence[str]
    key: str = ""


@dataclass
class Vocabulary:
    """All series and channels there are, by what they are called."""

    series: Iterable[Named]
    channels: Iterable[Named]
    _known: dict[str, Meaning] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.channel_names = {each.pk: each.names[0] for each in self.channels}
        self._series_keys = {each.key: each.pk for each in self.series}
        self._channel_keys = {each.key: each.pk for each in self.channels}
        self._series = {
            _bare(plain(name)): each.pk
            for each in self.series
            for name in reversed(each.names)
            if _bare(plain(name))
        }
        pairs = [
            (plain(name).split(), each.pk)
            for each in self.channels
            for name in each.names
            if plain(name)
        ]
        self._channels = sorted(pairs, key=lambda pair: -len(pair[0]))

    def read(self, text: str) -> Meaning:
        if text not in self._known:
            meaning = self._keyed(text) or self._read(plain(text))
            if meaning.series is None and meaning.channel is None:
                meaning = replace(meaning, left_over=self._beside_series(text))
            self._known[text] = meaning
        return self._known[text]

    def is_series(self, text: str) -> bool:
        """Tell the very name of a series from a title that is only like it."""
        return _bare(plain(text)) in self._series

    def _keyed(self, text: str) -> Meaning | None:
        """Read a title with a key beside it, as our own lists have where a name is not enough."""
        match = _KEYED.fullmatch(text.strip())
        if match is None:
            return None
        if series := self._series_keys.get(match[1]):
            return Meaning(series, None, is_whole=True)
        if channel := self._channel_keys.get(match[1]):
            return Meaning(None, channel, is_whole=True)
        return None

    def _read(self, words: str) -> Meaning:
        if not words:
            return Meaning()
        if series := self._series.get(_bare(words)):
            return Meaning(series, None, is_whole=True)
        channel, rest = self._channel(words.split())
        bare = _bare(" ".join(rest))
        if channel is not None and not bare:
            return Meaning(None, channel, is_whole=True)
        found = self._series.get(bare) or self._close(bare)
        return Meaning(found, channel, is_whole=found is not None)

    def _channel(self, words: list[str]) -> tuple[int | None, list[str]]:
        """Find the one channel among words and take it out; two of them are none."""
        found: int | None = None
        rest = words
        for names, channel in self._channels:
            size = len(names)
            for start in range(len(rest) - size + 1):
                if all(map(_is_form_of, rest[start : start + size], names)):
                    if found is not None and found != channel:
                        return None, words
                    found, rest = channel, rest[:start] + rest[start + size :]
                    break
        return found, rest

    def _close(self, bare: str) -> int | None:
        """Take a misspelt title for the one series it is close to, word by word."""
        if len(bare) < _SHORTEST_FOR_TYPO:
            return None
        close = difflib.get_close_matches(bare, self._series, n=3, cutoff=_CLOSE)
        found = {self._series[name] for name in close if _are_close(bare, name)}
        return found.pop() if len(found) == 1 else None

    def _beside_series(self, text: str) -> str:
        """Give what is left of a title that holds the name of a series and something else."""
        words = [word for word in WORD.findall(text) if _bare(plain(word))]
        for size in range(len(words) - 1, 0, -1):
            for start in range(len(words) - size + 1):
                if plain(" ".join(words[start : start + size])) in self._series:
                    return " ".join(words[:start] + words[start + size :])
        return ""


def _bare(words: str) -> str:
    return " ".join(
        word
        for word in words.split()
        if word not in _FILLERS and not (word.isdecimal() and len(word) == 4)
    )


def _are_close(words: str, name: str) -> bool:
    """Tell a misspelt name from one with a word more, or another, which says something else."""
    pairs = list(zip_longest(words.split(), name.split(), fillvalue=""))
    ratios = (difflib.SequenceMatcher(None, *pair).ratio() for pair in pairs)
    return all(ratio >= _CLOSE_WORD for ratio in ratios)


def _is_form_of(word: str, name: str) -> bool:
    """Tell "facebooka" and "instagramā" for what they are: a name with a Latvian ending."""
    if word == name:
        return True
    return (
        len(name) >= _SHORTEST_FOR_ENDING
        and word.startswith(name)
        and len(word) - len(name) <= _LONGEST_ENDING
    )
