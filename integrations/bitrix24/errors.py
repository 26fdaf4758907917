"""The exceptions of this package; none of them ever holds the webhook's secret."""

from __future__ import annotations

from integrations.outcomes import NotExecuted, Refused, Unclear


class Bitrix24Error(Exception):
    """A reading call got no answer; `outcome` says why."""

    def __init__(self, method: str, outcome: Refused | NotExecuted | Unclear) -> None:
        self.method = method
        self.outcome = outcome
        super().__init__(f"Bitrix24 did not answer {method}: {_sentence(outcome)}")


class Bitrix24OffError(Exception):
    """No webhook address is set, so the integration is switched off."""


def _sentence(outcome: Refused | NotExecuted | Unclear) -> str:
    if isinstance(outcome, Refused):
        return outcome.description or outcome.code or "refused without a reason"
    if isinstance(outcome, Unclear) and outcome.detail:
        return f"{outcome.reason} ({outcome.detail})"
    return str(outcome.reason)
