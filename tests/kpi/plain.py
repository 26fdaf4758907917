"""What figures should be, worked out from single numbers day by day: slow, and easy to believe."""

from calendar import monthrange
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal


class Plain:
    """Numbers of one series: `{(channel, span, day): value}`, looked at on the day `today`."""

    def __init__(self, kind, numbers, today, channel=None):
        self.kind, self.today = kind, today
        self.numbers = {
            key: value for key, value in numbers.items() if channel is None or key[0] == channel
        }

    def figure(self, first, last, span):
        """Give the value of a period, and whether something is missing in it."""
        if self.kind == "stock":
            found = self.levels(first, last, span)
            return (sum(self.ends(found[0])), not found[1]) if found else (None, False)
        found = self.found(first, last, span)
        if found is None:
            return None, False
        values, is_whole, _channels = found
        if self.kind == "average":
            mean = sum(values) / len(values)
            return mean.quantize(Decimal("0.01"), ROUND_HALF_UP), False
        return sum(values), not is_whole

    def growth(self, first, last, span):
        now = self.levels(first, last, span)
        before = self.levels(*before_of(first, last, span), span)
        if now is None:
            return None, False
        (ways, is_whole), value = now, None
        if before is None:
            moved = [way for way in ways.values() if len(way) > 1]
            if moved:
                value = sum(way[max(way)] - way[min(way)] for way in moved)
        elif both := ways.keys() & before[0].keys():
            value = sum(self.ends({each: ways[each] for each in both}))
            value -= sum(self.ends({each: before[0][each] for each in both}))
        elif None in (ways | before[0]) and is_whole and before[1]:
            value = sum(self.ends(ways)) - sum(self.ends(before[0]))
        if value is None:
            return None, False
        is_comparable = before and before[1] and before[0].keys() == ways.keys()
        return value, not (is_comparable and is_whole)

    def levels(self, first, last, span):
        """Give how the channels that count went, `{channel: {day: level}}`, and whether all did."""
        if span in ("day", "week"):
            return self.levels_of_days(first, last, span)
        found = None
        for begin, end in cut(first, last):
            if span == "month" or is_month(begin, end):
                piece = self.levels_of_month(begin)
            else:
                piece = self.levels_of_days(begin, end, None)
            if piece:
                earlier = found[2] if found else {}
                seen = {**earlier, **{c: {**earlier.get(c, {}), **w} for c, w in piece[0].items()}}
                found = {each: seen[each] for each in piece[0]}, piece[1], seen
        return found and found[:2]

    def levels_of_days(self, first, last, span):
        before = self.channels(days_of(*before_of(first, last, span))) - {None}
        ways = {}
        for day in days_of(first, last):
            for channel, value in self.on(day).items():
                ways.setdefault(channel, {})[day] = value
        return self.later(ways, before)

    def levels_of_month(self, first):
        days = days_of(first, month_end(first))
        over = [day for day in days if day < self.today]
        month_before = days_of(*before_of(first, month_end(first), "month"))
        before = (self.channels(month_before) | self.given_for(month_before[0])) - {None}
        ways, given = {}, set()
        for channel in {key[0] for key in self.numbers}:
            way = {day: self.on(day)[channel] for day in days if channel in self.on(day)}
            whole = self.numbers.get((channel, "month", first))
            if whole is not None and not (way and (not over or max(way) >= over[-1])):
                # Until its last day: the way before stays, for where a growth begins.
                way = {**way, days[-1]: whole}
                given.add(channel)
            if way:
                ways[channel] = way
        if given == {None} and ways.keys() - {None} >= before and len(ways) > 1:
            others = {channel: way for channel, way in ways.items() if channel is not None}
            if all(not over or max(way) >= over[-1] for way in others.values()):
                return others, True
        return self.later(ways, before)

    def later(self, ways, before):
        """Choose between a number without a channel and those of channels."""
        others = {channel: way for channel, way in ways.items() if channel is not None}
        is_whole = before <= others.keys()
        if None in ways:
            newest = max((max(way) for way in others.values()), default=date.min)
            if not others or not is_whole or newest <= max(ways[None]):
                return {None: ways[None]}, True
        return (others, is_whole) if others else None

    def ends(self, ways):
        return [way[max(way)] for way in ways.values()]

    def found(self, first, last, span):
        """Give the values that count, whether nothing is missing, and whose they are."""
        if span in ("day", "week"):
            return self.of_days(first, last, span)
        if span == "month":
            return self.of_month(first)
        pieces = [
            (day, self.of_month(day) if is_month(day, end) else self.of_days(day, end, None))
            for day, end in cut(first, last)
        ]
        there = [piece for _first, piece in pieces if piece]
        if not there:
            return None
        return (
            [value for piece in there for value in piece[0]],
            all(piece[1] if piece else first >= self.today for first, piece in pieces),
            {channel for piece in there for channel in piece[2]},
        )

    def of_days(self, first, last, span):
        days = days_of(first, last)
        before = self.channels(days_of(*before_of(first, last, span)))
        if span == "month":
            before |= self.given_for(before_of(first, last, span)[0])
        channels = self.channels(days)
        at = {day: self.on(day) for day in days}
        if not any(at.values()):
            return None
        wanted = (channels | before) - {None}
        is_whole = all(
            None in at[day] or (at[day] and wanted <= at[day].keys())
            for day in days
            if day < self.today
        )
        return [v for day in days for v in self.counting(at[day])], is_whole, channels

    def of_month(self, first):
        """Choose between the days of a month and what was given for it."""
        days = days_of(first, month_end(first))
        over = [day for day in days if day < self.today]
        own, by_channel = self.on_channel(None, days, over), self.by_channel(first, days, over)
        if own is None or by_channel is None:
            return own or by_channel
        own_is_given = (None, "month", first) in self.numbers
        own_has_all_days = all(None in self.on(day) for day in over) and self.has_days(None, days)
        others = {key[0] for key in self.numbers if key[0] is not None}
        others = [each for each in others if self.on_channel(each, days, over)]
        others_have_all_days = by_channel[1] and all(
            self.has_days(each, days) and all(each in self.on(day) for day in over)
            for each in others
        )
        has_both = self.has_days(None, days) and any(self.has_days(each, days) for each in others)
        mixed = self.of_days(days[0], days[-1], "month") if has_both else None
        for choice, is_whole in (
            (own, own_has_all_days),
            (mixed, mixed and mixed[1]),
            (by_channel, others_have_all_days),
            (own, own_is_given),
            (by_channel, by_channel[1]),
        ):
            if is_whole:
                return choice
        return mixed or own

    def has_days(self, channel, days):
        return any(channel in self.on(day) for day in days)

    def by_channel(self, first, days, over):
        month_before = days_of(*before_of(first, month_end(first), "month"))
        before = self.channels(month_before) | self.given_for(month_before[0])
        parts = [
            part
            for channel in {key[0] for key in self.numbers} - {None}
            if (part := self.on_channel(channel, days, over))
        ]
        if not parts:
            return None
        channels = {channel for part in parts for channel in part[2]}
        is_whole = all(part[1] for part in parts) and before - {None} <= channels
        return [value for part in parts for value in part[0]], is_whole, channels

    def on_channel(self, channel, days, over):
        values = {day: self.on(day)[channel] for day in days if channel in self.on(day)}
        given = self.numbers.get((channel, "month", days[0]))
        is_whole = bool(values) and all(day in values for day in over)
        if given is not None and not is_whole:
            times = len(days) if self.kind == "average" else 1
            return [given] * times, True, {channel}
        return (list(values.values()), is_whole, {channel}) if values else None

    def on(self, day):
        return {
            channel: value
            for (channel, span, of), value in self.numbers.items()
            if span == "day" and of == day
        }

    def given_for(self, month):
        return {channel for channel, span, day in self.numbers if span == "month" and day == month}

    @staticmethod
    def counting(values):
        return [values[None]] if None in values else list(values.values())

    def channels(self, days):
        return {channel for day in days for channel in self.on(day)}


def cut(first, last):
    """Cut days where months end."""
    day = first
    while day <= last:
        end = min(month_end(day), last)
        yield day, end
        day = end + timedelta(days=1)


def is_month(first, last):
    return (first, last) == (first.replace(day=1), month_end(first))


def days_of(first, last):
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def month_end(day):
    return day.replace(day=monthrange(day.year, day.month)[1])


def before_of(first, last, span):
    yesterday = first - timedelta(days=1)
    if span == "month":
        return yesterday.replace(day=1), yesterday
    if span == "year":
        return date(yesterday.year, 1, 1), yesterday
    return first - (last - first) - timedelta(days=1), yesterday
