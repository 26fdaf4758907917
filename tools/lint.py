"""All checks that need no test: each is run, then the failed ones are named."""

import os
import subprocess
import sys
import time
from pathlib import Path

from tools.progress import coloured

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
ENVIRONMENT = os.environ | {
    "DEBUG": "1",
    "SECRET_KEY": "only-for-checks",
    "DATABASE_URL": "sqlite://:memory:",
}


def main() -> int:
    failed = [name for name, command in _checks().items() if not _passes(name, command)]
    if failed:
        print(coloured(f"Failed: {', '.join(failed)}.", 31))
    return 1 if failed else 0


def _checks() -> dict[str, list[str]]:
    python = sys.executable
    return {
        "format": [_program("ruff"), "format", "--check"],
        "ruff": [_program("ruff"), "check"],
        "templates": [_program("djade"), "--check", *_templates()],
        "types": [_program("mypy"), "."],
        "imports": [_program("lint-imports")],
        "migrations": [python, "manage.py", "makemigrations", "--check", "--dry-run"],
        "translations": [python, "-m", "tools.check_translations"],
        "lock files": [python, "-m", "tools.check_lock_files"],
    }


def _program(name: str) -> str:
    return str(BIN / name)


def _templates() -> list[str]:
    return [str(path.relative_to(ROOT)) for path in sorted((ROOT / "templates").rglob("*.html"))]


def _passes(name: str, command: list[str]) -> bool:
    begun = time.monotonic()
    result = subprocess.run(
        command,
        cwd=ROOT,
        env=ENVIRONMENT,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    passed = result.returncode == 0
    mark = coloured("✓", 32) if passed else coloured("✗", 31)
    print(f"{time.monotonic() - begun:5.1f} s  {mark} {name}", flush=True)
    if not passed:
        print(result.stdout, flush=True)
    return passed


if __name__ == "__main__":
    sys.exit(main())
