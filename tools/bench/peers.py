"""Programs people would use instead, each installed into an environment of its own."""

import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import connection

from tools.bench.figures import CannotRunError

ROOT = Path(__file__).resolve().parent.parent.parent
ENVIRONMENTS = ROOT / "var" / "bench"
PACKAGES = {
    "post_office": ("django-post_office==3.12", "django>=5.2,<5.3", "psycopg[binary]>=3.2"),
    "bitrix24": ("b24pysdk==1.3.2", "fast_bitrix24==1.8.14"),
}
DATABASE = "post_office"


NO_PRETIX = (
    "pretix is not compared: its mails go to orders of a shop, so it would need products, orders, a"
    " broker and a worker of its own, which are not set up here."
)


@dataclass(frozen=True)
class Mailed:
    """What sending letters took: seconds, and MB of the process that held most."""

    seconds: float
    megabytes: float


def post_office(count: int, mail_port: int, batch: int | None = None) -> Mailed:
    """Let django-post_office send so many letters, on this kind of database.

    It takes them in batches of its own size, or of the one that is given.
    """
    told = _post_office(count, mail_port, ["send", str(count)], batch)
    return Mailed(*map(float, told.split()))


def post_office_waits(count: int, mail_port: int, times: int) -> list[float]:
    """Let so many of its letters fall due so often; return the seconds to the first each time."""
    return [float(each) for each in _post_office(count, mail_port, ["first", str(times)]).split()]


def _post_office(count: int, mail_port: int, work: list[str], batch: int | None = None) -> str:
    python = _python("post_office")
    with tempfile.TemporaryDirectory(dir=ENVIRONMENTS) as directory:
        variables = os.environ | _database(Path(directory)) | {"PEER_MAIL_PORT": str(mail_port)}
        if batch:
            variables["PEER_BATCH"] = str(batch)
        script = [str(python), str(ROOT / "tools" / "bench" / "mail_peer.py")]
        _run([*script, "fill", str(count)], variables)
        return _run([*script, *work], variables)


def start_workflows(
    peer: str, webhook: str, template: int, contacts: list[int]
) -> tuple[float, str]:
    """Have a client of Bitrix24 start a workflow for each contact; return seconds and problem.

    The problem is empty where the client thinks that all went well.
    """
    script = [str(_python("bitrix24")), str(ROOT / "tools" / "bench" / "bitrix24_peer.py")]
    numbers = "".join(f"{number}\n" for number in contacts)
    seconds, _space, problem = _run(
        [*script, peer, webhook, str(template)], given=numbers
    ).partition(" ")
    return float(seconds), problem.strip()


def _python(environment: str) -> Path:
    """Make the environment unless it is there."""
    python = ENVIRONMENTS / environment / "bin" / "python"
    if not python.exists():
        _run([sys.executable, "-m", "venv", str(ENVIRONMENTS / environment)])
    _run([str(python), "-m", "pip", "install", "--quiet", *PACKAGES[environment]])
    return python


def _database(directory: Path) -> dict[str, str]:
    if connection.vendor == "sqlite":
        return {"PEER_ENGINE": "sqlite", "PEER_DATABASE": str(directory / "peer.sqlite3")}
    with connection.cursor() as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {DATABASE}")
        cursor.execute(f"CREATE DATABASE {DATABASE}")
    port = str(settings.DATABASES["default"]["PORT"])
    return {"PEER_ENGINE": "postgresql", "PEER_DATABASE": DATABASE, "PEER_PORT": port}


def _run(command: list[str], variables: dict[str, str] | None = None, given: str = "") -> str:
    result = subprocess.run(command, env=variables, input=given, capture_output=True, text=True)
    if result.returncode:
        raise CannotRunError((result.stderr or result.stdout).strip()[-1500:])
    return result.stdout
