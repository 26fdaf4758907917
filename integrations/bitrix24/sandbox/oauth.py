"""The token server: access tokens of an application, and the refresh tokens that renew them."""

from typing import TYPE_CHECKING, Any

from .calls import Caller, RestError

if TYPE_CHECKING:
    from .portal import Portal

CLIENT_ID = "local.sandbox"
CLIENT_SECRET = "sandbox-client-secret"  # noqa: S105 - of a sandbox
MEMBER_ID = "a223c6b3710f85df22e9377d6c4f7553"
ACCESS_LIFE = 3600
REFRESH_LIFE = 180 * 24 * 3600
CODE_LIFE = 30


class OAuthServer:
    """Gives out tokens for the one application the sandbox has installed."""

    def __init__(self, portal: "Portal") -> None:
        self._portal = portal
        self._access: dict[str, float] = {}
        self._refresh: dict[str, float] = {}
        self._codes: dict[str, float] = {}
        self._count = 0

    def issue_access_token(self) -> str:
        return self._issue("access", self._access, ACCESS_LIFE)

    def issue_refresh_token(self) -> str:
        return self._issue("refresh", self._refresh, REFRESH_LIFE)

    def issue_code(self) -> str:
        """What the browser would bring back from the authorisation page."""
        return self._issue("code", self._codes, CODE_LIFE)

    def authenticate(self, token: str) -> Caller:
        """The application a token belongs to, if the token is still good."""
        expires_at = self._access.get(token)
        if expires_at is None:
            raise RestError(401, "NO_AUTH_FOUND", "Wrong authorization data")
        if expires_at <= self._portal.clock.now():
            raise RestError(401, "expired_token", "The access token provided has expired.")
        return Caller("application", is_application=True, scopes=self._portal.settings.scopes)

    def exchange(self, params: dict[str, Any]) -> dict[str, Any]:
        """Answer a request for tokens."""
        if params.get("client_id") != CLIENT_ID or params.get("client_secret") != CLIENT_SECRET:
            raise RestError(401, "invalid_client", "Client not found")
        if params.get("grant_type") == "refresh_token":
            self._require(self._refresh, params.get("refresh_token"))
        elif params.get("grant_type") == "authorization_code":
            self._require(self._codes, params.get("code"))
            self._codes.pop(str(params["code"]))
        else:
            raise RestError(400, "invalid_request", "Unsupported grant type")
        if not self._portal.settings.is_subscribed:
            raise RestError(400, "PAYMENT_REQUIRED", "Payment required")
        return self._tokens()

    def _tokens(self) -> dict[str, Any]:
        settings = self._portal.settings
        return {
            "access_token": self.issue_access_token(),
            "refresh_token": self.issue_refresh_token(),
            "expires": int(self._portal.clock.now()) + ACCESS_LIFE,
            "expires_in": ACCESS_LIFE,
            "scope": ",".join(sorted(settings.scopes)),
            "domain": "sandbox.bitrix24.example",
            "member_id": MEMBER_ID,
            "status": "F",
            "user_id": settings.user_id,
        }

    def _issue(self, kind: str, tokens: dict[str, float], life: float) -> str:
        self._count += 1
        token = f"sandbox-{kind}-{self._count}"
        tokens[token] = self._portal.clock.now() + life
        return token

    def _require(self, tokens: dict[str, float], token: Any) -> None:
        if tokens.get(str(token), 0) <= self._portal.clock.now():
            raise RestError(400, "invalid_grant", "Invalid grant")
