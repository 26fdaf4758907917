"""Run a command on a throw-away PostgreSQL: `python -m tools.with_postgres pytest`."""

import os
import subprocess
import sys

from tools.postgres_server import postgres_server


def main() -> int:
    with postgres_server() as server:
        return subprocess.run(
            sys.argv[1:], env=os.environ | {"DATABASE_URL": server.url()}
        ).returncode


if __name__ == "__main__":
    sys.exit(main())
