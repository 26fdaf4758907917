"""`python -m integrations.bitrix24.sandbox`: run the sandbox without Django."""

import argparse
import sys

from integrations.sandbox_running import StartError

from .command_line import add_arguments, run


def main() -> int:
    """Run the sandbox until it is stopped; return the exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m integrations.bitrix24.sandbox",
        description="A Bitrix24 portal that sends nothing and shows what it would have sent.",
    )
    add_arguments(parser)
    try:
        run(vars(parser.parse_args()), _say)
    except StartError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
