"""The outgoing webhook: tells a handler that a record has changed, once, whatever it answers."""

import queue
import threading
import urllib.error
import urllib.parse
import urllib.request
from collections import deque
from dataclasses import dataclass

from .clock import Clock
from .offline import OfflineQueue

TIMEOUT = 10
KEPT_DELIVERIES = 500
DOMAIN = "sandbox.bitrix24.example"
MEMBER_ID = "a223c6b3710f85df22e9377d6c4f7553"

EVENTS = frozenset(
    {
        *("ONCRMLEADADD", "ONCRMLEADUPDATE", "ONCRMLEADDELETE"),
        *("ONCRMCONTACTADD", "ONCRMCONTACTUPDATE", "ONCRMCONTACTDELETE"),
        *("ONCRMDEALADD", "ONCRMDEALUPDATE", "ONCRMDEALDELETE"),
        "ONCRMACTIVITYADD",
    }
)

WEBHOOK_EVENTS = frozenset(event for event in EVENTS if event != "ONCRMACTIVITYADD")
"""What an outgoing webhook is told unless its own list of events says otherwise."""


@dataclass(frozen=True)
class Subscription:
    """A handler that wants to hear of events."""

    target: str
    application_token: str
    events: frozenset[str] = WEBHOOK_EVENTS
    access_token: str = ""


@dataclass(frozen=True)
class Delivery:
    """One event and what became of it; it is never tried again."""

    event: str
    record_id: int
    target: str
    sent_at: float
    outcome: str


class OutgoingWebhooks:
    """Posts events in the background, one after the other."""

    def __init__(self, clock: Clock) -> None:
        self.subscriptions: list[Subscription] = []
        self.deliveries: deque[Delivery] = deque(maxlen=KEPT_DELIVERIES)
        self.offline = OfflineQueue(clock)
        self._clock = clock
        self._waiting: queue.Queue[tuple[Subscription, str, int]] = queue.Queue()
        self._thread: threading.Thread | None = None
        self._lock = threading.Lock()

    def subscribe(self, subscription: Subscription) -> None:
        """Add a handler, in place of one at the same address."""
        self.unsubscribe(subscription.target)
        self.subscriptions = [*self.subscriptions, subscription]

    def unsubscribe(self, target: str) -> int:
        """Take a handler out; return how many that were."""
        kept = [item for item in self.subscriptions if item.target != target]
        removed = len(self.subscriptions) - len(kept)
        self.subscriptions = kept
        return removed

    def notify(self, event: str, record_id: int) -> None:
        """Tell every handler that asked for this event, without waiting for any of them."""
        self.offline.note(event, record_id)
        for subscription in self.subscriptions:
            if event in subscription.events:
                self._waiting.put((subscription, event, record_id))
                self._start()

    def wait(self) -> None:
        """Wait until every event so far has been posted."""
        self._waiting.join()

    def forget_deliveries(self) -> None:
        self.deliveries.clear()

    def _start(self) -> None:
        with self._lock:
            if self._thread is None:
                self._thread = threading.Thread(target=self._post_all, daemon=True)
                self._thread.start()

    def _post_all(self) -> None:
        while True:
            subscription, event, record_id = self._waiting.get()
            try:
                outcome = _post(subscription, self._form(subscription, event, record_id))
                self.deliveries.append(
                    Delivery(event, record_id, subscription.target, self._clock.now(), outcome)
                )
            finally:
                self._waiting.task_done()

    def _form(self, subscription: Subscription, event: str, record_id: int) -> dict[str, str]:
        form = {
            "event": event,
            "event_handler_id": "975",
            "data[FIELDS][ID]": str(record_id),
            "ts": str(int(self._clock.now())),
        }
        if subscription.access_token:
            form |= {
                "auth[access_token]": subscription.access_token,
                "auth[expires_in]": "3600",
                "auth[scope]": "crm",
                "auth[status]": "L",
            }
        return form | {
            "auth[domain]": DOMAIN,
            "auth[client_endpoint]": f"https://{DOMAIN}/rest/",
            "auth[server_endpoint]": "https://oauth.bitrix.info/rest/",
            "auth[member_id]": MEMBER_ID,
            "auth[application_token]": subscription.application_token,
        }


def _post(subscription: Subscription, form: dict[str, str]) -> str:
    body = urllib.parse.urlencode(form).encode()
    request = urllib.request.Request(subscription.target, data=body, method="POST")  # noqa: S310
    request.add_header("Content-Type", "application/x-www-form-urlencoded")
    request.add_header("User-Agent", "Bitrix24 Webhook Engine")
    try:
        with urllib.request.urlopen(request, timeout=TIMEOUT) as response:  # noqa: S310
            return str(response.status)
    except urllib.error.HTTPError as error:
        return str(error.code)
    except (OSError, ValueError) as error:
        return type(error).__name__
