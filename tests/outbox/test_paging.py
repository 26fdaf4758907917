"""From page to page by where the last one ended, in any order."""

import pytest

from outbox.paging import page_of
from people.models import BY_NAME, Participant
from people.saving import create_all
from tests.factories import make_participant

pytestmark = pytest.mark.django_db


def read(**query):
    asked = {name: str(value) for name, value in query.items()}
    return page_of(Participant.objects.all(), asked, 2, order=BY_NAME)


def test_people_of_the_same_name_are_each_shown_once_forwards_and_back():
    people = [
        Participant(first_name="Anna", last_name=last_name)
        for last_name in ("Liepa", "Ozola", "Ozola", "Ozola", "Abele")
    ]
    create_all(people, 10)
    liepa, first, second, third, abele = people

    one = read()
    two = read(after=one.next)
    three = read(after=two.next)
    back = read(before=three.previous)

    assert [page.rows for page in (one, two, three)] == [[abele, liepa], [first, second], [third]]
    assert (one.previous, three.next) == (None, None)
    assert (back.rows, back.next, back.previous) == (two.rows, second.pk, first.pk)
    assert read(before=back.previous) == one


@pytest.mark.parametrize("nonsense", ["", "0", "-1", "x", "²", "9" * 30, "1'"])
@pytest.mark.parametrize("name", ["after", "before"])
def test_nonsense_leads_to_the_first_page(name, nonsense):
    person = make_participant()

    assert read(**{name: nonsense}).rows == [person]


def test_nothing_is_a_page_too():
    page = read()

    assert (page.rows, page.next, page.previous) == ([], None, None)
