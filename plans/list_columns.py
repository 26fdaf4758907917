"""The columns of a list of activities: their titles as people write them, in two languages."""

import re
from collections.abc import Sequence
from enum import StrEnum
from functools import cache

from django.conf import settings
from django.utils.translation import gettext, override, pgettext

from people.identity import folded


class Column(StrEnum):
    """What a column may hold, in the order in which we write them."""

    NUMBER = "number"
    KIND = "kind"
    TITLE = "title"
    TITLE_EN = "title_en"
    STARTS = "starts"
    ENDS = "ends"
    LAST_ON = "last_on"
    OWNER = "owner"
    UNIT = "unit"
    PRESENTER = "presenter"
    AUDIENCES = "audiences"
    CHANNELS = "channels"
    GOALS = "goals"
    BUDGET = "budget"
    LEADS = "leads"
    NOTES = "notes"


NEEDED = (Column.KIND, Column.TITLE, Column.STARTS)

# In the form `_plain` gives: no marks on letters, small letters, words with one blank between.
_TITLES = {
    Column.NUMBER: "nr|numurs|aktivitates nr|no|number|id",
    Column.KIND: "veids|aktivitates veids|aktivitates tips|tips|kind|type|activity type",
    Column.TITLE: "nosaukums|aktivitate|tema|temats|pasakums|title|name|activity|topic",
    Column.TITLE_EN: "nosaukums anglu valoda|nosaukums angliski|title in english|english title",
    Column.STARTS: "sakums|sakas|datums|datums un laiks|norises laiks|kad"
    "|starts|start|date|date and time|when",
    Column.ENDS: "beigas|beidzas|lidz|ends|end|until",
    Column.LAST_ON: "katru nedelu lidz|pedeja reize|pedeja diena|every week until|weekly until",
    Column.OWNER: "atbildigais|atbildiga|atbildiga persona|atbild|owner|responsible|person",
    Column.UNIT: "strukturvieniba|nodala|unit|department",
    Column.PRESENTER: "lektors|lektore|pasniedzejs|vieslektors|presenter|speaker|lecturer",
    Column.AUDIENCES: "merkauditorijas|merkauditorija|auditorija|auditorijas"
    "|target audiences|target audience|audiences|audience",
    Column.CHANNELS: "kanali|kanals|channels|channel",
    Column.GOALS: "merki|merkis|goals|goal|goals it serves",
    Column.BUDGET: "planotais budzets|budzets|budzets eur|planotais budzets eur|planots"
    "|budget planned|budget|planned budget|budget eur",
    Column.LEADS: "sagaidamie lidi|planotie lidi|lidi|expected leads|leads|leads expected",
    Column.NOTES: "piezimes|piezime|komentars|komentari|notes|note|comments",
}


def title_of(column: Column) -> str:
    """Give the title we write over a column; it is read again, in whatever language it is."""
    titles = {
        Column.NUMBER: gettext("No."),
        Column.KIND: gettext("Kind"),
        Column.TITLE: gettext("Title"),
        Column.TITLE_EN: gettext("Title in English"),
        Column.STARTS: gettext("Starts"),
        Column.ENDS: gettext("Ends"),
        Column.LAST_ON: gettext("Every week until"),
        Column.OWNER: gettext("Owner"),
        Column.UNIT: gettext("Unit"),
        Column.PRESENTER: pgettext("activity", "Presenter"),
        Column.AUDIENCES: gettext("Target audiences"),
        Column.CHANNELS: gettext("Channels"),
        Column.GOALS: gettext("Goals"),
        Column.BUDGET: gettext("Budget planned, €"),
        Column.LEADS: gettext("Expected leads"),
        Column.NOTES: gettext("Notes"),
    }
    return titles[column]


def recognise(titles: Sequence[str]) -> dict[Column, int]:
    """Say which column stands where; the first of two with the same meaning counts."""
    found: dict[Column, int] = {}
    for index, title in enumerate(titles):
        if column := _known_titles().get(plain(title)):
            found.setdefault(column, index)
    return found


@cache
def _known_titles() -> dict[str, Column]:
    """Give the column of every title people write, and of those we write in each language."""
    known = {title: column for column, titles in _TITLES.items() for title in titles.split("|")}
    for language, _name in settings.LANGUAGES:
        with override(language):
            known |= {plain(title_of(column)): column for column in Column}
    return known


def plain(title: str) -> str:
    return " ".join(re.findall(r"[^\W_]+", folded(title)))
