"""User administration, units, and one's own profile."""

import re

import pytest
from django.conf import settings
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.urls import reverse

from accounts.models import LastAdministratorError, Role, Unit, User
from tests.factories import make_unit, make_user

pytestmark = pytest.mark.django_db


class DeadMailServer(EmailBackend):
    def send_messages(self, messages):
        raise ConnectionRefusedError


def fields(**changed):
    return {
        "full_name": "Ilze Kalniņa",
        "email": "Ilze@college.example",
        "phone": "",
        "role": Role.SPECIALIST,
        "unit": "",
        "language": "en",
        **changed,
    }


@pytest.fixture
def administrator(db):
    return make_user(full_name="Anna Ozoliņa", is_administrator=True)


@pytest.fixture
def client(client_for, administrator):
    return client_for(administrator)


def test_a_new_user_is_invited_and_signs_in_with_the_password_chosen(client):
    response = client.post(
        reverse("accounts:user_create"), fields(phone="26 123 456", language="en")
    )

    ilze = User.objects.get(email="ilze@college.example")
    assert response.url == reverse("accounts:user_list")
    assert (ilze.phone, ilze.has_usable_password()) == ("+37126123456", False)
    assert [message.to for message in mail.outbox] == [["ilze@college.example"]]
    assert "Anna Ozoliņa has given you access" in mail.outbox[0].body

    link = re.search(r"https?://[^/\s]+(/\S+/)", mail.outbox[0].body).group(1)
    client.logout()
    form = client.get(link, follow=True)
    client.post(
        form.request["PATH_INFO"],
        {"new_password1": "a-good-phrase-9", "new_password2": "a-good-phrase-9"},
    )
    signed_in = client.post(
        reverse("accounts:login"),
        {"username": "ilze@college.example", "password": "a-good-phrase-9"},
    )
    assert signed_in.url == "/"


def test_a_dead_mail_server_is_told_and_the_invitation_can_go_again(client, settings):
    settings.EMAIL_BACKEND = "tests.accounts.test_users.DeadMailServer"
    failed = client.post(reverse("accounts:user_create"), fields(), follow=True)
    ilze = User.objects.get(email="ilze@college.example")
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"

    client.post(reverse("accounts:user_invite", args=[ilze.pk]))

    assert "The mail server did not take the invitation" in failed.content.decode()
    assert [message.to for message in mail.outbox] == [["ilze@college.example"]]


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"email": "TAKEN@college.example"}, "email"),
        ({"email": "not an address"}, "email"),
        ({"phone": "12"}, "phone"),
        ({"role": Role.UNIT_HEAD}, "unit"),
        ({"full_name": ""}, "full_name"),
    ],
)
def test_a_wrong_field_is_told_beside_it_and_nobody_is_added(client, changed, field):
    make_user(email="taken@college.example")
    before = User.objects.count()

    response = client.post(reverse("accounts:user_create"), fields(**changed))

    assert list(response.context["form"].errors) == [field]
    assert f'id="id_{field}_error"' in response.content.decode()
    assert (User.objects.count(), mail.outbox) == (before, [])


def test_a_user_is_changed(client):
    unit = make_unit(name="Studies")
    ilze = make_user(full_name="Ilze", email="ilze@college.example", role=Role.SPECIALIST)

    client.post(
        reverse("accounts:user_update", args=[ilze.pk]),
        fields(role=Role.UNIT_HEAD, unit=unit.pk, is_administrator="on"),
    )

    ilze.refresh_from_db()
    assert (ilze.full_name, ilze.role, ilze.unit) == ("Ilze Kalniņa", "unit_head", unit)
    assert ilze.is_administrator


def test_access_is_taken_away_and_given_again(client):
    ilze = make_user()

    client.post(reverse("accounts:user_deactivate", args=[ilze.pk]))
    ilze.refresh_from_db()
    assert not ilze.is_active

    client.post(reverse("accounts:user_reactivate", args=[ilze.pk]))
    ilze.refresh_from_db()
    assert ilze.is_active


def test_asking_to_take_away_access_changes_nothing_yet(client):
    ilze = make_user()

    response = client.get(reverse("accounts:user_deactivate", args=[ilze.pk]))

    ilze.refresh_from_db()
    assert (response.status_code, ilze.is_active) == (200, True)


def test_nobody_takes_away_their_own_access(client, administrator):
    make_user(is_administrator=True)

    response = client.post(reverse("accounts:user_deactivate", args=[administrator.pk]))

    administrator.refresh_from_db()
    assert (response.status_code, administrator.is_active) == (403, True)


def test_the_last_administrator_stays_one(client, administrator):
    response = client.post(
        reverse("accounts:user_update", args=[administrator.pk]),
        fields(email=administrator.email),
    )

    administrator.refresh_from_db()
    assert list(response.context["form"].errors) == ["is_administrator"]
    assert administrator.is_administrator


def test_one_of_two_administrators_may_stop_being_one(client, administrator):
    make_user(is_administrator=True)

    response = client.post(
        reverse("accounts:user_update", args=[administrator.pk]),
        fields(email=administrator.email),
    )

    administrator.refresh_from_db()
    assert not administrator.is_administrator
    assert response.url == "/"


def test_deactivate_keeps_the_last_administrator(administrator):
    make_user(is_administrator=True, is_active=False)

    with pytest.raises(LastAdministratorError):
        administrator.deactivate()

    administrator.refresh_from_db()
    assert administrator.is_active


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", ["Anna Ozoliņa", "Ilze Kalniņa", "Jānis Bērziņš"]),
        ("?q=ilze+studies", ["Ilze Kalniņa"]),
        ("?q=janis@", ["Jānis Bērziņš"]),
        ("?role=director", ["Jānis Bērziņš"]),
        ("?state=inactive", ["Jānis Bērziņš"]),
        ("?role=nonsense", ["Anna Ozoliņa", "Ilze Kalniņa", "Jānis Bērziņš"]),
        ("?q=nobody", []),
    ],
)
def test_the_list_of_users_is_searched_and_filtered(client, query, names):
    make_user(full_name="Ilze Kalniņa", unit=make_unit(name="Studies"))
    make_user(
        full_name="Jānis Bērziņš",
        email="janis@college.example",
        role=Role.DIRECTOR,
        is_active=False,
    )

    response = client.get(reverse("accounts:user_list") + query)

    assert [user.full_name for user in response.context["page"]] == names


def test_the_list_asks_the_database_as_often_for_one_as_for_many(
    client, django_assert_num_queries, django_assert_max_num_queries
):
    address = reverse("accounts:user_list")
    with django_assert_max_num_queries(30) as one:
        client.get(address)
    for _ in range(3):
        make_user(unit=make_unit())

    with django_assert_num_queries(len(one)):
        client.get(address)


def test_units_are_added_renamed_and_counted(client):
    client.post(reverse("accounts:unit_create"), {"name": "Studies"})
    unit = Unit.objects.get()
    make_user(unit=unit)
    make_user(unit=unit, is_active=False)

    client.post(reverse("accounts:unit_update", args=[unit.pk]), {"name": "International studies"})

    units = client.get(reverse("accounts:unit_list")).context["units"]
    assert [(unit.name, unit.people) for unit in units] == [("International studies", 1)]


def test_two_units_do_not_share_a_name(client):
    make_unit(name="Studies")

    response = client.post(reverse("accounts:unit_create"), {"name": "Studies"})

    assert list(response.context["form"].errors) == ["name"]
    assert Unit.objects.count() == 1


def test_a_person_changes_the_own_profile_and_the_language_follows(client_for):
    user = make_user(language="lv", role=Role.SPECIALIST)
    client = client_for(user)

    response = client.post(
        reverse("accounts:profile"),
        {"full_name": "Laura Liepiņa", "phone": "+371 26123456", "language": "en"},
        follow=True,
    )

    user.refresh_from_db()
    assert (user.full_name, user.phone, user.language) == ("Laura Liepiņa", "+37126123456", "en")
    assert client.cookies[settings.LANGUAGE_COOKIE_NAME].value == ""
    assert "Your profile is saved." in response.content.decode()


def test_nobody_raises_the_own_rights_in_the_profile(client_for):
    user = make_user(role=Role.SPECIALIST)

    client_for(user).post(
        reverse("accounts:profile"),
        {
            "full_name": "Laura",
            "phone": "",
            "language": "en",
            "role": Role.DIRECTOR,
            "is_administrator": "on",
        },
    )

    user.refresh_from_db()
    assert (user.full_name, user.role, user.is_administrator) == ("Laura", Role.SPECIALIST, False)
