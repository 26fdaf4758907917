"""Who is written to when an evaluation form comes to them."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils.translation import override

from accounts.models import Role
from outbox.models import Dispatch, Message
from results import evaluation_letters, evaluations
from results.models import Evaluation, EvaluationStateError
from tests.factories import make_user, riga
from tests.plans.making import make_intake
from tests.results.test_evaluations import JANUARY, NOW, bring_to_signing, plan, score

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_in_english")]
THE_MORNING_AFTER = riga(2026, 7, 1, 9)


@pytest.fixture
def _in_english():
    with override("en"):
        yield


@pytest.fixture
def head():
    return make_user(full_name="Anna", language="en")


@pytest.fixture
def specialist():
    return make_user(full_name="Inga", role=Role.SPECIALIST, language="lv")


@pytest.fixture
def evaluation(head, specialist):
    return evaluations.begin(make_intake(), specialist, by=head, at=JANUARY)


def told():
    return [each.user for each in Message.objects.order_by("pk")]


def settle(evaluation, at=NOW):
    plan(evaluation, 100, achieved="Ten videos.")
    evaluations.go_on(evaluation, by=evaluation.manager, at=at)


def hand_in(evaluation):
    score(evaluation, "self")
    evaluations.go_on(evaluation, by=evaluation.employee, at=NOW)


def test_each_is_told_once_when_the_form_comes_to_them(evaluation, head, specialist):
    assert told() == []

    bring_to_signing(evaluation)

    assert told() == [specialist, head, specialist]
    for person in (specialist, head):
        evaluations.sign(evaluation, by=person, at=NOW)
    assert len(told()) == 3


def test_whose_form_it_is_and_what_it_says_stand_in_no_letter(evaluation, head, specialist):
    settle(evaluation)
    hand_in(evaluation)
    evaluations.send_back(evaluation, by=head, at=NOW, reason="Too little is said.")

    for letter in Message.objects.select_related("dispatch"):
        written = f"{letter.dispatch.title} {letter.subject} {letter.body}"
        assert f"/results/forms/{evaluation.pk}/" in written
        for confidential in ("Inga", "Anna", "Ten videos", "Result 1", "Too little"):
            assert confidential not in written


def test_each_is_written_to_in_the_own_language(evaluation):
    settle(evaluation)
    hand_in(evaluation)

    assert [each.subject for each in Message.objects.order_by("pk")] == [
        "Jūs gaida novērtēšanas veidlapa: 2026. gada pavasara uzņemšana",
        "An evaluation form waits for you: Spring intake 2026",
    ]


def test_what_is_sent_back_comes_to_the_employee_anew(evaluation, head, specialist):
    settle(evaluation)
    hand_in(evaluation)

    evaluations.send_back(evaluation, by=head, at=NOW, reason="Too little is said.")

    assert told() == [specialist, head, specialist]
    assert evaluation_letters.queue_due(NOW) == 0


def test_who_opens_a_form_for_themselves_is_not_written_to(evaluation, head):
    bring_to_signing(evaluation)
    before = len(told())

    evaluations.send_back(evaluation, by=head, at=NOW, reason="A wrong score.")

    assert len(told()) == before


def test_an_assessment_waits_from_the_morning_after_the_intake_and_is_told_then(
    evaluation, specialist
):
    settle(evaluation, JANUARY)
    minute = timedelta(minutes=1)
    moments = [
        *(JANUARY + timedelta(days=1), riga(2026, 6, 30, 12), THE_MORNING_AFTER - minute),
        *(THE_MORNING_AFTER, THE_MORNING_AFTER + minute, THE_MORNING_AFTER + timedelta(days=1)),
    ]

    assert [evaluation_letters.queue_due(now) for now in moments] == [0, 0, 0, 1, 0, 0]
    assert told() == [specialist]
    assert Message.objects.get().due_at == THE_MORNING_AFTER


def test_a_weekend_without_workers_delays_the_letter_and_does_not_lose_it(evaluation, specialist):
    settle(evaluation, JANUARY)

    saturday = evaluation_letters.queue_due(riga(2026, 7, 4, 10))
    monday = evaluation_letters.queue_due(riga(2026, 7, 6, 16, 59))

    assert (saturday, monday) == (0, 1)


def test_what_went_on_or_back_meanwhile_is_not_told_of(evaluation, head):
    settle(evaluation, JANUARY)
    evaluations.send_back(evaluation, by=head, at=JANUARY, reason="Another plan.")

    assert evaluation_letters.queue_due(THE_MORNING_AFTER) == 0


@pytest.mark.parametrize("is_signed", [False, True])
def test_another_manager_is_told_and_the_employee_only_who_is_to_sign_anew(
    evaluation, specialist, is_signed
):
    bring_to_signing(evaluation)
    if is_signed:
        evaluations.sign(evaluation, by=specialist, at=NOW)
    before, following = len(told()), make_user(full_name="Ilze")

    by = make_user(role=Role.DIRECTOR)
    evaluations.hand_over(evaluation, following, by=by, at=NOW, reason="Has left.")

    assert told()[before:] == ([following, specialist] if is_signed else [following])


def test_another_manager_is_no_second_letter_for_who_assesses_the_own_work(evaluation):
    settle(evaluation)

    by = make_user(role=Role.DIRECTOR)
    evaluations.hand_over(evaluation, make_user(), by=by, at=NOW, reason="Has left.")

    assert len(told()) == 1
    assert evaluation_letters.queue_due(NOW) == 0


def test_who_has_left_is_not_written_to(evaluation, specialist):
    specialist.is_active = False
    specialist.save(update_fields=["is_active"])

    settle(Evaluation.objects.get())

    assert told() == []
    assert evaluation_letters.queue_due(NOW) == 0
    assert not Dispatch.objects.exists()


def test_a_step_that_is_refused_or_undone_tells_nobody(evaluation):
    settle(evaluation)
    before = len(told())

    with pytest.raises(EvaluationStateError, match="missing"):
        evaluations.go_on(evaluation, by=evaluation.employee, at=NOW)
    with transaction.atomic():
        hand_in(evaluation)
        written = len(told())
        transaction.set_rollback(True)

    assert (before, written, len(told())) == (1, 2, 1)
