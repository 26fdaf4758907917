"""Find the people of a list among the participants: few queries, the rule of people.identity."""

from collections.abc import Iterable, Iterator, Sequence
from typing import TypeVar

from events.list_rows import ListRow
from people.identity import Identified, identity_keys, name_words, same_person
from people.models import Participant

T = TypeVar("T")

CHUNK = 1_000
_ANYBODY, _NAMELESS = "*", ""


class KnownPeople:
    """Participants in memory; `find` answers as `events.registration.find_participant` does.

    An address that a whole school shares would make every search a walk through the school, so
    participants are kept by address and by each word of their name.
    """

    def __init__(self, participants: Iterable[Participant]) -> None:
        self._places: dict[int, int] = {}
        self._index: dict[tuple[str, str], dict[int, Participant]] = {}
        for participant in participants:
            self.add(participant)

    @classmethod
    def of(cls, rows: Sequence[ListRow]) -> "KnownPeople":
        """Load all who have an address of one of the rows, the longest known first."""
        found: dict[int, Participant] = {}
        for field in ("email", "phone"):
            addresses = sorted({getattr(row, field) for row in rows} - {""})
            for chunk in chunks(addresses):
                there = Participant.objects.filter(**{f"{field}__in": chunk})
                found.update((each.pk, each) for each in there)
        return cls(found[pk] for pk in sorted(found))

    def add(self, participant: Participant) -> None:
        """Keep a participant, or note what is newly known of one."""
        place = self._places.setdefault(id(participant), len(self._places))
        words = name_words(participant) or {_NAMELESS}
        for key in identity_keys(participant):
            for word in (_ANYBODY, *words):
                self._index.setdefault((key, word), {})[place] = participant

    def find(self, person: Identified) -> Participant | None:
        """Return the longest known participant who is the same person."""
        candidates = self._candidates(person)
        same = {place: each for place, each in candidates if same_person(each, person)}
        return same[min(same)] if same else None

    def _candidates(self, person: Identified) -> Iterator[tuple[int, Participant]]:
        """Names that agree have a word in common, or one of them has no word at all."""
        words = name_words(person)
        for key in identity_keys(person):
            for word in (_NAMELESS, *words) if words else (_ANYBODY,):
                yield from self._index.get((key, word), {}).items()


def chunks(values: Sequence[T]) -> Iterator[Sequence[T]]:
    return (values[start : start + CHUNK] for start in range(0, len(values), CHUNK))
