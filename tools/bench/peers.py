"""Programs people would use instead, each installed into an environment of its own."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from django.conf import settings
from django.db import connection

from tools.bench.figures import CannotRunError

ROOT = Path(__file__).resolve().parent.parent.parent
POST_OFFICE = ROOT / "var" / "bench" / "post_office"
PACKAGES = ("django-post_office==3.12", "django>=5.2,<5.3", "psycopg[binary]>=3.2")
DATABASE = "post_office"


def post_office_seconds(count: int, mail_port: int) -> float:
    """Return how long django-post_office needs for so many letters, on this kind of database."""
    python = _post_office()
    with tempfile.TemporaryDirectory(dir=ROOT / "var" / "bench") as directory:
        variables = os.environ | _database(Path(directory)) | {"PEER_MAIL_PORT": str(mail_port)}
        script = [str(python), str(ROOT / "tools" / "bench" / "mail_peer.py")]
        _run([*script, "fill", str(count)], variables)
        return float(_run([*script, "send", str(count)], variables))


def _post_office() -> Path:
    python = POST_OFFICE / "bin" / "python"
    if not python.exists():
        _run([sys.executable, "-m", "venv", str(POST_OFFICE)])
    _run([str(python), "-m", "pip", "install", "--quiet", *PACKAGES])
    return python


def _database(directory: Path) -> dict[str, str]:
    if connection.vendor == "sqlite":
        return {"PEER_ENGINE": "sqlite", "PEER_DATABASE": str(directory / "peer.sqlite3")}
    with connection.cursor() as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {DATABASE}")
        cursor.execute(f"CREATE DATABASE {DATABASE}")
    port = str(settings.DATABASES["default"]["PORT"])
    return {"PEER_ENGINE": "postgresql", "PEER_DATABASE": DATABASE, "PEER_PORT": port}


def _run(command: list[str], variables: dict[str, str] | None = None) -> str:
    result = subprocess.run(command, env=variables, capture_output=True, text=True)
    if result.returncode:
        raise CannotRunError((result.stderr or result.stdout).strip()[-1500:])
    return result.stdout
