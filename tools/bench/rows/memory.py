"""Memory of a worker at its peak, for more and more messages."""

from tools.bench.figures import Figure, Size
from tools.bench.rows.smtp import send_all

MOST = 150
FLAT = 1.15
"""What counts as flat: the allocator keeps a little more after a longer run."""


def measure(size: Size) -> list[Figure]:
    counts = [1_000, 5_000] if size.is_small else [1_000, 10_000, 100_000]
    peaks = [send_all(count, workers=1).megabytes for count in counts]
    return [
        Figure(
            f"memory of a worker, {count:,} e-mails",
            "MB",
            peak,
            f"< {MOST} MB, flat",
            peak < MOST and peak <= FLAT * peaks[0],
        )
        for count, peak in zip(counts, peaks, strict=True)
    ]
