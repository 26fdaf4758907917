"""Charts of figures in a browser: how long one takes to draw, for a usual and for a long time.

The page is the server's own, and so are its scripts; only the network between is left out.
"""

import mimetypes
import os
import shutil
import tempfile
from datetime import timedelta
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, Route, sync_playwright

from accounts.models import User
from plans.local_time import local_day
from tools.bench.figures import Figure, Size
from tools.bench.ledger import analyse
from tools.bench.rows.kpi import DAYS_A_YEAR, YEARS, prepare, write_days
from tools.bench.rows.pages import signed_in

MOST_MS, ROUNDS = 400.0, 5
HOST = "http://charts.example"


def measure(size: Size) -> list[Figure]:
    now = timezone.now()
    today, days = local_day(now), DAYS_A_YEAR * size.choose(YEARS, 2)
    with tempfile.TemporaryDirectory() as directory:
        settings.STATIC_ROOT = directory
        call_command("collectstatic", interactive=False, verbosity=0)
        client = signed_in()
        begins_on = today - timedelta(days=days)
        write_days(prepare(User.objects.get(), today, now), begins_on, days, now)
        analyse()
        of_series = reverse("kpi:series_detail", args=["new_leads"])
        long = f"first={begins_on}&last={today}"
        addresses = {
            "two months by day": f"{of_series}?span=day",
            "a year by month": f"{of_series}?span=month",
            f"{days:,} days": f"{of_series}?span=day&{long}",
            f"{days:,} days on each channel": reverse("kpi:series_channels", args=["new_leads"])
            + f"?span=day&{long}",
        }
        pages = {name: client.get(address).content for name, address in addresses.items()}
        return [
            Figure(f"chart: {name}", "ms", ms, f"≤ {MOST_MS:g} ms", ms <= MOST_MS)
            for name, ms in _drawn(pages, Path(directory)).items()
        ]


def _drawn(pages: dict[str, bytes], static: Path) -> dict[str, float]:
    """Open each page some times; give the milliseconds of its slowest chart, at its best."""
    program = os.environ.get("CHROMIUM") or shutil.which("chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        page = browser.new_page()
        taken = {name: _taken(page, content, static) for name, content in pages.items()}
        browser.close()
    return taken


def _taken(page: Page, content: bytes, static: Path) -> float:
    page.route("**/*", partial(_answer, content=content, static=static))
    times = []
    for _round in range(ROUNDS):
        page.goto(HOST)
        drawn = page.evaluate("performance.getEntriesByName('chart').map(each => each.duration)")
        times.append(max(drawn))
    page.unroute("**/*")
    return min(times)


def _answer(route: Route, *, content: bytes, static: Path) -> None:
    path = urlsplit(route.request.url).path
    if path == "/":
        route.fulfill(body=content, content_type="text/html; charset=utf-8")
        return
    file = static / path.removeprefix(settings.STATIC_URL)
    kind, _encoding = mimetypes.guess_type(file.name)
    route.fulfill(body=file.read_bytes(), content_type=kind or "application/octet-stream")
