"""What stands around a table tells the time of what stands in it."""

import pytest

from kpi.lists.around import Around, around_in


@pytest.mark.parametrize(
    ("text", "around"),
    [
        ("Sociālo tīklu rādītāji 2026. gadā", Around(2026)),
        ("Facebook, 2026. gada marts", Around(2026, 3)),
        ("kpi-daily-2026.xlsx", Around(2026)),
        ("kpi_2026-03.csv", Around(2026, 3)),
        ("Mācību gads 2025/2026", Around(2025)),
        ("Salīdzinājums 2024 un 2026", Around()),
        ("Janvāris", Around(None, 1)),
        ("Mārketings", Around()),
        ("Tālr. 20260106123", Around()),
        ("Sagatavots: 12.01.2027.", Around()),
        ("Sagatavots 2027. gada 12. janvārī", Around()),
        ("Dati 2026. gadam, 12.01.2027.", Around(2026)),
        ("Printed January 12, 2027", Around()),
        ("raditaji_2027-01-05.xlsx", Around()),
        ("kpi-2026-07-15.xlsx", Around()),
        ("kpi-monthly-2026-01-01-2026-12-31.csv", Around(2026)),
        ("No 01.03.2026. līdz 31.03.2026.", Around(2026)),
        ("01 Janvāris 2026", Around(2026, 1)),
        ("3. marts", Around(None, 3)),
    ],
)
def test_titles_and_names_tell_the_year_and_the_month(text, around):
    assert around_in(text) == around
