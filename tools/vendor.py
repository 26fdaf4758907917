"""Copy what we serve from node_modules into static/: run `npm ci` first, then this."""

import json
import re
import shutil
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MODULES = ROOT / "node_modules"
STATIC = ROOT / "static"
VENDOR = STATIC / "vendor"

FILES = {
    "@tabler/core/dist/css/tabler.min.css": "tabler/tabler.min.css",
    "@fontsource-variable/inter/LICENSE": "inter/LICENSE",
    "@fontsource-variable/inter/files/inter-latin-wght-normal.woff2": "inter/latin.woff2",
    "@fontsource-variable/inter/files/inter-latin-ext-wght-normal.woff2": "inter/latin-ext.woff2",
    "dejavu-fonts-ttf/LICENSE": "dejavu/LICENSE",
    "dejavu-fonts-ttf/ttf/DejaVuSansCondensed.ttf": "dejavu/DejaVuSansCondensed.ttf",
    "dejavu-fonts-ttf/ttf/DejaVuSansCondensed-Bold.ttf": "dejavu/DejaVuSansCondensed-Bold.ttf",
    "htmx.org/dist/htmx.min.js": "htmx/htmx.min.js",
    "htmx.org/LICENSE": "htmx/LICENSE",
    "@tabler/icons/LICENSE": "tabler/LICENSE",
    "echarts/LICENSE": "echarts/LICENSE",
    "echarts/NOTICE": "echarts/NOTICE",
    "zrender/LICENSE": "echarts/LICENSE-zrender",
}

# Each icon starts with this invisible square.
FRAME = '<path stroke="none" d="M0 0h24v24H0z" fill="none" />'
# The outline icons our pages name; add one to the file and run this again.
ICONS = (Path(__file__).parent / "icons.txt").read_text().split()


def copy_files() -> None:
    shutil.rmtree(VENDOR, ignore_errors=True)
    for source, target in FILES.items():
        (VENDOR / target).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(MODULES / source, VENDOR / target)
    stylesheet = VENDOR / "tabler/tabler.min.css"
    # The source map is not served, and the manifest storage refuses a link to a missing file.
    stylesheet.write_text(re.sub(r"/\*# sourceMappingURL=.*?\*/\s*", "", stylesheet.read_text()))


def bundle_charts() -> None:
    """Put the parts of ECharts we use into one file, half as large as the whole."""
    subprocess.run(
        [
            MODULES / ".bin/esbuild",
            "--bundle",
            "--minify",
            "--format=iife",
            "--global-name=echarts",
            "--target=es2020",
            "--legal-comments=none",
            f"--banner:js=/*! Apache ECharts {_version('echarts')}, a part of it; see LICENSE. */",
            f"--outfile={VENDOR / 'echarts/echarts.part.js'}",
            "echarts.js",
        ],
        check=True,
        cwd=ROOT / "tools",
    )


def _version(package: str) -> str:
    stated = json.loads((MODULES / package / "package.json").read_text())
    return str(stated["version"])


def write_sprite() -> None:
    symbols = []
    for name in sorted(ICONS):
        svg = (MODULES / f"@tabler/icons/icons/outline/{name}.svg").read_text()
        drawing = svg[svg.index(">", svg.index("<svg")) + 1 : svg.index("</svg>")]
        symbols.append(
            f'<symbol id="{name}" viewBox="0 0 24 24" fill="none" stroke="currentColor"'
            ' stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round">'
            + "".join(line.strip() for line in drawing.replace(FRAME, "").splitlines())
            + "</symbol>\n"
        )
    (STATIC / "icons.svg").write_text(
        '<svg xmlns="http://www.w3.org/2000/svg">\n' + "".join(symbols) + "</svg>\n"
    )


if __name__ == "__main__":
    copy_files()
    bundle_charts()
    write_sprite()
    print(f"static/vendor: {len(FILES) + 1} files; static/icons.svg: {len(ICONS)} icons.")
