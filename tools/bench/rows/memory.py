"""Memory of a worker at its peak, for more and more messages."""

from tools.bench.figures import CannotRunError, Figure, Size
from tools.bench.peers import post_office
from tools.bench.rows.smtp import send_all
from tools.bench.system import mail_sink

MOST = 150
MOST_OF_PEER = 10_000
"""More would keep it busy for minutes; it takes them in batches either way."""

FLAT = 1.15
"""What counts as flat: the allocator keeps a little more after a longer run."""


def measure(size: Size) -> list[Figure]:
    counts = [1_000, 5_000] if size.is_small else [1_000, 10_000, 100_000]
    peaks = [send_all(count, workers=1).megabytes for count in counts]
    figures = []
    for count, peak in zip(counts, peaks, strict=True):
        peer, remark = _beside_post_office(count)
        figures.append(
            Figure(
                f"memory of a worker, {count:,} e-mails",
                "MB",
                peak,
                f"< {MOST} MB, flat",
                peak < MOST and peak <= FLAT * peaks[0],
                peer=peer,
                remark=remark,
            )
        )
    return figures


def _beside_post_office(count: int) -> tuple[float | None, str]:
    if count > MOST_OF_PEER:
        return None, f"the peer is asked for up to {MOST_OF_PEER:,}."
    try:
        with mail_sink() as port:
            return post_office(count, port).megabytes, ""
    except CannotRunError as error:
        return None, f"django-post_office could not run: {error}"
