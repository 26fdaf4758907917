"""Step 5.1: a webinar that is over, one that is ready, and one that is half prepared."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from events import materials
from events.materials import Content
from events.models import Event, Material
from files.uploads import store
from plans.local_time import local_day, local_moment, same_clock
from plans.models import Activity, Channel, Publication
from smmprocess.demo import pictures
from smmprocess.demo.history import live_through
from smmprocess.demo.registrations import register_people
from smmprocess.demo.staff import Staff
from smmprocess.demo.webinar_words import HALF_DONE, PAST, READY, Told
from webinars import checklist
from webinars.activity import make_event
from webinars.models import Presenter, Webinar
from webinars.promotion import due_on

MADE_BEFORE = 70
"""So many days before a webinar its activity was made an event."""

Contract = Webinar.Contract


@dataclass(frozen=True)
class Preparation:
    """A webinar's event while it is being prepared."""

    event: Event
    activity: Activity
    told: Told
    webinar: Webinar
    staff: Staff
    now: datetime

    def before(self, days: int, clock: time = time(11, 30)) -> datetime:
        return local_moment(local_day(self.event.starts_at) - timedelta(days=days), clock)

    def done(self, days_before: int) -> datetime:
        """Return when something was done so many days before; this morning at the latest."""
        return min(self.before(days_before), self.now - timedelta(hours=5))

    def contract(self, state: Contract, *, days_before: int) -> None:
        webinar = self.webinar
        webinar.contract_state = state
        webinar.contract_number = f"{self.told.contract}/{self.event.starts_at.year}"
        if state == Contract.SIGNED:
            webinar.contract_on = local_day(self.done(days_before))
        webinar.save(update_fields=["contract_state", "contract_number", "contract_on"])
        paper = pictures.upload("contract.pdf", f"Ligums {self.told.contract}.pdf")
        webinar.take_contract(store(paper, by=self.staff.manager, at=self.done(days_before)))

    def pay(self, paid_after: int | None = None) -> None:
        webinar, day = self.webinar, local_day(self.event.ends_at)
        webinar.pay_amount = self.told.pay
        webinar.pay_due_on = day + timedelta(days=10)
        webinar.paid_on = None if paid_after is None else day + timedelta(days=paid_after)
        webinar.save(update_fields=["pay_amount", "pay_due_on", "paid_on"])

    def moderation(self, rehearsed_before: int) -> None:
        self.webinar.stand_in = self.staff.specialist
        self.webinar.rehearsal_at = self.before(rehearsed_before, time(15))
        self.webinar.save(update_fields=["stand_in", "rehearsal_at"])

    def banner(self, *, days_before: int) -> Material:
        """Hand a banner in; nobody has decided about it yet."""
        banner = Material(
            event=self.event,
            title=f"Baneris: {self.event.title}",
            alt_text=self.told.banner_shows,
        )
        content = Content(pictures.upload(self.told.banner), "")
        materials.add(banner, content, by=self.staff.specialist, at=self.done(days_before))
        return banner

    def approve(self, material: Material, *, days_before: int) -> None:
        version = material.versions.get(number=material.versions.count())
        version.approve(by=self.staff.head, at=self.done(days_before))

    def text(self, *, days_before: int) -> None:
        text = Material(event=self.event, kind=Material.Kind.TEXT, title="Ieraksta teksts")
        content = Content(None, self.told.post)
        at = self.done(days_before)
        version = materials.add(text, content, by=self.staff.specialist, at=at)
        version.approve(by=self.staff.head, at=at + timedelta(hours=3))

    def advertisement(self, channel: Channel, clock: time) -> Publication:
        """Plan an advertisement for the day by which a webinar is to be published."""
        return Publication.objects.create(
            activity=self.activity,
            channel=channel,
            planned_at=local_moment(due_on(self.event.starts_at), clock),
        )

    def place(self, publication: Publication, reason: str = "") -> None:
        by = self.staff.head if reason else self.staff.specialist
        url = f"{publication.channel.address}/{self.event.slug}"
        at = publication.planned_at + timedelta(minutes=9)
        publication.publish(url=url, by=by, at=at, reason=reason)


def make_webinars(staff: Staff, planned: dict[str, Activity], now: datetime) -> list[Event]:
    """Make the events of three webinars of the plan, each prepared as far as its day wants."""
    past, ready, half_done = (
        _begin(staff, planned[told.planned.title], told, now) for told in (PAST, READY, HALF_DONE)
    )
    _be_over(past)
    _be_ready(ready)
    _be_half_done(half_done)
    return [past.event, ready.event, half_done.event]


def _begin(staff: Staff, activity: Activity, told: Told, now: datetime) -> Preparation:
    made_at = same_clock(activity.starts_at, days=-MADE_BEFORE)
    event = make_event(activity, by_id=staff.head.pk, now=made_at)
    event.description, event.description_en = told.description
    event.room_url = f"https://example.org/zoom/bvk-{told.contract.lower()}"
    event.price = told.price
    event.save(update_fields=["description", "description_en", "room_url", "price"])
    presenter = Presenter.objects.create(
        name=activity.presenter,
        bio=told.bio[0],
        bio_en=told.bio[1],
        consented_on=local_day(made_at) + timedelta(days=6),
        consent_note="E-pastā",
        changed_by=staff.manager,
        changed_at=made_at,
    )
    webinar = Webinar.objects.create(
        event=event,
        topic=told.topic,
        presenter=presenter,
        changed_by=staff.head,
        changed_at=made_at + timedelta(days=6),
    )
    register_people(event, told.registered, seed=200 + told.pay, now=now)
    return Preparation(event, activity, told, webinar, staff, now)


def _be_over(past: Preparation) -> None:
    """Everything was done, one advertisement before its time; the presenter is paid."""
    past.pay(paid_after=6)
    past.moderation(rehearsed_before=2)
    banner = past.banner(days_before=39)
    past.approve(banner, days_before=38)
    past.text(days_before=36)
    early, late = (
        past.advertisement(channel, time(9 + number))
        for number, channel in enumerate(past.activity.channels.all())
    )
    past.place(early, "Lektore līgumu parakstīs rīt, ielūgumu drīkst publicēt jau šodien.")
    past.contract(Contract.SIGNED, days_before=29)
    past.place(late)
    live_through(past.event)
    for number, key in enumerate(checklist.LINES):
        at = past.event.starts_at + timedelta(minutes=15 * number - 20)
        checklist.tick(past.webinar, key, by=past.staff.manager, at=at)


def _be_ready(ready: Preparation) -> None:
    """Only the hour itself and the pay afterwards are left."""
    ready.pay()
    ready.moderation(rehearsed_before=1)
    ready.contract(Contract.SIGNED, days_before=44)
    banner = ready.banner(days_before=41)
    version = banner.versions.get()
    version.send_back(
        by=ready.staff.head,
        at=ready.done(40),
        comment="Teksts par sīku telefonam; lūdzu, palieliniet virsrakstu.",
    )
    materials.add_version(
        banner,
        Content(pictures.upload(ready.told.banner), ""),
        by=ready.staff.specialist,
        at=ready.done(39),
    )
    ready.approve(banner, days_before=38)
    ready.text(days_before=36)
    for number, channel in enumerate(ready.activity.channels.all()):
        ready.place(ready.advertisement(channel, time(9 + number)))


def _be_half_done(half_done: Preparation) -> None:
    """The contract is with the presenter, and a banner waits for approval."""
    half_done.pay()
    half_done.contract(Contract.SENT, days_before=46)
    half_done.banner(days_before=39)
    for number, channel in enumerate(half_done.activity.channels.all()):
        half_done.advertisement(channel, time(9 + 2 * number))
