"""`make bench`: one table of what was measured, and what could not be measured and why.

Every row runs in a process of its own, on a fresh database: first on SQLite, then on PostgreSQL.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

from tools.bench.databases import Databases, open_databases
from tools.bench.figures import Figure

ROOT = Path(__file__).resolve().parent.parent.parent
ROWS = {
    "first": "the first message after the due moment",
    "sms": "SMS by Bitrix24 at the portal's limits, without and with faults",
    "smtp": "e-mails by SMTP, beside django-post_office",
    "slow": "e-mails to a server that needs 50 ms",
    "tick": "a tick with nothing due on a large ledger",
    "memory": "memory of a worker",
    "workers": "more workers",
    "pages": "pages on large tables",
    "home": "the home page, for one year's and for ten years' process",
    "goals": "pages of goals, for one year's and for ten years'",
    "plans": "pages of plans, for two years' and for twenty years' intakes",
    "tasks": "pages of tasks, for one year's and for ten years' tasks",
    "boards": "the preparation of events, for one year's and for ten years'",
    "results": "the results of two full intakes, alone and among eighteen years of others",
    "kpi": "figures of step 6, for one year and for ten years",
    "charts": "charts of figures in a browser, of a year and of ten",
    "list": "a list of 10,000 participants",
    "figures_list": "a list of 50,000 rows of figures",
    "limiter": "the shared limiter",
}
WITHOUT_DATABASE = {"charts", "limiter"}
SCALES_ON_POSTGRESQL_ONLY = {"workers"}
HEAD = ("work", "database", "floor", "peer", "ours", "ratio", "target", "met?")


def main() -> int:
    options = _options()
    figures: list[Figure] = []
    failed: list[str] = []
    with ExitStack() as stack:
        directory = Path(stack.enter_context(tempfile.TemporaryDirectory(dir=_folder())))
        databases = stack.enter_context(open_databases(directory, options.databases))
        for row in options.rows:
            for name in _databases_for(row, options.databases):
                print(f"… {ROWS[row]} ({name})", file=sys.stderr, flush=True)
                taken = _run(row, name, databases, options.small)
                figures += taken
                if not taken:
                    failed.append(f"{ROWS[row]} ({name}): the error is above.")
    print(table(figures))
    for remark in _remarks(figures):
        print(remark)
    for sentence in failed:
        print(f"Not measured: {sentence}")
    return 1 if failed else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tools.bench", description=__doc__)
    parser.add_argument("--rows", default="", help=f"some of {','.join(ROWS)}; all by default")
    parser.add_argument("--size", default="full", choices=("full", "small"))
    parser.add_argument("--databases", default="sqlite,postgresql")
    options = parser.parse_args()
    options.rows = [row for row in options.rows.split(",") if row] or list(ROWS)
    options.databases = options.databases.split(",")
    options.small = options.size == "small"
    if unknown := set(options.rows) - set(ROWS):
        parser.error(f"There is no row {', '.join(sorted(unknown))}.")
    return options


def _databases_for(row: str, wanted: list[str]) -> list[str]:
    if row in WITHOUT_DATABASE:
        return wanted[:1]
    if row in SCALES_ON_POSTGRESQL_ONLY:
        return [name for name in wanted if name == "postgresql"]
    return wanted


def _run(row: str, name: str, databases: Databases, is_small: bool) -> list[Figure]:
    """Take one measurement in a process of its own; nothing if it failed."""
    with databases.fresh(name) as url, tempfile.NamedTemporaryFile(suffix=".json") as answer:
        command = [sys.executable, "-m", "tools.bench.row", row, answer.name]
        variables = os.environ | {
            "DEBUG": "0",
            "SECRET_KEY": "only-for-measurements",
            "DATABASE_URL": url,
            # What a developer's .env says of mail and Bitrix24 is not for measurements.
            "EMAIL_URL": "dummymail://",
            "BITRIX24_WEBHOOK_URL": "",
            "BENCH_SIZE": "small" if is_small else "full",
        }
        if subprocess.run(command, cwd=ROOT, env=variables).returncode:
            return []
        figures = [Figure(**fields) for fields in json.load(answer)]
    shown = "—" if row in WITHOUT_DATABASE else name
    return [replace(figure, database=shown) for figure in figures]


def table(figures: list[Figure]) -> str:
    """Return the figures in columns."""
    lines = [HEAD, *(_cells(figure) for figure in figures)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(HEAD))]
    text = [
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in lines
    ]
    return "\n".join([text[0], "─" * len(text[0].ljust(sum(widths) + 2 * len(widths))), *text[1:]])


def _cells(figure: Figure) -> tuple[str, ...]:
    met = {True: "yes", False: "NO", None: "—"}[figure.is_met]
    return (
        figure.work,
        figure.database,
        _number(figure.floor, figure.unit),
        _number(figure.peer, figure.unit),
        _number(figure.ours, figure.unit),
        figure.ratio or "—",
        figure.target or "—",
        met,
    )


def _number(value: float | None, unit: str) -> str:
    if value is None:
        return "—"
    places = 0 if value >= 100 else 1 if value >= 10 else 2
    return f"{value:,.{places}f} {unit}"


def _remarks(figures: list[Figure]) -> Iterator[str]:
    for figure in figures:
        if figure.remark:
            yield f"{figure.work} ({figure.database}): {figure.remark}"


def _folder() -> Path:
    """On the disk, where the data of an installation would be; not in memory."""
    folder = ROOT / "var" / "bench"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


if __name__ == "__main__":
    sys.exit(main())
