"""Which SMS of an event are too long for Bitrix24: told while its title can still be shortened."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from django.utils.translation import get_language, ngettext

from events.circumstances import next_event_after
from events.going_out import coming
from events.models import Event, ReminderRule, ReminderText
from events.text_previews import example_registration, stand_in
from events.texts import Renderer, TextError
from outbox.channels.base import chosen_channel
from outbox.channels.bitrix24_sms import LONGEST, Bitrix24SmsChannel
from people.models import Medium


def warnings(event: Event, rules: Sequence[ReminderRule], now: datetime) -> list[str]:
    """Say for each language which SMS is the longest, if it is too long to be sent."""
    if event.is_cancelled or chosen_channel(Medium.SMS) != Bitrix24SmsChannel.key:
        return []
    longest: dict[str, tuple[int, ReminderText]] = {}
    for text, characters in _lengths(event, coming(event, rules, now), now):
        if characters > longest.get(text.language, (LONGEST, text))[0]:
            longest[text.language] = characters, text
    by_language = sorted(longest.items(), reverse=True)
    return [_sentence(text, characters) for _language, (characters, text) in by_language]


def _sentence(text: ReminderText, characters: int) -> str:
    sentence = ngettext(
        "The SMS “%(rule)s” (%(language)s) has %(count)s character; Bitrix24 sends at most "
        "%(most)s, so nobody would get it. Shorten the title.",
        "The SMS “%(rule)s” (%(language)s) has %(count)s characters; Bitrix24 sends at most "
        "%(most)s, so nobody would get it. Shorten the title.",
        characters,
    )
    return sentence % {
        "rule": text.rule.label(get_language() or ""),
        "language": text.language.upper(),
        "count": characters,
        "most": LONGEST,
    }


def _lengths(
    event: Event, rules: Sequence[ReminderRule], now: datetime
) -> Iterator[tuple[ReminderText, int]]:
    """Yield each SMS as somebody would get it, and its characters."""
    by_sms = [rule for rule in rules if rule.by_sms]
    texts = ReminderText.objects.filter(rule__in=by_sms).exclude(sms_body="")
    next_event = next_event_after(event, now)
    for text in texts.select_related("rule").order_by("rule__position", "pk"):
        somebody = stand_in(example_registration(text.rule, event, now), text)
        renderer = Renderer(event, text.rule, [text], next_event)
        try:
            yield text, len(renderer.render(somebody, Medium.SMS).body)
        except TextError:
            # The pre-flight names what cannot be filled in.
            continue
