"""Pin the newest versions that pyproject.toml allows; or one package's: `-m tools.lock django`."""

import subprocess
import sys
from pathlib import Path

REQUIREMENTS = Path(__file__).resolve().parent.parent / "requirements"
COMPILE = (
    *(str(Path(sys.executable).with_name("uv")), "pip", "compile", "pyproject.toml", "--quiet"),
    *("--universal", "--generate-hashes", "--no-emit-index-url", "--no-header"),
)


def main() -> int:
    upgrade = [f"--upgrade-package={name}" for name in sys.argv[1:]] or ["--upgrade"]
    dev, base = REQUIREMENTS / "dev.txt", REQUIREMENTS / "base.txt"
    subprocess.run([*COMPILE, *upgrade, "--group", "dev", "-o", dev], check=True)
    # The application runs on the versions it was tested with.
    subprocess.run([*COMPILE, "-c", "requirements/dev.txt", "-o", base], check=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
