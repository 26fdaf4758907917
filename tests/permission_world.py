"""One of everything an address can name, and one person of every kind, for the table of rights."""

from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.core import signing
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from accounts.models import Role
from events.models import AttendanceReport, Bitrix24Source, ParticipantImport, ReminderRule
from events.rehearsal import rehearsing
from events.views.public_event import THANKS
from files.uploads import store
from kpi.models import Alert, ListImport, Mute, Note
from opendays.models import Occurrence, Series
from outbox.models import Detour
from people.models import AddressBlock, Medium
from plans.models import Activity, PlanImport
from results import evaluations, reviews
from results.models import Decision, SnapshotFile
from tests.factories import (
    START,
    make_check_in,
    make_event,
    make_goal,
    make_indicator,
    make_kpi_channel,
    make_message,
    make_offer,
    make_recurring,
    make_registration,
    make_series,
    make_task,
    make_user,
    make_year,
    riga,
)
from tests.plans.making import (
    make_activity,
    make_audience,
    make_channel,
    make_intake,
    make_publication,
)
from tests.plans.making import make_message as make_message_of_plan
from tests.webinars.making import make_banner, make_presenter, make_webinar
from work.models import CalendarFeed, HandOver, TaskFile, TaskTemplate

NOW = riga(2026, 3, 1, 10)

PERSONS = {
    "nobody": None,
    "director": Role.DIRECTOR,
    "head": Role.MARKETING_HEAD,
    "manager": Role.PROJECT_MANAGER,
    "specialist": Role.SPECIALIST,
    "unit": Role.UNIT_HEAD,
    "other unit": Role.UNIT_HEAD,
    "administrator": Role.UNIT_HEAD,
}
"""Who asks. The administrator is a head of another unit, so that it shows what being one adds."""


def make_persons():
    """Make a user of each kind; nobody is not signed in."""
    return {
        name: role and make_user(role=role, is_administrator=name == "administrator")
        for name, role in PERSONS.items()
    }


def make_world(persons):
    """Make what the addresses of the table name; where it has a unit, it is that of "unit"."""
    plan = [accounts, outbox, goals, plans]
    execution = [events, lists, people, opendays, webinars, work]
    of_app = [*plan, *execution, kpi, results]
    world: dict[str, object] = {}
    for make in of_app:
        of_this = make(persons)
        # One word for two objects: the table would ask about the wrong one.
        assert not (twice := world.keys() & of_this.keys()), twice
        world |= of_this
    return world


def make_text_file():
    return store(SimpleUploadedFile("a.txt", b"Hello"), by=make_user(), at=NOW)


def accounts(persons):
    user = make_user()
    return {
        "user": user.pk,
        "inactive": make_user(is_active=False).pk,
        "invited": make_user(password=None).pk,
        "unit": persons["unit"].unit_id,
        "uid": urlsafe_base64_encode(force_bytes(user.pk)),
        "reset": default_token_generator.make_token(user),
    }


def outbox(persons):
    failed = make_message(status="failed", reason="refused", not_before=NOW, due_at=NOW)
    detour = Detour.objects.create(channel="smtp", goes_by="bitrix24_email", began_at=NOW)
    return {
        "message": failed.pk,
        "retry": "retry",
        "dispatch": failed.dispatch_id,
        "sent": "sent",
        "detour": detour.pk,
        "channel": "bitrix24_email",
        "goes_by": "smtp",
    }


def goals(persons):
    year = make_year(strategy_file=make_text_file())
    check_in = make_check_in(make_indicator(make_goal(year)))
    return {
        "year": year.year,
        "comment": "comment",
        "goal": check_in.indicator.goal_id,
        "indicator": check_in.indicator_id,
        "check_in": check_in.pk,
    }


def kpi(persons):
    series, by = make_series(), make_user()
    about = {"kind": "no_data", "series": series}
    alert = Alert.objects.create(**about, day=START.date(), found_at=NOW)
    mute = Mute.objects.create(**about, until=START.date(), reason="Zināms", by=by, at=NOW)
    note = Note.objects.create(series=series, day=START.date(), text="Kampaņa", by=by, at=NOW)
    imported = ListImport.objects.create(
        file=make_text_file(),
        by=persons["specialist"],
        at=NOW,
        moved_at=NOW,
        reader_language="en",
        state=ListImport.State.MAPPING,
        found={"sheets": [], "headings": [], "channels": [], "notices": []}
        | {"needs_year": False, "needs_order": False},
    )
    return {
        "kpi_series": series.pk,
        "kpi_channel": make_kpi_channel().pk,
        "measured": series.key,
        "kpi_source": "own",
        "kpi_note": note.pk,
        "kpi_list": imported.pk,
        "kpi_list_file": imported.file_id,
        "specialist": persons["specialist"].pk,
        "alert": alert.pk,
        "mute": mute.pk,
    }


def events(persons):
    registration = make_registration(make_event())
    event = registration.event
    rehearsal = rehearsing.begin(
        event,
        list(ReminderRule.objects.for_kind(event.kind).prefetch_related("texts")),
        [persons["head"]],
        nobody_joins=False,
        with_crowd=False,
        by=persons["head"],
        now=NOW,
    )
    return {
        "event": event.pk,
        "slug": event.slug,
        "thanks": signing.dumps(["1@example.org", True, True], salt=THANKS),
        "kind": "open_day",
        "rule": ReminderRule.objects.get(event_type="open_day", key="offer").pk,
        "language": "lv",
        "variant": "all",
        "offer": make_offer().pk,
        "registration": registration.pk,
        "token": registration.token,
        "rehearsal": rehearsal.pk,
    }


def lists(persons):
    event = make_event()
    report = AttendanceReport.objects.create(
        event=event,
        platform="zoom",
        original_name="zoom.csv",
        uploaded_at=NOW,
        imported_at=NOW,
        counts={"matched": 0, "to_review": 0},
    )
    imported = ParticipantImport.objects.create(
        event=event,
        original_name="list.xlsx",
        uploaded_at=NOW,
        moved_at=NOW,
        people_language="lv",
        reader_language="en",
        state=ParticipantImport.State.FAILED,
    )
    source = Bitrix24Source.objects.create(
        name="Web form", entity="contact", source_id="WEBFORM", event=event
    )
    return {
        "list_event": event.pk,
        "report": report.pk,
        "import": imported.pk,
        "source": source.pk,
    }


def people(persons):
    person = make_registration(make_event()).participant
    block = AddressBlock.objects.block(Medium.EMAIL, "wrong@example.org", "Unknown.", NOW)
    return {
        "participant": person.pk,
        "unsubscribe": person.unsubscribe_token,
        "block": block.pk,
    }


def opendays(persons):
    day = START.date()
    series = Series.objects.create(
        title="Atvērto durvju diena",
        weekday=day.weekday(),
        clock=START.time(),
        minutes=45,
        first_day=day,
        last_day=day,
        moderator=make_user(),
    )
    occurrence = Occurrence.objects.create(series=series, event=make_event(), original_on=day)
    intake = make_intake(year=2027)
    fields = {"kind": Activity.Kind.OPEN_DAY, "unit": persons["unit"].unit}
    made, planned = make_activity(intake, **fields), make_activity(intake, **fields)
    return {
        "series": series.pk,
        "occurrence": occurrence.pk,
        "open_day": planned.pk,
        "event_of_unit": make_event(activity=made).pk,
    }


def plans(persons):
    intake = make_intake(season="autumn", by=persons["head"])
    unit = persons["unit"].unit
    activity = make_activity(intake, unit=unit)
    uploaded = PlanImport.objects.create(
        intake=intake,
        original_name="plan.xlsx",
        cells=[["Veids", "Nosaukums", "Sākums"], ["Konference", "AI", "12.03.2026 18:00"]],
        uploaded_by=persons["head"],
        uploaded_at=NOW,
    )
    return {
        "intake": intake.pk,
        "submit": "submit",
        "key_message": make_message_of_plan(intake).pk,
        "audience": make_audience(intake).pk,
        "channel_of_intake": make_channel(intake).pk,
        "activity": activity.pk,
        "proposal": make_activity(intake, unit=unit, state=Activity.State.PROPOSED).pk,
        "done": make_activity(intake, unit=unit, state=Activity.State.DONE).pk,
        "publication": make_publication(activity).pk,
        "plan_import": uploaded.pk,
    }


def webinars(persons):
    intake, unit = make_intake(), persons["unit"].unit
    presenter = make_presenter(photo=make_banner(make_event(), is_approved=False).file)
    webinar = make_webinar(
        activity=make_activity(intake, unit=unit),
        contract_file=make_text_file(),
        presenter=presenter,
    )
    banner = make_banner(webinar.event, is_approved=False)
    return {
        "webinar": webinar.event_id,
        "topic": "topic",
        "contract": "contract",
        "pay": "pay",
        "moderation": "moderation",
        "checklist": "room",
        "material": banner.material_id,
        "version": banner.pk,
        "presenter": presenter.pk,
        "planned": make_activity(intake, unit=unit).pk,
    }


def work(persons):
    of_unit = make_user(role=Role.SPECIALIST, unit=persons["unit"].unit)
    task = make_task(assignee=of_unit)
    attached = TaskFile.objects.create(task=task, stored=make_text_file())
    day = START.date()
    hand_over = HandOver.objects.create(
        person=of_unit, to=make_user(), first_on=day, last_on=day, made_by=of_unit
    )
    return {
        "task": task.pk,
        "task_elsewhere": make_task(role=Role.SPECIALIST).pk,
        "file": attached.pk,
        "tasks_of": "webinar",
        "template": TaskTemplate.objects.first().pk,
        "recurring": make_recurring().pk,
        "hand_over": hand_over.pk,
        "feed": CalendarFeed.objects.create(user=of_unit, made_at=NOW).token,
    }


def results(persons):
    make_goal(make_year(2025))
    review = reviews.begin(make_intake(year=2025))
    snapshot = reviews.freeze(review, by=persons["head"], at=NOW)
    SnapshotFile.objects.bulk_create(
        SnapshotFile(snapshot=snapshot, kind=kind, language=language, content=b"Kept")
        for kind in SnapshotFile.Kind
        for language, _name in settings.LANGUAGES
    )
    decision = Decision.objects.create(
        review=review, text="Post on Sundays", made_by=persons["head"], made_at=NOW
    )
    evaluation = evaluations.begin(review.intake, persons["specialist"], by=persons["head"], at=NOW)
    return {
        "reviewed": review.intake_id,
        "snapshot": snapshot.pk,
        "freeze": "freeze",
        "confirm": "confirm",
        "goal_note": review.goal_notes.get().pk,
        "decision": decision.pk,
        "evaluation": evaluation.pk,
        "go_on": "go_on",
    }
