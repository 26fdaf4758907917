"""The pages of figures in a browser: two languages, at a desk and on a phone, light and dark."""

import pytest
from django.utils import timezone

from kpi.models import Alert, Channel, Mute, Note
from tests.browser import DESK, PHONE, faults, sign_in
from tests.factories import make_event, make_user, measure
from tests.kpi.making import days, make_aimed, series
from tests.plans.making import make_intake

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PAGES = [
    "/kpi/",
    "/kpi/new_leads/",
    "/kpi/new_leads/?span=day",
    "/kpi/new_leads/origin/",
    "/kpi/followers/?span=month&channel=facebook",
    "/kpi/followers/channels/",
    "/kpi/channels/figures/",
    "/kpi/people/",
    "/kpi/compare/",
    "/kpi/alerts/",
]


@pytest.fixture
def measured():
    today = timezone.localdate()
    begins = today.replace(day=1, month=1, year=today.year - 1)
    passed = (today - begins).days
    owner = make_user(full_name="Anna Ozoliņa")
    make_aimed(year=today.year, owner=owner)
    make_aimed("followers", year=today.year, start=900, target=1500)
    measure(series(), days(begins, passed))
    for key in ("facebook", "instagram"):
        measure(series("followers"), days(begins, passed, 500), Channel.objects.get(key=key))
    make_intake()
    make_event(starts_at=timezone.now(), title_en="Open day now")
    about = {"kind": "no_data", "series": series("followers")}
    Alert.objects.create(**about, day=today, found_at=timezone.now())
    Mute.objects.create(
        kind="unusual",
        series=series(),
        until=today,
        reason="Zināms",
        by=owner,
        at=timezone.now(),
    )
    Note.objects.create(series=series(), day=today, text="Kampaņa", by=owner, at=timezone.now())


@pytest.mark.parametrize(("size", "scheme"), [(DESK, "light"), (PHONE, "dark")])
@pytest.mark.parametrize("language", ["lv", "en"])
def test_every_page_of_figures_is_without_fault(open_browser, measured, language, size, scheme):
    page = open_browser(size, scheme=scheme, language=language)
    sign_in(page, make_user(language=language))

    found = {}
    for path in PAGES:
        page.goto(path)
        if wrong := faults(page):
            found[path] = wrong
    assert found == {}


def test_a_chart_is_drawn_as_svg_in_the_colours_of_the_page_and_on_paper(open_browser, measured):
    page = open_browser(PHONE)
    sign_in(page, make_user())
    page.goto("/kpi/new_leads/")

    drawing = page.locator(".chart.is-drawn svg")
    assert drawing.count() == 1
    assert page.get_attribute(".chart", "aria-label").startswith("New leads, ")
    light = drawing.inner_html()
    page.click(".topbar .switch-choice[value=dark]")
    page.wait_for_function(
        "before => document.querySelector('.chart svg').innerHTML != before", arg=light
    )
    wide = "parseInt(document.querySelector('.chart svg').getAttribute('width'))"
    assert page.evaluate(wide) < 390
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    assert page.evaluate(wide) == 680
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    assert page.evaluate(wide) < 390
    assert page.complaints == []


def test_without_scripts_there_is_a_line_and_the_whole_table(open_browser, measured):
    page = open_browser(DESK, language="en", java_script_enabled=False)
    user = make_user()
    sign_in(page, user)
    page.goto("/kpi/new_leads/?span=month")

    assert page.locator(".chart .sparkline polyline").count() == 1
    assert page.locator("table tbody tr").count() == 13
    assert "so far" in page.inner_text("table tbody tr >> nth=0")
