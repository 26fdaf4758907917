"""Every name that the settings give of something is of something, and that is of the right kind."""

import inspect
import logging

import pytest
from celery import Task
from django.conf import settings
from django.urls import reverse
from django.utils.module_loading import import_string
from django_celery_beat.schedulers import DatabaseScheduler
from kombu.transport.virtual import Transport

from accounts.models import Role
from events.event_type import EventType, get_type
from kpi.sources.base import Source, get_source
from outbox.channels.base import Channel, get_channel
from people.models import Medium
from plans.models import Activity
from smmprocess.celery import app
from smmprocess.process import STEPS
from tests.test_docs import README

CALLABLES = [
    *settings.MIDDLEWARE,
    *settings.AUTHENTICATION_BACKENDS,
    *settings.TEMPLATES[0]["OPTIONS"]["context_processors"],
    *(each["NAME"] for each in settings.AUTH_PASSWORD_VALIDATORS),
    settings.AXES_USERNAME_CALLABLE,
    settings.AXES_CLIENT_IP_CALLABLE,
    settings.AXES_LOCKOUT_CALLABLE,
    settings.WSGI_APPLICATION,
]
EXTENSIONS = [
    *((get_type, EventType, key) for key in settings.EVENT_TYPES),
    *((get_channel, Channel, key) for key in settings.MESSAGE_CHANNELS),
    *((get_source, Source, key) for key in settings.KPI_SOURCES),
]
PERIODIC = settings.CELERY_BEAT_SCHEDULE


def every_step():
    """Give the steps of the process with those they consist of."""
    return [each for step in STEPS for each in (step, *step.parts)]


@pytest.mark.parametrize(("get", "kind", "key"), EXTENSIONS)
def test_an_extension_is_of_its_kind_bears_its_own_key_and_is_in_the_readme(get, kind, key):
    found = get(key)

    assert isinstance(found, kind)
    assert found.key == key
    assert f"`{key}`" in README


@pytest.mark.parametrize("key", settings.EVENT_TYPES)
def test_an_event_type_names_a_step_a_board_rules_and_tasks_that_can_be_used(key):
    event_type = get_type(key)

    assert str(event_type.name)
    assert str(event_type.name_plural)
    assert event_type.step in {step.number for step in every_step()}
    assert reverse(event_type.board, args=[1])
    assert event_type.rules
    assert set(event_type.activity_kinds) <= set(Activity.Kind.values)
    assert {task.role for task in event_type.tasks} <= set(Role)


@pytest.mark.parametrize("key", settings.MESSAGE_CHANNELS)
def test_a_channel_sends_by_its_medium_and_looks_up_if_it_says_that_it_can(key):
    channel = get_channel(key)

    assert str(channel.name)
    assert channel.medium in set(Medium)
    assert type(channel).send is not Channel.send
    assert type(channel).look_up is not Channel.look_up or not channel.can_look_up
    assert type(channel).stop_list is not Channel.stop_list or not channel.keeps_stop_list


def test_messages_go_by_channels_there_are_and_by_their_medium():
    by_email = {settings.EMAIL_CHANNEL, settings.OFFER_EMAIL_CHANNEL, settings.STAFF_CHANNEL}

    assert {get_channel(key).medium for key in by_email} == {Medium.EMAIL}
    assert get_channel(settings.SMS_CHANNEL).medium == Medium.SMS


@pytest.mark.parametrize("key", settings.KPI_SOURCES)
def test_a_source_reads_and_says_what_it_is(key):
    source = get_source(key)

    assert str(source.label)
    assert str(source.about)
    assert type(source).read is not Source.read


@pytest.mark.parametrize("name", PERIODIC)
def test_what_beat_asks_for_is_a_task_without_arguments_that_expires(name):
    entry = PERIODIC[name]
    app.loader.import_default_modules()

    task = app.tasks[entry["task"]]

    assert isinstance(task, Task)
    assert dict(inspect.signature(task.run).parameters) == {}
    assert entry["options"]["expires"] > 0


@pytest.mark.parametrize("path", CALLABLES)
def test_what_the_settings_name_is_there(path):
    assert callable(import_string(path))


def test_the_broker_and_the_log_find_their_own_parts():
    transport = import_string(settings.CELERY_BROKER_TRANSPORT.replace(":", "."))
    scheduler = import_string(settings.CELERY_BEAT_SCHEDULER.replace(":", "."))
    log_filters = [import_string(each["()"]) for each in settings.LOGGING["filters"].values()]

    assert issubclass(transport, Transport)
    assert issubclass(scheduler, DatabaseScheduler)
    assert all(issubclass(each, logging.Filter) for each in log_filters)
    assert log_filters


@pytest.mark.parametrize(
    "name", [settings.LOGIN_URL, settings.LOGIN_REDIRECT_URL, settings.LOGOUT_REDIRECT_URL]
)
def test_the_addresses_around_signing_in_exist(name):
    assert reverse(name).startswith("/")
