"""Who is written to about materials."""

import pytest
from django.urls import reverse

from accounts.models import Role
from events import materials
from events.materials import Content
from events.models import DecisionRefusedError, Material
from outbox.models import Message
from tests.factories import make_event, make_user, riga

pytestmark = pytest.mark.django_db

NOW = riga(2026, 3, 2, 10)
WORDS = Content(None, "Come and see.")


@pytest.fixture
def head():
    return make_user(full_name="Anna", language="en")


@pytest.fixture
def maker():
    return make_user(role=Role.SPECIALIST, full_name="Inga", language="lv")


def make_text(by):
    event = make_event(kind="webinar", title="Vebinārs", title_en="Webinar")
    material = Material(event=event, kind=Material.Kind.TEXT, title="Post")
    return materials.add(material, WORDS, by=by, at=NOW)


def letters():
    return [(each.user, each.subject) for each in Message.objects.order_by("pk")]


def test_the_marketing_head_is_asked_about_each_version(head, maker):
    version = make_text(maker)
    materials.add_version(version.material, WORDS, by=maker, at=NOW)

    assert letters() == [(head, "Waiting for your approval: Post")] * 2
    body = Message.objects.latest("pk").body
    assert "Inga has made version 2 of “Post” for “Webinar”." in body
    assert body.endswith(f"/webinars/{version.material.event_id}/#materials")


def test_other_words_for_what_is_seen_ask_again(head, maker):
    material = make_text(maker).material
    materials.approve(material.versions.get(), by=head, at=NOW)

    material.alt_text = "A lecturer"
    materials.update(material, ["alt_text"], by=maker, at=NOW)

    asked = (head, "Waiting for your approval: Post")
    assert letters() == [asked, (maker, "Apstiprināts: Post"), asked]


def test_nobody_is_asked_about_what_the_only_marketing_head_made_herself(head):
    make_text(head)

    assert letters() == []


def test_who_made_it_is_told_what_is_to_change(head, maker):
    version = make_text(maker)

    materials.send_back(version, by=head, at=NOW, comment="Smaller words.")

    assert letters()[1:] == [(maker, "Atdots labošanai: Post")]
    assert "Smaller words." in Message.objects.latest("pk").body


def test_who_made_it_is_told_of_the_approval_on_the_page(client_for, head, maker):
    version = make_text(maker)

    client_for(head).post(reverse("events:material_approve", args=[version.pk]))

    assert letters()[1:] == [(maker, "Apstiprināts: Post")]


def test_a_decision_that_is_refused_tells_nobody(head, maker):
    version = make_text(maker)
    materials.approve(version, by=head, at=NOW)

    with pytest.raises(DecisionRefusedError):
        materials.send_back(version, by=head, at=NOW, comment="After all not.")

    assert len(letters()) == 2
