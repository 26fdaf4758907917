"""The two of a review, or of a form, at the same moment, with connections of their own."""

import threading

import pytest
from django.db import connection
from django.urls import reverse

from accounts.models import Role
from outbox.models import Message
from plans.models import Intake
from results import evaluation_letters, evaluations, reviews
from results.evaluation_forms import BeginForm
from results.models import (
    Evaluation,
    EvaluationStateError,
    PlannedResult,
    Review,
    ReviewStateError,
)
from tests.factories import make_user
from tests.plans.making import make_intake
from tests.results.making import NOW, make_finished_intake

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*works):
    """Do all of it at the same moment; return what came of each, refusals too."""
    start, heard = threading.Barrier(len(works)), [None] * len(works)

    def run(number, work):
        try:
            start.wait(30)
            heard[number] = work()
        except (EvaluationStateError, ReviewStateError) as refusal:
            heard[number] = refusal
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=each) for each in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return heard


def test_both_confirm_at_once_and_the_intake_is_closed():
    head, director = make_user(), make_user(role=Role.DIRECTOR)
    review = reviews.begin(make_finished_intake())
    Review.objects.update(held_on=NOW.date())
    snapshot = reviews.freeze(review, by=head, at=NOW)
    copies = [Review.objects.get(), Review.objects.get()]

    heard = at_once(
        lambda: copies[0].confirm(snapshot, by=head, at=NOW),
        lambda: copies[1].confirm(snapshot, by=director, at=NOW),
    )

    assert heard == [None, None]
    assert Review.objects.get().is_closed
    assert snapshot.confirmations.count() == 2


def test_what_one_confirms_is_not_frozen_anew_by_the_other():
    head, director = make_user(), make_user(role=Role.DIRECTOR)
    review = reviews.begin(make_finished_intake())
    Review.objects.update(held_on=NOW.date())
    snapshot = reviews.freeze(review, by=head, at=NOW)
    copies = [Review.objects.get(), Review.objects.get()]

    heard = at_once(
        lambda: copies[0].confirm(snapshot, by=director, at=NOW),
        lambda: reviews.freeze(copies[1], by=head, at=NOW),
    )

    assert sum(isinstance(each, ReviewStateError) for each in heard) == 1
    current = Review.objects.get().snapshot
    assert current.confirmations.count() == (1 if current == snapshot else 0)


def test_both_sign_at_once_and_the_form_is_signed():
    head, employee = make_user(), make_user(role=Role.SPECIALIST)
    evaluation = evaluations.begin(make_intake(), employee, by=head, at=NOW)
    Evaluation.objects.update(state=Evaluation.State.SIGNING)
    copies = [Evaluation.objects.get(), Evaluation.objects.get()]

    heard = at_once(
        lambda: evaluations.sign(copies[0], by=head, at=NOW),
        lambda: evaluations.sign(copies[1], by=employee, at=NOW),
    )

    assert heard == [None, None]
    evaluation.refresh_from_db()
    assert evaluation.is_signed
    assert evaluation.versions.count() == 2


def test_a_step_that_is_asked_for_twice_is_taken_once():
    evaluation = evaluations.begin(
        make_intake(), make_user(role=Role.SPECIALIST), by=make_user(), at=NOW
    )
    evaluation.competences.update(self_score=4, manager_score=4)
    PlannedResult.objects.create(
        evaluation=evaluation,
        text="Ten videos",
        measure="Count",
        weight=100,
        achieved="Done.",
        self_score=4,
        manager_score=4,
    )
    copies = [Evaluation.objects.get(), Evaluation.objects.get()]

    heard = at_once(
        *(lambda copy=copy: evaluations.go_on(copy, by=copy.manager, at=NOW) for copy in copies)
    )

    assert [each for each in heard if each is None] == [None]
    assert Evaluation.objects.get().state == Evaluation.State.SELF


def test_two_workers_tell_the_employee_once():
    employee = make_user(role=Role.SPECIALIST)
    evaluations.begin(make_intake(), employee, by=make_user(), at=NOW)
    Evaluation.objects.update(state=Evaluation.State.SELF)

    heard = at_once(*[lambda: evaluation_letters.queue_due(NOW)] * 2)

    assert sorted(heard) == [0, 1]
    assert [each.user for each in Message.objects.all()] == [employee]


def test_the_second_who_begins_the_same_form_is_told(client_for, monkeypatch):
    head, employee = make_user(), make_user(role=Role.SPECIALIST)
    intake = make_intake(by=head)
    is_valid = BeginForm.is_valid

    def then_another_begins(form):
        found = is_valid(form)
        evaluations.begin(Intake.objects.get(), employee, by=make_user(), at=NOW)
        return found

    monkeypatch.setattr(BeginForm, "is_valid", then_another_begins)
    response = client_for(head).post(
        reverse("results:evaluation_begin"), {"intake": intake.pk, "employee": employee.pk}
    )

    assert "form" in response.context
    assert "This person has a form for this intake already." in str(response.context["form"].errors)
