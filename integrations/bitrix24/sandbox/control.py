"""The sandbox's own addresses: the page, and JSON for tests, under `/sandbox/`."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from .calls import RestError
from .encoding import as_dict, as_int, as_list, is_true
from .entities import CONTACT, LEAD
from .exchange import Reply, Request
from .faults import Fault, FaultError
from .outgoing import Subscription
from .page import render_page, stylesheet
from .people import add_person
from .portal import Portal
from .records import MissingNameError
from .settings_form import SettingsError, read_settings

Action = Callable[[Request], Any]


class Control:
    """Answers everything that is not REST."""

    def __init__(self, portal: Portal) -> None:
        self.portal = portal
        self._reads: dict[str, Callable[[Request], Reply]] = {
            "/": self._page,
            "/sandbox/style.css": lambda _: Reply(
                200, stylesheet(), content_type="text/css; charset=utf-8"
            ),
            "/favicon.ico": lambda _: Reply(204),
            "/sandbox/health": lambda _: Reply.json({"status": "ok"}),
            "/sandbox/sent": self._sent,
            "/sandbox/stats": lambda _: Reply.json(self.portal.stats()),
            "/sandbox/faults": lambda _: Reply.json(self._faults()),
            "/sandbox/deliveries": lambda _: Reply.json(self._deliveries()),
            "/oauth/token": self._token,
        }
        self._actions: dict[str, Action] = {
            "/sandbox/reset": self._reset,
            "/sandbox/faults": self._add_fault,
            "/sandbox/faults/remove": self._remove_fault,
            "/sandbox/contacts": self._add_people,
            "/sandbox/leads": self._add_people,
            "/sandbox/settings": self._configure,
            "/sandbox/webhook": self._set_webhook,
        }

    def answer(self, request: Request) -> Reply:
        path = request.path.rstrip("/") or "/"
        if path == "/oauth/token" or (request.verb in ("GET", "HEAD") and path in self._reads):
            return self._reads[path](request)
        if request.verb == "POST" and path in self._actions:
            if not _is_from_here(request):
                return Reply.json({"error": "Another site may not do this."}, 403)
            return self._act(self._actions[path], request)
        known = path in self._reads or path in self._actions
        return Reply.json({"error": "Not found."}, 405 if known else 404)

    def _act(self, action: Action, request: Request) -> Reply:
        """Do it; a browser goes back to the page, a program gets JSON."""
        try:
            done = action(request)
        except (FaultError, SettingsError, RestError, MissingNameError) as error:
            return Reply.json({"error": str(error) or "A contact needs a name."}, 400)
        if request.is_json or "text/html" not in request.headers.get("accept", ""):
            return Reply.json(done)
        return Reply.redirect("/")

    def _page(self, request: Request) -> Reply:
        policy = "default-src 'none'; style-src 'self'; form-action 'self'; frame-ancestors 'none'"
        page = render_page(self.portal, request.params())
        headers = {"Content-Security-Policy": policy, "Referrer-Policy": "same-origin"}
        return Reply.html(page, headers=headers)

    def _sent(self, request: Request) -> Reply:
        kind = request.params().get("kind")
        repeated = self.portal.doubles()
        return Reply.json(
            [
                message.as_json(is_double=message.id in repeated)
                for message in self.portal.sent
                if kind in (None, message.kind)
            ]
        )

    def _token(self, request: Request) -> Reply:
        try:
            with self.portal.lock:
                return Reply.json(self.portal.oauth.exchange(request.params()))
        except RestError as error:
            return Reply.json(error.body(), error.status)

    def _reset(self, request: Request) -> dict[str, Any]:
        self.portal.reset(everything=is_true(request.form().get("everything")))
        return self.portal.stats()

    def _faults(self) -> list[dict[str, Any]]:
        return [fault.describe() for fault in self.portal.faults.active()]

    def _add_fault(self, request: Request) -> dict[str, Any]:
        return self.portal.faults.add(Fault.from_fields(request.form())).describe()

    def _remove_fault(self, request: Request) -> list[dict[str, Any]]:
        """Remove the fault with the given id, or all of them without one."""
        fault_id = request.form().get("id")
        if fault_id is None:
            self.portal.faults.clear()
        else:
            self.portal.faults.remove(as_int(fault_id))
        return self._faults()

    def _add_people(self, request: Request) -> dict[str, list[int]]:
        entity = LEAD if request.path.rstrip("/").endswith("leads") else CONTACT
        form = request.form()
        people = as_list(form.get("people")) or [form]
        added = (add_person(self.portal, as_dict(person), entity=entity) for person in people)
        return {"ids": list(added)}

    def _configure(self, request: Request) -> dict[str, str]:
        changes = read_settings(request.form())
        with self.portal.lock:
            self.portal.configure(**changes)
        return {name: str(value) for name, value in changes.items()}

    def _set_webhook(self, request: Request) -> list[str]:
        """Tell this address of changed contacts, leads and deals from now on."""
        form = request.form()
        target = str(form.get("target") or "")
        if not target.startswith(("http://", "https://")):
            raise SettingsError("The target must be an http or https address.")
        token = str(form.get("application_token") or "")
        self.portal.outgoing.subscribe(Subscription(target, token))
        return [item.target for item in self.portal.outgoing.subscriptions]

    def _deliveries(self) -> list[dict[str, Any]]:
        return [
            {"event": item.event, "id": item.record_id, "outcome": item.outcome}
            for item in self.portal.outgoing.deliveries
        ]


def _is_from_here(request: Request) -> bool:
    """Whether a browser sends it from the sandbox's own page; programs name no origin."""
    origin = request.headers.get("origin")
    return origin is None or urlsplit(origin).netloc == request.headers.get("host")
