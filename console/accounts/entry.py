"""What the way in asks of the rest of the product: who needs a second step, and the provider of the organisation."""

from dataclasses import dataclass
from typing import Protocol

from register.accounts import Account
from register.people import Newcomer


class ProviderError(Exception):
    """The provider cannot be asked, or what it says cannot be trusted; the message is for staff, in Dutch."""


@dataclass(frozen=True, slots=True)
class Departure:
    """Somebody who was sent to the provider, and what they must bring back."""

    url: str
    state: str
    nonce: str
    verifier: str
    """The secret half of the proof (PKCE, RFC 7636)."""


class Provider(Protocol):
    """The OpenID provider of the organisation."""

    name: str
    """As people there call it, for on the button."""

    def depart(self, back: str) -> Departure:
        """Send somebody there, who returns to the address `back`. Raises ProviderError."""

    def arrive(self, code: str, departure: Departure, back: str) -> Newcomer:
        """Who came back with this code. Raises ProviderError when that is not proven, or they have no role here."""


@dataclass(frozen=True, slots=True)
class Entry:
    """How people come in at this site, and which programs may be told what happens."""

    second_for: frozenset[str] = frozenset()
    """Roles that need a second step."""
    provider: Provider | None = None
    address: str = ""
    """Where people reach the console, as `https://klachten.example`; empty: as the browser says."""
    inside: bool = False
    """Whether programs on our own network may be told."""

    def must_have_second(self, account: Account) -> bool:
        """Whether this person may not come in with a password alone."""
        return bool(self.second_for & set(account.roles))
