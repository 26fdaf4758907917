"""Fixtures shared by all tests."""

import os
import shutil
from collections.abc import Callable, Iterator

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, Page, sync_playwright

from accounts.models import User
from integrations.bitrix24 import client as bitrix24_client
from integrations.bitrix24.sandbox import Sandbox, running_sandbox
from integrations.bitrix24.shared import shared_by_all
from integrations.messente.sandbox import Account
from integrations.messente.sandbox import Sandbox as Gateway
from integrations.messente.sandbox import running_sandbox as running_gateway
from integrations.messente.sandbox.reports import Style
from outbox import own_clock
from tests.browser import DESK


def pytest_configure() -> None:
    """Hash passwords quickly: tests sign in hundreds of times."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(autouse=True)
def clock_is_right(monkeypatch):
    """Let a test move the clock, and not the database's, without being told that it is wrong."""
    monkeypatch.setattr(own_clock.own_clock, "is_far_off", lambda: False)


@pytest.fixture(autouse=True)
def no_portal_is_known():
    """Forget the last portals: one at a port used again is another, with limits of its own."""
    bitrix24_client._of_this_process.cache_clear()
    shared_by_all.cache_clear()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Give a headless browser: CHROMIUM, the one on the PATH, or Playwright's own."""
    # Playwright runs a loop in this thread, in which Django would not touch the database.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    program = os.environ.get("CHROMIUM") or shutil.which("chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def open_browser(chromium, live_server):
    """Open a window of a size and colour scheme; whatever its console complains of is collected."""
    contexts = []

    def open_window(size=DESK, scheme="light", language="lv", **options) -> Page:
        context = chromium.new_context(
            base_url=live_server.url,
            viewport={"width": size[0], "height": size[1]},
            color_scheme=scheme,
            locale=language,
            **options,
        )
        contexts.append(context)
        page = context.new_page()
        page.complaints = []
        page.on(
            "console",
            lambda said: page.complaints.append(said.text) if said.type == "error" else None,
        )
        page.on("pageerror", lambda error: page.complaints.append(str(error)))
        return page

    yield open_window
    for context in contexts:
        context.close()


@pytest.fixture
def client_for(db) -> Callable[[User], Client]:
    """Give a browser in which the person is signed in, in the person's language."""

    def sign_in(user: User) -> Client:
        client = Client()
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = user.language
        return client

    return sign_in


@pytest.fixture
def sent(settings) -> list[tuple[str, str]]:
    """Give what the recording channel was handed; it carries everything in this test."""
    from tests import fakes

    fakes.sent.clear()
    settings.MESSAGE_CHANNELS = {"recording": "tests.fakes.RecordingChannel"}
    settings.EMAIL_CHANNEL = settings.SMS_CHANNEL = "recording"
    settings.OFFER_EMAIL_CHANNEL = "recording"
    settings.SITE_URL = "https://smm.example.org"
    return fakes.sent


@pytest.fixture
def portal(settings) -> Iterator[Sandbox]:
    """Run a sandbox Bitrix24 and connect the application to it."""
    with running_sandbox() as sandbox:
        settings.BITRIX24_WEBHOOK_URL = sandbox.webhook_url
        settings.BITRIX24_READ_TIMEOUT = 5
        settings.BITRIX24_SMS_TEMPLATE_ID = 2
        settings.BITRIX24_SMS_TEXT_PARAMETER = "sms_text"
        settings.BITRIX24_SENDER = "College <info@college.example>"
        settings.SITE_URL = "https://smm.example.org"
        yield sandbox


@pytest.fixture
def gateway(settings) -> Iterator[Gateway]:
    """Run a sandbox Messente that reports only when told to, and connect the application to it."""
    account = Account(style=Style.NONE)
    with running_gateway(account) as sandbox:
        settings.MESSENTE_USERNAME = account.username
        settings.MESSENTE_PASSWORD = account.password
        settings.MESSENTE_SENDER = "BVK"
        settings.MESSENTE_API_URL = sandbox.api_url
        settings.SITE_URL = "https://smm.example.org"
        yield sandbox
