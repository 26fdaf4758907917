"""The records of an event, by subject."""

from events.models.alert import EventAlert
from events.models.attendance import Evidence
from events.models.attendance_report import AttendanceReport, Stay, ZoomSign
from events.models.bitrix24 import Bitrix24Entry, Bitrix24Event, Bitrix24Source
from events.models.event import Event
from events.models.material import DecisionRefusedError, Material, MaterialVersion
from events.models.move import EventMove
from events.models.offer import Offer, OfferLine
from events.models.participant_import import ParticipantImport
from events.models.preflight import Preflight
from events.models.registration import Registration
from events.models.rehearsal import Rehearsal
from events.models.reminder import ReminderRule, ReminderText
from events.models.reminder_dispatch import ReminderDispatch
from events.models.rule_change import RuleChange

__all__ = [
    "AttendanceReport",
    "Bitrix24Entry",
    "Bitrix24Event",
    "Bitrix24Source",
    "DecisionRefusedError",
    "Event",
    "EventAlert",
    "EventMove",
    "Evidence",
    "Material",
    "MaterialVersion",
    "Offer",
    "OfferLine",
    "ParticipantImport",
    "Preflight",
    "Registration",
    "Rehearsal",
    "ReminderDispatch",
    "ReminderRule",
    "ReminderText",
    "RuleChange",
    "Stay",
    "ZoomSign",
]
