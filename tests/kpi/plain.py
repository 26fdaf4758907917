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
        found = self.found(first, last, span)
        if found is None:
            return None, False
        values, is_whole, _channels = found
        if self.kind == "average":
            mean = sum(values) / len(values)
            return mean.quantize(Decimal("0.01"), ROUND_HALF_UP), False
        return sum(values), not is_whole

    def growth(self, first, last, span):
        now, before = self.found(first, last, span), self.found(*before_of(first, last, span), span)
        if now is None or before is None:
            return None, False
        is_whole = now[1] and before[1] and now[2] == before[2]
        return sum(now[0]) - sum(before[0]), not is_whole

    def found(self, first, last, span):
        """Give the values that count, whether nothing is missing, and whose they are."""
        if span in ("day", "week"):
            return self.of_days(first, last, span)
        pieces = []
        day = first
        while day <= last:
            end = min(month_end(day), last)
            if (day, end) == (day.replace(day=1), month_end(day)):
                pieces.append((day, end, self.of_month(day)))
            else:
                pieces.append((day, end, self.of_days(day, end, None)))
            day = end + timedelta(days=1)
        if span == "month":
            return pieces[0][2]
        there = [piece for _first, _last, piece in pieces if piece]
        if not there:
            return None
        if self.kind == "stock":
            return there[-1]
        return (
            [value for piece in there for value in piece[0]],
            all(piece[1] if piece else first >= self.today for first, _last, piece in pieces),
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
        if self.kind == "stock":
            return self.last(days, before)
        wanted = (channels | before) - {None}
        is_whole = all(
            None in at[day] or (at[day] and wanted <= at[day].keys())
            for day in days
            if day < self.today
        )
        return [v for day in days for v in self.counting(at[day])], is_whole, channels

    def last(self, days, before):
        own = [self.on(day)[None] for day in days if None in self.on(day)]
        if own:
            return [own[-1]], True, {None}
        last = {channel: v for day in days for channel, v in self.on(day).items()}
        return list(last.values()), before - {None} <= last.keys(), set(last)

    def of_month(self, first):
        """Choose between the days of a month and what was given for it."""
        days = days_of(first, month_end(first))
        over = [day for day in days if day < self.today]
        own = self.on_channel(None, days, over)
        if own and (self.kind == "stock" or own[1]):
            return own
        by_channel = self.by_channel(first, days, over)
        if own is None:
            return by_channel
        together = self.of_days(days[0], days[-1], "month")
        if by_channel and by_channel[1] and not together[1]:
            return by_channel
        return together

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
        if self.kind == "stock":
            is_whole = bool(values) and (not over or max(values) >= over[-1])
            counting = [values[max(values)]] if values else []
        else:
            is_whole = bool(values) and all(day in values for day in over)
            counting = list(values.values())
        if given is not None and not is_whole:
            times = len(days) if self.kind == "average" else 1
            return [given] * times, True, {channel}
        if not values:
            return None
        return counting, is_whole or self.kind == "stock", {channel}

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
