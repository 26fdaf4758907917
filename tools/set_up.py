"""Make `.venv` and install a lock file into it, once for each content of the file.

Run as `python3 -m tools.set_up base` (to run the application) or `dev` (to test it as well), by
any Python from 3.11 on. Standard library only: this is what runs before anything is installed.
"""

import hashlib
import importlib.util
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tools.progress import Step

ROOT = Path(__file__).resolve().parent.parent
ENVIRONMENT = ROOT / ".venv"
PYTHON = ENVIRONMENT / "bin" / "python"
LAST_LINES = 25


class SetUpError(Exception):
    """Something is missing on this machine; the text says what to do."""


def main() -> int:
    if sys.version_info < (3, 11):  # noqa: UP036 - older ones get this far, to be told
        print(f"Python 3.11 or newer is needed; this is {sys.version.split()[0]}.")
        print("If a newer one is installed: make run PYTHON=python3.12")
        return 1
    from tools.progress import step

    lock_file = ROOT / "requirements" / f"{sys.argv[1]}.txt"
    wanted = hashlib.sha256(lock_file.read_bytes()).hexdigest()
    stamp = ENVIRONMENT / f"installed-{lock_file.stem}"
    try:
        if not _works(PYTHON):
            with step("Making the virtual environment .venv"):
                _make_environment()
        if not stamp.exists() or stamp.read_text() != wanted:
            with step(f"Installing {lock_file.relative_to(ROOT)}") as shown:
                _install(lock_file, shown)
            _put_project_on_path()
            stamp.write_text(wanted)
    except SetUpError as error:
        print(error)
        return 1
    return 0


def _works(python: Path) -> bool:
    return (
        python.exists() and not subprocess.run([python, "-c", ""], capture_output=True).returncode
    )


def _make_environment() -> None:
    # Without pip of its own: Debian's Python has no `ensurepip` unless python3-venv is installed.
    _check([sys.executable, "-m", "venv", "--clear", "--without-pip", str(ENVIRONMENT)])
    if not importlib.util.find_spec("pip") and not importlib.util.find_spec("ensurepip"):
        raise SetUpError("pip is missing. On Debian or Ubuntu: apt-get install -y python3-pip")


def _pip() -> list[str]:
    if importlib.util.find_spec("pip"):
        return [sys.executable, "-m", "pip", "--python", str(PYTHON)]
    _check([str(PYTHON), "-m", "ensurepip"])
    return [str(PYTHON), "-m", "pip"]


def _install(lock_file: Path, shown: "Step") -> None:
    """Install what the lock file pins, counting the packages as pip gets to them."""
    total = sum("==" in line for line in lock_file.read_text().splitlines())
    command = [
        *_pip(),
        "install",
        "--require-hashes",
        "--no-input",
        "--requirement",
        str(lock_file),
    ]
    environment = os.environ | {"PIP_DISABLE_PIP_VERSION_CHECK": "1", "PYTHONUNBUFFERED": "1"}
    lines = []
    seen = 0
    with subprocess.Popen(
        command, env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    ) as process:
        assert process.stdout is not None
        for line in process.stdout:
            lines.append(line)
            if line.startswith(("Collecting ", "Requirement already")):
                seen += 1
                shown.detail = f"{seen}/{total}: {line.split()[1 if line[0] == 'C' else 3]}"
            elif line.startswith("Installing collected"):
                shown.detail = f"{total}/{total}: unpacking"
    if process.returncode:
        raise SetUpError(f"pip could not install {lock_file.name}:\n{''.join(lines[-LAST_LINES:])}")


def _put_project_on_path() -> None:
    """Let `.venv/bin/pytest` and `celery` import the project wherever they are started."""
    _check(
        [
            str(PYTHON),
            "-c",
            "import pathlib, sys, sysconfig;"
            "pathlib.Path(sysconfig.get_path('purelib'), 'smmprocess.pth').write_text(sys.argv[1])",
            f"{ROOT}\n",
        ]
    )


def _check(command: list[str]) -> None:
    result = subprocess.run(command, capture_output=True, text=True)
    if result.returncode:
        raise SetUpError(f"{' '.join(command)} failed:\n{result.stdout}{result.stderr}")


if __name__ == "__main__":
    sys.exit(main())
