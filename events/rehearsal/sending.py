"""Sending what was rehearsed for real: to members of staff, and to nobody else.

The people of a rehearsal have no address a message could go to: what is sent is made anew from
the words alone, and `outbox.test_messages` takes the address from the member of staff it is told
to send to.
"""

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext, override

from accounts.models import User
from events.models import Rehearsal
from events.rehearsal.timeline import Moment, Words
from events.texts import clock, day
from outbox.models import Message
from outbox.test_messages import REHEARSAL, send_test


def send(rehearsal: Rehearsal, moment: Moment, to: Sequence[User], now: datetime) -> int:
    """Send each version of a moment's words to the team, and keep that it was done.

    Whoever is no recipient of this rehearsal, or works here no more, gets nothing. Raises
    NotSentError.
    """
    team = rehearsal.team().filter(pk__in=[user.pk for user in to])
    count = 0
    for user in team:
        with override(user.language):
            count += send_test(
                [_message(each, moment, now) for each in moment.words], user, REHEARSAL
            )
        rehearsal.sent.append({"of": moment.key, "to": user.full_name, "at": now.isoformat()})
        rehearsal.save(update_fields=["sent"])
    return count


def _message(words: Words, moment: Moment, now: datetime) -> Message:
    heading = gettext("[Rehearsal] On the evening: %(when)s, to %(who)s and whoever is like them.")
    when = f"{day(moment.at)} {clock(moment.at)}"
    return Message(
        medium=words.medium,
        language=words.language,
        subject=words.subject,
        body=f"{heading % {'when': when, 'who': words.to}}\n\n{words.body}",
        due_at=now,
    )
