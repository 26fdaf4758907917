"""Whether this installation can do its work: what `manage.py doctor` prints."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import parseaddr
from typing import TYPE_CHECKING
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings
from django.core.cache import cache
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http.request import validate_host
from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext_lazy, override
from django.utils.translation import gettext_lazy as _
from redis import RedisError

from kpi import source_state
from outbox import checks, detours
from outbox.checks import Check
from outbox.lazy_words import filled

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

LOCAL = ("localhost", "127.0.0.1", "::1")
EXAMPLE = ("example.org", "example.com", "example.net")


def look(now: datetime) -> Iterator[Check]:
    """Look at everything; without its tables nothing that is kept there can be asked."""
    database = database_answers()
    yield database
    is_usable = database.ok
    if is_usable:
        tables = migrations()
        yield tables
        is_usable = tables.ok
    if is_usable:
        yield from checks.life(now)
        yield checks.sending()
    yield redis_answers()
    if is_usable:
        yield from checks.providers(_channels())
        yield from checks.clocks_here(_channels())
        yield from checks.workers_clocks(now)
    if is_usable:
        yield from sources(now)
    yield from senders()
    yield time_zone()
    yield translations()
    yield site_url()
    yield proxy()


def _channels() -> list[str]:
    """Return every channel that carries messages now, those of detours included."""
    chosen = [
        settings.EMAIL_CHANNEL,
        settings.OFFER_EMAIL_CHANNEL,
        settings.SMS_CHANNEL,
        settings.STAFF_CHANNEL,
    ]
    return [*chosen, *(taken.detour.goes_by for taken in detours.in_force())]


def database_answers() -> Check:
    name, fix = _("Database"), _("Start the database, and see whether DATABASE_URL is right.")
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError as error:
        # Its text may hold the address with the password.
        text = _("The database does not answer (%(error)s).")
        return Check(name, False, filled(text, {"error": type(error).__name__}), fix)
    return Check(
        name, True, filled(_("%(database)s answers."), {"database": connection.display_name})
    )


def migrations() -> Check:
    executor = MigrationExecutor(connection)
    missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if not missing:
        return Check(_("Migrations"), True, _("The tables are those of this version."))
    text = ngettext_lazy(
        "%(count)s migration is missing.", "%(count)s migrations are missing.", "count"
    )
    fix = _("Run “manage.py migrate” before anything else.")
    return Check(_("Migrations"), False, filled(text, {"count": len(missing)}), fix)


def redis_answers() -> Check:
    name, fix = _("Redis"), _("Start Redis, and see whether REDIS_URL is right.")
    key = "smmprocess.doctor"
    try:
        cache.set(key, "here", timeout=5)
        is_kept = cache.get(key) == "here"
    except RedisError as error:
        text = _("Redis does not answer (%(error)s): the worker gets no work.")
        return Check(name, False, filled(text, {"error": type(error).__name__}), fix)
    if not is_kept:
        return Check(name, False, _("Redis answers but keeps nothing: its memory is full."), fix)
    return Check(name, True, _("Redis answers."))


def sources(now: datetime) -> Iterator[Check]:
    """See whether figures are read; nobody is asked, what the last reading said is enough."""
    fix = _("The marketing head sees on the page of sources what to do, and has days read again.")
    for state in source_state.states(now):
        if state.is_off:
            sentence: StrOrPromise = _("It is not connected: no figures are read from it.")
        elif state.problem:
            sentence = state.problem
        elif state.is_behind and state.read_until:
            text = _("No day after %(day)s has been read.")
            day = date_format(state.read_until, "SHORT_DATE_FORMAT")
            sentence = filled(text, {"day": day})
        else:
            sentence = _("Its figures are read.")
        yield Check(state.source.label, not (state.problem or state.is_behind), sentence, fix)


def senders() -> Iterator[Check]:
    """See whether the sender's addresses are ones somebody has chosen."""
    for variable in ("DEFAULT_FROM_EMAIL", "BITRIX24_SENDER"):
        address = parseaddr(getattr(settings, variable))[1]
        is_chosen = "@" in address and address.rpartition("@")[2] not in EXAMPLE
        text = _("%(variable)s is %(address)s.")
        if not is_chosen:
            text = _("%(variable)s names no address of yours: “%(address)s”.")
        sentence = filled(text, {"variable": variable, "address": address})
        fix = _("Put the address that e-mail is to come from into the settings.")
        yield Check(_("Sender"), is_chosen, sentence, fix)


def time_zone() -> Check:
    """See whether the clock change of the time zone is known."""
    name, fix = _("Time zone"), _("Install the system's tzdata, or the Python package tzdata.")
    try:
        zone = ZoneInfo(settings.TIME_ZONE)
    except ZoneInfoNotFoundError:
        text = _("The time zone %(zone)s is not known.")
        return Check(name, False, filled(text, {"zone": settings.TIME_ZONE}), fix)
    hours = [datetime(2026, month, 15, tzinfo=UTC).astimezone(zone).utcoffset() for month in (1, 7)]
    if settings.TIME_ZONE == "Europe/Riga" and hours != [timedelta(hours=2), timedelta(hours=3)]:
        return Check(name, False, _("The data of the time zone is wrong."), fix)
    return Check(name, True, filled(_("%(zone)s is known."), {"zone": settings.TIME_ZONE}))


def translations() -> Check:
    with override("lv"):
        is_compiled = gettext("All events") != "All events"
    if is_compiled:
        return Check(_("Translations"), True, _("The Latvian translation is compiled."))
    fix = _("Run “python -m tools.compile_translations”.")
    return Check(_("Translations"), False, _("The Latvian translation is not compiled."), fix)


def site_url() -> Check:
    """See whether the links in messages lead here."""
    name, fix = _("SITE_URL"), _("Put the address by which people reach this site into SITE_URL.")
    parts = urlsplit(settings.SITE_URL)
    values = {"url": settings.SITE_URL}
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.path:
        text = _("“%(url)s” is not like https://name.example: links in messages do not work.")
        return Check(name, False, filled(text, values), fix)
    if parts.hostname in LOCAL and not settings.DEBUG:
        text = _("%(url)s is this machine only: links in messages do not work.")
        return Check(name, False, filled(text, values), fix)
    if not validate_host(parts.hostname, settings.ALLOWED_HOSTS):
        text = _("%(url)s is not in ALLOWED_HOSTS: pages answer with an error.")
        return Check(name, False, filled(text, values), _("Add the host to ALLOWED_HOSTS."))
    if parts.scheme == "http" and parts.hostname not in LOCAL:
        text = _("%(url)s is not encrypted: personal links can be read on the way.")
        return Check(name, False, filled(text, values), _("Serve the site over https://."))
    return Check(name, True, filled(_("Links in messages lead to %(url)s."), values))


def proxy() -> Check:
    """See whether the settings agree on whether a proxy stands in front."""
    name = _("Proxy")
    is_told_of_https = settings.SECURE_PROXY_SSL_HEADER is not None
    if settings.SECURE_SSL_REDIRECT and not is_told_of_https:
        text = _("Pages are redirected to https:// for ever if a proxy in front ends HTTPS.")
        fix = _("Set BEHIND_PROXY=1, or SECURE_SSL_REDIRECT=0 if HTTPS comes as far as here.")
        return Check(name, False, text, fix)
    if is_told_of_https and not settings.TRUSTED_PROXIES:
        text = _("All visitors count as one: only so many of them may register in ten minutes.")
        fix = _("Set TRUSTED_PROXIES to the number of proxies in front that are yours.")
        return Check(name, False, text, fix)
    return Check(name, True, _("The settings for a proxy in front agree with each other."))
