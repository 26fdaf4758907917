"""What a title speaks of: typing mistakes are forgiven, words that say something else are not."""

import pytest

from kpi.lists.wording import is_planned, is_remark
from tests.kpi.listed import SERIES, vocabulary


def series_of(title):
    number = vocabulary().read(title).series
    return SERIES[number - 1] if number else None


@pytest.mark.parametrize(
    ("title", "series"),
    [
        ("Sekotājji", "followers"),
        ("Video skatijumii", "video_views"),
        ("Vidio skatījumi", "video_views"),
        ("Plūsma uz mājaslappu", "home_page_traffic"),
        ("Facebook komentari", "comments"),
    ],
)
def test_a_misspelt_title_is_known(title, series):
    assert series_of(title) == series


@pytest.mark.parametrize(
    "title",
    [
        "Video skatījumi (YT)",
        "Plūsma uz mājaslapu (plāns)",
        "Sekotāji (TikTok)",
        "Jaunie līdi no reklāmas",
        "Video skatītāji",
    ],
)
def test_a_word_more_or_another_word_makes_another_title(title):
    assert series_of(title) is None


@pytest.mark.parametrize(
    ("title", "left_over"),
    [
        ("Sekotāji (TikTok)", "TikTok"),
        ("TikTok: Sekotāju skaits", "TikTok"),
        ("Video skatījumi (YT)", "YT"),
        ("Sekotāji (FB)", ""),
        ("Dalīšanās", ""),
    ],
)
def test_what_stands_beside_the_name_of_a_series_may_be_a_channel(title, left_over):
    assert vocabulary().read(title).left_over == left_over


@pytest.mark.parametrize("title", ["Plāns 2026", "Mērķi", "Facebook: Plāns", "Target 2026"])
def test_what_was_planned_is_told_by_its_title(title):
    assert is_planned(title)


@pytest.mark.parametrize("title", ["Plāns un fakts", "Mērķi un rezultāti", "Planšetes", "2026"])
def test_what_was_measured_is_not_taken_for_planned(title):
    assert not is_planned(title)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Avots: Meta Business Suite", True),
        ("* precizēts", True),
        ("Dati pārbaudīti.", True),
        ("TikTok", False),
        ("Facebook:", False),
        ("Instagram 2025. g.", False),
    ],
)
def test_a_remark_is_told_from_a_heading(text, expected):
    assert is_remark(text) == expected
