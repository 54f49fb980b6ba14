"""The OpenID provider of the organisation, asked over HTTPS (OpenID Connect Core 1.0, authorization code with PKCE)."""

import base64
import hashlib
import json
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import quote, urlencode, urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from console.accounts.entry import Departure, ProviderError
from console.roles import ROLES
from register.people import Newcomer

_PATIENCE = 10.0
_LONGEST = 1_000_000
_REMEMBERED = 3600.0
_SKEW = 60
# Signatures with a key pair alone: with `none` or a shared secret anybody, or the browser, could sign.
_ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"]
_HERE = frozenset({"localhost", "127.0.0.1", "::1"})
_AWAY = "De inlogdienst van uw organisatie antwoordt niet. Probeer het straks opnieuw."
_UNPROVEN = "De inlogdienst van uw organisatie gaf een antwoord dat niet te vertrouwen is. Vraag uw beheerder."
_NO_ROLE = "Uw organisatie gaf u nog geen rol in klachtwijzer. Vraag het aan uw beheerder."


@dataclass(frozen=True, slots=True)
class Terms:
    """What was agreed with the provider. Raises ValueError, which never repeats a secret."""

    issuer: str
    client_id: str
    client_secret: str = field(default="", repr=False)
    name: str = "uw organisatie"
    claim: str = "groups"
    """The claim that tells what somebody may do, a word or a list of words."""
    roles: Mapping[str, str] = field(default_factory=dict)
    """Word of the claim to our role."""
    account: str = "preferred_username"
    """The claim that names the account."""
    scope: str = "openid profile email"

    def __post_init__(self) -> None:
        """Refuse what cannot work, or would not be safe."""
        if not self.issuer or not self.client_id:
            raise ValueError("needs issuer and client_id")
        if not _safe(self.issuer):
            raise ValueError("issuer must begin with https://")
        if unknown := sorted(set(self.roles.values()) - set(ROLES)):
            raise ValueError(f"roles: {unknown[0]!r} is no role; choose from {', '.join(ROLES)}")


def terms(text: str) -> Terms:
    """The terms of a JSON object; raises ValueError, which repeats no value of it."""
    try:
        given = json.loads(text)
    except ValueError:
        given = None
    roles = given.get("roles", {}) if isinstance(given, dict) else None
    if not isinstance(roles, dict):
        raise ValueError("must be a JSON object, with roles as an object in it")
    texts = {name: value for name, value in given.items() if name != "roles"}
    if not all(isinstance(value, str) for value in (*texts.values(), *roles.values())):
        raise ValueError("must hold texts only")
    known = [one.name for one in fields(Terms)]
    if unknown := sorted(set(given) - set(known)):
        raise ValueError(f"knows no {unknown[0]!r}; it has {', '.join(known)}")
    if not {"issuer", "client_id", "roles"} <= given.keys():
        raise ValueError("needs issuer, client_id and roles")
    return Terms(**texts, roles=roles)


class _Stay(HTTPRedirectHandler):
    def redirect_request(self, *_: Any) -> None:
        """A provider that leads elsewhere is not followed: the code and our secret would go along."""


class OpenId:
    """One provider. Its papers and keys are remembered for an hour; an unknown key is looked up at once."""

    def __init__(self, terms: Terms) -> None:
        self.terms = terms
        self.name = terms.name
        self._opener = build_opener(_Stay)
        self._papers: tuple[float, Mapping[str, Any]] = (0.0, {})
        self._keys: tuple[float, KeySet | None] = (0.0, None)

    def depart(self, back: str) -> Departure:
        """Send somebody there. Raises ProviderError."""
        state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
        challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
        query = {
            "response_type": "code",
            "client_id": self.terms.client_id,
            "redirect_uri": back,
            "scope": self.terms.scope,
            "state": state,
            "nonce": nonce,
            "code_challenge": challenge,
            "code_challenge_method": "S256",
        }
        start = self._place("authorization_endpoint")
        return Departure(f"{start}{'&' if '?' in start else '?'}{urlencode(query)}", state, nonce, verifier)

    def arrive(self, code: str, departure: Departure, back: str) -> Newcomer:
        """Who came back. Raises ProviderError."""
        form = {"grant_type": "authorization_code", "code": code, "redirect_uri": back}
        form |= {"code_verifier": departure.verifier, "client_id": self.terms.client_id}
        headers = {}
        if self.terms.client_secret:
            pair = f"{quote(self.terms.client_id, safe='')}:{quote(self.terms.client_secret, safe='')}"
            headers["authorization"] = f"Basic {base64.b64encode(pair.encode()).decode()}"
        given = self._asked(self._place("token_endpoint"), urlencode(form).encode(), headers)
        claims = self._proven(str(given.get("id_token", "")), departure.nonce)
        if self.terms.claim not in claims and given.get("access_token") and self._papers[1].get("userinfo_endpoint"):
            bearer = {"authorization": f"Bearer {given['access_token']}"}
            more = self._asked(self._place("userinfo_endpoint"), None, bearer)
            if more.get("sub") != claims["sub"]:
                # What is told of somebody else must never count for this person (Core §5.3.2).
                raise ProviderError(_UNPROVEN)
            claims = {**more, **claims}
        return self._newcomer(claims)

    def _newcomer(self, claims: Mapping[str, Any]) -> Newcomer:
        told = claims.get(self.terms.claim, ())
        words = [told] if isinstance(told, str) else [one for one in told if isinstance(one, str)]
        roles = sorted({self.terms.roles[one] for one in words if one in self.terms.roles})
        if not roles:
            raise ProviderError(_NO_ROLE)
        name = str(claims.get(self.terms.account) or claims.get("email") or claims["sub"])
        plain = " ".join(name.replace("/", " ").split())
        return Newcomer(self.terms.issuer, str(claims["sub"]), plain, tuple(roles))

    def _proven(self, token: str, nonce: str) -> dict[str, Any]:
        claims = self._read(token)
        audience = claims.get("aud")
        several = audience if isinstance(audience, list) else [audience]
        now = time.time()
        right = (
            claims.get("iss") == self._papers[1]["issuer"],
            self.terms.client_id in several,
            len(several) == 1 or claims.get("azp") == self.terms.client_id,
            isinstance(claims.get("exp"), int | float) and claims["exp"] > now - _SKEW,
            isinstance(claims.get("iat"), int | float) and claims["iat"] < now + _SKEW,
            secrets.compare_digest(str(claims.get("nonce", "")), nonce),
            isinstance(claims.get("sub"), str) and claims["sub"],
        )
        if not all(right):
            raise ProviderError(_UNPROVEN)
        return claims

    def _read(self, token: str) -> dict[str, Any]:
        for fresh in (False, True):
            try:
                return dict(jwt.decode(token, self._key_set(fresh=fresh), algorithms=_ALGORITHMS).claims)
            except (JoseError, ValueError, KeyError):
                # The provider may have changed its key since we looked.
                continue
        raise ProviderError(_UNPROVEN)

    def _key_set(self, *, fresh: bool) -> KeySet:
        since, keys = self._keys
        if keys is None or fresh or time.monotonic() - since > _REMEMBERED:
            keys = KeySet.import_key_set(self._asked(self._place("jwks_uri")))  # type: ignore[arg-type]
            self._keys = (time.monotonic(), keys)
        return keys

    def _place(self, name: str) -> str:
        since, papers = self._papers
        if not papers or time.monotonic() - since > _REMEMBERED:
            papers = self._asked(self.terms.issuer.rstrip("/") + "/.well-known/openid-configuration")
            if papers.get("issuer") != self.terms.issuer:
                raise ProviderError(_UNPROVEN)
            self._papers = (time.monotonic(), papers)
        place = papers.get(name)
        if not isinstance(place, str) or not _safe(place):
            raise ProviderError(_UNPROVEN)
        return place

    def _asked(self, url: str, body: bytes | None = None, headers: Mapping[str, str] | None = None) -> dict[str, Any]:
        # Every address was checked by `_safe` before: https, or this very machine.
        request = Request(url, body, {"accept": "application/json", **(headers or {})})  # noqa: S310
        try:
            with self._opener.open(request, timeout=_PATIENCE) as answer:
                told = json.loads(answer.read(_LONGEST))
        except HTTPError as refused:
            with refused:
                raise ProviderError(_UNPROVEN if refused.code < 500 else _AWAY) from None
        except (URLError, OSError):
            raise ProviderError(_AWAY) from None
        except ValueError:
            raise ProviderError(_UNPROVEN) from None
        if not isinstance(told, dict):
            raise ProviderError(_UNPROVEN)
        return told


def _safe(url: str) -> bool:
    place = urlsplit(url)
    return place.scheme == "https" or (place.scheme == "http" and place.hostname in _HERE)
