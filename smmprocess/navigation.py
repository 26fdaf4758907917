"""The menu: what exists, for whom, at which step of the process."""

from collections.abc import Callable
from dataclasses import dataclass, field

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.rules import can_administer_users
from events.rules import can_see_people
from kpi.rules import can_enter, can_read_sources
from outbox.rules import can_see_messages


def everyone(user: User) -> bool:
    return True


@dataclass(frozen=True)
class Item:
    """One line of the menu."""

    label: str | Promise
    url_name: str
    icon: str
    step: str = ""
    query: dict[str, str] = field(default_factory=dict)
    may_see: Callable[[User], bool] = everyone

    def url(self) -> str:
        address = reverse(self.url_name)
        return f"{address}?{urlencode(self.query)}" if self.query else address

    def leads_to(self, request: HttpRequest) -> int:
        """Tell how well the item fits the page that is open: 0 for not at all."""
        path = reverse(self.url_name)
        if not request.path.startswith(path) or (path == "/" and request.path != "/"):
            return 0
        if any(request.GET.get(name) != value for name, value in self.query.items()):
            return 0
        return 2 * len(path) + bool(self.query)


@dataclass(frozen=True)
class Section:
    """A headed group of the menu."""

    label: str | Promise
    items: tuple[Item, ...]
    step: str = ""


@dataclass(frozen=True)
class Group:
    """A section as one person sees it on one page."""

    label: str | Promise
    step: str
    links: "list[Link]"


@dataclass(frozen=True)
class Link:
    """An item as one person sees it on one page."""

    label: str | Promise
    url: str
    icon: str
    step: str
    is_current: bool


MENU = (
    Section("", (Item(_("Process"), "home", "route"),)),
    Section(
        _("Goals and plans"),
        (
            Item(_("Goals of the year"), "goals:year_list", "target", "1"),
            Item(_("Intakes and plans"), "plans:intake_list", "calendar", "2–4"),
        ),
    ),
    Section(
        _("Execution of the plan"),
        (
            Item(_("My day"), "work:my_day", "checklist"),
            Item(_("Team's week"), "work:team_week", "users-group"),
            Item(_("Webinars"), "events:event_list", "presentation", "5.1", {"kind": "webinar"}),
            Item(
                _("Presenters"),
                "webinars:presenter_list",
                "user",
                "5.1",
                may_see=can_see_people,
            ),
            Item(_("Open days"), "events:event_list", "school", "5.2", {"kind": "open_day"}),
            Item(_("Open-day series"), "opendays:series_list", "calendar-repeat", "5.2"),
            Item(_("All events"), "events:event_list", "calendar-event"),
            Item(_("Participants"), "events:participant_list", "users", may_see=can_see_people),
            Item(
                _("Registrations from Bitrix24"),
                "events:bitrix24_source_list",
                "plug",
                may_see=can_see_people,
            ),
        ),
        step="5",
    ),
    Section(
        _("KPI"),
        (
            Item(_("Figures"), "kpi:dashboard", "chart-line"),
            Item(_("Type figures in"), "kpi:grid_update", "edit", may_see=can_enter),
            Item(
                _("Lists of figures"),
                "kpi:list_import_list",
                "file-spreadsheet",
                may_see=can_enter,
            ),
            Item(_("Traffic to the home page"), "kpi:traffic", "trending-up"),
            Item(_("What is measured"), "kpi:series_list", "list-details"),
            Item(_("KPI channels"), "kpi:channel_list", "tags"),
            Item(_("Sources of figures"), "kpi:source_list", "plug", may_see=can_read_sources),
        ),
        step="6",
    ),
    Section(
        _("Automatic messages"),
        (
            Item(_("Outbox"), "outbox:message_list", "send", may_see=can_see_messages),
            Item(_("Reminder rules"), "events:rule_list", "bell"),
            Item(_("Offers"), "events:offer_list", "discount"),
        ),
    ),
    Section(
        _("Results of the process"),
        (
            Item(_("Results"), "results:intake_list", "report-analytics", "7"),
            Item(_("Evaluation forms"), "results:evaluation_list", "user-check", "7"),
        ),
    ),
    Section(
        _("Administration"),
        (
            Item(_("Users"), "accounts:user_list", "users-group", may_see=can_administer_users),
            Item(
                _("Bitrix24 connection"),
                "events:bitrix24_check",
                "plug",
                may_see=can_administer_users,
            ),
        ),
    ),
)


def menu_for(user: User, request: HttpRequest) -> list[Group]:
    """Build the menu of what `user` may see and what exists already."""
    groups = [
        (section, [item for item in section.items if item.may_see(user) and exists(item)])
        for section in MENU
    ]
    best = max((item.leads_to(request) for _section, items in groups for item in items), default=0)
    return [
        Group(
            section.label,
            section.step,
            [
                Link(i.label, i.url(), i.icon, i.step, 0 < best == i.leads_to(request))
                for i in items
            ],
        )
        for section, items in groups
        if items
    ]


def exists(item: Item) -> bool:
    """Tell whether the page of a menu item is part of this installation."""
    try:
        reverse(item.url_name)
    except NoReverseMatch:
        return False
    return True
