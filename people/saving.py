"""Saving many people at once, with what they are sorted and searched by."""

from collections.abc import Iterable

from django.db import transaction

from people.models import SEARCHED, Participant
from people.search import add_words, replace_words


@transaction.atomic
def create_all(people: list[Participant], batch_size: int) -> None:
    """Save new people."""
    for participant in people:
        participant.fill_search_text()
    Participant.objects.bulk_create(people, batch_size=batch_size)
    add_words(people)


@transaction.atomic
def update_all(people: list[Participant], fields: Iterable[str], batch_size: int) -> None:
    """Save these fields of people who are known."""
    changed = set(fields)
    if not SEARCHED.isdisjoint(changed):
        for participant in people:
            participant.fill_search_text()
        changed.add("search_text")
        replace_words(people)
    Participant.objects.bulk_update(people, sorted(changed), batch_size=batch_size)
