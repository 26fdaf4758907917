from datetime import timedelta

import pytest
from django.utils import timezone, translation

from accounts.models import Role
from tests.factories import make_event, make_user


@pytest.fixture(autouse=True)
def _in_english_and_apart(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    with translation.override("en"):
        yield


@pytest.fixture
def coming():
    """Give an event tomorrow: pages ask the real clock."""
    return make_event(starts_at=timezone.now() + timedelta(days=1))


@pytest.fixture
def manager(client_for):
    return client_for(make_user(role=Role.SPECIALIST))
