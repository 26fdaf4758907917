"""Users and departments: the portal has one of each."""

from typing import Any

from integrations.bitrix24.sandbox.calls import Call, Listing, method, param
from integrations.bitrix24.sandbox.encoding import as_dict, as_list

USER_SCOPES = ("user", "user_basic", "user_brief")


@method("user.current", *USER_SCOPES)
def user_current(call: Call) -> dict[str, Any]:
    return _user(call)


@method("user.get", *USER_SCOPES)
def user_get(call: Call) -> Listing:
    conditions = as_dict(param(call.params, "FILTER")) or call.params
    wanted = [str(item) for item in as_list(param(conditions, "ID"))]
    user = _user(call)
    users = [user] if not wanted or user["ID"] in wanted else []
    return Listing(users, len(users))


@method("department.get", "department")
def department_get(call: Call) -> Listing:
    department = {"ID": "1", "NAME": "Marketing", "SORT": 500, "UF_HEAD": "1"}
    wanted = [str(item) for item in as_list(param(call.params, "ID"))]
    departments = [department] if not wanted or department["ID"] in wanted else []
    return Listing(departments, len(departments))


def _user(call: Call) -> dict[str, Any]:
    user = {
        "ID": str(call.portal.settings.user_id),
        "ACTIVE": True,
        "NAME": "Sandbox",
        "LAST_NAME": "Integration",
        "UF_DEPARTMENT": [1],
    }
    if call.caller.scopes & {"user", "user_basic"}:
        user["EMAIL"] = "integration@college.example"
    return user
