"""People who register on the public page while the system is being killed under them."""

import re
import threading
import time
from dataclasses import dataclass, field

import requests

THINKING = 2.2
"""Seconds to fill in the form; a machine would be quicker, and is refused."""

AGAIN = 1.0
SHOWN = re.compile(r'name="shown" value="([^"]+)"')
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


@dataclass
class Visitor:
    """Somebody who presses the button again until the page says that it has worked."""

    number: int
    at: float
    is_confirmed: bool = False
    tries: int = 0
    thread: threading.Thread | None = field(default=None, init=False)

    @property
    def email(self) -> str:
        return f"visitor{self.number}@example.org"

    @property
    def phone(self) -> str:
        return f"+37129{self.number:06}"

    def come(self, page: str, until: float) -> None:
        """Register in a thread of its own; give up at `until` of the monotonic clock."""
        self.thread = threading.Thread(target=self._register, args=(page, until), daemon=True)
        self.thread.start()

    def is_busy(self) -> bool:
        return self.thread is not None and self.thread.is_alive()

    def _register(self, page: str, until: float) -> None:
        while not self.is_confirmed and time.monotonic() < until:
            self.tries += 1
            try:
                self.is_confirmed = self._try_once(page)
            except requests.RequestException:
                self.is_confirmed = False
            if not self.is_confirmed:
                time.sleep(AGAIN)

    def _try_once(self, page: str) -> bool:
        with requests.Session() as browser:
            form = browser.get(page, timeout=10).text
            shown, token = SHOWN.search(form), TOKEN.search(form)
            if shown is None or token is None:
                return False
            time.sleep(THINKING)
            answer = browser.post(
                page,
                data={
                    "first_name": "Zane",
                    "last_name": f"Bērziņa {'abcdefghij'[self.number % 10]}",
                    "email": self.email,
                    "phone": self.phone,
                    "website": "",
                    "shown": shown[1],
                    "csrfmiddlewaretoken": token[1],
                },
                timeout=10,
                allow_redirects=False,
            )
        return answer.status_code == 302 and "/thanks/" in answer.headers["Location"]
