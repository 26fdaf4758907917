"""1,000 e-mails to a server that needs 50 ms for each: only more connections help."""

from tools.bench.figures import Figure, Size
from tools.bench.rows.smtp import CONNECTIONS, send_all

DELAY = 0.05
SHARE = 0.9


def measure(size: Size) -> list[Figure]:
    count = size.choose(1_000, 500)
    floor = CONNECTIONS / DELAY
    ours = count / send_all(count, workers=1, delay=DELAY).from_the_first
    work = f"{count:,} e-mails, {DELAY * 1000:g} ms each, {CONNECTIONS} connections"
    return [Figure(work, "/s", ours, f"≥ {SHARE:g} × floor", ours >= SHARE * floor, floor=floor)]
