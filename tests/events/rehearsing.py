"""Evenings played twice: by a rehearsal, and by the real engine with a moved clock."""

from datetime import timedelta

from events import attendance, changes, registration, reminders
from events.models import Event, Registration, ReminderRule
from events.rehearsal.cast import Character, cast_for
from events.rehearsal.engine import Engine
from events.rehearsal.play import Play
from events.rehearsal.script import Act
from events.rehearsal.stage import Stage
from events.text_previews import NO_LINK
from outbox import delivery
from outbox.models import Message
from people.models import Participant
from tests.factories import make_user


def rules_of(event):
    return list(ReminderRule.objects.for_kind(event.kind).prefetch_related("texts"))


def steps_of(event, *deeds, cast=None, newcomers=()):
    """Play an evening of an event without a stored rehearsal."""
    event = Event.objects.select_related("offer").prefetch_related("rules_off").get(pk=event.pk)
    if cast is None:
        cast = cast_for(event, reminders.rules_of(event))
    stage = Stage(event, event.starts_at, event.ends_at)
    play = Play(Engine(event, stage, rules_of(event)), [*cast, *newcomers], deeds)
    return list(play.steps()), play


def rehearsed(play):
    """Give everything of the pretended ledger, in a form that the real one can be compared in."""
    return sorted(
        (
            *(row.rule.key, row.who.key, row.medium.value, row.repetition),
            *(row.status.value, row.reason.value),
            *(row.due_at, row.expires_at, row.handed_over_at, row.about_at),
            *words_of(row.status, row.subject, row.body),
        )
        for row in play.engine.rows
    )


def words_of(status, subject, body):
    """What is not to go may keep the words it had, or lose them at the next look."""
    return (subject, body) if status in ("handed_over", "held") else ("", "")


class RealEvening:
    """The same deeds done to a real event, and the real engine at work on it."""

    def __init__(self, event):
        self.event = event
        self.moderator = make_user()
        self.people = {}

    def play(self, steps, extra=()):
        deeds = {step.at: step.done for step in steps}
        for now in sorted({*deeds, *extra}):
            for done in deeds.get(now, []):
                if not done.refusal:
                    self.do(done.deed, done.who)
            self.tick(now)

    def tick(self, now):
        attendance.check_feeds(now)
        reminders.reconcile(now)
        reminders.queue_due(now)
        delivery.send_due("recording", lambda: now)
        delivery.expire(now)

    def do(self, deed, who):
        self.event.refresh_from_db()
        person = self.people.get(deed.who)
        if person is not None:
            person.refresh_from_db()
        match deed.act:
            case Act.REGISTER if person is None:
                self.people[deed.who] = self.register(who, deed.at)
            case Act.REGISTER:
                registration.take_up_again(person, deed.at)
            case Act.JOIN:
                attendance.press_join(person, deed.at)
            case Act.CANCEL:
                registration.cancel(person, deed.at)
            case Act.OPEN_ROOM:
                attendance.open_room(self.event, deed.at)
            case Act.RELEASE:
                attendance.release_no_show(self.event, deed.at)
            case Act.START_LATE:
                attendance.start_late(self.event, deed.at)
            case Act.MOVE:
                end = deed.starts_at + (self.event.ends_at - self.event.starts_at)
                changes.move(self.event, deed.starts_at, end, by_id=self.moderator.pk, now=deed.at)
            case Act.CALL_OFF if not self.event.is_cancelled:
                changes.cancel(self.event, "Ill.", by_id=self.moderator.pk, now=deed.at)

    def register(self, who: Character, at):
        number = len(self.people) + 1
        since = who.registers_at - timedelta(days=1)
        participant = Participant.objects.create(
            first_name=who.first_name,
            last_name=who.last_name,
            language=who.language,
            email=f"{number}@example.org" if who.has_email else "",
            phone=f"+3712{number:07}" if who.has_phone else "",
            offers_by_email_at=since if "email" in who.offers else None,
            offers_by_sms_at=since if "sms" in who.offers else None,
        )
        made = Registration.objects.create(
            event=self.event, participant=participant, registered_at=at, source="public_page"
        )
        reminders.wake(self.event.pk, at)
        return made

    def ledger(self):
        keys = {person.participant_id: key for key, person in self.people.items()}
        rows = Message.objects.select_related("dispatch__reminder__rule", "participant")
        return sorted(
            (
                *(row.dispatch.reminder.rule.key, keys[row.participant_id], row.medium),
                *(row.repetition, row.status, row.reason),
                *(row.due_at, row.expires_at, row.handed_over_at, row.about_at),
                *words_of(row.status, row.subject, self.without_links(row.body, row)),
            )
            for row in rows
        )

    def without_links(self, text, row):
        tokens = row.token, row.participant.unsubscribe_token
        for token in tokens:
            text = text.replace(token, NO_LINK)
        return text
