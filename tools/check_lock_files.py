"""Fail when a lock file leaves open what is installed, or names where from.

Which registry serves a package is the business of each machine; hashes make sure it is the same.
"""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PINNED = re.compile(r"^[a-z0-9][a-z0-9._-]*(\[[a-z0-9,_-]+\])?==[^ ;]+( ; .+)? \\$")


def main() -> int:
    lock_files = [*sorted((ROOT / "requirements").glob("*.txt")), ROOT / "package-lock.json"]
    found = [
        f"{path.relative_to(ROOT)}: {problem}"
        for path in lock_files
        if path.exists()
        for problem in problems(path.name, path.read_text())
    ]
    for problem in found:
        print(problem)
    return 1 if found else 0


def problems(name: str, text: str) -> Iterator[str]:
    """Name each line that pins nothing, or that names a host."""
    if name.endswith(".txt"):
        yield from _unpinned(text)
        hosts = re.compile(r"://|--(?:extra-)?index-url|--find-links|--trusted-host")
    else:
        hosts = re.compile(r'"resolved"')
    for number, line in enumerate(text.splitlines(), start=1):
        if hosts.search(line):
            yield f"line {number} says where from: {line.strip()}"


def _unpinned(text: str) -> Iterator[str]:
    requirements = re.sub(r"(?m)^\s*#.*\n", "", text)
    for block in re.split(r"\n(?=\S)", requirements.strip()):
        first, *hashes = block.splitlines()
        has_hashes = hashes and all("--hash=sha256:" in line for line in hashes)
        if not PINNED.match(first) or not has_hashes:
            yield f"not pinned with hashes: {first.strip()}"


if __name__ == "__main__":
    sys.exit(main())
