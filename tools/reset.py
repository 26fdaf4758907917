"""`make reset`: remove what `make run` keeps under var/. Standard library only."""

import fcntl
import shutil
import sys
from pathlib import Path

VAR = Path(__file__).resolve().parent.parent / "var"


def main() -> int:
    if not VAR.exists():
        return 0
    with (VAR / "run.lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print("It is running: stop it first (Ctrl-C in its window).")
            return 1
        shutil.rmtree(VAR)
    print("Removed var/.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
