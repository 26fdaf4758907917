"""The review of an intake: freezing, confirming, closing, opening again."""

from datetime import date, timedelta
from itertools import product

import pytest
from django.utils.translation import override

from accounts.models import Role
from goals.models import Goal, StillNeededError
from results import reviews
from results.minutes import Decided, Minutes, Note
from results.models import Decision, Review, ReviewStateError, Snapshot
from tests.factories import make_user, make_year, riga
from tests.results.making import NOW, make_finished_intake

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_in_english")]
DAY = timedelta(days=1)


@pytest.fixture
def _in_english():
    with override("en"):
        yield


@pytest.fixture
def head():
    return make_user(full_name="Head")


@pytest.fixture
def director():
    return make_user(full_name="Director", role=Role.DIRECTOR)


@pytest.fixture
def review():
    review = reviews.begin(make_finished_intake())
    review.held_on = date(2026, 7, 3)
    review.save()
    return review


def make_decision(review, **fields):
    return Decision.objects.create(
        review=review, text="Post on Sundays", made_by=make_user(), made_at=NOW, **fields
    )


def test_a_review_begins_with_a_note_for_every_goal(review):
    assert review.goal_notes.count() == Goal.objects.count() == 1
    assert reviews.begin(review.intake) == review


def test_the_second_confirmation_closes_the_intake(review, head, director):
    snapshot = reviews.freeze(review, by=head, at=NOW)

    review.confirm(snapshot, by=head, at=NOW)
    assert not review.is_closed
    review.confirm(snapshot, by=director, at=NOW + DAY)

    assert review.closed_at == NOW + DAY
    assert set(review.confirmations) == {Role.DIRECTOR, Role.MARKETING_HEAD}


def test_nobody_confirms_twice_or_for_another_role(review, head):
    snapshot = reviews.freeze(review, by=head, at=NOW)
    review.confirm(snapshot, by=head, at=NOW)

    with pytest.raises(ReviewStateError, match="for your role already"):
        review.confirm(snapshot, by=make_user(), at=NOW)
    with pytest.raises(ReviewStateError, match="The director and the marketing head"):
        review.confirm(snapshot, by=make_user(role=Role.SPECIALIST), at=NOW)


def test_what_was_frozen_anew_is_not_confirmed_unseen(review, head, director):
    seen = reviews.freeze(review, by=head, at=NOW)
    reviews.freeze(review, by=head, at=NOW + DAY)

    with pytest.raises(ReviewStateError, match="frozen anew"):
        review.confirm(seen, by=director, at=NOW + DAY)


def test_nothing_changes_once_one_has_confirmed(review, head, director):
    snapshot = reviews.freeze(review, by=head, at=NOW)
    review.confirm(snapshot, by=director, at=NOW)

    with pytest.raises(ReviewStateError, match="confirmed by one of the two"):
        reviews.freeze(review, by=head, at=NOW)

    review.take_back(by=director)
    assert reviews.freeze(review, by=head, at=NOW).number == 2


@pytest.mark.parametrize(
    ("held_on", "words"),
    [
        (None, "on which day"),
        (NOW.date() + DAY, "still to come"),
        (date(2026, 6, 29), "before the end of the intake"),
    ],
)
def test_a_meeting_that_was_not_is_not_confirmed(review, head, held_on, words):
    snapshot = reviews.freeze(review, by=head, at=NOW)
    review.held_on = held_on
    review.save()

    with pytest.raises(ReviewStateError, match=words):
        review.confirm(snapshot, by=head, at=NOW)


def test_an_intake_is_not_confirmed_while_it_runs(review, head):
    last_day = riga(2026, 6, 30, 17)
    early = reviews.freeze(review, by=head, at=last_day)
    review.held_on = last_day.date()
    review.save()

    with pytest.raises(ReviewStateError, match="not over yet"):
        review.confirm(early, by=head, at=last_day)
    with pytest.raises(ReviewStateError, match="freeze them anew"):
        review.confirm(early, by=head, at=NOW)

    review.confirm(reviews.freeze(review, by=head, at=NOW), by=head, at=NOW)
    assert set(review.confirmations) == {Role.MARKETING_HEAD}


def test_only_what_can_be_confirmed_waits_for_a_confirmation(review, head):
    evening, midnight = riga(2026, 6, 30, 23, 59), riga(2026, 7, 1)
    held = [None, date(2026, 6, 29), date(2026, 6, 30), NOW.date(), NOW.date() + DAY]
    waiting, confirmable = [], []
    for taken_at, held_on in product([evening, midnight], held):
        reviews.freeze(review, by=head, at=taken_at)
        Review.objects.update(held_on=held_on)
        for today in (evening.date(), NOW.date()):
            case = (taken_at, held_on, today)
            standing = Review.objects.get()
            waiting += [case] * Review.objects.to_confirm_by(head, today).count()
            confirmable += [] if standing.unfinished(today) else [case]

    assert waiting == confirmable
    assert waiting == [(midnight, day, NOW.date()) for day in held[2:4]]


def test_a_closed_intake_is_opened_again_with_its_frozen_page_kept(review, head, director):
    snapshot = reviews.freeze(review, by=head, at=NOW)
    for person in (head, director):
        review.confirm(snapshot, by=person, at=NOW)

    review.reopen(by=director, at=NOW + DAY, reason="A wrong invoice.")

    snapshot.refresh_from_db()
    assert not review.is_closed
    assert review.snapshot is None
    assert snapshot.reopen_reason == "A wrong invoice."
    assert snapshot.confirmations.count() == 2


def test_what_was_confirmed_still_reads_after_it_was_changed(review, head, director):
    note = review.goal_notes.get()
    note.text = "More leads than planned."
    note.save()
    make_decision(review, owner=head, due_on=date(2026, 9, 1))
    snapshot = reviews.freeze(review, by=head, at=NOW)
    for person in (head, director):
        review.confirm(snapshot, by=person, at=NOW)
    review.reopen(by=director, at=NOW + DAY, reason="A wrong invoice.")

    review.goal_notes.update(text="Fewer.")
    review.decisions.all().delete()
    Review.objects.update(summary="Otherwise.", held_on=date(2026, 7, 5))

    kept = Minutes.of_kept(Snapshot.objects.get().minutes)
    assert (kept.held_on, kept.summary) == (date(2026, 7, 3), "")
    assert kept.notes == [Note("Promote lead generation", "More leads than planned.")]
    assert kept.decisions == [Decided("Post on Sundays", "Head", date(2026, 9, 1))]


def test_a_decision_becomes_one_task_of_who_sees_to_it(review, head):
    owner = make_user(role=Role.SPECIALIST)
    decision = make_decision(review, owner=owner)

    task = reviews.make_task(
        decision, by=head, at=NOW, role=Role.SPECIALIST, due_on=date(2026, 9, 1)
    )

    assert (task.title, task.assignee, task.due_on) == (
        "Post on Sundays",
        owner,
        date(2026, 9, 1),
    )
    with pytest.raises(ReviewStateError, match="already"):
        reviews.make_task(decision, by=head, at=NOW, role=Role.SPECIALIST, due_on=date(2026, 9, 1))


LONG = "Publicēt ierakstus arī svētdienās " * 8 + "un skatīties, kas notiek"


def test_a_long_decision_stands_whole_in_the_notes_of_its_task(review, head):
    decision = make_decision(review)
    Decision.objects.update(text=LONG)

    task = reviews.make_task(decision, by=head, at=NOW, role=Role.SPECIALIST, due_on=NOW.date())

    assert len(task.title) <= 150
    assert LONG.startswith(f"{task.title.removesuffix('…')} ")
    assert task.notes == f"{LONG}\n\nDecided in the review: Spring intake 2026."


def test_a_long_decision_stands_whole_in_the_description_of_its_goal(review):
    decision = make_decision(review)
    Decision.objects.update(text=LONG)

    goal = reviews.make_goal(decision, make_year(2027), category=Goal.Category.AWARENESS)

    assert len(goal.title) <= 200
    assert goal.description == LONG


def test_a_goal_of_which_nothing_was_said_can_still_be_taken_out(review):
    Goal.objects.get().take_out()

    assert not Goal.objects.exists()


def test_a_goal_of_which_something_was_said_stays(review):
    review.goal_notes.update(text="Wednesdays work.")

    with pytest.raises(StillNeededError):
        Goal.objects.get().take_out()


def test_a_decision_becomes_a_goal_of_a_year_that_is_being_drawn_up(review):
    decision, year = make_decision(review), make_year(2027)

    goal = reviews.make_goal(decision, year, category=Goal.Category.AWARENESS)

    assert (goal.year, goal.title) == (year, "Post on Sundays")
    decision.refresh_from_db()
    assert decision.goal == goal


def test_a_locked_year_takes_no_goal_of_a_decision(review, head, director):
    decision, year = make_decision(review), make_year(2027)
    year.document.submit(by=head, at=NOW, content=lambda: {"lines": []})

    with pytest.raises(ReviewStateError, match="locked"):
        reviews.make_goal(decision, year, category=Goal.Category.AWARENESS)

    decision.refresh_from_db()
    assert decision.goal is None
