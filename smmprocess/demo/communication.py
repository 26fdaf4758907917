"""Steps 2 and 3: an intake's communication plan with its audiences, channels and words."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from documents.content import snapshot
from documents.models import Comment
from goals.models import Indicator
from plans import content, grid, targets
from plans.models import Audience, Channel, CommunicationPlan, Intake, KeyMessage
from smmprocess.demo import communication_words as words
from smmprocess.demo.season import Season, Span
from smmprocess.demo.staff import Staff

BUDGET = Decimal(6800)
SHARED = ("new_leads", "reactions", "video_views", "home_page_traffic", "comments")
"""What the intakes of a year reach together, part by part."""


def draw_up(intake: Intake, staff: Staff, span: Span) -> None:
    """Fill an intake's communication plan in and share the year's targets."""
    plan = intake.communication_plan
    plan.aims, plan.tone, plan.budget = words.AIMS, words.TONE, BUDGET
    plan.save(update_fields=["aims", "tone", "budget"])
    channels = [_channel(intake, staff, span, dict(values)) for values in words.CHANNELS]
    audiences = [_audience(intake, staff, span, channels, dict(v)) for v in words.AUDIENCES]
    for number, text in enumerate(words.MESSAGES):
        message = KeyMessage.objects.create(plan=plan, text=text, position=number + 1)
        cells = {
            (audiences[audience].pk, channels[channel].pk): ("", wording)
            for of_message, audience, channel, wording in words.WORDINGS
            if of_message == number
        }
        grid.fill(message, cells)
    share_targets(intake)


def _channel(intake: Intake, staff: Staff, span: Span, values: dict[str, object]) -> Channel:
    owner = getattr(staff, str(values.pop("owner")))
    expires_on = span.day(3, 1) if values.pop("access", False) else None
    return Channel.objects.create(
        intake=intake,
        owner=owner,
        access_expires_on=expires_on,
        changed_by=staff.head,
        changed_at=span.before(52),
        **values,
    )


def _audience(
    intake: Intake, staff: Staff, span: Span, channels: list[Channel], values: dict[str, object]
) -> Audience:
    chosen = values.pop("channels")
    assert isinstance(chosen, tuple)
    audience = Audience.objects.create(
        intake=intake, changed_by=staff.head, changed_at=span.before(52), **values
    )
    audience.channels.set([channels[number] for number in chosen])
    return audience


def share_targets(intake: Intake) -> None:
    """Give an intake its part of what the year is to bring: a little more in autumn."""
    part = Decimal("0.55") if intake.season == Season.AUTUMN else Decimal("0.45")
    yearly = Indicator.objects.filter(
        goal__year__year=intake.year, series__key__in=SHARED, target__isnull=False
    )
    targets.divide(
        intake,
        {
            each.pk: ("", (each.target * part).quantize(Decimal(1)))
            for each in yearly
            if each.target is not None
        },
    )


def saying(plan: CommunicationPlan) -> dict[str, Any]:
    return snapshot(lambda: content.communication_lines(plan))


def decide(plan: CommunicationPlan, staff: Staff, span: Span) -> None:
    """Have a plan discussed and approved a month before its intake begins."""
    plan.document.submit(by=staff.head, at=span.before(42), content=lambda: saying(plan))
    Comment.objects.create(
        document=plan.document,
        by=staff.director,
        at=span.before(41),
        text="Vai vidusskolēnus tiešām vairs neuzrunājam Facebook? Viņu vecāki ir tieši tur.",
    )
    Comment.objects.create(
        document=plan.document,
        by=staff.head,
        at=span.before(41) + timedelta(hours=3),
        text="Vecākus uzrunājam atvērto durvju dienas ierakstos; atsevišķu auditoriju neveidoju.",
    )
    plan.document.approve(
        by=staff.director,
        at=span.before(40),
        comment="Apstiprinu. Tukšās šūnas aizpildiet, kad zināsim LinkedIn budžetu.",
    )
