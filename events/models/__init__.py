"""The records of an event, by subject."""

from events.models.alert import EventAlert
from events.models.attendance import Evidence
from events.models.event import Event, EventMove
from events.models.offer import Offer, OfferLine
from events.models.registration import Registration
from events.models.reminder import ReminderDispatch, ReminderRule, ReminderText

__all__ = [
    "Event",
    "EventAlert",
    "EventMove",
    "Evidence",
    "Offer",
    "OfferLine",
    "Registration",
    "ReminderDispatch",
    "ReminderRule",
    "ReminderText",
]
