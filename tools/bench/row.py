"""One row of the table, in its own process: `python -m tools.bench.row NAME ANSWER.json`."""

import json
import os
import sys
from dataclasses import asdict
from importlib import import_module
from pathlib import Path

import django

from tools.bench.figures import Size


def main() -> None:
    name, answer = sys.argv[1:]
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "smmprocess.settings")
    django.setup()
    size = Size(is_small=os.environ.get("BENCH_SIZE") == "small")
    figures = import_module(f"tools.bench.rows.{name}").measure(size)
    Path(answer).write_text(json.dumps([asdict(figure) for figure in figures]))


if __name__ == "__main__":
    main()
