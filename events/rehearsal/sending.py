"""Sending what was rehearsed for real: to members of staff, and to nobody else.

The people of a rehearsal have no address a message could go to: what is sent is made anew from
the words alone, and `outbox.test_messages` takes the address from the member of staff it is told
to send to.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.utils.translation import gettext, override

from accounts.models import User
from events.models import Rehearsal
from events.rehearsal.timeline import Moment, Words
from events.texts import clock, day
from outbox.models import Message
from outbox.test_messages import REHEARSAL, reaches_phone_of, send_sms, send_test
from people.models import Medium

OF_USE = timedelta(hours=1)


def send(rehearsal: Rehearsal, moment: Moment, to: Sequence[User], now: datetime) -> int:
    """Send each version of a moment's words to the team, and keep that it was done.

    Whoever is no recipient of this rehearsal, or works here no more, gets nothing. Raises
    NotSentError.
    """
    team = rehearsal.team().filter(pk__in=[user.pk for user in to])
    for user in team:
        with override(user.language):
            for words in moment.words:
                _send_one(words, moment, user, now)
        rehearsal.sent.append({"of": moment.key, "to": user.full_name, "at": now.isoformat()})
        rehearsal.save(update_fields=["sent"])
    return len(team) * len(moment.words)


def _send_one(words: Words, moment: Moment, user: User, now: datetime) -> None:
    message = Message(
        medium=words.medium,
        language=words.language,
        subject=words.subject,
        body=words.body,
        due_at=now,
        expires_at=now + OF_USE,
    )
    if words.medium == Medium.SMS and reaches_phone_of(user):
        message.body = gettext("[Rehearsal] %(text)s") % {"text": words.body}
        send_sms(message, user)
    else:
        message.body = f"{_heading(words, moment)}\n\n{words.body}"
        send_test([message], user, REHEARSAL)


def _heading(words: Words, moment: Moment) -> str:
    text = gettext("[Rehearsal] On the evening: %(when)s, to %(who)s and whoever is like them.")
    return text % {"when": f"{day(moment.at)} {clock(moment.at)}", "who": words.to}
