"""Step 7: the intake before is reviewed and closed; of the running one the forms are begun."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal

from django.utils.translation import override

from accounts.models import Role, User
from goals.models import Goal
from plans.local_time import local_day, local_moment
from plans.models import Intake
from results import evaluations, reviews
from results.models import Decision, Evaluation, NextGoal, PlannedResult, Review
from smmprocess.demo.season import Span
from smmprocess.demo.staff import Staff

HELD_AFTER = timedelta(days=9)
"""So many days after its end an intake is talked through."""

SUMMARY = (
    "Vebināri trešdienu vakaros piesaistīja visvairāk cilvēku. Konferences izmaksas uz vienu līdu"
    " bija divas reizes lielākas nekā vebināriem, tāpēc rudenī rīkosim mazāku pasākumu."
)
NOTES = {
    Goal.Category.LEADS: "Vairāk līdu nekā gadu iepriekš; atvērto durvju dienas atmaksājās.",
    Goal.Category.TRAFFIC: "Apmaksātā reklāma atved, bet ilgi lapā paliek no raksta atnākušie.",
    Goal.Category.AWARENESS: "Instagram auga straujāk nekā Facebook.",
}
DECISIONS = (
    "Atvērto durvju dienu video tiešraidē arī Instagram",
    "Konferences vietā – divas vieslekcijas",
    "Katru mēnesi pārbaudīt, cik maksā viens līds",
)
PLANNED = (
    ("Sagatavot vebināru un atvērto durvju dienu reklāmu", "Uzdevumi laikā", 60, "tasks"),
    ("Mēneša satura plāns Facebook un Instagram", "Plāns līdz mēneša pirmajai dienai", 40, "hand"),
)


def close(staff: Staff, span: Span, now: datetime) -> None:
    """Review an intake that is over, sign its forms, and close it."""
    intake = Intake.objects.get(year=span.year, season=span.season)
    held_on = min(span.ends_on + HELD_AFTER, local_day(now))
    at = local_moment(held_on, time(15, 30))
    review = _talked_through(intake, staff, held_on, at)
    for person in (staff.specialist, staff.manager):
        _signed(intake, person, staff.head, span, at)
    snapshot = reviews.freeze(review, by=staff.head, at=at)
    for person in (staff.head, staff.director):
        reviews.confirm(review, snapshot, by=person, at=at)


def begin_forms(staff: Staff, span: Span) -> None:
    """Agree with a specialist on what the running intake is to bring."""
    intake = Intake.objects.get(year=span.year, season=span.season)
    at = span.before(5)
    evaluation = evaluations.begin(intake, staff.specialist, by=staff.head, at=at)
    with override("lv"):
        evaluations.go_on(evaluation, by=staff.head, at=at)


def _talked_through(intake: Intake, staff: Staff, held_on: date, at: datetime) -> Review:
    review = reviews.begin(intake)
    review.held_on, review.summary = held_on, SUMMARY
    review.save(update_fields=["held_on", "summary"])
    for note in review.goal_notes.select_related("goal"):
        if text := NOTES.get(Goal.Category(note.goal.category)):
            note.text, note.changed_by, note.changed_at = text, staff.director, at
            note.save(update_fields=["text", "changed_by", "changed_at"])
    for text, owner in zip(DECISIONS, (staff.specialist, staff.manager, staff.head), strict=True):
        decision = Decision.objects.create(
            review=review, text=text, owner=owner, made_by=staff.director, made_at=at
        )
        if owner == staff.specialist:
            due_on = held_on + timedelta(days=30)
            task = reviews.make_task(
                decision, by=staff.head, at=at, role=Role.SPECIALIST, due_on=due_on
            )
            task.complete(by=owner, at=min(at + timedelta(days=20), _noon(due_on)))
    return review


def _signed(intake: Intake, person: User, manager: User, span: Span, at: datetime) -> Evaluation:
    evaluation = evaluations.begin(intake, person, by=manager, at=span.before(5))
    for position, (text, measure, weight, source) in enumerate(PLANNED):
        PlannedResult.objects.create(
            evaluation=evaluation,
            text=text,
            measure=measure,
            weight=Decimal(weight),
            source=source,
            position=position,
        )
    evaluations.go_on(evaluation, by=manager, at=span.before(5))
    evaluation.results.filter(source=PlannedResult.Source.HAND).update(
        achieved="Pieci no pieciem mēnešiem laikā."
    )
    _score(evaluation, "self", 4, 4)
    evaluations.fill_in(evaluation, at)
    evaluations.go_on(evaluation, by=person, at=at - timedelta(days=4))
    _score(evaluation, "manager", 4, 5)
    evaluation.development_needs = "Video montāža; reklāmas rādītāju lasīšana."
    evaluation.manager_comment = "Paļaujos uz tevi arī rudenī."
    evaluation.employee_comment = "Vairāk laika vajadzētu video."
    evaluation.save(update_fields=["development_needs", "manager_comment", "employee_comment"])
    for text in ("Divi īsi video nedēļā", "Atbildēt uz komentāriem tās pašas dienas laikā"):
        NextGoal.objects.create(evaluation=evaluation, text=text, measure="Uzskaite")
    evaluations.go_on(evaluation, by=manager, at=at - timedelta(days=2))
    for who in (person, manager):
        evaluations.sign(evaluation, by=who, at=at)
    return evaluation


def _score(evaluation: Evaluation, who: str, results: int, competences: int) -> None:
    evaluation.results.update(**{f"{who}_score": results})
    evaluation.competences.update(**{f"{who}_score": competences})


def _noon(day: date) -> datetime:
    return local_moment(day, time(12))
