"""The pages of what is measured, and on which channels: the marketing head adds her own."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from goals.models import Series
from kpi.models import Channel
from tests.factories import make_kpi_channel, make_series, make_user, measure, riga

pytestmark = pytest.mark.django_db


@pytest.fixture
def head(client_for):
    return client_for(make_user())


def series_form(**changes):
    return {
        "revision": "1",
        "name": "Sasniegtie cilvēki",
        "name_en": "Reach",
        "unit": "people",
        "kind": "flow",
        "growth_of": "",
        "position": "20",
        "is_on": "on",
        **changes,
    }


def channel_form(**changes):
    return {
        "revision": "1",
        "name": "TikTok",
        "name_en": "",
        "kind": "network",
        "aliases": "Tik Tok\r\n TT \r\n\r\nTT",
        "position": "9",
        "is_on": "on",
        **changes,
    }


def errors(response):
    assert response.status_code == 200
    return response.context["form"].errors


def test_there_are_the_series_of_step_6_from_the_beginning(head):
    page = head.get(reverse("kpi:series_list"))

    keys = [each.key for each, _last in page.context["series"]]
    assert keys[:3] == ["followers", "followers_growth", "home_page_traffic"]
    assert len(keys) == 15


def test_the_list_tells_when_a_series_had_its_last_number(head):
    followers = Series.objects.get(key="followers")
    last = riga(2026, 3, 29).date()
    measure(followers, {riga(2026, 3, 1).date(): 5, last: 6})

    found = {each.key: day for each, day in head.get(reverse("kpi:series_list")).context["series"]}

    assert (found["followers"], found["followers_growth"], found["new_leads"]) == (last, last, None)


def test_the_list_takes_the_same_queries_however_long_it_is(head, django_assert_max_num_queries):
    address = reverse("kpi:series_list")
    head.get(address)
    with django_assert_max_num_queries(8) as before:
        head.get(address)
    for _ in range(5):
        make_series(kind="derived", growth_of=make_series())

    with django_assert_max_num_queries(len(before)):
        head.get(address)


def test_a_series_is_added_with_a_key_of_its_own(head):
    head.post(reverse("kpi:series_create"), series_form())
    head.post(reverse("kpi:series_create"), series_form())
    head.post(reverse("kpi:series_create"), series_form(name="Series"))

    added = Series.objects.order_by("-pk")[:3]
    # An address /kpi/series/ is the page itself.
    assert [each.key for each in added] == [
        "series_2",
        "sasniegtie_cilveki_2",
        "sasniegtie_cilveki",
    ]
    assert (added[2].name, added[2].name_en, added[2].unit) == (
        "Sasniegtie cilvēki",
        "Reach",
        "people",
    )


def test_the_key_stays_when_the_name_changes(head):
    series = Series.objects.get(key="new_leads")

    head.post(reverse("kpi:series_update", args=[series.pk]), series_form(name="Pieteikumi"))

    series.refresh_from_db()
    assert (series.name, series.key) == ("Pieteikumi", "new_leads")


def test_a_series_switched_off_is_not_offered_for_goals_any_more(head):
    from goals.forms import IndicatorForm

    series = make_series()
    assert series in IndicatorForm().fields["series"].queryset

    form = series_form(name=series.name)
    del form["is_on"]
    head.post(reverse("kpi:series_update", args=[series.pk]), form)

    assert series not in IndicatorForm().fields["series"].queryset


@pytest.mark.parametrize("changes", [{"kind": "derived"}, {"growth_of": "followers"}])
def test_a_growth_needs_the_series_that_grows_and_only_a_growth_has_one(head, changes):
    if "growth_of" in changes:
        changes["growth_of"] = str(Series.objects.get(key="followers").pk)

    response = head.post(reverse("kpi:series_create"), series_form(**changes))

    assert "__all__" in errors(response)
    assert Series.objects.count() == 15


def test_the_growth_of_something_is_added(head):
    followers = Series.objects.get(key="followers")
    form = series_form(kind="derived", growth_of=str(followers.pk))

    head.post(reverse("kpi:series_create"), form)

    assert Series.objects.get(key="sasniegtie_cilveki").growth_of == followers


def test_what_has_numbers_does_not_become_a_growth(head):
    series = make_series()
    measure(series, {riga(2026, 3, 1).date(): 5})
    followers = Series.objects.get(key="followers")
    form = series_form(kind="derived", growth_of=str(followers.pk))

    response = head.post(reverse("kpi:series_update", args=[series.pk]), form)

    assert "kind" in errors(response)


def test_what_grows_does_not_become_a_growth_itself(head):
    followers, other = Series.objects.get(key="followers"), make_series()
    form = series_form(kind="derived", growth_of=str(other.pk))

    response = head.post(reverse("kpi:series_update", args=[followers.pk]), form)

    assert "kind" in errors(response)


def test_two_who_edit_a_series_are_told(head):
    series = make_series()
    address = reverse("kpi:series_update", args=[series.pk])
    head.post(address, series_form(name="First"))

    response = head.post(address, series_form(name="Second"))

    series.refresh_from_db()
    assert series.name == "First"
    assert response.context["form"].conflict.differences[0].own == "Second"


def test_a_key_is_there_once():
    make_series(key="reach")

    with pytest.raises(IntegrityError), transaction.atomic():
        make_series(key="reach")


def test_a_channel_is_added_with_its_other_spellings(head):
    head.post(reverse("kpi:channel_create"), channel_form())

    channel = Channel.objects.get(key="tiktok")
    assert channel.aliases == ["Tik Tok", "TT"]
    assert Channel.objects.all().by_spelling()["tik tok"] == channel


def test_a_spelling_belongs_to_one_channel(head):
    response = head.post(reverse("kpi:channel_create"), channel_form(aliases="TT\nfb"))

    assert "aliases" in errors(response)
    assert not Channel.objects.filter(key="tiktok").exists()


def test_a_channel_keeps_its_own_spellings_when_it_is_edited(head):
    facebook = Channel.objects.get(key="facebook")
    address = reverse("kpi:channel_update", args=[facebook.pk])
    shown = head.get(address).context["form"]["aliases"].value()

    head.post(address, channel_form(name="Facebook", aliases=f"{shown}\nFeisbuks"))

    facebook.refresh_from_db()
    assert facebook.aliases == ["FB", "Feisbuks"]


def test_others_see_the_lists_and_no_way_to_change_them(client_for):
    specialist = client_for(make_user(role="specialist"))
    make_kpi_channel()

    for name in ("series_list", "channel_list"):
        page = specialist.get(reverse(f"kpi:{name}")).content.decode()
        assert "/edit/" not in page
        assert "/new/" not in page


def test_the_unit_of_a_number_is_no_unit_of_the_college(client_for):
    latvian = client_for(make_user(language="lv"))

    for name in ("series_list", "series_create"):
        page = latvian.get(reverse(f"kpi:{name}")).content.decode()
        assert "Mērvienība" in page
        assert "Struktūrvienība" not in page
