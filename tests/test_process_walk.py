"""Steps 1 to 5 as their people go through them, in a browser: from the goals to a specialist's day.

After signing in everything happens through the screens, and axe looks at each page on the way. The
clock is the real one, so the days are counted from today.
"""

import re
from datetime import datetime, time, timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from accounts.models import Role
from tests.browser import DESK, PHONE, faults, press, sign_in
from tests.factories import make_user
from tests.webinars.making import PNG
from work.seeding import seed_templates

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WORDS = {
    "lv": {
        "done": "izpildīts",
        "banner": "Sagatavot reklāmas baneri",
        "publication": "Ievietot reklāmu Facebook un Instagram",
        "refusal": "Reklamēt vēl nevar",
        "webinar": "Kā sākt savu uzņēmumu",
    },
    "en": {
        "done": "done",
        "banner": "Prepare the advertising banner",
        "publication": "Place the advertising on Facebook and Instagram",
        "refusal": "No advertising yet",
        "webinar": "How to start a business",
    },
}
PEOPLE = {
    Role.MARKETING_HEAD: "Anna Ozola",
    Role.DIRECTOR: "Ilze Kalniņa",
    Role.PROJECT_MANAGER: "Mārtiņš Bērziņš",
    Role.SPECIALIST: "Līga Vītola",
}
INDICATORS = 7
"""What a year begins with: the figures that step 6 of the process follows."""

SUBMIT, APPROVE = "form[action$='/submit/'] button", "form[action$='/approve/'] button"


class Walk:
    """A window for each person, and what was wrong on the pages so far."""

    def __init__(self, open_browser, size, language):
        self.words, self.found = WORDS[language], {}
        self.open_window = lambda: open_browser(size, "light", language)
        self.users = {
            role: make_user(role=role, full_name=name, language=language)
            for role, name in PEOPLE.items()
        }

    def window_of(self, role):
        page = self.open_window()
        sign_in(page, self.users[role])
        self.look(page, f"home page of the {role.value}")
        return page

    def look(self, page, name):
        self.found[name] = faults(page)


def save(page):
    press(page, "main form .btn-primary >> nth=0")
    assert page.locator(".field-errors").all_inner_texts() == []


def follow(page, path):
    """Follow the first link to a page whose address ends so."""
    press(page, f"main a[href$='{path}'] >> nth=0")


def open_from_menu(page, path):
    """Choose from the menu, which a phone keeps folded up."""
    menu = page.locator(".topbar-menu summary")
    if menu.is_visible():
        menu.click()
    press(page, f"nav a[href='{path}']:visible")


def addresses(page, pattern):
    """List where the links of a page lead, of those that match."""
    found = page.eval_on_selector_all("main a[href]", "all => all.map(a => a.getAttribute('href'))")
    return sorted({address for address in found if re.fullmatch(pattern, address)})


def step(page, number):
    return page.locator(".step", has=page.locator(f".step-number:text-is('{number}')")).first


@pytest.mark.parametrize(
    ("language", "size"), [("lv", DESK), ("en", PHONE)], ids=["Latvian, desk", "English, phone"]
)
def test_from_the_goals_of_the_year_to_a_specialists_day(
    open_browser, settings, tmp_path, language, size
):
    seed_templates()
    settings.MEDIA_ROOT = tmp_path / "files"
    walk = Walk(open_browser, size, language)
    head, director = (walk.window_of(role) for role in (Role.MARKETING_HEAD, Role.DIRECTOR))

    the_goals_are_drawn_up(walk, head)
    what_was_submitted_is_approved(walk, director, "goals")
    the_intake_is_planned(walk, head)
    what_was_submitted_is_approved(walk, director, "communication plan")
    what_was_submitted_is_approved(walk, director, "activity plan")
    the_activity_becomes_a_webinar_with_tasks(walk, head)
    liga = walk.window_of(Role.SPECIALIST)
    the_specialist_works_off_her_day(walk, liga, tmp_path)
    the_banner_is_approved_and_the_contract_signed(walk, head)
    the_webinar_is_published(walk, liga)

    head.goto("/")
    walk.look(head, "home page in the end")
    for number in ("1", "2", "3", "4", "5.1"):
        expect(step(head, number).locator(".step-stand .state")).to_have_text(walk.words["done"])
    assert walk.found == {name: [] for name in walk.found}


def the_goals_are_drawn_up(walk, page):
    follow(page, "/goals/new/")
    page.fill("[name=year]", str(timezone.localdate().year))
    walk.look(page, "begin a year")
    save(page)

    press(page, SUBMIT)
    expect(page.locator(".notice.is-bad")).to_be_visible()
    walk.look(page, "goals without targets are refused")

    year, count = page.url, 0
    for goal in addresses(page, r"/goals/goal/\d+/"):
        page.goto(goal)
        for indicator in addresses(page, r"/goals/indicator/\d+/edit/"):
            page.goto(indicator)
            page.fill("[name=start]", "100")
            page.fill("[name=target]", "120")
            if not count:
                walk.look(page, "an indicator")
            save(page)
            count += 1
    walk.look(page, "a goal")
    assert count == INDICATORS

    page.goto(year)
    press(page, SUBMIT)
    walk.look(page, "goals wait for approval")


def what_was_submitted_is_approved(walk, page, name):
    """The director finds on her home page what waits for her."""
    page.goto("/")
    press(page, ".needs a >> nth=0")
    walk.look(page, f"{name} before the approval")
    page.fill("form[action$='/approve/'] textarea", "Labi.")
    press(page, APPROVE)
    walk.look(page, f"{name} approved")
    expect(page.locator("#approval ~ .state")).to_have_class(re.compile("is-ok"))


def the_intake_is_planned(walk, page):
    today = timezone.localdate()
    page.goto("/")
    follow(page, "/plans/new/")
    page.select_option("[name=season]", "autumn")
    page.fill("[name=year]", str(today.year))
    page.fill("[name=begins_on]", f"{today - timedelta(days=20)}")
    page.fill("[name=ends_on]", f"{today + timedelta(days=100)}")
    walk.look(page, "a new intake")
    save(page)
    walk.look(page, "an intake without plans")

    the_communication_plan_is_drawn_up(walk, page)
    follow(page, "/activities/")
    follow(page, "/activities/new/")
    page.select_option("[name=kind]", "free_webinar")
    page.fill("[name=title]", WORDS["lv"]["webinar"])
    page.fill("[name=title_en]", WORDS["en"]["webinar"])
    starts_at = datetime.combine(today + timedelta(days=30), time(18))
    page.fill("[name=starts_at]", f"{starts_at:%Y-%m-%dT%H:%M}")
    page.fill("[name=ends_at]", f"{starts_at + timedelta(minutes=90):%Y-%m-%dT%H:%M}")
    page.select_option("[name=owner]", label="Mārtiņš Bērziņš")
    page.fill("[name=presenter]", "Rihards Žagars")
    for name in ("audiences", "channels", "goals"):
        for box in page.locator(f"[name={name}]").all():
            box.check()
    walk.look(page, "a new activity")
    save(page)
    walk.look(page, "an activity")
    follow(page, "/activities/")
    press(page, SUBMIT)
    walk.look(page, "an activity plan waits for approval")


def the_communication_plan_is_drawn_up(walk, page):
    follow(page, "/audiences/")
    follow(page, "/audiences/new/")
    page.fill("[name=name]", "Jaunie uzņēmēji")
    page.fill("[name=age]", "25–35")
    page.fill("[name=how_we_know]", "Aptauja atvērto durvju dienā")
    walk.look(page, "a new audience")
    save(page)
    follow(page, "/channels/")
    for kind, name in (("facebook", "Facebook lapa"), ("instagram", "Instagram profils")):
        follow(page, "/channels/new/")
        page.select_option("[name=kind]", kind)
        page.fill("[name=name]", name)
        save(page)
    walk.look(page, "channels")

    follow(page, "/communication/")
    press(page, SUBMIT)
    expect(page.locator(".notice.is-bad")).to_be_visible()
    walk.look(page, "a communication plan that lacks something is refused")
    follow(page, "/communication/edit/")
    page.fill("[name=aims]", "Vairāk līdu no reģioniem.")
    save(page)
    follow(page, "/messages/new/")
    page.fill("[name=text]", "Savu uzņēmumu var sākt, vēl studējot.")
    save(page)
    walk.look(page, "a grid with empty cells")
    follow(page, "/wordings/")
    page.locator("textarea[name^=text_]").first.fill("Rihards sāka ar 300 eiro. Jautā viņam!")
    walk.look(page, "the words of a key message")
    save(page)
    press(page, SUBMIT)
    walk.look(page, "a communication plan waits for approval")


def the_activity_becomes_a_webinar_with_tasks(walk, page):
    page.goto("/")
    follow(page, "/activities/")
    with page.expect_navigation():
        page.get_by_role("link", name=walk.words["webinar"]).first.click()
    press(page, "form[action^='/webinars/from-activity/'] button")
    assert re.search(r"/webinars/\d+/$", page.url)
    walk.look(page, "the board of a new webinar")
    walk.board = page.url

    follow(page, "/edit/topic/")
    page.fill("[name=topic]", "No idejas līdz pirmajam klientam.")
    walk.look(page, "the topic of a webinar")
    save(page)
    follow(page, walk.board.replace("/webinars/", "/events/").partition("/events")[2])
    walk.look(page, "the page of a webinar with its tasks")
    expect(page.locator("main")).to_contain_text(walk.words["banner"])


def the_specialist_works_off_her_day(walk, page, folder):
    """She finds what is due today, hands the banner in and ticks it."""
    open_from_menu(page, "/work/")
    walk.look(page, "a specialist's day")
    banner = page.locator(".task", has_text=walk.words["banner"])
    banner.get_by_role("link", name=walk.words["banner"]).click()
    page.wait_for_url(re.compile(r"/work/tasks/\d+/$"))
    page.fill("[name=text]", "Pirmais variants ir gatavs.")
    press(page, "form[action$='/comment/'] button")
    walk.look(page, "a task")

    page.goto(walk.board)
    walk.look(page, "the board as the specialist sees it")
    press(page, "#materials a[href$='/materials/new/']")
    picture = folder / "baneris.png"
    picture.write_bytes(PNG)
    page.fill("[name=title]", "Baneris")
    page.fill("[name=alt_text]", "Lektors pie ekrāna")
    page.set_input_files("[name=upload]", picture)
    walk.look(page, "a new banner")
    save(page)

    open_from_menu(page, "/work/")
    banner.get_by_role("checkbox").check()
    expect(banner).to_have_class("task is-done")
    walk.look(page, "a specialist's day with a ticked task")

    page.goto(walk.board)
    record_a_post(page)
    expect(page.locator("main .notice.is-bad").last).to_contain_text(walk.words["refusal"])
    walk.look(page, "an advertisement before its time")


def record_a_post(page, channel="Facebook"):
    press(page, "#publication a[href$='/publications/new/'] >> nth=0")
    page.locator("[name=channel] option", has_text=channel).first.evaluate(
        "option => { option.selected = true }"
    )
    page.fill("[name=url]", f"https://{channel.lower()}.example/1")
    press(page, "main form button.btn-primary")


def the_banner_is_approved_and_the_contract_signed(walk, page):
    page.goto(walk.board)
    press(page, f"#materials {APPROVE}")
    follow(page, "/edit/contract/")
    page.select_option("[name=contract_state]", "signed")
    page.fill("[name=contract_on]", f"{timezone.localdate()}")
    walk.look(page, "the contract of a webinar")
    save(page)
    walk.look(page, "a board on its way")


def the_webinar_is_published(walk, page):
    page.goto(walk.board)
    record_a_post(page)
    record_a_post(page, "Instagram")
    for address in ("https://facebook.example/1", "https://instagram.example/1"):
        expect(page.locator(f"#publication a[href='{address}']")).to_be_visible()
    walk.look(page, "a board with a live post")
    open_from_menu(page, "/work/")
    task = page.locator(".task", has_text=walk.words["publication"])
    task.get_by_role("checkbox").check()
    expect(task).to_have_class("task is-done")
