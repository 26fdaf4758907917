"""Titles of tables, and names of sheets, that may be those of channels we do not know."""

from kpi.lists.around import around_in
from kpi.lists.found import Found
from kpi.lists.vocabulary import Vocabulary
from kpi.lists.wording import is_remark, says_only_a_year


def name_channels(found: Found, vocabulary: Vocabulary) -> None:
    """Ask about a table beside those of channels: of all of them, or of one we do not know."""
    for first, end, titles in found.unnamed:
        # The name of the only sheet is of all its tables.
        among = titles if len(found.sheets) > 1 else titles[1:]
        name = next((text for text in among if may_name_channel(text, vocabulary)), "")
        for index in range(first, end) if name else ():
            entry = found.entries[index]
            if vocabulary.read(found.headings[entry.heading]).channel is None:
                found.entries[index] = entry._replace(channel=found.channel(name))


def may_name_channel(text: str, vocabulary: Vocabulary) -> bool:
    """Tell a title that may be the name of a channel nobody has told us of."""
    if not text or is_remark(text) or says_only_a_year(text):
        return False
    return vocabulary.read(text).series is None and not around_in(text).month
