"""What is measured, and on which channels, in a browser: two languages, at a desk, on a phone."""

import pytest

from goals.models import Series
from kpi.models import Channel
from tests.browser import DESK, PHONE, faults, press, sign_in
from tests.factories import make_user

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SAVE = "main form .btn-primary"


@pytest.mark.parametrize(("size", "scheme"), [(DESK, "light"), (PHONE, "dark")])
@pytest.mark.parametrize("language", ["lv", "en"])
def test_the_marketing_head_adds_what_she_measures(open_browser, size, scheme, language):
    page = open_browser(size, scheme=scheme, language=language)
    sign_in(page, make_user(language=language))
    found = {}

    page.goto("/kpi/series/")
    found["series"] = faults(page)
    page.goto("/kpi/series/new/")
    page.fill("[name=name]", "Sasniegtie cilvēki")
    page.select_option("[name=kind]", "derived")
    press(page, SAVE)
    found["refused"] = faults(page)
    page.select_option("[name=growth_of]", str(Series.objects.get(key="followers").pk))
    press(page, SAVE)
    page.goto("/kpi/channels/new/")
    found["a channel"] = faults(page)
    page.fill("[name=name]", "TikTok")
    page.fill("[name=aliases]", "TT\nTik Tok")
    press(page, SAVE)
    found["channels"] = faults(page)

    assert {name: wrong for name, wrong in found.items() if wrong} == {}
    assert Series.objects.get(name="Sasniegtie cilvēki").growth_of.key == "followers"
    assert Channel.objects.get(name="TikTok").aliases == ["TT", "Tik Tok"]
