"""Access tokens for mailboxes of Microsoft 365 and Gmail (RFC 6749 §4.4 and §6), renewed before they end."""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from urllib.error import HTTPError
from urllib.parse import urlencode, urlsplit
from urllib.request import Request, urlopen

_PATIENCE = 30.0
# A token that is about to end could end on its way.
_MARGIN = 60.0
_LONGEST_ANSWER = 1_000_000
_HERE = frozenset({"localhost", "127.0.0.1", "::1"})


class TokenError(RuntimeError):
    """The token server gave no token; the message is its own short reason, never a secret."""


@dataclass(frozen=True, slots=True)
class Grant:
    """What we show to the token server. With a refresh token it is used; without one, the client asks for itself."""

    token_url: str
    client_id: str
    client_secret: str = ""
    refresh_token: str = ""
    scope: str = ""

    def __post_init__(self) -> None:
        place = urlsplit(self.token_url)
        if place.scheme != "https" and not (place.scheme == "http" and place.hostname in _HERE):
            raise ValueError("token_url must begin with https://")


class Tokens:
    """The access token of one grant. A refresh token that the server replaces is handed to `renewed`, to be kept."""

    def __init__(self, grant: Grant, *, refresh_token: str = "", renewed: Callable[[str], None] | None = None) -> None:
        self._grant = grant
        self._refresh_token = refresh_token or grant.refresh_token
        self._renewed = renewed
        self._token = ""
        self._ends = 0.0

    def token(self, *, fresh: bool = False) -> str:
        """A token that is still good; `fresh` asks for a new one in any case. Raises TokenError or OSError."""
        if fresh or not self._token or time.monotonic() > self._ends - _MARGIN:
            answer = self._ask()
            self._token = str(answer["access_token"])
            lasts = answer.get("expires_in", 3600)
            self._ends = time.monotonic() + (float(lasts) if isinstance(lasts, int | float | str) else 3600.0)
            following = answer.get("refresh_token")
            if isinstance(following, str) and following and following != self._refresh_token:
                self._refresh_token = following
                if self._renewed:
                    self._renewed(following)
        return self._token

    def _ask(self) -> dict[str, object]:
        form = {"client_id": self._grant.client_id, "scope": self._grant.scope}
        form["client_secret"] = self._grant.client_secret
        form["refresh_token"] = self._refresh_token
        form["grant_type"] = "refresh_token" if self._refresh_token else "client_credentials"
        body = urlencode({name: value for name, value in form.items() if value}).encode()
        # The address was checked when the grant was made: https, or this very machine.
        request = Request(self._grant.token_url, body, {"Accept": "application/json"})  # noqa: S310
        try:
            with urlopen(request, timeout=_PATIENCE) as reply:  # noqa: S310  # nosec B310
                answer = json.loads(reply.read(_LONGEST_ANSWER))
        except HTTPError as refused:
            with refused:
                raise TokenError(_reason(refused)) from None
        except ValueError:
            raise TokenError("the token server's answer is no JSON") from None
        if not isinstance(answer, dict) or not answer.get("access_token"):
            raise TokenError("the token server's answer holds no access_token")
        return answer


def _reason(refused: HTTPError) -> str:
    try:
        told = json.loads(refused.read(_LONGEST_ANSWER))
    except (ValueError, OSError):
        told = {}
    word = told.get("error", "") if isinstance(told, dict) else ""
    return f"the token server refuses: {refused.code} {str(word)[:60]}".rstrip()
