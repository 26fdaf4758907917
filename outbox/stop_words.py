"""People who answer an SMS with STOP: no SMS goes to them any more."""

import re
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext

from outbox import queue
from outbox.blocks import owners, withdraw_offers
from people.addresses import AddressError, normalise_phone
from people.identity import folded
from people.models import AddressBlock, Medium

STOP_WORDS = frozenset({"stop", "stopp", "beigt", "beidziet", "atteikties", "atteikt", "стоп"})
"""Without marks, as `folded` writes them."""


def heed(sender: str, text: str, at: datetime) -> bool:
    """Block the sender's number if the first word says so; return whether it did."""
    words = re.findall(r"\w+", folded(text))
    if not words or words[0] not in STOP_WORDS:
        return False
    try:
        number = normalise_phone(sender).e164
    except AddressError:
        return False
    reason = gettext("Asked us by SMS to stop.")
    with transaction.atomic():
        AddressBlock.objects.block(Medium.SMS, number, reason, at)
        withdraw_offers(Medium.SMS, number, at, place=reason)
        queue.ask_anew_of(owners(Medium.SMS, number))
    return True
