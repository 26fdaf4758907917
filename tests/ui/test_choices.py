"""Choices shown in a colour and with a sign."""

import re
from xml.etree import ElementTree

import pytest
from django.conf import settings
from django.template import Context, Template

from ui.choices import ShownChoices


class Weather(ShownChoices):
    FINE = "fine", "is-ok", "check", "fine & dry"
    UNKNOWN = "", "is-quiet", "", "unknown"


def drawn(shown):
    return Template("{% load ui %}{% state shown %}").render(Context({"shown": shown}))


def every_member():
    return [member for kind in ShownChoices.__subclasses__() for member in kind]


def test_a_member_is_its_value_and_carries_what_is_shown_of_it():
    fine = Weather("fine")

    assert fine == "fine"
    assert (fine.value, fine.tone, fine.symbol, fine.label) == (
        "fine",
        "is-ok",
        "check",
        "fine & dry",
    )
    assert Weather.choices == [("fine", "fine & dry"), ("", "unknown")]


def test_a_state_is_a_word_in_a_colour_beside_a_sign():
    html = drawn(Weather.FINE)

    assert html.startswith('<span class="state is-ok"><svg class="icon "')
    assert html.endswith("</svg>fine &amp; dry</span>")


def test_a_page_may_have_another_word_for_a_state():
    html = Template('{% load ui %}{% state shown "as in May" %}').render(
        Context({"shown": Weather.FINE})
    )

    assert html == drawn(Weather.FINE).replace("fine &amp; dry", "as in May")


def test_a_state_without_a_sign_is_its_word():
    assert drawn(Weather.UNKNOWN) == '<span class="state is-quiet">unknown</span>'


@pytest.mark.parametrize("member", every_member(), ids=repr)
def test_every_tone_is_in_the_stylesheet_and_every_symbol_in_the_sprite(member):
    tones = re.findall(r"^\.(is-[a-z]+) \{ --state:", stylesheet(), re.MULTILINE)

    assert member.tone in tones
    assert member.symbol in {*icons(), ""}


def stylesheet():
    return (settings.BASE_DIR / "static/smm.css").read_text()


def icons():
    sprite = ElementTree.parse(settings.BASE_DIR / "static/icons.svg")
    return [symbol.get("id") for symbol in sprite.iter("{http://www.w3.org/2000/svg}symbol")]
