"""Calls to the sandbox Bitrix24 as a program far away would make them."""

from typing import Any

import requests

from integrations.bitrix24.sandbox import Sandbox

TIMEOUT = 10
PHONE = "+37120000001"
EMAIL = "anna@example.com"
SENDER = "Marketing <marketing@college.example>"


def call(sandbox: Sandbox, method: str, params: Any = None, **options: Any) -> requests.Response:
    """Call a method by the webhook."""
    url = sandbox.webhook_url + method
    body = {} if params is None else params
    return requests.post(url, json=body, timeout=TIMEOUT, allow_redirects=False, **options)


def result(sandbox: Sandbox, method: str, params: Any = None) -> Any:
    """Call a method that must succeed and give its result."""
    response = call(sandbox, method, params)
    assert response.status_code == 200, response.text
    return response.json()["result"]


def refusal(response: requests.Response) -> tuple[int, str, str]:
    """The status, code and text of a refusal."""
    body = response.json()
    return response.status_code, body["error"], body["error_description"]


def batch(sandbox: Sandbox, commands: Any, **params: Any) -> dict[str, Any]:
    return result(sandbox, "batch", {"cmd": commands, **params})


def call_as_application(
    sandbox: Sandbox, method: str, params: dict[str, Any] | None = None
) -> requests.Response:
    token = sandbox.portal.oauth.issue_access_token()
    body = {**(params or {}), "auth": token}
    return requests.post(f"{sandbox.url}/rest/{method}", json=body, timeout=TIMEOUT)


def call_v3(
    sandbox: Sandbox, method: str, params: Any = None, *, key: str | None = None
) -> requests.Response:
    settings = sandbox.portal.settings
    url = f"{sandbox.url}/rest/api/{settings.user_id}/{settings.webhook_secret}/{method}"
    headers = {} if key is None else {"Idempotency-Key": key}
    return requests.post(url, json=params or {}, headers=headers, timeout=TIMEOUT)


def post(sandbox: Sandbox, path: str, body: Any = None) -> Any:
    """Use one of the sandbox's own addresses."""
    response = requests.post(f"{sandbox.url}/sandbox/{path}", json=body or {}, timeout=TIMEOUT)
    assert response.status_code == 200, response.text
    return response.json()


def get(sandbox: Sandbox, path: str) -> Any:
    response = requests.get(f"{sandbox.url}/sandbox/{path}", timeout=TIMEOUT)
    assert response.status_code == 200, response.text
    return response.json()


def add_contact(sandbox: Sandbox, *, phone: str = PHONE, email: str = EMAIL, **fields: Any) -> int:
    addresses: dict[str, Any] = {}
    if phone:
        addresses["PHONE"] = [{"VALUE": phone, "VALUE_TYPE": "MOBILE"}]
    if email:
        addresses["EMAIL"] = [{"VALUE": email, "VALUE_TYPE": "WORK"}]
    return result(sandbox, "crm.contact.add", {"fields": {"NAME": "Anna", **addresses, **fields}})


def add_lead(sandbox: Sandbox, **fields: Any) -> int:
    return result(sandbox, "crm.lead.add", {"fields": {"TITLE": "Open day", **fields}})


def start_sms(
    sandbox: Sandbox, contact_id: int, text: str = "See you soon.", **parameters: Any
) -> requests.Response:
    params = {
        "TEMPLATE_ID": 2,
        "DOCUMENT_ID": ["crm", "CCrmDocumentContact", f"CONTACT_{contact_id}"],
        "PARAMETERS": {"sms_text": text, **parameters},
    }
    return call(sandbox, "bizproc.workflow.start", params)


def email_fields(contact_id: int, **fields: Any) -> dict[str, Any]:
    """The fields of an e-mail that goes out."""
    owner = {"OWNER_TYPE_ID": 3, "OWNER_ID": contact_id}
    recipient = {"VALUE": EMAIL, "ENTITY_TYPE_ID": 3, "ENTITY_ID": contact_id}
    complete = {
        **owner,
        "TYPE_ID": 4,
        "DIRECTION": 2,
        "COMPLETED": "Y",
        "COMMUNICATIONS": [recipient],
        "SUBJECT": "Open day",
        "DESCRIPTION": "<p>See you soon.</p>",
        "DESCRIPTION_TYPE": 3,
        "RESPONSIBLE_ID": 1,
        "SETTINGS": {"MESSAGE_FROM": SENDER, "DISABLE_SENDING_MESSAGE_COPY": "Y"},
        "ORIGINATOR_ID": "smm-mis",
        "ORIGIN_ID": "5b0e8f2c",
    }
    return {**complete, **fields}


def send_email(sandbox: Sandbox, contact_id: int, **fields: Any) -> requests.Response:
    return call(sandbox, "crm.activity.add", {"fields": email_fields(contact_id, **fields)})


def find_email(sandbox: Sandbox, origin_id: str = "5b0e8f2c") -> list[dict[str, Any]]:
    """Look an e-mail up by our own key, as after an unclear outcome."""
    params = {
        "filter": {"ORIGINATOR_ID": "smm-mis", "@ORIGIN_ID": [origin_id]},
        "select": ["ID", "COMPLETED", "SETTINGS", "ASSOCIATED_ENTITY_ID"],
        "order": {"ID": "ASC"},
    }
    return result(sandbox, "crm.activity.list", params)


def find_sms(sandbox: Sandbox, contact_id: int) -> list[dict[str, Any]]:
    """Look the text messages to a contact up, as after an unclear outcome."""
    params = {
        "filter": {"PROVIDER_ID": "CRM_SMS", "OWNER_TYPE_ID": 3, "OWNER_ID": contact_id},
        "select": ["ID", "DESCRIPTION", "ASSOCIATED_ENTITY_ID"],
    }
    return result(sandbox, "crm.activity.list", params)
