"""Who may open which page of tasks, and who may do what there."""

from datetime import timedelta

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import get_resolver, reverse

from accounts.models import Role
from files import uploads
from tests.factories import START, make_event, make_recurring, make_task, make_user
from work.models import HandOver, TaskFile, TaskTemplate

pytestmark = pytest.mark.django_db

EVERYONE = set(Role)
LEADS = {Role.MARKETING_HEAD, Role.PROJECT_MANAGER}
CREATORS = LEADS | {Role.SPECIALIST}
SEE_SPECIALISTS = CREATORS | {Role.DIRECTOR}
"""Who sees a task for any specialist: a head of unit does not, and gets 404."""

MAY = [
    ("get", "my_day", EVERYONE, EVERYONE),
    ("get", "task_list", EVERYONE, EVERYONE),
    ("get", "task_create", EVERYONE, CREATORS),
    ("post", "task_create", EVERYONE, CREATORS),
    ("get", "task_detail", SEE_SPECIALISTS, SEE_SPECIALISTS),
    ("get", "task_update", SEE_SPECIALISTS, CREATORS),
    ("post", "task_update", SEE_SPECIALISTS, CREATORS),
    ("post", "task_complete", SEE_SPECIALISTS, CREATORS),
    ("post", "task_take", SEE_SPECIALISTS, {Role.SPECIALIST}),
    ("post", "task_reopen", SEE_SPECIALISTS, CREATORS),
    ("post", "task_explain", SEE_SPECIALISTS, CREATORS),
    ("get", "task_close", SEE_SPECIALISTS, CREATORS),
    ("post", "task_close", SEE_SPECIALISTS, CREATORS),
    ("post", "comment_create", SEE_SPECIALISTS, SEE_SPECIALISTS),
    ("post", "file_create", SEE_SPECIALISTS, SEE_SPECIALISTS),
    ("get", "file_detail", SEE_SPECIALISTS, SEE_SPECIALISTS),
    ("post", "event_tasks_make", EVERYONE, LEADS),
    ("get", "event_tasks_move", EVERYONE, LEADS),
    ("post", "event_tasks_move", EVERYONE, LEADS),
    ("get", "template_list", EVERYONE, EVERYONE),
    ("get", "template_create", EVERYONE, {Role.MARKETING_HEAD}),
    ("post", "template_create", EVERYONE, {Role.MARKETING_HEAD}),
    ("get", "template_update", EVERYONE, {Role.MARKETING_HEAD}),
    ("post", "template_update", EVERYONE, {Role.MARKETING_HEAD}),
    ("get", "recurring_list", EVERYONE, EVERYONE),
    ("get", "recurring_create", EVERYONE, LEADS),
    ("post", "recurring_create", EVERYONE, LEADS),
    ("get", "recurring_update", EVERYONE, LEADS),
    ("post", "recurring_update", EVERYONE, LEADS),
    ("get", "team_week", EVERYONE, EVERYONE),
    ("get", "workload", EVERYONE, EVERYONE - {Role.SPECIALIST}),
    ("get", "hand_over_list", EVERYONE, EVERYONE),
    ("get", "hand_over_create", EVERYONE, EVERYONE),
    ("post", "hand_over_create", EVERYONE, EVERYONE),
    ("post", "hand_over_take_back", LEADS | {Role.DIRECTOR}, LEADS),
    ("get", "calendar", EVERYONE, EVERYONE),
    ("post", "calendar_renew", EVERYONE, EVERYONE),
    ("post", "calendar_off", EVERYONE, EVERYONE),
]
OF_THE_ADDRESS = {"calendar_feed"}
"""Whose address is the key: nobody signs in there."""


def arguments(name):
    if name.startswith("task_") and name not in ("task_list", "task_create"):
        return [make_task().pk]
    if name in ("comment_create", "file_create"):
        return [make_task().pk]
    if name == "file_detail":
        upload = SimpleUploadedFile("a.txt", b"Hello")
        stored = uploads.store(upload, by=make_user(), at=START)
        return [TaskFile.objects.create(task=make_task(), stored=stored).pk]
    if name.startswith("event_tasks"):
        return [make_event(starts_at=START + timedelta(days=30)).pk]
    if name in ("template_list", "template_create"):
        return ["webinar"]
    if name == "template_update":
        return [TaskTemplate.objects.first().pk]
    if name == "recurring_update":
        return [make_recurring().pk]
    if name == "hand_over_take_back":
        person, to = make_user(role=Role.SPECIALIST), make_user(role=Role.SPECIALIST)
        day = START.date()
        return [
            HandOver.objects.create(
                person=person, to=to, first_on=day, last_on=day, made_by=person
            ).pk
        ]
    return []


def call(client, method, name):
    response = getattr(client, method)(reverse(f"work:{name}", args=arguments(name)))
    response.close()
    return response


@time_machine.travel(START, tick=False)
@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize(("method", "name", "seen_by", "allowed"), MAY)
def test_role_and_page(client_for, role, method, name, seen_by, allowed):
    status = call(client_for(make_user(role=role)), method, name).status_code

    if role in allowed:
        assert status in (200, 302)
    else:
        assert status == (403 if role in seen_by else 404)


@pytest.mark.parametrize(("method", "name"), [(row[0], row[1]) for row in MAY])
def test_who_is_not_signed_in_is_asked_to(client, method, name):
    response = call(client, method, name)

    assert response.status_code == 302
    assert response.url.startswith("/accounts/login/")


@pytest.mark.parametrize("name", sorted({row[1] for row in MAY if row[0] == "post"}))
def test_what_changes_something_wants_a_token(client_for, name):
    client = client_for(make_user())
    client.handler.enforce_csrf_checks = True

    assert call(client, "post", name).status_code == 403


@pytest.mark.parametrize(
    "name",
    sorted({row[1] for row in MAY} - {row[1] for row in MAY if row[0] == "get"}),
)
def test_looking_changes_nothing(client_for, name):
    assert call(client_for(make_user()), "get", name).status_code == 405


def test_no_address_is_forgotten():
    resolver = next(
        each for each in get_resolver().url_patterns if getattr(each, "namespace", "") == "work"
    )

    names = {pattern.name for pattern in resolver.url_patterns}
    assert names == {row[1] for row in MAY} | OF_THE_ADDRESS


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
