"""The menu shows what exists and what the person may see."""

import pytest
from django.test import RequestFactory

from accounts.models import Role
from smmprocess.navigation import MENU, Item, exists, menu_for
from tests.factories import make_user

pytestmark = pytest.mark.django_db


def links(user, path="/", **query):
    request = RequestFactory().get(path, query)
    return [link for group in menu_for(user, request) for link in group.links]


@pytest.mark.parametrize("role", Role)
def test_administration_is_in_the_menu_of_administrators_only(role):
    plain = [link.url for link in links(make_user(role=role))]
    administrator = [link.url for link in links(make_user(role=role, is_administrator=True))]

    assert "/accounts/users/" not in plain
    assert "/accounts/users/" in administrator
    assert set(plain) < set(administrator)


def test_an_item_without_a_page_is_left_out():
    assert not exists(Item("Goals", "goals:goal_list", "target"))
    assert exists(Item("Process", "home", "route"))


def test_every_item_of_the_menu_opens(client_for):
    user = make_user(is_administrator=True)
    client = client_for(user)

    opened = {link.url: client.get(link.url).status_code for link in links(user)}

    assert opened == dict.fromkeys(opened, 200)
    assert "/" in opened


@pytest.mark.parametrize(
    ("path", "current"), [("/", "/"), ("/accounts/users/", "/accounts/users/")]
)
def test_exactly_the_open_page_is_current(path, current):
    user = make_user(is_administrator=True)

    assert [link.url for link in links(user, path) if link.is_current] == [current]


def test_no_item_is_current_on_a_page_outside_the_menu():
    user = make_user(is_administrator=True)

    assert [link for link in links(user, "/accounts/profile/") if link.is_current] == []


def test_every_icon_of_the_menu_is_in_the_sprite(settings):
    sprite = (settings.BASE_DIR / "static/icons.svg").read_text()

    missing = [
        item.icon for section in MENU for item in section.items if f'id="{item.icon}"' not in sprite
    ]
    assert missing == []
