"""Make sure that programs are on the PATH which no Python package brings: `PROGRAM=PACKAGE …`.

On Debian and as root they are installed; otherwise the person is told how. Standard library only.
"""

import os
import shutil
import subprocess
import sys

INSTALL = ["apt-get", "install", "-y", "--no-install-recommends"]


def main() -> int:
    pairs = (argument.split("=") for argument in sys.argv[1:])
    packages = [package for program, package in pairs if not shutil.which(program)]
    if not packages:
        return 0
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        print(f"Missing: {', '.join(packages)}. On Debian or Ubuntu, install with:")
        print(f"    sudo {' '.join([*INSTALL, *packages])}")
        return 1
    print(f"Installing {', '.join(packages)} with apt-get", flush=True)
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    for command in (["apt-get", "update"], [*INSTALL, *packages]):
        result = subprocess.run(command, env=environment, stdout=subprocess.DEVNULL)
        if result.returncode:
            return result.returncode
    return 0


if __name__ == "__main__":
    sys.exit(main())
