"""Who may open which page of plans, and who may do what there."""

import pytest
from django.urls import reverse

from accounts.models import Role
from plans.models import Activity, PlanImport
from plans.urls import urlpatterns
from tests.factories import make_unit, make_user
from tests.plans.making import (
    NOW,
    make_activity,
    make_audience,
    make_channel,
    make_intake,
    make_message,
    make_publication,
)

pytestmark = pytest.mark.django_db

EVERYONE = set(Role)
HEAD = {Role.MARKETING_HEAD}
UNIT_HEAD = {Role.UNIT_HEAD}
PUBLISHERS = {Role.MARKETING_HEAD, Role.PROJECT_MANAGER, Role.SPECIALIST}
PROPOSERS = HEAD | UNIT_HEAD

# Method, page, what it is a page of, who may. A specialist's own import is nobody else's: 404.
MAY = [
    ("get", "intake_list", None, EVERYONE),
    ("get", "intake_create", None, HEAD),
    ("get", "intake_detail", "intake", EVERYONE),
    ("get", "intake_update", "intake", HEAD),
    ("get", "intake_targets", "intake", HEAD),
    ("post", "intake_targets", "intake", HEAD),
    ("get", "intake_roll_forward", "intake", HEAD),
    ("get", "intake_export", "intake", EVERYONE),
    ("get", "communication_detail", "intake", EVERYONE),
    ("get", "communication_update", "intake", HEAD),
    ("get", "communication_versions", "intake", EVERYONE),
    ("post", "communication_step", ("intake", "submit"), HEAD),
    ("post", "communication_step", ("intake", "comment"), EVERYONE),
    ("get", "message_create", "intake", HEAD),
    ("get", "message_update", "message", HEAD),
    ("get", "message_delete", "message", HEAD),
    ("post", "message_delete", "message", HEAD),
    ("get", "message_wordings", "message", HEAD),
    ("get", "intake_audiences", "intake", EVERYONE),
    ("get", "audience_create", "intake", HEAD),
    ("get", "audience_update", "audience", HEAD),
    ("get", "audience_delete", "audience", HEAD),
    ("get", "intake_channels", "intake", EVERYONE),
    ("get", "channel_create", "intake", HEAD),
    ("get", "channel_update", "channel", HEAD),
    ("get", "channel_delete", "channel", HEAD),
    ("get", "intake_activities", "intake", EVERYONE),
    ("get", "intake_month", "intake", EVERYONE),
    ("get", "intake_week", "intake", EVERYONE),
    ("get", "intake_warnings", "intake", EVERYONE),
    ("get", "activities_versions", "intake", EVERYONE),
    ("post", "activities_step", ("intake", "submit"), HEAD),
    ("post", "activities_step", ("intake", "comment"), EVERYONE),
    ("get", "plan_import", "intake", HEAD),
    ("get", "plan_import_detail", "import", HEAD),
    ("post", "plan_import_detail", "import", HEAD),
    ("post", "plan_import_discard", "import", HEAD),
    ("get", "activity_create", "intake", HEAD),
    ("get", "activity_propose", "intake", UNIT_HEAD),
    ("get", "activity_detail", "activity", EVERYONE),
    ("get", "activity_update", "activity", HEAD),
    ("get", "activity_update", "proposal", PROPOSERS),
    ("get", "activity_move", "activity", HEAD),
    ("get", "activity_move", "proposal", PROPOSERS),
    ("post", "activity_accept", "proposal", HEAD),
    ("post", "activity_decline", "proposal", HEAD),
    ("get", "activity_cancel", "activity", HEAD),
    ("post", "activity_done", "activity", HEAD),
    ("post", "activity_take_up", "done", HEAD),
    ("get", "activity_spent", "activity", HEAD),
    ("post", "activity_comment", "activity", EVERYONE - UNIT_HEAD),
    ("post", "activity_comment", "proposal", EVERYONE),
    ("get", "publication_create", "activity", PUBLISHERS),
    ("get", "publication_update", "publication", PUBLISHERS),
    ("get", "publication_publish", "publication", PUBLISHERS),
    ("post", "publication_publish", "publication", PUBLISHERS),
    ("get", "publication_delete", "publication", PUBLISHERS),
]


def address(name, subject, user):
    if subject is None:
        return reverse(f"plans:{name}")
    subject, *more = (subject,) if isinstance(subject, str) else subject
    intake = make_intake()
    made = {
        "intake": lambda: intake,
        "message": lambda: make_message(intake),
        "audience": lambda: make_audience(intake),
        "channel": lambda: make_channel(intake),
        "activity": lambda: make_activity(intake),
        "done": lambda: make_activity(intake, state=Activity.State.DONE),
        "proposal": lambda: make_activity(
            intake, state=Activity.State.PROPOSED, unit=user.unit or make_unit()
        ),
        "publication": lambda: make_publication(make_activity(intake)),
        "import": lambda: PlanImport.objects.create(
            intake=intake,
            original_name="plan.xlsx",
            cells=[["Veids", "Nosaukums", "Sākums"], ["Konference", "AI", "12.03.2026 18:00"]],
            uploaded_by=user,
            uploaded_at=NOW,
        ),
    }
    return reverse(f"plans:{name}", args=[made[subject]().pk, *more])


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize(("method", "name", "subject", "roles"), MAY)
def test_role_and_page(client_for, role, method, name, subject, roles):
    user = make_user(role=role)
    client = client_for(user)

    response = getattr(client, method)(address(name, subject, user))

    assert (response.status_code == 403) == (role not in roles)
    assert response.status_code in (200, 302, 403)


@pytest.mark.parametrize(("method", "name", "subject", "roles"), MAY)
def test_who_is_not_signed_in_is_asked_to(client, method, name, subject, roles):
    response = getattr(client, method)(address(name, subject, make_user()))

    assert response.status_code == 302
    assert response.url.startswith("/accounts/login/?next=")


def test_the_table_names_every_address():
    assert {pattern.name for pattern in urlpatterns} == {name for _method, name, *_rest in MAY}


def test_a_list_of_somebody_else_is_not_found(client_for):
    whose = make_user()

    response = client_for(make_user()).get(address("plan_import_detail", "import", whose))

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
    client.post(reverse("plans:communication_step", args=[intake.pk, "submit"]))

    assert client.get(reverse(f"plans:{name}", args=[intake.pk])).status_code == 403


@pytest.mark.parametrize("name", ["activity_create", "plan_import"])
def test_a_submitted_activity_plan_is_locked(client_for, name):
    intake, head = make_intake(), make_user()
    client = client_for(head)
    client.post(reverse("plans:activities_step", args=[intake.pk, "submit"]))

    assert client.get(reverse(f"plans:{name}", args=[intake.pk])).status_code == 403


def test_only_the_director_approves_and_not_what_she_submitted(client_for):
    intake = make_intake()
    step = reverse("plans:communication_step", args=[intake.pk, "approve"])
    client_for(make_user()).post(reverse("plans:communication_step", args=[intake.pk, "submit"]))

    refused = client_for(make_user(role=Role.PROJECT_MANAGER)).post(step)
    approved = client_for(make_user(role=Role.DIRECTOR)).post(step)

    assert (refused.status_code, approved.status_code) == (403, 302)
    intake.communication_plan.document.refresh_from_db()
    assert intake.communication_plan.document.is_approved
