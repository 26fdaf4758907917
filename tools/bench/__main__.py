"""`make bench`: a table of what was measured, and of what could not be."""

import os
import sys
import traceback
from importlib import import_module

import django

from tools.bench.figures import Figure

MEASUREMENTS = ("participant_list", "limiter")


def main() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "smmprocess.settings")
    os.environ.setdefault("DEBUG", "0")
    os.environ.setdefault("SECRET_KEY", "only-for-measurements")
    django.setup()
    figures: list[Figure] = []
    failed: list[str] = []
    for name in MEASUREMENTS:
        try:
            figures += import_module(f"tools.bench.{name}").measure()
        except Exception:  # one that cannot be taken does not hold back the others; it is shown
            traceback.print_exc()
            failed.append(name)
    print(_table(figures))
    for name in failed:
        print(f"Could not be measured: {name} (the error is above).")
    return 1 if failed else 0


def _table(figures: list[Figure]) -> str:
    head = f"{'':44} {'seconds':>9}  {'beside':24} {'seconds':>9} {'ratio':>7}"
    lines = [
        f"{figure.what:44} {figure.seconds:9.3f}  {figure.bare:24} "
        f"{figure.bare_seconds:9.3f} {figure.ratio:6.1f}×"
        for figure in figures
    ]
    return "\n".join([head, "─" * len(head), *lines])


if __name__ == "__main__":
    sys.exit(main())
