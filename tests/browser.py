"""What browser tests share: window sizes, signing in, and what is wrong with a page."""

from axe_playwright_python.sync_playwright import Axe

from tests.factories import PASSWORD

DESK, PHONE = (1366, 900), (390, 844)


def sign_in(page, user):
    page.goto("/accounts/login/")
    page.fill("[name=username]", user.email)
    page.fill("[name=password]", PASSWORD)
    page.click("[name=password] >> xpath=ancestor::form >> button")
    page.wait_for_url("**/")


def press(page, selector):
    """Press what leads to another page, and wait until it has come."""
    with page.expect_navigation():
        page.click(selector)


def faults(page):
    """What axe finds, and whether the page is wider than its window."""
    too_wide = page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )
    violations = [
        (violation["id"], [node["html"] for node in violation["nodes"]])
        for violation in Axe().run(page).response["violations"]
    ]
    return [*violations, *([f"{too_wide} px too wide"] if too_wide > 0 else []), *page.complaints]
