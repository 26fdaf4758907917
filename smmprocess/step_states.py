"""Where a step of the process stands, judged from facts alone; and what shows that."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext, ngettext, pgettext_lazy

from documents.models import Document
from events.board import on_day
from results.headline import reached_words
from smmprocess.known import Announcements, Control, Facts, Paper
from smmprocess.process import Anchor, Step
from ui.choices import ShownChoices

DUE_FROM = timedelta(days=30)
"""So long before its date a step is called due."""


class State(ShownChoices):
    """Where a step stands; each word has a sign, so that the colour says nothing new."""

    NOT_DUE = "not_due", "is-quiet", "clock", pgettext_lazy("step", "not due")
    DUE = "due", "is-warning", "flag", pgettext_lazy("step", "due")
    IN_WORK = "in_work", "is-info", "player-play", pgettext_lazy("step", "in work")
    WAITING = "waiting", "is-warning", "hand-click", pgettext_lazy("step", "waiting for approval")
    DONE = "done", "is-ok", "check", pgettext_lazy("step", "done")
    LATE = "late", "is-bad", "alert-triangle", pgettext_lazy("step", "late")


@dataclass(frozen=True)
class Stand:
    """Where a step stands, what shows that, and its date."""

    state: State
    evidence: tuple[str, ...]
    due_on: date | None = None
    """None: it has no single day."""

    open_dates: tuple[date, ...] = ()
    """The days by which something of it still has to happen, or had to."""


def stand_of(step: Step, facts: Facts) -> Stand:
    """Judge a step; the sentences are in the language that is active."""
    if step.due.anchor != Anchor.YEAR_BEGINS and facts.intake is None:
        return Stand(State.NOT_DUE, (gettext("No intake is planned yet."),))
    return JUDGES[step.number](step, facts)


def due_on(step: Step, facts: Facts) -> date | None:
    """Return the one day of a step; None where each day or each event has its own."""
    intake = facts.intake
    if step.due.anchor == Anchor.YEAR_BEGINS:
        return step.due.on(date(facts.year, 1, 1))
    if intake is not None and step.due.anchor == Anchor.INTAKE_BEGINS:
        return step.due.on(intake.begins_on)
    if intake is not None and step.due.anchor == Anchor.INTAKE_ENDS:
        return step.due.on(intake.ends_on)
    return None


def _goals(step: Step, facts: Facts) -> Stand:
    count = facts.goal_count
    evidence = [ngettext("%(count)s goal.", "%(count)s goals.", count) % {"count": count}]
    if facts.goals is None:
        evidence = [gettext("The goals of %(year)s are not begun.") % {"year": facts.year}]
    elif facts.without_target:
        evidence.append(
            ngettext(
                "%(count)s goal has no target.",
                "%(count)s goals have no target.",
                facts.without_target,
            )
            % {"count": facts.without_target}
        )
    return _paper(step, facts, facts.goals, evidence, is_begun=facts.goals is not None)


def _communication(step: Step, facts: Facts) -> Stand:
    count = facts.key_messages
    evidence = [
        ngettext("%(count)s key message.", "%(count)s key messages.", count) % {"count": count}
    ]
    return _paper(step, facts, facts.communication, evidence, is_begun=count > 0)


def _activities(step: Step, facts: Facts) -> Stand:
    count = facts.activities
    evidence = [
        ngettext("%(count)s activity in the plan.", "%(count)s activities in the plan.", count)
        % {"count": count}
    ]
    return _paper(step, facts, facts.activity_plan, evidence, is_begun=count > 0)


def _paper(
    step: Step, facts: Facts, paper: Paper | None, evidence: list[str], *, is_begun: bool
) -> Stand:
    """Judge a step that ends with the approval of a document."""
    status = paper.status if paper else ""
    evidence = [*evidence, *_said_of(paper)]
    if status == Document.Status.APPROVED:
        return Stand(State.DONE, tuple(evidence), due_on(step, facts))
    if paper and paper.approved_version:
        state = State.WAITING if status == Document.Status.SUBMITTED else State.IN_WORK
        return Stand(state, tuple(evidence), due_on(step, facts))
    is_begun = is_begun or status == Document.Status.RETURNED
    stand = _unfinished(step, facts, evidence, is_begun=is_begun)
    if status == Document.Status.SUBMITTED:
        return Stand(State.WAITING, stand.evidence, stand.due_on, stand.open_dates)
    return stand


def _said_of(paper: Paper | None) -> list[str]:
    if paper is None:
        return []
    words = {
        Document.Status.SUBMITTED: (gettext("Submitted on %(day)s."), paper.submitted_on),
        Document.Status.APPROVED: (gettext("Approved on %(day)s."), paper.decided_on),
        Document.Status.RETURNED: (
            gettext("Returned for changes on %(day)s."),
            paper.decided_on,
        ),
    }
    sentence, day = words.get(Document.Status(paper.status), ("", None))
    said = [sentence % {"day": on_day(day)}] if day else []
    return [*_said_of_change(paper), *said]


def _said_of_change(paper: Paper) -> list[str]:
    """Say what holds while an approved document is open for a change."""
    if not paper.approved_version or not paper.approved_on:
        return []
    return [
        gettext("Version %(number)s was approved on %(day)s.")
        % {"number": paper.approved_version, "day": on_day(paper.approved_on)},
        gettext("Opened for a change: %(reason)s") % {"reason": paper.reason},
    ]


def _audiences(step: Step, facts: Facts) -> Stand:
    evidence = [
        ngettext("%(count)s target audience.", "%(count)s target audiences.", facts.audiences)
        % {"count": facts.audiences},
        ngettext("%(count)s channel.", "%(count)s channels.", facts.channels)
        % {"count": facts.channels},
    ]
    if facts.audiences and facts.channels:
        return Stand(State.DONE, tuple(evidence), due_on(step, facts))
    is_begun = bool(facts.audiences or facts.channels)
    return _unfinished(step, facts, evidence, is_begun=is_begun)


def _unfinished(step: Step, facts: Facts, evidence: list[str], *, is_begun: bool) -> Stand:
    day = due_on(step, facts)
    assert day is not None
    return Stand(_by_date(day, facts.today, is_begun), tuple(evidence), day, (day,))


def _by_date(day: date, today: date, is_begun: bool) -> State:
    if day < today:
        return State.LATE
    if is_begun:
        return State.IN_WORK
    return State.DUE if day - DUE_FROM <= today else State.NOT_DUE


def _work(step: Step, facts: Facts) -> Stand:
    """Judge the execution by its tasks: it is due every day, so no date of it is reminded of."""
    tasks = facts.tasks
    if not tasks.open:
        if tasks.has_done:
            return Stand(State.DONE, (gettext("No task is open."),))
        return Stand(State.NOT_DUE, (gettext("There are no tasks yet."),))
    evidence = [
        ngettext("%(count)s open task.", "%(count)s open tasks.", tasks.open)
        % {"count": tasks.open}
    ]
    if tasks.overdue:
        evidence.append(gettext("Overdue: %(count)s.") % {"count": tasks.overdue})
    if tasks.today:
        evidence.append(gettext("Due today: %(count)s.") % {"count": tasks.today})
    state = State.LATE if tasks.overdue else State.DUE if tasks.today else State.IN_WORK
    return Stand(state, tuple(evidence), tasks.first_due_on)


def _webinars(_step: Step, facts: Facts) -> Stand:
    return _announcements(facts.webinars, facts.today)


def _open_days(_step: Step, facts: Facts) -> Stand:
    return _announcements(facts.open_days, facts.today)


def _announcements(told: Announcements, today: date) -> Stand:
    """Judge how the events that are still to come are published."""
    coming = told.published + len(told.unpublished)
    if not coming:
        if told.past:
            return Stand(State.DONE, (gettext("All events of the intake are over."),))
        return Stand(State.NOT_DUE, (gettext("No event of the intake is prepared yet."),))
    sentence = ngettext(
        "%(count)s of %(all)s coming events is published.",
        "%(count)s of %(all)s coming events are published.",
        told.published,
    )
    evidence = [sentence % {"count": told.published, "all": coming}]
    if not told.unpublished:
        return Stand(State.DONE, tuple(evidence))
    first = told.unpublished[0]
    evidence.append(gettext("Next to publish: %(event)s.") % {"event": first.name})
    dates = tuple(each.due_on for each in told.unpublished)
    return Stand(
        _by_date(first.due_on, today, told.published > 0), tuple(evidence), first.due_on, dates
    )


def _control(_step: Step, facts: Facts) -> Stand:
    """Judge the control by the targets of the year while an intake runs."""
    intake, control = facts.intake, facts.control
    assert intake is not None
    evidence = tuple(_said_of_control(control))
    if not intake.begins_on <= facts.today <= intake.ends_on:
        return Stand(State.NOT_DUE, evidence)
    if control.behind:
        return Stand(State.LATE, evidence)
    if control.without_data or not control.on_pace:
        return Stand(State.DUE, evidence)
    return Stand(State.DONE, evidence)


def _said_of_control(control: Control) -> list[str]:
    if not control.all:
        return [gettext("No indicator of the year has a target.")]
    said = [
        gettext("On pace or reached: %(count)s of %(all)s.")
        % {"count": control.on_pace, "all": control.all}
    ]
    if control.behind:
        said.append(gettext("Behind: %(count)s.") % {"count": control.behind})
    if control.without_data:
        said.append(gettext("Without data: %(count)s.") % {"count": control.without_data})
    if control.last_day:
        said.append(gettext("Newest figures: %(day)s.") % {"day": on_day(control.last_day)})
    return said


def _results(step: Step, facts: Facts) -> Stand:
    """Judge the review: it is due once the intake is over, and done when both have confirmed."""
    intake, day, review = facts.intake, due_on(step, facts), facts.review
    assert intake is not None
    assert day is not None
    if review.closed_on:
        closed = gettext("Closed on %(day)s.") % {"day": on_day(review.closed_on)}
        return Stand(State.DONE, (closed, reached_words(review.reached, review.judged)), day)
    if intake.ends_on >= facts.today:
        return Stand(State.NOT_DUE, (gettext("The intake is not over yet."),), day, (day,))
    if not review.frozen_on:
        evidence = gettext("The figures are not frozen for the review yet.")
        is_late = day < facts.today
        state = State.LATE if is_late else State.IN_WORK if review.is_begun else State.DUE
        return Stand(state, (evidence,), day, (day,))
    evidence = gettext("Figures frozen on %(day)s.") % {"day": on_day(review.frozen_on)}
    confirmed = (
        gettext("Confirmed by: %(roles)s.") % {"roles": ", ".join(review.confirmed_by)}
        if review.confirmed_by
        else gettext("Nobody has confirmed them yet.")
    )
    state = State.LATE if day < facts.today else State.WAITING
    return Stand(state, (evidence, confirmed), day, (day,))


JUDGES: dict[str, Callable[[Step, Facts], Stand]] = {
    "1": _goals,
    "2": _communication,
    "3": _audiences,
    "4": _activities,
    "5": _work,
    "5.1": _webinars,
    "5.2": _open_days,
    "6": _control,
    "7": _results,
}
