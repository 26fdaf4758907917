"""The one thing to do next at a step, for a role."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import gettext

from accounts.models import Role
from documents.models import Document
from smmprocess.known import Facts, Paper
from smmprocess.links import address
from smmprocess.process import Step

PREPARERS = (Role.MARKETING_HEAD, Role.PROJECT_MANAGER, Role.SPECIALIST)


@dataclass(frozen=True)
class Action:
    """A link to where something is done, or looked at."""

    words: str
    url: str


def action_for(step: Step, facts: Facts, role: str) -> Action | None:
    """Name what comes next; None where the role can do nothing."""
    if facts.intake is None and step.number != "1":
        found = _first_intake(role)
    else:
        found = ACTIONS[step.number](facts, role)
    return found if found is not None and found.url else None


def _first_intake(role: str) -> Action | None:
    if role != Role.MARKETING_HEAD:
        return None
    return Action(gettext("Plan an intake"), address("plans:intake_create"))


def _goals(facts: Facts, role: str) -> Action | None:
    if facts.goals is not None:
        url = address("goals:year_detail", facts.year)
        return Action(_paper_words(facts.goals, role), url)
    if role == Role.MARKETING_HEAD:
        return Action(gettext("Begin the goals of the year"), address("goals:year_create"))
    return None


def _communication(facts: Facts, role: str) -> Action | None:
    return _paper(facts.communication, role, "plans:communication_detail", facts)


def _activities(facts: Facts, role: str) -> Action | None:
    return _paper(facts.activity_plan, role, "plans:intake_activities", facts)


def _paper(paper: Paper | None, role: str, page: str, facts: Facts) -> Action | None:
    if paper is None or facts.intake is None:
        return None
    return Action(_paper_words(paper, role), address(page, facts.intake.pk))


def _paper_words(paper: Paper, role: str) -> str:
    if paper.status == Document.Status.SUBMITTED and role == Role.DIRECTOR:
        return gettext("Approve or return it")
    if paper.status in Document.OPEN and role == Role.MARKETING_HEAD:
        return gettext("Complete and submit it")
    return gettext("Look at it")


def _audiences(facts: Facts, role: str) -> Action | None:
    assert facts.intake is not None
    page, words = "plans:intake_audiences", gettext("Look at it")
    if role == Role.MARKETING_HEAD and not facts.audiences:
        words = gettext("Describe the target audiences")
    elif role == Role.MARKETING_HEAD and not facts.channels:
        page, words = "plans:intake_channels", gettext("Name the channels")
    return Action(words, address(page, facts.intake.pk))


def _work(_facts: Facts, role: str) -> Action | None:
    if role in (Role.DIRECTOR, Role.MARKETING_HEAD):
        return Action(gettext("Look at the team's week"), address("work:team_week"))
    return Action(gettext("Open my day"), address("work:my_day"))


def _webinars(facts: Facts, role: str) -> Action | None:
    unpublished = facts.webinars.unpublished
    if unpublished and role in PREPARERS:
        words = gettext("Publish “%(event)s”") % {"event": unpublished[0].name}
        return Action(words, address("webinars:board", unpublished[0].event))
    return Action(
        gettext("Look at the webinars"), address("events:event_list", query="kind=webinar")
    )


def _open_days(facts: Facts, role: str) -> Action | None:
    unpublished = facts.open_days.unpublished
    if unpublished and role in PREPARERS:
        words = gettext("Publish “%(event)s”") % {"event": unpublished[0].name}
        return Action(words, address("opendays:board", unpublished[0].event))
    url = address("events:event_list", query="kind=open_day")
    return Action(gettext("Look at the open days"), url)


def _control(facts: Facts, role: str) -> Action | None:
    if facts.control.without_data and role in PREPARERS:
        return Action(gettext("Enter the figures that are missing"), address("kpi:dashboard"))
    return Action(gettext("Look at the figures"), address("kpi:dashboard"))


def _results(facts: Facts, role: str) -> Action | None:
    """Lead the two who discuss the results to their review, and everybody else to their own."""
    assert facts.intake is not None
    if role not in (Role.DIRECTOR, Role.MARKETING_HEAD):
        url = address("results:own_results", facts.intake.pk)
        return Action(gettext("Look at your own results"), url)
    is_over = facts.intake.ends_on < facts.today
    if facts.review.closed_on or not is_over:
        return Action(
            gettext("Look at the results"), address("results:intake_results", facts.intake.pk)
        )
    if role == Role.MARKETING_HEAD and not facts.review.frozen_on:
        words = gettext("Prepare the review")
    else:
        words = gettext("Read and confirm the results")
    return Action(words, address("results:review_detail", facts.intake.pk))


ACTIONS: dict[str, Callable[[Facts, str], Action | None]] = {
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
