"""What waits for a decision, what was decided, and what is to be paid or confirmed."""

from django.utils.translation import get_language, gettext

from documents.models import Document
from events.event_type import board_url
from events.models import Material
from plans.models import Activity
from results.models import Review
from smmprocess import papers
from smmprocess.links import address
from smmprocess.need import SHOWN, Circumstances, Line, Need, line_of, need_of, on_date, on_day
from webinars.models import Webinar


def waiting_papers(_about: Circumstances) -> Need:
    found = papers.papers(Document.objects.waiting().order_by("submitted_at", "pk"))
    note = gettext("submitted by %(person)s on %(day)s")
    lines = [
        Line(
            paper.name,
            paper.url,
            note
            % {"person": paper.document.submitted_by, "day": on_day(paper.document.submitted_at)},
        )
        for paper in found
    ]
    return Need(gettext("Waiting for your approval"), "hand-click", lines)


def returned_papers(_about: Circumstances) -> Need:
    found = papers.papers(
        Document.objects.filter(status=Document.Status.RETURNED).order_by("decided_at", "pk")
    )
    lines = [Line(paper.name, paper.url, paper.document.decision) for paper in found]
    return Need(gettext("Returned for changes"), "arrow-left", lines)


def proposals(_about: Circumstances) -> Need:
    found = Activity.objects.proposed().select_related("unit", "intake").order_by("starts_at")
    lines = [line_of(activity) for activity in found[: SHOWN + 1]]
    return need_of(gettext("Proposals of units"), "building-community", lines)


def waiting_materials(_about: Circumstances) -> Need:
    found = Material.objects.waiting().select_related("event").order_by("event__starts_at", "pk")
    lines = [_material(material) for material in found[: SHOWN + 1]]
    return need_of(
        gettext("Banners and materials that wait for your approval"), "presentation", lines
    )


def returned_materials(about: Circumstances) -> Need:
    """List what one has made oneself and is to make anew."""
    found = Material.objects.sent_back_to(about.user).select_related("event")
    lines = [_material(material) for material in found.order_by("event__starts_at", "pk")]
    return need_of(gettext("Materials sent back to you"), "arrow-left", lines)


def _material(material: Material) -> Line:
    event = material.event
    note = f"{event.name(get_language() or '')} · {on_day(event.starts_at)}"
    return Line(material.title, f"{board_url(event)}#materials", note)


def late_pay(about: Circumstances) -> Need:
    found = Webinar.objects.pay_late(about.today).select_related("event", "presenter")
    note = gettext("was to be paid by %(day)s")
    lines = [
        Line(
            " · ".join(str(each) for each in (webinar.event, webinar.presenter) if each),
            f"{board_url(webinar.event)}#pay",
            note % {"day": on_date(webinar.pay_due_on)},
        )
        for webinar in found.order_by("pay_due_on", "pk")[: SHOWN + 1]
    ]
    return need_of(gettext("Presenters who are not paid yet"), "coin-euro", lines)


def results_to_confirm(about: Circumstances) -> Need:
    """List the reviews whose frozen figures wait for one's own confirmation."""
    found = Review.objects.to_confirm_by(about.user, about.today).select_related("intake")
    lines = [
        Line(str(review), address("results:review_detail", review.intake_id))
        for review in found.order_by("intake__ends_on", "pk")[: SHOWN + 1]
    ]
    return need_of(gettext("Results that wait for your confirmation"), "hand-click", lines)
