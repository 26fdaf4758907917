"""The reminder rules that every type of event begins with (process steps 5.1 and 5.2)."""

from datetime import time

from events.event_type import DefaultRule, DefaultText
from events.models import ReminderRule
from outbox.models import Purpose

Anchor, Until, Late = ReminderRule.Anchor, ReminderRule.Until, ReminderRule.Late

CONFIRMATION = DefaultRule(
    key="confirmation",
    name=("Apstiprinājums", "Confirmation"),
    settings={
        "purpose": Purpose.SERVICE,
        "anchor": Anchor.REGISTRATION,
        "until": Until.START,
        "until_minutes": 60,
        "with_calendar": True,
    },
    texts=(
        DefaultText(
            subject=(
                "Pieteikums saņemts: {event}, {date} plkst. {time}",
                "You are registered: {event}, {date} at {time}",
            ),
            email=(
                "{greeting}\n\nPaldies par pieteikšanos! {event} notiks tiešsaistē {date} plkst. "
                "{time}.\n\nPievienojieties ar savu personīgo saiti:\n{join_link}\n\nSaglabājiet "
                "pasākumu savā kalendārā:\n{calendar_link}\n\nJa nevarēsiet piedalīties, "
                "atceliet pieteikumu:\n{cancel_link}\n\n{college}",
                "{greeting}\n\nThank you for registering! {event} takes place online on {date} at "
                "{time}.\n\nJoin by your personal link:\n{join_link}\n\nPut it into your calendar:"
                "\n{calendar_link}\n\nIf you cannot come, cancel here:\n{cancel_link}\n\n{college}",
            ),
        ),
    ),
)

# Its words name the day instead of calling it tomorrow: they hold as well when it goes late.
TOMORROW = DefaultRule(
    key="tomorrow",
    name=("Rīt notiks", "Tomorrow"),
    settings={
        "purpose": Purpose.SERVICE,
        "anchor": Anchor.START,
        "offset_days": -1,
        "at_time": time(10),
        "until": Until.START,
        "until_minutes": -180,
        "registered_before_minutes": 12 * 60,
    },
    texts=(
        DefaultText(
            subject=(
                "Atgādinām: {event}, {date} plkst. {time}",
                "A reminder: {event}, {date} at {time}",
            ),
            email=(
                "{greeting}\n\nAtgādinām: {event} notiks {date} plkst. {time}.\n\n"
                "Jūsu personīgā saite:\n{join_link}\n\nJa nevarēsiet piedalīties, atceliet "
                "pieteikumu:\n{cancel_link}\n\n{college}",
                "{greeting}\n\nA reminder: {event} is on {date} at {time}.\n\nYour personal "
                "link:\n{join_link}\n\nIf you cannot come, cancel here:\n{cancel_link}\n\n{college}",
            ),
        ),
    ),
)

BEFORE = DefaultRule(
    key="before_15",
    name=("Sākam pēc 15 minūtēm", "We begin in 15 minutes"),
    settings={
        "purpose": Purpose.SERVICE,
        "by_sms": True,
        "anchor": Anchor.START,
        "offset_minutes": -15,
        "until": Until.START,
        "until_minutes": 5,
        "not_to_present": True,
        "late": Late.REPLACE,
    },
    texts=(
        DefaultText(
            subject=("Sākam plkst. {time}: {event}", "We begin at {time}: {event}"),
            email=(
                "{greeting}\n\n{event} sākas šodien plkst. {time}.\n\nPievienojieties ar savu "
                "personīgo saiti:\n{join_link}\n\n{college}",
                "{greeting}\n\n{event} begins today at {time}.\n\nJoin by your personal link:\n"
                "{join_link}\n\n{college}",
            ),
            sms=(
                "{join_link} Plkst. {time} sākas {event}.",
                "{join_link} {event} begins at {time}.",
            ),
        ),
    ),
)

JOIN_NOW = DefaultRule(
    key="join_now",
    name=("Pievienojieties tūlīt", "Join now"),
    settings={
        "purpose": Purpose.SERVICE,
        "by_sms": True,
        "anchor": Anchor.REGISTRATION,
        "until": Until.START,
        "until_minutes": 25,
        "not_to_present": True,
        "registered_from_minutes": -15,
    },
    texts=(
        DefaultText(
            subject=("Pievienojieties: {event}, plkst. {time}", "Join now: {event}, {time}"),
            email=(
                "{greeting}\n\nPaldies par pieteikšanos! {event} – šodien plkst. {time}.\n\n"
                "Pievienojieties jau tagad ar savu personīgo saiti:\n{join_link}\n\n{college}",
                "{greeting}\n\nThank you for registering! {event} is today at {time}.\n\nJoin now "
                "by your personal link:\n{join_link}\n\n{college}",
            ),
            sms=(
                "{join_link} Pievienojieties: {event}, plkst. {time}.",
                "{join_link} Join now: {event}, {time}.",
            ),
        ),
    ),
)

BEGUN = DefaultRule(
    key="begun_10",
    name=("Esam sākuši", "We have begun"),
    settings={
        "purpose": Purpose.SERVICE,
        "by_email": False,
        "by_sms": True,
        "anchor": Anchor.START,
        "offset_minutes": 10,
        "until": Until.START,
        "until_minutes": 25,
        "not_to_present": True,
        "needs_feed": True,
        "late": Late.REPLACE,
        "registered_before_minutes": 10,
    },
    texts=(
        DefaultText(
            sms=(
                "{join_link} Esam sākuši: {event}.",
                "{join_link} We have begun: {event}.",
            ),
        ),
    ),
)

LATE_START = DefaultRule(
    key="late_start",
    name=("Sākam vēlāk", "We start late"),
    settings={
        "purpose": Purpose.SERVICE,
        "by_email": False,
        "by_sms": True,
        "anchor": Anchor.LATE_START,
        "until": Until.START,
        "until_minutes": 25,
    },
    texts=(
        DefaultText(
            sms=(
                "{join_link} {event} sāksies dažas minūtes vēlāk.",
                "{join_link} {event} will begin a few minutes late.",
            ),
        ),
    ),
)

OFFER = DefaultRule(
    key="offer",
    name=("Šīs nedēļas īpašā cena", "This week's special price"),
    settings={
        "purpose": Purpose.ADVERTISING,
        "anchor": Anchor.END,
        "offset_minutes": 30,
        "until": Until.OFFER,
    },
    texts=(
        DefaultText(
            subject=(
                "Īpašā cena studijām līdz {offer_last_day}",
                "A special price for studies until {offer_last_day}",
            ),
            email=(
                "{greeting}\n\nPaldies par interesi: {event}, {date}.\n\nTikai šajā nedēļā, līdz "
                "{offer_last_day}, studijām ir īpašā cena:\n{offer}\n\nUzziniet vairāk un piesakieties:"
                "\n{offer_link}\n\n{college}\n\nNevēlaties saņemt piedāvājumus? {unsubscribe_link}",
                "{greeting}\n\nYou were registered for {event} on {date}.\n\nOnly this week, until "
                "{offer_last_day}, there is a special price for studies:\n{offer}\n\nFind out more "
                "and apply:\n{offer_link}\n\n{college}\n\nNo more offers, please: {unsubscribe_link}",
            ),
        ),
        DefaultText(
            variant="present",
            subject=(
                "Paldies, ka bijāt! Īpašā cena līdz {offer_last_day}",
                "Thank you for coming! A special price until {offer_last_day}",
            ),
            email=(
                "{greeting}\n\nPaldies, ka piedalījāties: {event}!\n\nTikai šajā nedēļā, līdz "
                "{offer_last_day}, studijām ir īpašā cena:\n{offer}\n\nUzziniet vairāk un piesakieties:"
                "\n{offer_link}\n\n{college}\n\nNevēlaties saņemt piedāvājumus? {unsubscribe_link}",
                "{greeting}\n\nThank you for taking part: {event}!\n\nOnly this week, until "
                "{offer_last_day}, there is a special price for studies:\n{offer}\n\nFind out more "
                "and apply:\n{offer_link}\n\n{college}\n\nNo more offers, please: {unsubscribe_link}",
            ),
        ),
        DefaultText(
            variant="absent",
            subject=(
                "Žēl, ka nesatikāmies. Īpašā cena līdz {offer_last_day}",
                "Sorry we missed you. A special price until {offer_last_day}",
            ),
            email=(
                "{greeting}\n\nŽēl, ka šoreiz nesatikāmies: {event}, {date}. {next_event}\n\nTikai "
                "šajā nedēļā, līdz {offer_last_day}, studijām ir īpašā cena:\n{offer}\n\nUzziniet vairāk "
                "un piesakieties:\n{offer_link}\n\n{college}\n\nNevēlaties saņemt piedāvājumus? "
                "{unsubscribe_link}",
                "{greeting}\n\nWe are sorry we missed you: {event}, {date}. {next_event}\n\nOnly "
                "this week, until {offer_last_day}, there is a special price for studies:\n{offer}"
                "\n\nFind out more and apply:\n{offer_link}\n\n{college}\n\nNo more offers, please: "
                "{unsubscribe_link}",
            ),
        ),
    ),
)

MOVED = DefaultRule(
    key="moved",
    name=("Jauns laiks", "New time"),
    settings={
        "purpose": Purpose.SERVICE,
        "by_sms": True,
        "anchor": Anchor.MOVED,
        "until": Until.START,
        "with_calendar": True,
    },
    texts=(
        DefaultText(
            subject=(
                "Jauns laiks: {event}, {date} plkst. {time}",
                "New time: {event}, {date} at {time}",
            ),
            email=(
                "{greeting}\n\n{event} notiks citā laikā: {date} plkst. {time}.\n\nJūsu personīgā "
                "saite paliek tā pati:\n{join_link}\n\nSaglabājiet jauno laiku kalendārā:\n"
                "{calendar_link}\n\nJa nevarēsiet piedalīties, atceliet "
                "pieteikumu:\n{cancel_link}\n\n{college}",
                "{greeting}\n\n{event} has a new time: {date} at {time}.\n\nYour personal link stays "
                "the same:\n{join_link}\n\nPut the new time into your calendar:\n{calendar_link}\n\n"
                "If you cannot come, cancel here:\n{cancel_link}\n\n{college}",
            ),
            sms=(
                "{join_link} Jauns laiks: {event}, {date} plkst. {time}.",
                "{join_link} New time: {event}, {date} at {time}.",
            ),
        ),
    ),
)

CANCELLED = DefaultRule(
    key="cancelled",
    name=("Pasākums atcelts", "Event cancelled"),
    settings={
        "purpose": Purpose.SERVICE,
        "by_sms": True,
        "anchor": Anchor.CANCELLED,
        "until": Until.START,
    },
    texts=(
        DefaultText(
            subject=(
                "Atcelts: {event}, {date} plkst. {time}",
                "Cancelled: {event}, {date} at {time}",
            ),
            email=(
                "{greeting}\n\nDiemžēl pasākums „{event}” {date} plkst. {time} nenotiks. "
                "Atvainojamies par neērtībām. {next_event}\n\n{college}",
                "{greeting}\n\nUnfortunately {event}, planned for {date} at {time}, is cancelled. We "
                "apologise. {next_event}\n\n{college}",
            ),
            sms=(
                "{join_link} Atcelts: {event}, {date} plkst. {time}.",
                "{join_link} Cancelled: {event}, {date} at {time}.",
            ),
        ),
    ),
)
