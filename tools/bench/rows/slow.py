"""1,000 e-mails to a server that needs 50 ms for each: only more connections help."""

from tools.bench.figures import Figure, Size
from tools.bench.rows.smtp import CONNECTIONS, beside_post_office, send_all

DELAY = 0.05
SHARE = 0.9


def measure(size: Size) -> list[Figure]:
    count = size.choose(1_000, 500)
    floor = CONNECTIONS / DELAY
    peer, remark = beside_post_office(count, DELAY)
    ours = count / send_all(count, workers=1, delay=DELAY).from_the_first
    work = f"{count:,} e-mails, {DELAY * 1000:g} ms each, {CONNECTIONS} connections"
    target, is_met = f"≥ {SHARE:g} × floor", ours >= SHARE * floor
    return [
        Figure(work, "/s", ours, target, is_met, floor=floor, peer=peer, remark=remark),
    ]
