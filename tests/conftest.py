"""Fixtures shared by all tests."""

from collections.abc import Callable

import pytest
from django.conf import settings
from django.test import Client

from accounts.models import User


@pytest.fixture
def client_for(db) -> Callable[[User], Client]:
    """Give a browser in which the person is signed in, in the person's language."""

    def sign_in(user: User) -> Client:
        client = Client()
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = user.language
        return client

    return sign_in
