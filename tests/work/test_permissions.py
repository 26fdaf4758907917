"""Who may do what with tasks where that depends on whose they are."""

import pytest
from django.urls import reverse

from accounts.models import Role
from tests.factories import make_task, make_user

pytestmark = pytest.mark.django_db


def test_a_specialist_ticks_for_a_colleague_and_not_for_the_head(client_for):
    client = client_for(make_user(role=Role.SPECIALIST))
    colleague = make_task(assignee=make_user(role=Role.SPECIALIST))
    head = make_task(role=Role.MARKETING_HEAD)

    assert client.post(reverse("work:task_complete", args=[colleague.pk])).status_code == 302
    assert client.post(reverse("work:task_complete", args=[head.pk])).status_code == 404


def test_a_director_ticks_the_own_tasks_only(client_for):
    director = make_user(role=Role.DIRECTOR)
    client = client_for(director)
    own, other = make_task(assignee=director), make_task()

    assert client.post(reverse("work:task_complete", args=[own.pk])).status_code == 302
    assert client.post(reverse("work:task_complete", args=[other.pk])).status_code == 403
