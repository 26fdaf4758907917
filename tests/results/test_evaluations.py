"""The work performance planning and evaluation form: its way from plan to both signatures."""

from datetime import date
from decimal import Decimal

import pytest
import time_machine
from django.urls import reverse
from django.utils.translation import override

from accounts.models import Role
from results import evaluations
from results.models import Evaluation, EvaluationStateError, NextGoal, PlannedResult
from tests.factories import make_task, make_user, riga
from tests.plans.making import make_intake

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_now")]
NOW = riga(2026, 7, 6, 10)


@pytest.fixture
def _now():
    with time_machine.travel(NOW, tick=False), override("en"):
        yield


@pytest.fixture
def head():
    return make_user(full_name="Head")


@pytest.fixture
def specialist():
    return make_user(full_name="Inga", role=Role.SPECIALIST)


@pytest.fixture
def evaluation(head, specialist):
    return evaluations.begin(make_intake(), specialist, by=head, at=NOW)


def plan(evaluation, *weights, **fields):
    return [
        PlannedResult.objects.create(
            evaluation=evaluation,
            text=f"Result {number}",
            measure="Counted",
            weight=weight,
            **fields,
        )
        for number, weight in enumerate(weights, start=1)
    ]


def score(evaluation, who):
    evaluation.results.update(**{f"{who}_score": 4})
    evaluation.competences.update(**{f"{who}_score": 5})


def bring_to_signing(evaluation):
    plan(evaluation, 60, 40)
    evaluations.go_on(evaluation, by=evaluation.manager, at=NOW)
    evaluation.results.update(achieved="Done.")
    score(evaluation, "self")
    evaluations.go_on(evaluation, by=evaluation.employee, at=NOW)
    score(evaluation, "manager")
    evaluations.go_on(evaluation, by=evaluation.manager, at=NOW)


def test_it_begins_with_competences_to_score(evaluation):
    assert evaluation.competences.count() == len(evaluations.COMPETENCES)
    assert evaluation.state == Evaluation.State.PLANNING


def test_goals_agreed_last_time_become_planned_results(evaluation, head, specialist):
    for text in ("Ten videos", "A new channel", "Answers within an hour"):
        NextGoal.objects.create(evaluation=evaluation, text=text)
    autumn = make_intake(season="autumn", begins_on=date(2026, 8, 24), ends_on=date(2026, 12, 18))

    following = evaluations.begin(autumn, specialist, by=head, at=NOW)

    assert [(each.text, each.weight) for each in following.results.all()] == [
        ("Ten videos", 34),
        ("A new channel", 33),
        ("Answers within an hour", 33),
    ]


@pytest.mark.parametrize("count", range(12))
def test_weights_add_up_to_a_hundred(count):
    assert sum(evaluations.shares(count)) == (100 if count else 0)


def test_a_plan_is_settled_only_when_its_weights_are_a_hundred(evaluation):
    plan(evaluation, 60, 30)

    with pytest.raises(EvaluationStateError, match="add up to 90 %"):
        evaluations.go_on(evaluation, by=evaluation.manager, at=NOW)


def test_what_was_achieved_is_read_from_the_persons_tasks(evaluation):
    make_task(assignee=evaluation.employee, done_at=NOW, done_by=evaluation.employee)
    make_task(assignee=evaluation.employee)
    [result] = plan(evaluation, 100, source=PlannedResult.Source.TASKS)

    evaluations.go_on(evaluation, by=evaluation.manager, at=NOW)

    result.refresh_from_db()
    assert result.filled_in["en"] == "1 of 2 tasks done on time (50 %), 0 late, 0 missed."
    assert result.filled_in["lv"] != result.filled_in["en"]


def test_a_correction_by_hand_needs_its_reason(evaluation):
    plan(evaluation, 100, source=PlannedResult.Source.TASKS)
    evaluations.go_on(evaluation, by=evaluation.manager, at=NOW)
    score(evaluation, "self")
    evaluation.results.update(achieved="All of them.")

    with pytest.raises(EvaluationStateError, match="differs from what was read"):
        evaluations.go_on(evaluation, by=evaluation.employee, at=NOW)


def test_both_sign_and_then_nothing_changes(evaluation, head, specialist):
    bring_to_signing(evaluation)

    evaluations.sign(evaluation, by=specialist, at=NOW)
    assert evaluation.state == Evaluation.State.SIGNING
    evaluations.sign(evaluation, by=head, at=NOW)

    assert evaluation.is_signed
    with pytest.raises(EvaluationStateError, match="gone on meanwhile"):
        evaluations.go_on(evaluation, by=head, at=NOW)


def test_the_scores_are_weighed(evaluation):
    first, second = plan(evaluation, 60, 40)
    first.manager_score, second.manager_score = 5, 3
    first.save()
    second.save()

    assert evaluation.total() == Decimal("4.20")


def test_opening_a_signed_form_takes_both_signatures_and_keeps_the_version(evaluation):
    bring_to_signing(evaluation)
    for person in (evaluation.employee, evaluation.manager):
        evaluations.sign(evaluation, by=person, at=NOW)

    evaluations.send_back(evaluation, by=evaluation.manager, at=NOW, reason="A wrong score.")

    assert evaluation.state == Evaluation.State.ASSESSMENT
    assert (evaluation.employee_signed_at, evaluation.manager_signed_at) == (None, None)
    assert [each.state for each in evaluation.versions.all()][:2] == ["assessment", "signed"]


def url(name, *args):
    return reverse(f"results:evaluation_{name}", args=args)


@pytest.mark.parametrize(
    ("role", "status"),
    [
        (Role.DIRECTOR, 200),
        (Role.MARKETING_HEAD, 404),
        (Role.PROJECT_MANAGER, 404),
        (Role.SPECIALIST, 404),
        (Role.UNIT_HEAD, 404),
    ],
)
def test_only_the_two_and_the_director_see_a_form(client_for, evaluation, role, status):
    stranger = client_for(make_user(role=role))

    assert stranger.get(url("detail", evaluation.pk)).status_code == status
    assert stranger.get(url("pdf", evaluation.pk)).status_code == status
    for person in (evaluation.employee, evaluation.manager):
        assert client_for(person).get(url("detail", evaluation.pk)).status_code == 200


def test_the_list_holds_what_the_person_may_see(client_for, evaluation):
    assert list(client_for(evaluation.employee).get(url("list")).context["page"]) == [evaluation]
    assert list(client_for(make_user()).get(url("list")).context["page"]) == []


def written(lists):
    """Give the fields of the form as a browser sends them."""
    fields = {"revision": "1"}
    for name, lines in lists.items():
        fields |= {f"{name}-TOTAL_FORMS": len(lines), f"{name}-MIN_NUM_FORMS": 0}
        fields |= {f"{name}-INITIAL_FORMS": sum("id" in line for line in lines)}
        for number, line in enumerate(lines):
            fields |= {f"{name}-{number}-{key}": value for key, value in line.items()}
    return fields


def test_the_plan_is_written_in_the_browser(client_for, evaluation):
    competences = [{"id": each.pk, "name": each.name} for each in evaluation.competences.all()]
    line = {"text": "Ten videos", "measure": "Count", "weight": "100", "source": "tasks"}

    response = client_for(evaluation.employee).post(
        url("update", evaluation.pk), written({"results": [line], "competences": competences})
    )

    assert response.url == url("detail", evaluation.pk)
    assert evaluation.results.get().text == "Ten videos"


def test_the_second_of_two_who_write_is_told(client_for, evaluation):
    competences = [{"id": each.pk, "name": each.name} for each in evaluation.competences.all()]
    fields = written({"results": [], "competences": competences})
    client_for(evaluation.manager).post(url("update", evaluation.pk), fields)

    response = client_for(evaluation.employee).post(url("update", evaluation.pk), fields)

    assert response.context["form"].conflict.by == evaluation.manager


def test_the_form_is_taken_along_on_paper(client_for, evaluation):
    bring_to_signing(evaluation)

    response = client_for(evaluation.employee).get(url("pdf", evaluation.pk))

    assert response.content.startswith(b"%PDF-")
    assert client_for(evaluation.employee).get(url("xlsx", evaluation.pk)).status_code == 200
