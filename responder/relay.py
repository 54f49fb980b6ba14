"""Where our letters leave: the address of the relay, and what may go wrong there."""

import re
from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

_PORTS = {"smtp": 25, "smtps": 465}
_LOOPBACK = re.compile(r"^(localhost|::1|127(?:\.\d{1,3}){3})$")


# The two names say what the worker must do; "Error" behind them would say less.
class TemporaryFailure(Exception):  # noqa: N818
    """The letter did not leave now; trying again later is right. Says in Dutch what happened, never to whom."""

    def __init__(self, why: str, *, uncertain: bool = False) -> None:
        super().__init__(why)
        self.uncertain = uncertain
        """True when the relay may have had the whole letter before we lost it: then it may have left after all."""


class PermanentFailure(Exception):  # noqa: N818
    """The letter will never leave like this: a person must look. Says in Dutch what happened, never to whom."""


@dataclass(frozen=True, slots=True)
class Relay:
    """A relay as a setting names it."""

    host: str
    port: int
    tls: bool
    """TLS from the first byte (`smtps`); otherwise STARTTLS when the relay offers it."""
    user: str = ""
    password: str = field(default="", repr=False)

    @property
    def nearby(self) -> bool:
        """Whether it runs on this very machine, so that nobody listens in between."""
        return bool(_LOOPBACK.match(self.host))


def relay(url: str) -> Relay:
    """The relay of `smtp[s]://user:pass@host:port`. Raises ValueError in words without the password."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise ValueError("het relay moet eruitzien als smtp[s]://user:pass@host:port") from None
    if parts.scheme not in _PORTS or not parts.hostname:
        raise ValueError("het relay moet eruitzien als smtp[s]://user:pass@host:port")
    return Relay(
        host=parts.hostname,
        port=port or _PORTS[parts.scheme],
        tls=parts.scheme == "smtps",
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
    )
