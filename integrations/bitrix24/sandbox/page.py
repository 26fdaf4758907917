"""The page a person reads: what was sent to whom and how late, and buttons for the faults."""

from collections.abc import Iterable
from datetime import datetime
from functools import cache
from html import escape
from pathlib import Path
from typing import Any

from .clock import PORTAL_ZONE
from .entities import ENTITIES
from .faults import NAMES, Fault
from .outgoing import Delivery
from .portal import Portal
from .records import find_record
from .sent import SentMessage
from .tables import row_values
from .texts import html_to_text, link_addresses

REFRESH_SECONDS = 5
SHOWN_PEOPLE = 200
SHOWN_DELIVERIES = 20
KINDS = {"sms": "SMS", "email": "E-mail"}
Group = tuple[int, int, str]


@cache
def stylesheet() -> bytes:
    """The page's style sheet."""
    return (Path(__file__).parent / "style.css").read_bytes()


def render_page(portal: Portal, query: dict[str, Any]) -> str:
    """Write the page; `q` narrows the messages, `refresh=off` keeps it still."""
    search = str(query.get("q") or "").strip()
    is_still = query.get("refresh") == "off"
    stats = portal.stats()
    parts = [
        _head(is_still=is_still),
        _totals(stats),
        _messages(portal, search, is_still=is_still),
        _faults(portal),
        _load(portal, stats),
        _records(portal, stats),
        _reset(),
        "</main></body></html>",
    ]
    return "\n".join(parts)


def describe_lateness(seconds: float | None) -> str:
    """Say in words how late a message was."""
    if seconds is None:
        return "due moment not known"
    if abs(seconds) < 1:
        return "on time"
    minutes, rest = divmod(int(abs(seconds)), 60)
    length = f"{minutes} min {rest} s" if minutes else f"{rest} s"
    return f"{length} {'late' if seconds > 0 else 'early'}"


def _head(*, is_still: bool) -> str:
    refresh = "" if is_still else f'<meta http-equiv="refresh" content="{REFRESH_SECONDS}">'
    toggle = (
        '<a href="/">Refresh by itself</a>'
        if is_still
        else '<a href="/?refresh=off">Stop refreshing</a>'
    )
    return f"""<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">{refresh}
<title>Sandbox Bitrix24</title><link rel="stylesheet" href="/sandbox/style.css"></head>
<body><header><h1>Sandbox Bitrix24</h1>
<p>Nothing leaves this machine. What a real portal would have sent is listed here. {toggle}</p>
</header><main>"""


def _totals(stats: dict[str, Any]) -> str:
    late, latest = stats["late"], stats["max_late_seconds"]
    cards = [
        _card("SMS", stats["sms"]),
        _card("E-mails", stats["emails"]),
        _card("Doubles", stats["doubles"], is_bad=stats["doubles"] > 0),
        _card("Over a minute late", late, is_bad=late > 0),
        _card("Latest", "–" if latest is None else describe_lateness(latest)),
        _card("Requests", stats["requests"]),
        _card("Refused with 503", stats["refused_by_rate"], is_bad=stats["refused_by_rate"] > 0),
    ]
    return (
        f'<section><h2 class="quiet">Totals</h2><dl class="cards">{"".join(cards)}</dl></section>'
    )


def _card(label: str, value: object, *, is_bad: bool = False) -> str:
    mark = ' class="bad"' if is_bad else ""
    return f"<div{mark}><dt>{escape(label)}</dt><dd>{escape(str(value))}</dd></div>"


def _messages(portal: Portal, search: str, *, is_still: bool) -> str:
    groups = _grouped(portal.sent)
    repeated = portal.doubles()
    shown = [
        (group, messages)
        for group, messages in groups
        if not search or _matches(search, portal, group, messages)
    ]
    people = [_person(portal, group, found, repeated) for group, found in shown[:SHOWN_PEOPLE]]
    hidden = len(shown) - len(people)
    more = f"<p>{hidden} more people are not shown; search for them.</p>" if hidden else ""
    empty = "" if shown else "<p>Nothing has been sent yet.</p>"
    if search and not shown:
        empty = "<p>Nobody was found.</p>"
    still = '<input type="hidden" name="refresh" value="off">' if is_still or not search else ""
    return f"""<section><h2>Messages</h2>
<form method="get" action="/" class="row"><label>Find a person, phone, e-mail or text
<input name="q" value="{escape(search)}"></label>{still}<button>Find</button></form>
{empty}{"".join(people)}{more}</section>"""


def _grouped(messages: Iterable[SentMessage]) -> list[tuple[Group, list[SentMessage]]]:
    """Messages by the record they went to, the one written to last on top."""
    groups: dict[Group, list[SentMessage]] = {}
    for message in messages:
        # A mail sent past the CRM belongs to no record; its address stands for the person.
        group = (*message.owner, "" if message.owner_id else message.address)
        groups.setdefault(group, []).append(message)
    return sorted(groups.items(), key=lambda item: item[1][-1].received_at, reverse=True)


def _matches(search: str, portal: Portal, group: Group, messages: list[SentMessage]) -> bool:
    texts = [_person_line(portal, group)]
    for message in messages:
        texts += [message.recipient, message.address, message.subject, message.text]
    return any(search.casefold() in text.casefold() for text in texts)


def _person(portal: Portal, group: Group, messages: list[SentMessage], repeated: set[int]) -> str:
    name = messages[-1].recipient or messages[-1].address
    items = "".join(_message(message, is_double=message.id in repeated) for message in messages)
    line = _person_line(portal, group)
    return f"<article><h3>{escape(name)}</h3><p>{escape(line)}</p><ol>{items}</ol></article>"


def _person_line(portal: Portal, group: Group) -> str:
    owner_type, owner_id, address = group
    record = find_record(portal, owner_type, owner_id)
    if record is None:
        return address
    addresses = [*row_values(record, "PHONE"), *row_values(record, "EMAIL")]
    return ", ".join([f"{ENTITIES[owner_type].code.title()} {owner_id}", *addresses])


def _message(message: SentMessage, *, is_double: bool) -> str:
    double = ' <strong class="bad">double</strong>' if is_double else ""
    too_long = ' <strong class="bad">over 200 characters</strong>' if message.is_too_long else ""
    late = ' class="bad"' if message.is_late else ""
    text = html_to_text(message.text) if message.is_html else message.text
    body = f'<p class="text">{link_addresses(text)}</p>'
    if message.kind == "email":
        body = f"<details><summary>{escape(message.subject)}</summary>{body}</details>"
    return f"""<li><span class="kind">{KINDS[message.kind]}</span>
<time datetime="{_moment(message.received_at).isoformat()}">{_time(message.received_at)}</time>
<span{late}>{escape(describe_lateness(message.late_seconds))}</span>{double}{too_long}
<span class="to">{escape(message.address)}</span>{body}</li>"""


def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(int(seconds), PORTAL_ZONE)


def _time(seconds: float) -> str:
    return _moment(seconds).strftime("%d.%m. %H:%M:%S")


def _faults(portal: Portal) -> str:
    rows = "".join(_fault_row(fault) for fault in portal.faults.active())
    table = _table("Fault", "Method", "How often", "Times left", "Struck", "Change", rows=rows)
    options = "".join(f"<option>{name}</option>" for name in NAMES)
    return f"""<section><h2>Faults</h2>{table or "<p>The portal works as it should.</p>"}
<form method="post" action="/sandbox/faults" class="row">
<label>Fault<select name="name">{options}</select></label>
<label>Method<input name="method" placeholder="any"></label>
<label>How often<input name="probability" placeholder="100%" size="6"></label>
<label>Times<input name="count" placeholder="always" size="6" inputmode="numeric"></label>
<label>Seconds<input name="seconds" size="6" inputmode="decimal"></label>
<button>Add</button></form></section>"""


def _fault_row(fault: Fault) -> str:
    left = "always" if fault.count is None else str(fault.count)
    cells = [fault.name, fault.method or "any", f"{fault.probability:.0%}", left, str(fault.fired)]
    columns = "".join(f"<td>{escape(cell)}</td>" for cell in cells)
    return f"""<tr>{columns}<td><form method="post" action="/sandbox/faults/remove">
<input type="hidden" name="id" value="{fault.id}"><button>Remove</button></form></td></tr>"""


def _load(portal: Portal, stats: dict[str, Any]) -> str:
    size, limit = portal.settings.burst, portal.settings.operating_limit
    rows = "".join(
        f"<tr><td>{escape(method)}</td><td>{count}</td>"
        f"<td>{_meter(stats['operating'].get(method, 0.0), limit, 'seconds')}</td></tr>"
        for method, count in sorted(stats["methods"].items())
    )
    table = _table("Method", "Calls", "Operating time", rows=rows)
    statuses = ", ".join(f"{code}: {count}" for code, count in sorted(stats["statuses"].items()))
    return f"""<section><h2>Load</h2>
<p>Request counter: {_meter(stats["bucket_level"], size, "requests")}.
{stats["requests"]} requests with {stats["commands"]} commands.
Refused for the operating time: {stats["refused_by_operating_time"]}.
Answers by status: {escape(statuses) or "none"}.</p>{table}</section>"""


def _table(*headings: str, rows: str) -> str:
    """A table that scrolls by itself on a narrow screen; nothing without rows."""
    if not rows:
        return ""
    heads = "".join(f'<th scope="col">{heading}</th>' for heading in headings)
    table = f"<table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>"
    return (
        f'<div class="scroll" role="region" aria-label="{headings[0]}" tabindex="0">{table}</div>'
    )


def _meter(value: float, limit: float, unit: str) -> str:
    words = f"{value:.1f} of {limit:g} {unit}"
    bounds = f'min="0" max="{limit:g}" high="{limit * 0.8:g}"'
    return f'<meter {bounds} value="{value:.1f}"></meter> {words}'


def _records(portal: Portal, stats: dict[str, Any]) -> str:
    deliveries = list(portal.outgoing.deliveries)[-SHOWN_DELIVERIES:]
    rows = "".join(_delivery_row(delivery) for delivery in reversed(deliveries))
    table = _table("Time", "Event", "Record", "Answer", rows=rows)
    targets = ", ".join(item.target for item in portal.outgoing.subscriptions)
    told = f"Changes are told to {targets}." if targets else "Changes are told to nobody."
    return f"""<section><h2>Records</h2>
<p>{stats["contacts"]} contacts, {stats["leads"]} leads, {stats["deals"]} deals,
{stats["activities"]} activities. {escape(told)}</p>{table}
<form method="post" action="/sandbox/contacts" class="row">
<label>First name<input name="name" required></label>
<label>Last name<input name="last_name"></label>
<label>Phone<input name="phone"></label><label>E-mail<input name="email"></label>
<button>Add a contact</button></form></section>"""


def _delivery_row(delivery: Delivery) -> str:
    cells = [_time(delivery.sent_at), delivery.event, str(delivery.record_id), delivery.outcome]
    return f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in cells)}</tr>"


def _reset() -> str:
    return """<section><h2>Start again</h2>
<form method="post" action="/sandbox/reset" class="row">
<label class="check"><input type="checkbox" name="everything" value="1"> Contacts, leads and deals
as well</label><button class="danger">Forget what was sent and asked, and the faults</button>
</form></section>"""
