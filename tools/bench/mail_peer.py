"""The peer: django-post_office sends e-mails that lie ready, in its own virtual environment.

    var/bench/post_office/bin/python tools/bench/mail_peer.py fill|send COUNT
    var/bench/post_office/bin/python tools/bench/mail_peer.py first TIMES

It neither chooses nor renders: the letters are stored, ready to go, before the clock runs. The
database and the mail server come from the environment.
"""

import os
import resource
import smtplib
import sys
import time
from datetime import timedelta

import django
from django.conf import settings

DATABASE = {
    "sqlite": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": os.environ["PEER_DATABASE"],
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 30,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
        },
    },
    "postgresql": {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": os.environ["PEER_DATABASE"],
        "HOST": "127.0.0.1",
        "PORT": os.environ.get("PEER_PORT", ""),
        "USER": "postgres",
    },
}

settings.configure(
    SECRET_KEY="only-for-measurements",  # noqa: S106
    DATABASES={"default": DATABASE[os.environ["PEER_ENGINE"]]},
    INSTALLED_APPS=["django.contrib.contenttypes", "post_office"],
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    USE_TZ=True,
    EMAIL_BACKEND="post_office.EmailBackend",
    EMAIL_HOST="127.0.0.1",
    EMAIL_PORT=int(os.environ["PEER_MAIL_PORT"]),
    CACHES={"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}},
    LOGGING_CONFIG=None,
    # As it comes, unless told otherwise: 5 threads in a process, batches of 100.
    POST_OFFICE={"BATCH_SIZE": int(os.environ["PEER_BATCH"])} if "PEER_BATCH" in os.environ else {},
)

TEXT = (
    "Labdien, Anna!\n\nAtvērto durvju diena sākas šodien plkst. 18:00.\n\nPievienojieties ar savu "
    "personīgo saiti:\nhttp://localhost:8000/j/{number}\n\nBiznesa vadības koledža"
)


def main() -> None:
    django.setup()
    work, count = sys.argv[1], int(sys.argv[2])
    if work == "fill":
        fill(count)
    elif work == "send":
        print(send(count), megabytes())
    else:
        print(*first(count))


def fill(count: int) -> None:
    from django.core.management import call_command
    from post_office.models import PRIORITY, STATUS, Email

    call_command("migrate", verbosity=0)
    Email.objects.bulk_create(
        Email(
            from_email="info@example.org",
            to=[f"anna{number}@example.org"],
            subject="Sākam plkst. 18:00: Atvērto durvju diena",
            message=TEXT.format(number=number),
            html_message="<p>" + TEXT.format(number=number).replace("\n\n", "</p><p>") + "</p>",
            status=STATUS.queued,
            priority=PRIORITY.medium,
        )
        for number in range(count)
    )


def send(count: int) -> float:
    """Send everything with two processes of five threads; return the seconds it took."""
    from post_office import mail
    from post_office.models import STATUS, Email

    find_queued = mail.get_queued
    hang_up_before_forking()
    begun = time.perf_counter()
    while find_queued().exists():
        mail.send_queued(processes=2, log_level=1)
    took = time.perf_counter() - begun
    if (sent := Email.objects.filter(status=STATUS.sent).count()) != count:
        raise RuntimeError(f"{sent} of {count} were sent.")
    return took


def megabytes() -> float:
    """Return the most memory that this process, or one of those it made, ever held."""
    both = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    return max(resource.getrusage(who).ru_maxrss for who in both) / 1024


def first(times: int) -> list[float]:
    """Let everything fall due so often; return how long the first letter took each time.

    It looks once a second, at the full second, and falls due at another part of one each time.
    """
    from django.utils import timezone
    from post_office import mail
    from post_office.models import STATUS, Email

    hang_up_before_forking()
    waits, time_to_store = [], timedelta(seconds=3 + Email.objects.count() // 10_000)
    for number in range(times):
        due_at = timezone.now().replace(microsecond=number * 1_000_000 // times) + time_to_store
        Email.objects.update(status=STATUS.queued, scheduled_time=due_at)
        first_arrived_at()
        if timezone.now() >= due_at:
            raise RuntimeError("The letters could not be made ready before they were due.")
        while not (arrived := first_arrived_at()):
            time.sleep(1 - time.time() % 1)
            mail.send_queued(processes=2, log_level=1)
        waits.append(arrived - due_at.timestamp())
    return waits


def first_arrived_at() -> float:
    """Ask the mail server when the first letter came since it was asked last; 0 if none did."""
    with smtplib.SMTP(settings.EMAIL_HOST, settings.EMAIL_PORT) as connection:
        return float(connection.docmd("LATE")[1])


def hang_up_before_forking() -> None:
    """Let no process it makes end a session with the database that it shares with this one."""
    from django.db import connection
    from post_office import mail

    find_queued = mail.get_queued

    def find_and_hang_up() -> list[object]:
        found = list(find_queued())
        connection.close()
        return found

    mail.get_queued = find_and_hang_up


if __name__ == "__main__":
    main()
