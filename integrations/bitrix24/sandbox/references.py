"""References of a batch command to the results of earlier ones: `$result[key][0][ID]`."""

import re
from typing import Any

_REFERENCE = re.compile(r"\$result((?:\[[^\[\]]*\])+)")
_PART = re.compile(r"\[([^\[\]]*)\]")


def resolve(value: Any, results: dict[str, Any]) -> Any:
    """Put the results in place of the references; what is not there becomes empty."""
    if isinstance(value, dict):
        return {key: resolve(item, results) for key, item in value.items()}
    if isinstance(value, list):
        return [resolve(item, results) for item in value]
    if not isinstance(value, str) or "$result" not in value:
        return value
    whole = _REFERENCE.fullmatch(value)
    if whole:
        return _look_up(whole[1], results)
    return _REFERENCE.sub(lambda match: str(_look_up(match[1], results) or ""), value)


def _look_up(path: str, results: Any) -> Any:
    found = results
    for part in _PART.findall(path):
        if isinstance(found, list) and part.isdigit() and int(part) < len(found):
            found = found[int(part)]
        elif isinstance(found, dict) and part in found:
            found = found[part]
        else:
            return None
    return found
