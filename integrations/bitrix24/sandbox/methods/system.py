"""Methods that tell about the portal itself."""

from typing import Any

from integrations.bitrix24.sandbox.calls import METHODS, Call, RestError, method, param
from integrations.bitrix24.sandbox.clock import iso


@method("profile")
def profile(call: Call) -> dict[str, Any]:
    settings = call.portal.settings
    return {
        "ID": str(settings.user_id),
        "ADMIN": settings.is_admin,
        "NAME": "Sandbox",
        "LAST_NAME": "Integration",
        "PERSONAL_GENDER": "",
        "TIME_ZONE": "Europe/Riga",
        "TIME_ZONE_OFFSET": 0,
    }


@method("scope")
def scope(call: Call) -> list[str]:
    return sorted(call.caller.scopes)


@method("server.time")
def server_time(call: Call) -> str:
    return iso(call.portal.clock.now())


@method("method.get")
def method_get(call: Call) -> dict[str, bool]:
    known = METHODS[2].get(str(param(call.params, "name") or "").lower())
    is_available = known is not None and known.is_allowed(call.caller)
    return {"isExisting": known is not None, "isAvailable": is_available}


@method("feature.get")
def feature_get(call: Call) -> dict[str, str]:
    code = param(call.params, "CODE")
    if not code:
        raise RestError(400, "CODE_EMPTY", "CODE can't be empty")
    return {"value": "Y" if call.portal.settings.is_commercial else "N"}


@method("crm.settings.mode.get", "crm")
def crm_settings_mode_get(call: Call) -> int:
    return call.portal.settings.crm_mode
