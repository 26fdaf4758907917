"""Become another program that ends when whoever started it ends, even by `kill -9`.

The process id stays the same. Only Linux can promise this; elsewhere the program just runs.
"""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1


def with_parent(*command: str) -> list[str]:
    """Return the command line that runs the command, and ends it with the calling process."""
    return [sys.executable, "-I", "-S", __file__, *command]


def main() -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    os.execvp(sys.argv[1], sys.argv[1:])  # noqa: S606


if __name__ == "__main__":
    main()
