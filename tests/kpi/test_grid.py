"""Typing figures in: what was there is kept, and nothing of others is written over unseen."""

from datetime import date
from decimal import Decimal

import pytest
import time_machine
from django.urls import reverse

from accounts.models import Role
from goals.models import Series
from kpi import grid
from kpi.grid import ChangedMeanwhileError, Edit, Place
from kpi.models import Channel, Measurement, Reading
from kpi.periods import Span
from tests.factories import make_kpi_channel, make_reading, make_user, measure, riga

pytestmark = pytest.mark.django_db

NOW = riga(2026, 3, 11, 12)
MONDAY, TUESDAY = date(2026, 3, 9), date(2026, 3, 10)


@pytest.fixture(autouse=True)
def _on_wednesday():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def facebook():
    return Channel.objects.get(key="facebook")


@pytest.fixture
def reactions():
    return Series.objects.get(key="reactions")


def standing():
    return {
        (each.series.key, each.day): each.value
        for each in Measurement.objects.select_related("series").exclude(value=None)
    }


# Saving


def test_what_is_typed_is_saved_with_who_and_what_was_there(facebook, reactions):
    measure(reactions, {MONDAY: 5}, facebook)
    anna = make_user(full_name="Anna")

    counts = grid.save(
        facebook.pk,
        {
            Place(reactions.pk, MONDAY): Edit(Decimal(5), Decimal(6)),
            Place(reactions.pk, TUESDAY): Edit(None, Decimal("7.5")),
        },
        by=anna,
        at=NOW,
    )

    assert (counts.new, counts.changed) == (1, 1)
    monday = Measurement.objects.get(day=MONDAY)
    assert (monday.value, monday.reading.source, monday.reading.by) == (6, Reading.HAND, anna)
    assert monday.earlier.get().value == 5


def test_an_emptied_cell_is_no_figure_and_its_old_value_is_kept(facebook, reactions):
    measure(reactions, {MONDAY: 5}, facebook)

    grid.save(
        facebook.pk,
        {Place(reactions.pk, MONDAY): Edit(Decimal(5), None)},
        by=make_user(),
        at=NOW,
    )

    assert standing() == {}
    assert Measurement.objects.get().earlier.get().value == 5


def test_what_somebody_changed_meanwhile_is_not_written_over_and_nothing_else_is_saved(
    facebook, reactions
):
    measure(reactions, {MONDAY: 5}, facebook)
    janis = make_user(full_name="Jānis")
    grid.save(
        facebook.pk, {Place(reactions.pk, MONDAY): Edit(Decimal(5), Decimal(8))}, by=janis, at=NOW
    )

    with pytest.raises(ChangedMeanwhileError) as changed:
        grid.save(
            facebook.pk,
            {
                Place(reactions.pk, MONDAY): Edit(Decimal(5), Decimal(6)),
                Place(reactions.pk, TUESDAY): Edit(None, Decimal(7)),
            },
            by=make_user(),
            at=NOW,
        )

    other = changed.value.held[Place(reactions.pk, MONDAY)]
    assert (other.value, other.by) == (8, janis)
    assert standing() == {("reactions", MONDAY): 8}


def test_two_who_type_the_same_do_not_disturb_each_other(facebook, reactions):
    edit = {Place(reactions.pk, MONDAY): Edit(None, Decimal(8))}
    grid.save(facebook.pk, edit, by=make_user(), at=NOW)

    counts = grid.save(facebook.pk, edit, by=make_user(), at=NOW)

    assert (counts.new, counts.changed, counts.same) == (0, 0, 1)


def test_nothing_typed_leaves_no_trace(facebook, reactions):
    grid.save(
        facebook.pk,
        {Place(reactions.pk, MONDAY): Edit(Decimal(5), Decimal(5))},
        by=make_user(),
        at=NOW,
    )

    assert not Reading.objects.exists()


def test_the_grid_shows_what_was_measured_on_the_channel_of_late_and_the_usual(facebook, reactions):
    leads, home_page = Series.objects.get(key="new_leads"), Channel.objects.get(key="home_page")
    measure(leads, {date(2026, 2, 2): 5}, facebook)
    measure(Series.objects.get(key="page_views"), {date(2024, 2, 2): 5}, facebook)
    measure(reactions, {date(2026, 2, 2): 5}, home_page)
    usual = ["followers", "video_views", "reactions", "comments"]

    def shown(channel):
        return [each.key for each in grid.usual_series(channel, Span.DAY, NOW.date())]

    assert shown(facebook) == ["followers", "new_leads", *usual[1:]]
    assert shown(home_page) == ["reactions"]
    assert shown(None) == usual


def test_months_are_offered_of_all_that_was_measured_and_days_first_of_what_was_measured_by_day():
    home_page, other = (Channel.objects.get(key=key) for key in ("home_page", "other"))
    views, leads = (Series.objects.get(key=key) for key in ("page_views", "new_leads"))
    measure(leads, {date(2026, 2, 2): 5}, home_page)
    measure(views, {date(2026, 1, 1): 900}, home_page, span=Span.MONTH)
    measure(views, {date(2026, 1, 1): 900}, other, span=Span.MONTH)

    def shown(channel, span):
        return {each.key for each in grid.usual_series(channel, span, NOW.date())}

    assert shown(home_page, Span.DAY) == {"new_leads"}
    assert shown(home_page, Span.MONTH) == {"new_leads", "page_views"}
    assert shown(other, Span.DAY) == shown(other, Span.MONTH) == {"page_views"}
    daily = make_kpi_channel(kind=Channel.Kind.OTHER)
    measure(leads, {date(2026, 2, 2): 5}, daily)
    assert shown(daily, Span.MONTH) == {"new_leads"}


# The page


@pytest.fixture
def page(client_for):
    return client_for(make_user(role=Role.SPECIALIST, language="lv"))


def url(**query):
    return reverse("kpi:grid_update", query=query)


def sending(client, address, values):
    """Send the form as the browser would: every cell, with some of them changed."""
    form = client.get(address).context["form"]
    fields = {}
    for cell in form.cells.values():
        fields[cell.name] = values.get((cell.place.series_id, cell.place.day), cell.text)
        fields[cell.before_name] = cell.before_text
    return lambda: client.post(address, fields)


def test_the_page_shows_the_days_of_the_week_up_to_today(page, facebook):
    form = page.get(url(channel=facebook.pk)).context["form"]

    assert form.days == [MONDAY, TUESDAY, date(2026, 3, 11)]
    assert len(page.get(url(channel=facebook.pk, span="month")).context["form"].days) == 11


def test_figures_are_typed_in_with_a_decimal_comma_and_thousands(page, facebook, reactions):
    engagement = Series.objects.get(key="engagement")
    address = url(channel=facebook.pk, series=[reactions.pk, engagement.pk])

    send = sending(
        page,
        address,
        {
            (reactions.pk, MONDAY): "1 234",
            (engagement.pk, MONDAY): "3,45",
            (reactions.pk, TUESDAY): "-",
        },
    )

    assert send().status_code == 302
    assert standing() == {
        ("reactions", MONDAY): 1234,
        ("engagement", MONDAY): Decimal("3.45"),
    }
    assert 'value="3,45"' in page.get(address).content.decode()


def test_saving_a_page_in_which_nothing_was_typed_changes_nothing(page, facebook, reactions):
    engagement = Series.objects.get(key="engagement")
    measure(engagement, {MONDAY: "3.4"}, facebook)
    measure(reactions, {MONDAY: 12345}, facebook)

    assert sending(page, url(channel=facebook.pk), {})().status_code == 302

    assert Reading.objects.filter(source=Reading.HAND).count() == 0


def test_what_is_no_figure_stays_in_its_cell_and_says_why(page, facebook, reactions):
    send = sending(
        page,
        url(channel=facebook.pk),
        {(reactions.pk, MONDAY): "daudz", (reactions.pk, TUESDAY): "5"},
    )

    answer = send()

    cell = answer.context["form"].cells[Place(reactions.pk, MONDAY)]
    assert (cell.text, cell.error) == ("daudz", "„daudz” nav skaitlis.")
    assert standing() == {}


def test_a_second_editor_sees_both_values_and_decides(page, facebook, reactions):
    measure(reactions, {MONDAY: 5}, facebook)
    address = url(channel=facebook.pk)
    send = sending(page, address, {(reactions.pk, MONDAY): "6"})
    janis = make_reading(source=Reading.HAND, by=make_user(full_name="Jānis"))
    measure(reactions, {MONDAY: 8}, facebook, reading=janis, at=NOW)

    told = send()

    cell = told.context["form"].cells[Place(reactions.pk, MONDAY)]
    assert (cell.text, cell.before) == ("6", 8)
    assert "Jānis" in cell.error
    assert "8" in cell.error
    assert standing() == {("reactions", MONDAY): 8}
    again = {cell.name: cell.text, cell.before_name: cell.before_text}
    assert page.post(address, again).status_code == 302
    assert standing() == {("reactions", MONDAY): 6}


def test_the_page_costs_as_much_for_a_month_as_for_a_week(
    page, facebook, django_assert_max_num_queries
):
    def cost(**query):
        with django_assert_max_num_queries(30) as queries:
            page.get(url(channel=facebook.pk, **query))
        return len(queries)

    assert cost(span="month") == cost(span="week")


def test_a_channel_there_is_not_is_not_found(page):
    assert page.get(url(channel=99999)).status_code == 404


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31", "nonsense"])
def test_a_day_that_nothing_can_be_of_gives_this_week(page, facebook, day):
    assert page.get(url(channel=facebook.pk, day=day)).context["period"].first == MONDAY


def test_months_are_typed_in_and_taken_back_as_days_are(page, facebook, reactions):
    january, february = date(2026, 1, 1), date(2026, 2, 1)
    measure(reactions, {january: 47}, facebook, span=Span.MONTH)
    measure(reactions, {january: 5}, facebook)  # a day, and the first one at that
    address = url(channel=facebook.pk, span="year")
    shown = page.get(address)
    form = shown.context["form"]
    assert [row.first.month for row, _cells in form.rows()] == [1, 2, 3]
    assert form.cells[Place(reactions.pk, january)].before == 47

    send = sending(page, address, {(reactions.pk, january): "", (reactions.pk, february): "50"})
    assert send().status_code == 302

    months = Measurement.objects.filter(span=Span.MONTH).values_list("day", "value")
    assert dict(months) == {january: None, february: 50}
    assert Measurement.objects.get(span=Span.DAY).value == 5
