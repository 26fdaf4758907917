"""The template tags of the visual base."""

from datetime import date
from decimal import Decimal

import pytest
from django import forms
from django.core.paginator import Paginator
from django.template import Context, RequestContext, Template
from django.test import RequestFactory
from django.utils.translation import override


class Shout(forms.Form):
    name = forms.CharField(help_text="As in the passport.")
    loud = forms.BooleanField(required=False, label="Loudly")
    kind = forms.ChoiceField(choices=[("a", "A"), ("b", "B")], widget=forms.RadioSelect)


def drawn(source, **context):
    return Template("{% load ui %}" + source).render(Context(context))


def test_a_field_names_its_help_and_its_error():
    html = drawn("{% field form.name %}", form=Shout({}))

    assert 'aria-describedby="id_name_helptext id_name_error"' in html
    assert 'id="id_name_helptext"' in html
    assert 'id="id_name_error"' in html
    assert 'aria-invalid="true"' in html
    assert "form-control is-invalid" in html


def test_a_field_without_errors_is_not_marked():
    html = drawn("{% field form.name %}", form=Shout())

    assert "is-invalid" not in html
    assert "_error" not in html
    assert '<label class="form-label" for="id_name">Name' in html


def test_a_tick_has_its_label_around_it():
    html = drawn("{% field form.loud %}", form=Shout())

    assert '<label class="form-check">' in html
    assert 'class="form-check-input"' in html


def test_choices_are_a_group_with_a_legend():
    html = drawn("{% field form.kind %}", form=Shout())

    assert "<legend" in html
    assert html.count('type="radio"') == 2


def test_a_value_typed_in_stays_text():
    html = drawn("{% field form.name %}", form=Shout({"name": '"><script>alert(1)</script>'}))

    assert "<script>" not in html


@pytest.mark.parametrize(("language", "written"), [("lv", "3. 03.11."), ("en", "3 03 Nov")])
def test_a_day_is_written_as_the_language_does(language, written):
    with override(language):
        html = drawn("{{ day|day_of_month }} {{ day|day_of_year }}", day=date(2026, 11, 3))

    assert html == written


def test_turning_the_page_keeps_the_filters():
    request = RequestFactory().get("/", {"q": "a b", "role": "director", "page": "2"})
    page = Paginator(range(30), 10).get_page(2)

    with override("en"):
        html = Template('{% include "_pagination.html" %}').render(
            RequestContext(request, {"page": page, "request": request})
        )

    assert 'href="?q=a+b&amp;role=director&amp;page=1"' in html
    assert 'href="?q=a+b&amp;role=director&amp;page=3"' in html
    assert "11–20" in html


def test_query_with_takes_a_parameter_away():
    request = RequestFactory().get("/", {"q": "a", "page": "2"})

    html = Template("{% load ui %}{% query_with page=None q='b' %}").render(
        RequestContext(request, {"request": request})
    )

    assert html == "?q=b"


def test_an_address_wraps_after_its_at_sign_and_stays_text():
    html = drawn("{{ written|address }}", written="<b>@example.org")

    assert html == "&lt;b&gt;@<wbr>example.org"


@pytest.mark.parametrize(
    ("language", "amount", "written"),
    [
        ("lv", Decimal("1250.5"), "1\xa0250,50\xa0€"),
        ("en", Decimal("1250.5"), "1\xa0250.50\xa0€"),
        ("lv", Decimal(0), "0,00\xa0€"),
        ("lv", None, "–"),
    ],
)
def test_money_is_written_with_cents_and_its_sign(language, amount, written):
    with override(language):
        assert drawn("{{ amount|euros }}", amount=amount) == written
