"""Telling whoever has the next step of an evaluation form that it has come to them.

The form is confidential, and messages are seen by others: neither whose form it is nor what it
says stands in a letter, only the link, which opens for the two and the director.
"""

from collections.abc import Iterable
from datetime import datetime, time, timedelta
from functools import partial

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext

from accounts.models import User
from outbox import queue
from outbox.models import Purpose
from outbox.staff_letters import letters
from plans.holidays import is_working_day
from plans.local_time import local_day, local_moment
from results.models import Evaluation

OF_USE = timedelta(days=7)
"""Whoever could not be written to for so long has seen it on the home page."""

FROM, UNTIL = time(9), time(17)
"""By the clock in Riga, on working days."""


def tell(evaluation: Evaluation, people: Iterable[User], at: datetime) -> bool:
    """Write to those of the people whose step is next, in the transaction of whoever took one."""
    waiting = Evaluation.objects.filter(pk=evaluation.pk)
    readers = [
        each
        for each in people
        if each.is_active and waiting.waiting_for(each, local_day(at)).exists()
    ]
    if not readers:
        return False
    drafts = letters(readers, partial(_text, evaluation), due_at=at, expires_at=at + OF_USE)
    title = gettext("Work performance planning and evaluation form")
    queue.queue_to_users(f"{title} · {evaluation.intake}", drafts, purpose=Purpose.SERVICE)
    if evaluation.employee in readers:
        evaluation.employee_told_at = at
        evaluation.save(update_fields=["employee_told_at"])
    return True


def queue_due(now: datetime) -> int:
    """Tell those whose plan was settled during the intake, once it is over; return how many.

    What they are to assess is not known before.
    """
    today = local_day(now)
    is_time = local_moment(today, FROM) <= now < local_moment(today, UNTIL)
    if not is_time or not is_working_day(today):
        return 0
    due = Evaluation.objects.self_assessment_untold(today)
    return sum(_tell_employee(pk, now) for pk in due.values_list("pk", flat=True))


@transaction.atomic
def _tell_employee(pk: int, now: datetime) -> bool:
    untold = Evaluation.objects.self_assessment_untold(local_day(now))
    # Another worker may have told meanwhile: the locked row is looked for by the same conditions.
    evaluation = untold.select_for_update(of=("self",)).filter(pk=pk).first()
    return evaluation is not None and tell(evaluation, [evaluation.employee], now)


def _text(evaluation: Evaluation) -> tuple[str, str]:
    values = {
        "intake": evaluation.intake,
        "link": settings.SITE_URL + reverse("results:evaluation_detail", args=[evaluation.pk]),
    }
    subject = gettext("An evaluation form waits for you: %(intake)s")
    body = gettext(
        "The next step of a work performance planning and evaluation form is yours (%(intake)s)."
        "\n\nWhat is to be done stands in the form:\n%(link)s"
    )
    return subject % values, body % values
