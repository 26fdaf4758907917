"""Who may open which page of the accounts app."""

import pytest
from django.urls import reverse

from accounts.models import Role
from tests.factories import make_unit, make_user

pytestmark = pytest.mark.django_db

FOR_ADMINISTRATORS = [
    ("get", "accounts:user_list", ""),
    ("get", "accounts:user_create", ""),
    ("get", "accounts:user_update", "user"),
    ("get", "accounts:user_deactivate", "user"),
    ("post", "accounts:user_deactivate", "user"),
    ("post", "accounts:user_reactivate", "user"),
    ("post", "accounts:user_invite", "user"),
    ("get", "accounts:unit_list", ""),
    ("get", "accounts:unit_create", ""),
    ("get", "accounts:unit_update", "unit"),
]


def address(name, of):
    made = {"user": make_user, "unit": make_unit}[of]().pk if of else None
    return reverse(name, args=[made] if made else [])


@pytest.mark.parametrize("role", Role)
def test_an_administrator_of_any_role_may(client_for, role):
    client = client_for(make_user(role=role, is_administrator=True))

    codes = [
        client.get(address(name, of)).status_code
        for method, name, of in FOR_ADMINISTRATORS
        if method == "get"
    ]

    assert codes == [200] * 7


@pytest.mark.parametrize("name", ["accounts:user_update", "accounts:user_deactivate"])
def test_who_is_not_there_is_404(client_for, name):
    client = client_for(make_user(is_administrator=True))

    assert client.get(reverse(name, args=[999_999])).status_code == 404
