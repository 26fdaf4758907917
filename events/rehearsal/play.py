"""Playing an evening: the clock goes from moment to moment, and the engine is asked what is due."""

from collections.abc import Iterator, Sequence
from copy import copy
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from events.models import Event, Rehearsal, ReminderRule
from events.plan import FEED_LOOK
from events.rehearsal.cast import NEWCOMER, Character
from events.rehearsal.engine import Engine
from events.rehearsal.read_only import only_reading
from events.rehearsal.rows import Row
from events.rehearsal.script import Act, Deed
from events.rehearsal.stage import Stage
from outbox.models import Reason, Status


@dataclass(frozen=True)
class Done:
    """A deed, who did it, and why it could not be done if it could not."""

    deed: Deed
    who: Character | None
    refusal: str


@dataclass(frozen=True)
class Step:
    """One pretended moment at which something happened, and how things stood after it."""

    at: datetime
    done: list[Done]
    news: list[Row]
    """What was written or has changed its state at this moment, as it was then."""

    stage: Stage
    newly_asked: bool
    """From now on the moderator is asked about what is held."""

    def is_about_something(self) -> bool:
        return bool(self.done or self.news or self.newly_asked)


@dataclass
class Play:
    """One evening: who plays, what is done, and the engine that answers."""

    engine: Engine
    cast: Sequence[Character]
    script: Sequence[Deed]
    _joined: set[str] = field(default_factory=set)
    _seen: dict[int, Status] = field(default_factory=dict)

    @property
    def stage(self) -> Stage:
        return self.engine.stage

    def steps(self) -> Iterator[Step]:
        """Yield every moment at which something happens, until nothing can happen any more."""
        people = {each.key: each for each in self.cast}
        waiting = sorted([*self._of_the_cast(), *self.script], key=lambda deed: deed.at)
        now: datetime | None = waiting[0].at
        while now is not None:
            done = []
            while waiting and waiting[0].at <= now:
                deed = waiting.pop(0)
                done.append(self._do(deed, people.get(deed.who)))
            step = self._step(now, [*done, *self._join_who_is_due(now)])
            if step.is_about_something():
                yield step
            now = self._next_moment(now, waiting)

    def _of_the_cast(self) -> Iterator[Deed]:
        """Yield what the people of the cast do at fixed moments; newcomers come by the script."""
        for each in self.cast:
            if each.part != NEWCOMER:
                yield Deed(each.registers_at, Act.REGISTER, each.key)
            if each.cancels_at is not None:
                yield Deed(each.cancels_at, Act.CANCEL, each.key)

    def _join_who_is_due(self, now: datetime) -> list[Done]:
        moments = [(self._joins_at(who), who) for who in self.cast]
        due = [who for at, who in moments if at is not None and at <= now]
        self._joined |= {who.key for who in due}
        return [self._do(Deed(now, Act.JOIN, who.key), who) for who in due]

    def _joins_at(self, who: Character) -> datetime | None:
        """Return when somebody of the cast still comes: nobody does who is in or has cancelled."""
        registration = self.stage.registrations.get(who.key)
        if registration is None or who.joins_minutes is None or who.key in self._joined:
            return None
        is_coming = registration.is_active and not registration.is_present
        if not is_coming or self.stage.event.is_cancelled:
            return None
        return self.stage.event.starts_at + timedelta(minutes=who.joins_minutes)

    def _do(self, deed: Deed, who: Character | None) -> Done:
        old_start = self.stage.event.starts_at
        refusal = self.stage.act(deed, who)
        if refusal:
            return Done(deed, who, refusal)
        if deed.act == Act.CANCEL:
            self.engine.withdraw(Reason.REGISTRATION_CANCELLED, who=deed.who)
        elif deed.act == Act.MOVE and self.stage.event.starts_at != old_start:
            self.engine.take_move(old_start)
        elif deed.act == Act.CALL_OFF:
            self.engine.withdraw(Reason.EVENT_CANCELLED)
        return Done(deed, who, "")

    def _step(self, now: datetime, done: list[Done]) -> Step:
        event = self.stage.event
        was_held = event.no_show_held_at is not None
        is_judged_anew = self.stage.judge_feed(now)
        self.stage.settle_absences(now)
        # Whatever changed, the real plan is looked at again within five minutes.
        self.engine.tick(now, has_changed=is_judged_anew or bool(done))
        rows = self.engine.rows
        news = [copy(row) for row in rows if self._seen.get(id(row)) != row.status]
        self._seen = {id(row): row.status for row in rows}
        newly_asked = event.no_show_held_at is not None and not was_held
        return Step(now, done, news, self.stage.as_now(), newly_asked)

    def _next_moment(self, now: datetime, waiting: Sequence[Deed]) -> datetime | None:
        """Return when something may happen next; None when nothing can any more."""
        event = self.stage.event
        moments = [deed.at for deed in waiting[:1]]
        moments += [at for each in self.cast if (at := self._joins_at(each)) is not None]
        moments += [
            due_at for rule in self.engine.rules_on if (due_at := rule.due_at(event)) is not None
        ]
        moments.append(event.starts_at + FEED_LOOK)
        for row in self.engine.rows:
            if row.is_waiting:
                moments += [row.not_before, row.expires_at]
        return min((moment for moment in moments if moment > now), default=None)


def play(rehearsal: Rehearsal, event: Event, rules: Sequence[ReminderRule]) -> list[Step]:
    """Play the whole evening of a rehearsal; nothing is written anywhere.

    `event` comes with its offer and its `rules_off`, `rules` with their texts.
    """
    with only_reading():
        stage = Stage(event, rehearsal.starts_at, rehearsal.ends_at)
        cast = [Character.from_stored(each) for each in rehearsal.cast]
        script = [Deed.from_stored(each) for each in rehearsal.script]
        return list(Play(Engine(event, stage, rules), cast, script).steps())
