"""What stands over the tables of a sheet, and is said of those under it."""

from dataclasses import replace

from files.list_files import Row, is_blank
from kpi.lists.around import Around, around_in
from kpi.lists.channel_titles import may_name_channel
from kpi.lists.hints import Hints
from kpi.lists.layout import text_of
from kpi.lists.vocabulary import Vocabulary
from kpi.lists.wording import is_planned


class Headings:
    """The time, the channel and the title of the next table, as far as the rows above tell them."""

    def __init__(self, sheet: str, hints: Hints, vocabulary: Vocabulary) -> None:
        self.sheet, self.vocabulary = sheet, vocabulary
        self.around = _named_around(sheet, hints)
        self.channel = self._channel_in(sheet) or self._channel_in(hints.filename)
        self.channel_before = self.channel
        self.is_channel_of_title = False
        self.title = sheet

    @property
    def planned(self) -> str:
        """Give the title, or the name of the sheet, that says that all of this was planned."""
        return next((text for text in (self.title, self.sheet) if is_planned(text)), "")

    def learn(self, cells: Row, *, is_after_table: bool) -> None:
        """Take from a heading the year, month and channel of the table under it."""
        if not any(isinstance(cell, str) for cell in cells):
            return
        self.channel_before = self.channel
        texts = [text_of(cell) for cell in cells if not is_blank(cell)]
        text = " ".join(texts)
        told = around_in(text)
        if told.year or told.month:
            self.around = replace(
                self.around,
                year=self.around.year if self.around.is_answered else told.year or self.around.year,
                month=told.month or self.around.month,
            )
        is_next_channel = is_after_table and self.is_channel_of_title
        if channel := self._channel_in(text):
            self.channel, self.is_channel_of_title = channel, True
        elif is_next_channel and len(texts) == 1 and may_name_channel(text, self.vocabulary):
            # The title of the next channel's table, of a channel nobody has told us of.
            self.channel = text
        if len(texts) == 1:
            self.title = text

    def forget_last_channel(self) -> None:
        self.channel = self.channel_before

    def _channel_in(self, text: str) -> str:
        channel = self.vocabulary.read(text).channel
        return self.vocabulary.channel_names[channel] if channel is not None else ""


def _named_around(sheet: str, hints: Hints) -> Around:
    """Take year and month from the names of the sheet and the file."""
    of_sheet, of_file = around_in(sheet), around_in(hints.filename)
    year = hints.year or of_sheet.year or of_file.year
    month = of_sheet.month or of_file.month
    return Around(year, month, is_answered=hints.year is not None)
