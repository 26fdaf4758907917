"""What the tests of webinars are about, made with plain functions."""

from datetime import date, timedelta

from django.core.files.uploadedfile import SimpleUploadedFile

from events import materials
from events.materials import Content
from events.models import Material
from files.uploads import store
from plans.models import Channel, Intake
from tests.factories import START, make_event, make_user
from tests.plans.making import make_activity, make_channel, make_intake
from webinars.models import Presenter, Webinar

PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 20
LONG_BEFORE = START - timedelta(days=60)


def make_plan(**fields):
    """Plan one webinar on Facebook and Instagram, and give its activity."""
    intake = Intake.objects.first() or make_intake()
    activity = make_activity(intake, **fields)
    make_channel(intake, kind=Channel.Kind.FACEBOOK, name=f"Facebook {activity.pk}")
    make_channel(intake, kind=Channel.Kind.INSTAGRAM, name=f"Instagram {activity.pk}")
    return activity


def make_webinar(**fields):
    """Make a webinar that is in the plan, with nothing of its preparation done."""
    starts_at = fields.pop("starts_at", START)
    event_fields = {
        name: fields.pop(name) for name in ("moderator", "created_at") if name in fields
    }
    activity = fields.pop("activity", None) or make_plan(starts_at=starts_at)
    event = make_event(
        kind="webinar",
        title="Vebinārs",
        title_en="Webinar",
        starts_at=starts_at,
        activity=activity,
        **event_fields,
    )
    return Webinar.objects.create(event=event, **fields)


def make_presenter(**fields):
    fields.setdefault("name", "Ilze Bērziņa")
    fields.setdefault("consented_on", date(2026, 1, 5))
    return Presenter.objects.create(**fields)


def sign(webinar):
    webinar.contract_state, webinar.contract_on = "signed", date(2026, 1, 20)
    webinar.save(update_fields=["contract_state", "contract_on"])


def make_upload(name="banner.png", content=PNG):
    return SimpleUploadedFile(name, content)


def make_file(**fields):
    return store(make_upload(**fields), by=make_user(), at=LONG_BEFORE)


def make_banner(event, *, is_approved=True, **fields):
    """Make a banner with one version, which the marketing head has approved."""
    fields.setdefault("kind", "banner")
    fields.setdefault("title", "Baneris")
    fields.setdefault("alt_text", "A lecturer in front of a screen")
    by = make_user()
    version = materials.add(
        Material(event=event, **fields), Content(make_upload(), ""), by=by, at=LONG_BEFORE
    )
    if is_approved:
        version.approve(by=by, at=LONG_BEFORE)
    return version


def channels_of(webinar):
    found = Channel.objects.filter(name__endswith=f" {webinar.event.activity_id}")
    return {channel.kind: channel for channel in found}
