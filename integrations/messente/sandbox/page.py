"""The page on which people see what would have been sent, and make things happen."""

from html import escape

from .account import Account, Fault, Sms

BUTTONS = (
    ("Delivered", "DELIVRD", 0),
    ("Number unknown", "UNDELIV", 3),
    ("Expired", "EXPIRED", 2),
    ("On its way", "ACK", 0),
)

STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; margin: 0 auto; max-width: 60rem; padding: 1rem; }
article { border: 1px solid #8886; border-radius: .5rem; margin: .75rem 0; padding: .75rem; }
form { display: inline-block; margin: .25rem .25rem 0 0; }
p { margin: .25rem 0; overflow-wrap: anywhere; }
:root { color-scheme: light dark; }
"""


def page(account: Account, api_url: str) -> str:
    """Draw what was sent, newest first, with a button for each state it may come to."""
    sent = "".join(_sms(sms) for sms in reversed(account.sent)) or "<p>Nothing yet.</p>"
    faults = "".join(_button("/fault", fault, {"fault": fault}) for fault in Fault)
    credit = "used up" if account.credit <= 0 else "there"
    stopped = ", ".join(sorted(account.blacklist)) or "nobody"
    return (
        "<!doctype html><html lang=en><meta charset=utf-8>"
        '<meta name=viewport content="width=device-width, initial-scale=1">'
        f"<title>Sandbox Messente</title><style>{STYLE}</style>"
        f"<h1>Sandbox Messente</h1><p>MESSENTE_API_URL={escape(api_url)}</p>"
        f"<h2>Stopped: {escape(stopped)}</h2>"
        '<form method=post action="/blacklist"><label>Number <input name=number></label> '
        "<button>Put on the list, or take off</button></form>"
        f"<h2>Credit is {credit}</h2>{_button('/credit', 'Change', {})}"
        f"<h2>The next call fails</h2>{faults}<p>{escape(', '.join(account.faults))}</p>"
        f"<h2>Sent: {len(account.sent)}</h2>{sent}"
    )


def _sms(sms: Sms) -> str:
    buttons = "".join(
        _button("/report", label, {"number": sms.number, "status": status, "error": str(error)})
        for label, status, error in BUTTONS
    )
    return (
        f"<article><p><strong>{escape(sms.to)}</strong> from {escape(sms.sender)}: "
        f"{escape(sms.status)}</p><p>{escape(sms.text)}</p>{buttons}</article>"
    )


def _button(action: str, label: str, fields: dict[str, str]) -> str:
    hidden = "".join(
        f'<input type=hidden name="{name}" value="{escape(value)}">'
        for name, value in fields.items()
    )
    return f'<form method=post action="{action}">{hidden}<button>{escape(label)}</button></form>'
