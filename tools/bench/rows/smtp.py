"""10,000 e-mails by SMTP: choosing, rendering, sending and recording, beside django-post_office."""

import smtplib
import threading
from dataclasses import dataclass
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path

from django.utils import timezone

from people.models import Medium
from tests.processes import RunningProcess, wait_until
from tools.bench import crowd
from tools.bench.figures import CannotRunError, Figure, Size, seconds
from tools.bench.peers import NO_PRETIX, post_office
from tools.bench.sink import taken
from tools.bench.system import by_smtp, mail_sink, rest, system
from tools.ports import HOST

WORKERS = 2
CONNECTIONS = 10
TARGET, TIMES_PEER = 2_000, 3
LARGE_BATCH = 500
"""With batches of its own size the peer starts its processes anew for every hundred letters."""


def measure(size: Size) -> list[Figure]:
    count = size.choose(10_000, 3_000)
    with mail_sink() as port:
        floor = count / seconds(lambda: _bare(count, port))
    peer, remark = beside_post_office(count)
    ours = count / send_all(count, workers=WORKERS).seconds
    return [
        Figure(
            f"{count:,} e-mails by SMTP, {WORKERS} workers",
            "/s",
            ours,
            f"≥ {TARGET:,}/s, ≥ {TIMES_PEER} × peer",
            ours >= max(TARGET, TIMES_PEER * (peer or 0)),
            floor=floor,
            peer=peer,
            remark=f"{remark} {NO_PRETIX}",
        )
    ]


def beside_post_office(count: int, delay: float = 0) -> tuple[float | None, str]:
    """Return how many letters a second it sends as it comes, and a remark on how it was run."""
    try:
        with mail_sink(delay) as port:
            peer = count / post_office(count, port).seconds
        with mail_sink(delay) as port:
            tuned = count / post_office(count, port, batch=LARGE_BATCH).seconds
    except CannotRunError as error:
        return None, f"django-post_office could not run: {error}"
    return peer, f"the peer as it comes; with batches of {LARGE_BATCH}, {tuned:,.0f}/s."


@dataclass(frozen=True)
class Sent:
    """How it went: seconds from the due moment to the last hand-over, and MB of a worker."""

    seconds: float
    from_the_first: float
    """Seconds from the first hand-over: how fast it goes once it goes."""
    megabytes: float


def send_all(count: int, *, workers: int, delay: float = 0) -> Sent:
    """Send so many e-mails; all of them have to be there once: the sink counts them."""
    crowd.only_rule(Medium.EMAIL)
    event = crowd.make_event(crowd.replace_people(count))
    with mail_sink(delay) as port, system(by_smtp(port), workers=workers) as running:
        due_at = timezone.now() + timedelta(seconds=3)
        crowd.make_due(event, due_at)
        # The sink is asked, not the database, which has other things to do.
        wait_until(
            lambda: rest(0.2) and taken(port)[0] >= count, "all arrived", *running, seconds=300
        )
        wait_until(lambda: crowd.handed_over(event) == count, "all are recorded", seconds=30)
        messages, different = taken(port)
        megabytes = max(_peak(each) for each in running)
    if (messages, different) != (count, count):
        raise RuntimeError(f"{messages} messages for {different} of {count} people arrived.")
    first, last = crowd.lateness(event, due_at)
    return Sent(last, last - first, megabytes)


def _peak(worker: RunningProcess) -> float:
    """Read the most memory it ever held, in MB."""
    status = Path(f"/proc/{worker.process.pid}/status").read_text()
    kilobytes = next(line.split()[1] for line in status.splitlines() if line.startswith("VmHWM"))
    return int(kilobytes) / 1024


def _bare(count: int, port: int) -> None:
    """Send the same letter over and over, by as many connections."""
    letter = EmailMessage()
    letter["Subject"], letter["From"] = "Sākam plkst. 18:00", "info@example.org"
    letter.set_content("Labdien, Anna!\n\nAtvērto durvju diena sākas šodien plkst. 18:00.\n" * 4)
    content = letter.as_bytes()

    def send(share: int) -> None:
        with smtplib.SMTP(HOST, port) as connection:
            for number in range(share):
                connection.sendmail("info@example.org", f"anna{number}@example.org", content)

    threads = [
        threading.Thread(target=send, args=(count // CONNECTIONS,)) for _ in range(CONNECTIONS)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
