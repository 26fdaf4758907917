"""Steps 2 to 4 over the year: two intakes that are over, the one that runs, the one prepared."""

from datetime import datetime

from plans import intakes, roll_forward
from plans.models import Activity, Intake
from smmprocess.demo import activities, communication
from smmprocess.demo import activity_words as words
from smmprocess.demo.activities import Plan
from smmprocess.demo.earlier_activity_words import EARLIER
from smmprocess.demo.season import AFTERNOON, LENGTH, Span, days_ago
from smmprocess.demo.staff import Staff


def make_earlier(staff: Staff, span: Span, now: datetime) -> None:
    """Make an intake that is over, with everything approved and done."""
    intake = _begin(staff, span)
    communication.draw_up(intake, staff, span)
    communication.decide(intake.communication_plan, staff, span)
    plan = Plan(intake, staff, span, now)
    planned = [(plan.add(each), each) for each in EARLIER]
    activities.approve(plan)
    for activity, each in planned:
        plan.carry_out(activity, each)
        plan.advertise(activity)


def make_running(staff: Staff, span: Span, now: datetime) -> dict[str, Activity]:
    """Make the intake that runs; return its activities by their title."""
    intake = _begin(staff, span)
    communication.draw_up(intake, staff, span)
    communication.decide(intake.communication_plan, staff, span)
    plan = Plan(intake, staff, span, now)
    late_one = words.HALF_DONE_WEBINAR
    planned = {each.title: plan.add(each) for each in words.RUNNING if each != late_one}
    planned[late_one.title] = activities.discuss_and_approve(plan, late_one)
    activities.make_proposals(plan)
    for each in words.RUNNING:
        plan.carry_out(planned[each.title], each)
        if each not in WITH_EVENTS:
            plan.advertise(planned[each.title])
    return planned


WITH_EVENTS = (
    *(words.OPEN_DAYS, words.PAST_WEBINAR, words.READY_WEBINAR, words.HALF_DONE_WEBINAR),
)
"""Their advertising is told with the preparation of their events."""


def prepare_next(staff: Staff, running: Intake, span: Span, now: datetime) -> None:
    """Roll the running intake forward: one plan waits for the director, one came back from her."""
    target = Intake(
        year=span.year, season=span.season, begins_on=span.begins_on, ends_on=span.ends_on
    )
    chosen = running.activities.in_plan().values_list("pk", flat=True)
    begun_at = days_ago(now, 12)
    roll_forward.carry_out(
        running, target, weeks=LENGTH, chosen=set(chosen), by=staff.head, at=begun_at
    )
    communication.share_targets(target)
    plan = Plan(target, staff, span, now)
    paper = target.activity_plan.document
    paper.submit(by=staff.head, at=days_ago(now, 4), content=plan.saying)
    paper.send_back(
        by=staff.director,
        at=days_ago(now, 2),
        comment="Divas kampaņas vienā nedēļā. Lūdzu, pārceliet grāmatvedību uz vēlāku laiku.",
    )
    target.communication_plan.document.submit(
        by=staff.head,
        at=days_ago(now, 1, AFTERNOON),
        content=lambda: communication.saying(target.communication_plan),
    )


def _begin(staff: Staff, span: Span) -> Intake:
    intake = Intake(
        year=span.year, season=span.season, begins_on=span.begins_on, ends_on=span.ends_on
    )
    return intakes.begin(intake, by=staff.head, at=span.before(60))
