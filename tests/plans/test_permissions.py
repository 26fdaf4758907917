"""Who may do what with plans where that depends on more than the role and the address."""

import pytest
from django.urls import reverse

from accounts.models import Role
from plans.models import Activity, PlanImport
from tests.factories import make_unit, make_user
from tests.plans.making import NOW, make_activity, make_intake, submit

pytestmark = pytest.mark.django_db


def test_a_list_of_somebody_else_is_not_found(client_for):
    taken = PlanImport.objects.create(
        intake=make_intake(),
        original_name="plan.xlsx",
        cells=[["Veids", "Nosaukums", "Sākums"], ["Konference", "AI", "12.03.2026 18:00"]],
        uploaded_by=make_user(),
        uploaded_at=NOW,
    )

    response = client_for(make_user()).get(reverse("plans:plan_import_detail", args=[taken.pk]))

    assert response.status_code == 404


def test_a_proposal_of_another_unit_is_not_for_a_head_of_unit_to_change(client_for):
    head = make_user(role=Role.UNIT_HEAD)
    other = make_activity(make_intake(), state=Activity.State.PROPOSED, unit=make_unit())
    client = client_for(head)

    assert client.get(reverse("plans:activity_detail", args=[other.pk])).status_code == 200
    assert client.get(reverse("plans:activity_update", args=[other.pk])).status_code == 403
    assert client.post(reverse("plans:activity_comment", args=[other.pk])).status_code == 403


@pytest.mark.parametrize(
    "name",
    ["communication_update", "message_create", "audience_create", "channel_create"],
)
def test_a_submitted_communication_plan_is_locked(client_for, name):
    intake, head = make_intake(), make_user()
    client = client_for(head)
    submit(intake.communication_plan)

    assert client.get(reverse(f"plans:{name}", args=[intake.pk])).status_code == 403


@pytest.mark.parametrize("name", ["activity_create", "plan_import"])
def test_a_submitted_activity_plan_is_locked(client_for, name):
    intake, head = make_intake(), make_user()
    client = client_for(head)
    submit(intake.activity_plan)

    assert client.get(reverse(f"plans:{name}", args=[intake.pk])).status_code == 403


def test_only_the_director_approves_and_not_what_she_submitted(client_for):
    intake = make_intake()
    step = reverse("plans:communication_step", args=[intake.pk, "approve"])
    submit(intake.communication_plan)

    refused = client_for(make_user(role=Role.PROJECT_MANAGER)).post(step)
    approved = client_for(make_user(role=Role.DIRECTOR)).post(step)

    assert (refused.status_code, approved.status_code) == (403, 302)
    intake.communication_plan.document.refresh_from_db()
    assert intake.communication_plan.document.is_approved
