"""More workers: e-mails to a server that takes its time but any number of connections."""

from tools.bench.figures import Figure, Size
from tools.bench.rows.smtp import send_all

DELAY = 0.1
TIMES = 1.7


def measure(size: Size) -> list[Figure]:
    count = size.choose(4_000, 1_500)
    one, two, four = (
        count / send_all(count, workers=workers, delay=DELAY).from_the_first
        for workers in (1, 2, 4)
    )
    return [_against("two workers", two, "one", one), _against("four workers", four, "two", two)]


def _against(more: str, many: float, fewer: str, few: float) -> Figure:
    return Figure(
        f"{more} (floor: {fewer}), {DELAY * 1000:g} ms each",
        "/s",
        many,
        f"≥ {TIMES:g} × {fewer}",
        many >= TIMES * few,
        floor=few,
    )
