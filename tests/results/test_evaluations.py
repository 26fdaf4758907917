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
JANUARY, NOW = riga(2026, 1, 14, 10), riga(2026, 7, 6, 10)


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
    assert result.filled_in["en"] == "1 of 2 tasks done on time (50\xa0%), 0 late, 0 missed."
    assert result.filled_in["lv"] != result.filled_in["en"]


def test_what_was_achieved_is_read_as_it_stands_when_one_opens_the_form(client_for, specialist):
    evaluation = evaluations.begin(make_intake(), specialist, by=make_user(), at=JANUARY)
    [result] = plan(evaluation, 100, source=PlannedResult.Source.TASKS)
    evaluations.go_on(evaluation, by=evaluation.manager, at=JANUARY)
    result.refresh_from_db()
    assert result.filled_in["en"] == "No task was due."
    make_task(assignee=specialist, done_at=riga(2026, 3, 10, 12), done_by=specialist)

    page = client_for(specialist).get(url("update", evaluation.pk)).content.decode()

    assert "Read: 1 of 1 task done on time" in page


def test_what_was_achieved_is_read_once_more_when_the_form_is_handed_on(evaluation):
    [result] = plan(evaluation, 100, source=PlannedResult.Source.TASKS)
    evaluations.go_on(evaluation, by=evaluation.manager, at=JANUARY)
    make_task(assignee=evaluation.employee, done_at=NOW, done_by=evaluation.employee)
    score(evaluation, "self")

    evaluations.go_on(evaluation, by=evaluation.employee, at=NOW)

    result.refresh_from_db()
    assert result.filled_in["en"].startswith("1 of 1 task done on time")


def test_what_is_to_be_signed_is_not_read_anew(client_for, evaluation):
    bring_to_signing(evaluation)
    evaluation.results.update(filled_in={"lv": "Tā bija.", "en": "As it was."})

    client_for(evaluation.employee).get(url("detail", evaluation.pk))

    assert {each.filled_in["en"] for each in evaluation.results.all()} == {"As it was."}


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


def test_the_director_names_another_manager_when_one_has_left(client_for, evaluation):
    bring_to_signing(evaluation)
    evaluations.sign(evaluation, by=evaluation.employee, at=NOW)
    evaluation.manager.is_active = False
    evaluation.manager.save()
    following = make_user(full_name="Ilze")

    client_for(make_user(role=Role.DIRECTOR)).post(
        url("manager", evaluation.pk), {"manager": following.pk, "reason": "Has left."}
    )

    evaluation.refresh_from_db()
    assert (evaluation.manager, evaluation.state) == (following, Evaluation.State.SIGNING)
    assert evaluation.employee_signed_at is None
    kept = evaluation.versions.first()
    assert (kept.reason, kept.state) == ("Has left.", Evaluation.State.SIGNING)
    evaluations.sign(evaluation, by=following, at=NOW)
    assert evaluation.manager_signed_at == NOW


STEPS_OF_A_MANAGER = {
    "go on": lambda form, by: evaluations.go_on(form, by=by, at=NOW),
    "send back": lambda form, by: evaluations.send_back(form, by=by, at=NOW, reason="Mine."),
    "sign": lambda form, by: evaluations.sign(form, by=by, at=NOW),
}


@pytest.mark.parametrize("step", STEPS_OF_A_MANAGER)
def test_a_manager_who_was_replaced_meanwhile_takes_no_step_any_more(evaluation, head, step):
    bring_to_signing(evaluation)
    if step == "go on":
        evaluations.send_back(evaluation, by=head, at=NOW, reason="A wrong score.")
    seen = Evaluation.objects.get()
    director = make_user(role=Role.DIRECTOR)
    evaluations.hand_over(evaluation, make_user(), by=director, at=NOW, reason="Has left.")
    state, versions = evaluation.state, evaluation.versions.count()

    with pytest.raises(EvaluationStateError, match="another manager meanwhile"):
        STEPS_OF_A_MANAGER[step](seen, head)

    evaluation.refresh_from_db()
    assert (evaluation.state, evaluation.versions.count()) == (state, versions)


@pytest.mark.parametrize(
    ("reason", "refusal"),
    [
        (" ", "Say why it is opened again."),
        ("x" * 301, "Ensure this value has at most 300 characters (it has 301)."),
    ],
)
def test_a_form_is_not_opened_again_for_a_reason_that_cannot_be_kept_whole(
    client_for, evaluation, head, reason, refusal
):
    bring_to_signing(evaluation)

    response = client_for(head).post(
        url("step", evaluation.pk, "send_back"), {"reason": reason}, follow=True
    )

    assert [str(each) for each in response.context["messages"]] == [refusal]
    evaluation.refresh_from_db()
    assert evaluation.state == Evaluation.State.SIGNING


def test_nobody_becomes_the_manager_of_a_form_who_manages_nobody(client_for, evaluation):
    director = client_for(make_user(role=Role.DIRECTOR))
    colleague = make_user(role=Role.SPECIALIST)

    for nobody in (colleague, evaluation.employee, evaluation.manager):
        response = director.post(
            url("manager", evaluation.pk), {"manager": nobody.pk, "reason": "A mistake."}
        )
        assert "manager" in response.context["form"].errors


def test_a_signed_form_keeps_its_manager(client_for, evaluation):
    bring_to_signing(evaluation)
    for person in (evaluation.employee, evaluation.manager):
        evaluations.sign(evaluation, by=person, at=NOW)

    response = client_for(make_user(role=Role.DIRECTOR)).get(url("manager", evaluation.pk))

    assert response.status_code == 403
    with pytest.raises(EvaluationStateError, match="signed by both"):
        evaluations.hand_over(evaluation, make_user(), by=make_user(), at=NOW, reason="Left.")


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


def lines_of(lines, *fields):
    return [{"id": each.pk} | {name: getattr(each, name) for name in fields} for each in lines]


def sent_plan(evaluation):
    """Give what a browser sends back of the plan when nobody has typed anything."""
    return {
        "results": lines_of(evaluation.results.all(), "text", "measure", "weight", "source"),
        "competences": lines_of(evaluation.competences.all(), "name"),
    }


def differences(response):
    conflict = response.context["form"].conflict
    return [(each.label, each.saved, each.own) for each in conflict.differences]


def post(client, evaluation, lists, revision=1):
    fields = written(lists) | {"revision": revision}
    return client.post(url("update", evaluation.pk), fields)


def test_the_second_of_two_who_plan_sees_in_which_lines_they_differ(client_for, evaluation):
    plan(evaluation, 100)
    first, second = sent_plan(evaluation), sent_plan(evaluation)
    first["results"][0]["text"], second["results"][0]["weight"] = "Ten videos", 90
    post(client_for(evaluation.manager), evaluation, first)

    response = post(client_for(evaluation.employee), evaluation, second)

    assert differences(response) == [
        ("Ten videos: Task or result", "Ten videos", "Result 1"),
        ("Ten videos: Weight, %", "100", "90"),
    ]
    assert evaluation.results.get().weight == 100


def test_a_line_that_another_took_out_can_still_be_saved(client_for, evaluation):
    plan(evaluation, 60, 40)
    first, second = sent_plan(evaluation), sent_plan(evaluation)
    first["results"][0]["DELETE"] = "on"
    post(client_for(evaluation.manager), evaluation, first)
    employee = client_for(evaluation.employee)

    response = post(employee, evaluation, second)

    assert differences(response) == [("A line", "taken out meanwhile", "Result 1, Counted")]
    shown = dict(response.context["editing"].form.data.items())
    employee.post(url("update", evaluation.pk), shown)
    assert [each.text for each in evaluation.results.all()] == ["Result 2", "Result 1"]


def test_a_line_that_another_added_stands_in_the_form_of_the_second(client_for, evaluation):
    first, second = sent_plan(evaluation), sent_plan(evaluation)
    line = {"text": "Ten videos", "measure": "Count", "weight": "100", "source": "hand"}
    first["results"] = [line]
    post(client_for(evaluation.manager), evaluation, first)

    response = post(client_for(evaluation.employee), evaluation, second)

    assert differences(response) == [
        ("A line", "added meanwhile: Ten videos", "stands in the form now")
    ]
    assert "Ten videos" in response.content.decode()
    assert evaluation.results.count() == 1


def test_what_was_said_of_a_line_that_is_gone_is_shown_where_no_lines_are_added(
    client_for, evaluation
):
    plan(evaluation, 60, 40)
    evaluations.go_on(evaluation, by=evaluation.manager, at=NOW)
    sent = {
        "results": lines_of(evaluation.results.all()),
        "competences": lines_of(evaluation.competences.all()),
    }
    sent["results"][0]["achieved"] = "All of it."
    evaluation.results.first().delete()

    response = post(client_for(evaluation.employee), evaluation, sent, revision=1)

    assert differences(response) == [("A line", "taken out meanwhile", "All of it.")]


def test_a_form_with_a_faulty_line_says_that_nothing_was_saved(client_for, evaluation):
    sent = sent_plan(evaluation)
    sent["results"] = [{"text": "Ten videos", "measure": "", "weight": "100", "source": "hand"}]

    response = post(client_for(evaluation.manager), evaluation, sent)

    assert "Nothing was saved yet." in response.content.decode()
    assert not evaluation.results.exists()


def test_the_form_is_taken_along_on_paper(client_for, evaluation):
    bring_to_signing(evaluation)

    response = client_for(evaluation.employee).get(url("pdf", evaluation.pk))

    assert response.content.startswith(b"%PDF-")
    assert client_for(evaluation.employee).get(url("xlsx", evaluation.pk)).status_code == 200
