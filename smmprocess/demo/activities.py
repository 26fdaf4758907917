"""Step 4: an intake's activity plan, discussed and approved, and what became of its activities."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import Any

from accounts.models import Unit, User
from documents.content import snapshot
from documents.models import Comment
from goals.models import Goal
from plans import content
from plans.local_time import local_day, local_moment, same_clock
from plans.models import Activity, ActivityComment, Audience, Channel, Intake, Publication
from smmprocess.demo import activity_words as words
from smmprocess.demo.planned import Planned
from smmprocess.demo.season import AFTERNOON, Span, days_ago
from smmprocess.demo.staff import Staff
from webinars.event_type import WEBINAR

State = Activity.State
ADVERTISED = (timedelta(weeks=3), timedelta(weeks=1))
"""So long before an activity it is advertised on its first channel, and on the others."""


@dataclass
class Plan:
    """An intake's activities while they are being planned."""

    intake: Intake
    staff: Staff
    span: Span
    now: datetime
    goals: dict[str, Goal] = field(init=False)
    audiences: Sequence[Audience] = field(init=False)
    channels: Sequence[Channel] = field(init=False)

    def __post_init__(self) -> None:
        self.goals = {
            goal.category: goal for goal in Goal.objects.filter(year__year=self.intake.year)
        }
        self.audiences = list(self.intake.audiences.all())
        self.channels = list(self.intake.channels.all())

    def add(self, planned: Planned, **fields: object) -> Activity:
        """Put an activity into the plan; what came of it is told later."""
        when = planned.when
        starts_at = self.span.at(when.week, when.weekday, time.fromisoformat(when.clock))
        last_start = same_clock(starts_at, days=when.days)
        activity = Activity.objects.create(
            intake=self.intake,
            kind=planned.kind,
            title=planned.titles[0],
            title_en=planned.titles[1],
            starts_at=starts_at,
            ends_at=last_start + timedelta(minutes=when.minutes),
            last_on=self.span.ends_on if planned.is_weekly else None,
            owner=self.person(planned.owner),
            unit=Unit.objects.get(name=planned.unit) if planned.unit else None,
            presenter=planned.presenter,
            notes=planned.notes,
            budget_planned=planned.budget,
            expected_leads=planned.leads,
            changed_by=self.staff.head,
            changed_at=self.span.before(45),
            **fields,
        )
        activity.goals.set([self.goals[category] for category in planned.goals])
        activity.audiences.set([self.audiences[number] for number in planned.audiences])
        activity.channels.set([self.channels[number] for number in planned.channels])
        return activity

    def person(self, key: str) -> User:
        person: User = getattr(self.staff, key)
        return person

    def saying(self) -> dict[str, Any]:
        return snapshot(lambda: content.activity_lines(self.intake))

    def submit(self, days_before: int) -> None:
        self.intake.activity_plan.document.submit(
            by=self.staff.head, at=self.span.before(days_before), content=self.saying
        )

    def discuss(self, activity: Activity, planned: Planned) -> None:
        """Say what people say about an activity: the days before it, or lately."""
        for number, (who, text) in enumerate(reversed(planned.comments)):
            ago = min(activity.starts_at - timedelta(days=6), days_ago(self.now, 1, AFTERNOON))
            at = ago - timedelta(days=number, hours=2)
            ActivityComment.objects.create(activity=activity, by=self.person(who), at=at, text=text)

    def carry_out(self, activity: Activity, planned: Planned) -> None:
        """Write down what has become of an activity by now."""
        self.discuss(activity, planned)
        if planned.cancelled:
            activity.cancel(reason=planned.cancelled)
            return
        if planned.spent:
            activity.budget_spent = Decimal(planned.spent)
            activity.save(update_fields=["budget_spent"])
        is_over = activity.ends_at < self.now and not planned.is_weekly
        if is_over or self.span.ends_on < local_day(self.now):
            activity.finish()

    def advertise(self, activity: Activity) -> None:
        """Plan an advertisement on each channel, and place those whose time has come."""
        for number, channel in enumerate(activity.channels.all()):
            day = local_day(activity.starts_at) - ADVERTISED[min(number, 1)]
            planned_at = local_moment(day, time(9 + number))
            publication = Publication.objects.create(
                activity=activity, channel=channel, planned_at=planned_at
            )
            if planned_at < self.now:
                self.publish(publication)

    def publish(self, publication: Publication) -> None:
        """Note the live post; what was before events were prepared here needs a reason."""
        is_webinar = publication.activity.kind in WEBINAR.activity_kinds
        publication.publish(
            url=f"{publication.channel.address}/{publication.pk}",
            by=self.staff.head if is_webinar else self.staff.specialist,
            at=min(publication.planned_at + timedelta(minutes=12), self.now),
            reason=words.BEFORE_EVENTS_WERE_HERE if is_webinar else "",
        )


def approve(plan: Plan) -> None:
    """Have the plan approved at once, as it was in the intakes before."""
    plan.submit(38)
    plan.intake.activity_plan.document.approve(
        by=plan.staff.director, at=plan.span.before(35), comment="Apstiprinu."
    )


def discuss_and_approve(plan: Plan, late_one: Planned) -> Activity:
    """Have the plan returned once, with something missing, and then approved."""
    document = plan.intake.activity_plan.document
    plan.submit(45)
    document.send_back(
        by=plan.staff.director,
        at=plan.span.before(42),
        comment="Kur ir maksas vebinārs vadītājiem? Tālākizglītības centrs ar to rēķinās.",
    )
    missing = plan.add(late_one)
    plan.submit(39)
    Comment.objects.create(
        document=document,
        by=plan.staff.unit_head,
        at=plan.span.before(38),
        text="Vieslekcijām laiki der; auditoriju rezervēšu es.",
    )
    document.approve(
        by=plan.staff.director,
        at=plan.span.before(35),
        comment="Apstiprinu. Mērķim „klausīties” pagaidām nav nevienas aktivitātes, padomājiet.",
    )
    return missing


def make_proposals(plan: Plan) -> None:
    """Let the head of unit propose: one waits, one was declined."""
    waiting = plan.add(
        words.PROPOSED,
        state=State.PROPOSED,
        proposed_by=plan.staff.unit_head,
    )
    plan.discuss(waiting, words.PROPOSED)
    declined = plan.add(words.DECLINED, state=State.PROPOSED, proposed_by=plan.staff.unit_head)
    declined.decline(by=plan.staff.head, at=days_ago(plan.now, 6), word=words.DECLINED_WHY)
