"""`manage.py doctor` says in words what is wrong, and fails if anything is."""

from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext, override

from kpi.models import Reading
from outbox import health
from outbox.models import Detour, Heartbeat
from smmprocess import doctor
from tests.factories import make_reading

pytestmark = pytest.mark.django_db


@pytest.fixture
def healthy(portal, settings):
    """Have everything as it should be: a portal, mail, a site, a worker and beat."""
    settings.DEFAULT_FROM_EMAIL = "College <info@college.example>"
    settings.SITE_URL, settings.ALLOWED_HOSTS = "https://smm.college.example", [".college.example"]
    settings.SECURE_SSL_REDIRECT, settings.TRUSTED_PROXIES = True, 1
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    for part in Heartbeat.Part:
        health.show_life(part, timezone.now())


def red():
    with override("en"):
        return {
            str(each.name): str(each.sentence)
            for each in doctor.look(timezone.now())
            if not each.ok
        }


def test_a_healthy_installation_is_told_so(healthy, capsys):
    call_command("doctor", language="en")

    printed = capsys.readouterr().out
    assert "ok   Worker: The worker is at work.\n" in printed
    assert printed.endswith("All is well.\n")
    assert "RED" not in printed


def test_what_is_red_is_printed_with_what_to_do_and_the_command_fails(healthy, capsys):
    Heartbeat.objects.update(seen_at=timezone.now() - timedelta(minutes=5))

    with pytest.raises(CommandError, match="2 things are red"):
        call_command("doctor", language="en")

    printed = capsys.readouterr().out
    assert "RED  Worker: The worker is silent: nothing is sent.\n     Start the worker" in printed


def test_it_speaks_the_language_of_the_installation(healthy, capsys):
    Heartbeat.objects.update(seen_at=timezone.now() - timedelta(minutes=5))

    with pytest.raises(CommandError):
        call_command("doctor")

    with override("lv"):
        assert gettext("The worker is silent: nothing is sent.") in capsys.readouterr().out


def test_redis_away(healthy, settings):
    settings.CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": "redis://127.0.0.1:1/0",
        }
    }

    assert red() == {"Redis": "Redis does not answer (ConnectionError): the worker gets no work."}


def test_a_portal_that_is_not_connected(healthy, settings):
    settings.BITRIX24_WEBHOOK_URL = ""

    assert set(red()) == {"SMS by Bitrix24", "E-mail by Bitrix24"}


def test_the_channel_of_offers_and_of_a_detour_are_looked_at_too(healthy, settings):
    settings.SMS_CHANNEL = settings.EMAIL_CHANNEL = settings.OFFER_EMAIL_CHANNEL = "smtp"
    settings.BITRIX24_WEBHOOK_URL = ""
    before = set(red())

    settings.OFFER_EMAIL_CHANNEL = "bitrix24_email"
    Detour.objects.create(channel="smtp", goes_by="messente_sms", began_at=timezone.now())

    assert before == set()
    assert set(red()) == {"E-mail by Bitrix24", "SMS by Messente"}


def test_a_missing_migration(healthy):
    with connection.cursor() as cursor:
        cursor.execute("SELECT max(id) FROM django_migrations")
        cursor.execute("DELETE FROM django_migrations WHERE id = %s", cursor.fetchone())

    assert red() == {"Migrations": "1 migration is missing."}


def test_an_unchanged_sender(healthy, settings):
    settings.DEFAULT_FROM_EMAIL = "College <info@example.org>"

    assert red() == {"Sender": "DEFAULT_FROM_EMAIL names no address of yours: “info@example.org”."}


def test_an_unknown_time_zone(settings):
    settings.TIME_ZONE = "Europe/Jurmala"

    assert not doctor.time_zone().ok


def test_translations_not_compiled(settings, tmp_path):
    from django.utils.translation import trans_real

    settings.LOCALE_PATHS = [tmp_path]
    trans_real._translations.clear()
    try:
        assert not doctor.translations().ok
    finally:
        trans_real._translations.clear()


@pytest.mark.parametrize(
    ("url", "hosts", "ok"),
    [
        ("https://smm.college.example", ["smm.college.example"], True),
        ("https://smm.college.example", ["other.example"], False),
        ("http://smm.college.example", ["smm.college.example"], False),
        ("smm.college.example", ["smm.college.example"], False),
        ("https://smm.college.example/path", ["smm.college.example"], False),
        ("http://localhost:8000", ["localhost"], False),
    ],
)
def test_the_address_of_the_site(settings, url, hosts, ok):
    settings.DEBUG = False
    settings.SITE_URL, settings.ALLOWED_HOSTS = url, hosts

    assert doctor.site_url().ok == ok


def test_on_a_developers_machine_localhost_is_fine(settings):
    settings.DEBUG = True
    settings.SITE_URL, settings.ALLOWED_HOSTS = "http://localhost:8000", ["localhost"]

    assert doctor.site_url().ok


def test_a_source_of_figures_that_could_not_be_read_is_red_and_one_that_is_off_is_not(healthy):
    make_reading(source="own", state=Reading.State.FAILED, error="The tables are gone.")

    with override("en"):
        found = {str(each.name): str(each.sentence) for each in doctor.look(timezone.now())}
        assert "not connected" in found["Google Analytics"]

    assert red() == {"This system": "The tables are gone."}


def test_days_of_figures_that_were_missed_are_red(healthy):
    day = timezone.localdate() - timedelta(days=5)
    make_reading(source="own", first_day=day, last_day=day, progress_done=1, progress_of=1)

    assert red().keys() == {"This system"}


def test_a_property_of_google_analytics_that_cannot_be_right_is_red(healthy, settings):
    settings.GA4_PROPERTY_ID = "G-ABC123"

    assert "4 to 12 digits" in red()["Google Analytics"]


def test_redirecting_to_https_without_hearing_of_the_proxy_is_red(healthy, settings):
    settings.SECURE_PROXY_SSL_HEADER = None

    assert red() == {
        "Proxy": "Pages are redirected to https:// for ever if a proxy in front ends HTTPS."
    }


def test_a_proxy_whose_visitors_are_not_told_apart_is_red(healthy, settings):
    settings.TRUSTED_PROXIES = 0

    assert list(red()) == ["Proxy"]
