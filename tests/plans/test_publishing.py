"""An advertisement is recorded as placed only if nobody who knows better refuses."""

import pytest

from plans.models import PublishingRefusedError
from plans.signals import publishing
from tests.factories import make_user
from tests.plans.making import NOW, make_activity, make_intake, make_publication

pytestmark = pytest.mark.django_db


@pytest.fixture
def doubter():
    def refuse(reason, **_signal):
        if not reason:
            raise PublishingRefusedError("Not yet.")

    publishing.connect(refuse)
    yield
    publishing.disconnect(refuse)


def make_planned():
    return make_publication(make_activity(make_intake(), kind="conference"))


@pytest.mark.usefixtures("doubter")
def test_a_refused_advertisement_stays_planned():
    publication = make_planned()

    with pytest.raises(PublishingRefusedError):
        publication.publish(url="https://f.example/1", by=make_user(), at=NOW)

    publication.refresh_from_db()
    assert (publication.url, publication.published_at) == ("", None)


@pytest.mark.usefixtures("doubter")
def test_a_reason_is_handed_to_those_who_may_refuse():
    publication = make_planned()

    publication.publish(url="https://f.example/1", by=make_user(), at=NOW, reason="Agreed.")

    assert publication.published_at == NOW


def test_a_link_put_right_is_no_new_advertisement():
    publication, later = make_planned(), make_user()
    publication.publish(url="https://f.example/1", by=make_user(), at=NOW)
    asked = []
    publishing.connect(note := lambda **signal: asked.append(signal))

    publication.publish(url="https://f.example/2", by=later, at=NOW)

    publishing.disconnect(note)
    assert (asked, publication.url) == ([], "https://f.example/2")
