"""What the command prints: a line for each run, and a table of all of them."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import product

from tools.chaos.mishaps import MAIL_FAULTS
from tools.chaos.scenario import DATABASES, KINDS_OF_FAULTS, ROUTES, SMTP, TARGETS, Scenario
from tools.chaos.verdict import Verdict

Run = tuple[Scenario, Verdict | None]
"""A run that could not be made at all has no verdict."""


def line(scenario: Scenario, verdict: Verdict | None) -> str:
    """Say in one line what was done in a run and what came of it."""
    head = f"{scenario.seed:>4} {scenario.database:<10}"
    if verdict is None:
        return f"{head} NOT MADE (the error is above): {scenario.describe()}"
    return "; ".join(
        [
            f"{head} {'ok ' if verdict.is_good else 'BAD'} {verdict.messages} messages",
            f"{verdict.doubled} doubled, {verdict.missing} missing, {verdict.stuck_rows} stuck",
            f"{verdict.seconds:.0f} s, {verdict.seconds_after_the_last_start:.0f} s of it alone",
            scenario.describe(),
            *_remarks(verdict),
        ]
    )


def _remarks(verdict: Verdict) -> Iterator[str]:
    if verdict.stuck:
        yield f"stuck: {_counts(verdict.stuck)}"
    if verdict.undecided:
        yield f"left to a person: {_counts(verdict.undecided)}"
    if verdict.not_begun:
        yield f"{verdict.not_begun} left to a person that had not been begun"
    if verdict.surplus:
        yield f"{verdict.surplus} more than planned"
    if verdict.lost:
        yield f"{verdict.lost} registrations lost"
    if verdict.ended_by_themselves:
        yield f"ended by themselves: {_counts(verdict.ended_by_themselves)}"


def table(runs: Iterable[Run]) -> str:
    """Sum up the runs of each database and route, and say how bad ones are made again."""
    runs = list(runs)
    lines = [""]
    for kind in product(DATABASES, ROUTES):
        made = [run for run in runs if (run[0].database, run[0].route) == kind]
        lines += _sums(*kind, made) if made else []
    for scenario, verdict in runs:
        if verdict is None or not verdict.is_good:
            again = f"RUNS=1 SEED={scenario.seed} DATABASES={scenario.database} BY={scenario.route}"
            kept = f"var/chaos/{scenario.database}-{scenario.seed}/"
            lines.append(f"Once more: make chaos {again}; what it left is in {kept}")
    return "\n".join(lines)


def _sums(database: str, route: str, runs: list[Run]) -> Iterator[str]:
    verdicts = [verdict for _, verdict in runs if verdict is not None]
    good = sum(verdict.is_good for verdict in verdicts)
    kills = _sum(verdict.kills for verdict in verdicts)
    ended = _sum(verdict.ended_by_themselves for verdict in verdicts)
    undecided = _sum(verdict.undecided for verdict in verdicts)
    kinds_of_faults = MAIL_FAULTS if route == SMTP else KINDS_OF_FAULTS
    faults = Counter(scenario.faults for scenario, _ in runs)
    twice = sum(scenario.is_doubled for scenario, _ in runs)
    rows = {
        "runs": f"{len(runs)}, {good} of them good",
        "killed": _counts({target: kills[target] for target in TARGETS}),
        "faults": _counts({kind: faults[kind] for kind in kinds_of_faults}),
        "workers started twice": f"in {twice} runs",
        "workers frozen for longer than the lease": f"{sum(each.thawed for each in verdicts)}",
        "messages given up by a worker": f"{sum(each.abandoned for each in verdicts)}",
        "cancelled under fire": f"in {sum(each.is_cancelled for each in verdicts)} runs",
        "messages": str(sum(verdict.messages for verdict in verdicts)),
        "doubled": str(sum(verdict.doubled for verdict in verdicts)),
        "missing": str(sum(verdict.missing for verdict in verdicts)),
        "more than planned": str(sum(verdict.surplus for verdict in verdicts)),
        "left to a person, since SMTP cannot be asked": _counts(undecided) or "0",
        "left to a person though not begun": str(sum(each.not_begun for each in verdicts)),
        "stuck": str(sum(verdict.stuck_rows for verdict in verdicts)),
        "registered on the page": str(sum(verdict.registered for verdict in verdicts)),
        "registrations lost": str(sum(verdict.lost for verdict in verdicts)),
        "ended by themselves": _counts(ended) or "nothing",
        "seconds until the last message, once all were back": _seconds(verdicts),
    }
    yield f"{database}, e-mail by {route}"
    yield from (f"  {name:<52}{value}" for name, value in rows.items())


def _sum(counts: Iterable[Mapping[str, int]]) -> Counter[str]:
    total = Counter[str]()
    for each in counts:
        total.update(each)
    return total


def _seconds(verdicts: Iterable[Verdict]) -> str:
    seconds = sorted(verdict.seconds_after_the_last_start for verdict in verdicts)
    if not seconds:
        return "-"
    return f"{seconds[len(seconds) // 2]:.0f} as a rule, {seconds[-1]:.0f} at most"


def _counts(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{count} {name}" for name, count in counts.items())
