"""The outbox as a browser shows it."""

import pytest
from django.urls import reverse

from outbox.models import Reason, Status
from tests.browser import DESK, PHONE, faults, sign_in
from tests.factories import make_message, make_user

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LAPTOP = (1280, 800)

CUT_CHOICES = """
    [...document.querySelectorAll('.filters select')].filter(list => {
        const shown = list.getBoundingClientRect().width;
        list.style.width = 'max-content';
        const wanted = list.getBoundingClientRect().width;
        list.style.width = '';
        return shown < wanted;
    }).map(list => list.name)
"""


@pytest.mark.parametrize("size", [DESK, LAPTOP, PHONE], ids=["desk", "laptop", "phone"])
@pytest.mark.parametrize("language", ["lv", "en"])
def test_no_list_of_the_filter_cuts_what_it_has_chosen(open_browser, size, language):
    make_message(status=Status.UNKNOWN, reason=Reason.UNCLEAR)
    page = open_browser(size, language=language)
    sign_in(page, make_user(language=language))

    page.goto(reverse("outbox:message_list") + "?status=undecided&purpose=service")

    assert page.evaluate(CUT_CHOICES) == []
    assert faults(page) == []
