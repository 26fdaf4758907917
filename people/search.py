"""Finding people, and whatever belongs to them, by words that somebody types."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Self

from django.db import models

from people.lookups import Begins
from people.rows import insert
from people.search_words import LONGEST, words_in, words_of

if TYPE_CHECKING:
    from people.models import Participant

FEW = 500
"""So many people found are looked up by their numbers; more are too many for an index."""

BATCH = 2000


class SearchWordQuerySet(models.QuerySet["SearchWord"]):
    def beginning(self, word: str) -> Self:
        return self.filter(word__begins=word)


class SearchWord(models.Model):
    """One word by which one participant is found; see people/search_words.py."""

    pk = models.CompositePrimaryKey("participant", "word")
    participant = models.ForeignKey(
        "people.Participant", models.CASCADE, related_name="search_words", db_index=False
    )
    word = models.CharField(max_length=LONGEST)

    objects = SearchWordQuerySet.as_manager()

    class Meta:
        indexes = [
            # What PostgreSQL needs to find beginnings whatever language the database sorts by.
            models.Index(
                fields=["word", "participant"],
                name="search_word",
                opclasses=["varchar_pattern_ops", "int8_ops"],
            ),
        ]

    def __str__(self) -> str:
        return self.word


models.CharField.register_lookup(Begins)


def add_words(participants: "Iterable[Participant]") -> None:
    """Make new people findable."""
    insert(
        [
            SearchWord(participant_id=participant.pk, word=word)
            for participant in participants
            for word in words_of(participant)
        ]
    )


def replace_words(participants: "Iterable[Participant]") -> None:
    """Make people findable by what they are called now, and by nothing else."""
    people = {participant.pk: participant for participant in participants}
    numbers = list(people)
    for start in range(0, len(numbers), BATCH):
        SearchWord.objects.filter(participant__in=numbers[start : start + BATCH]).delete()
    add_words(people.values())


def is_somebody_like(query: str, participant: str = "participant") -> models.Q:
    """Return the condition that a row's participant has all the words of a query.

    Few people are looked up here and now, and rows found by them. Of many, a page is full soon
    when the rows are gone through in the order of the list.
    """
    words = sorted(words_in(query), key=len, reverse=True)
    if not words:
        return models.Q()
    longest, *others = words
    found = SearchWord.objects.beginning(longest)
    for word in others:
        found = found.filter(_has(word, "participant"))
    people = list(found.values_list("participant", flat=True)[: FEW + 1])
    if len(people) <= FEW:
        return models.Q(**{f"{participant}__in": set(people)})
    return models.Q(*(_has(word, participant) for word in words))


def _has(word: str, participant: str) -> models.Exists:
    known = SearchWord.objects.beginning(word)
    return models.Exists(known.filter(participant=models.OuterRef(participant)))
