"""What is believed of a provider's word, and what is not."""

import base64
import hmac
import time
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey

from console.accounts.entry import ProviderError
from klachtwijzer.provider import OpenId, Terms

HEAD = b'{"alg":"HS256","kid":"een"}'
ISSUER = "https://inloggen.example"


@pytest.fixture(scope="module")
def key() -> RSAKey:
    return RSAKey.generate_key(2048, {"kid": "een", "use": "sig"})


def provider(key: RSAKey) -> OpenId:
    made = OpenId(Terms(ISSUER, "wij", roles={"kw": "lezer"}))
    made._papers = (time.monotonic(), {"issuer": ISSUER, "jwks_uri": f"{ISSUER}/sleutels"})
    keys = KeySet.import_key_set({"keys": [key.as_dict(private=False)]})
    made._keys = (time.monotonic(), keys)
    made._key_set = lambda *, fresh: keys  # type: ignore[method-assign]
    return made


def claims(**other: Any) -> dict[str, Any]:
    now = int(time.time())
    return {"iss": ISSUER, "aud": "wij", "sub": "7", "nonce": "n", "exp": now + 60, "iat": now, "groups": "kw"} | other


def signed(key: RSAKey, **other: Any) -> str:
    return jwt.encode({"alg": "RS256", "kid": "een"}, claims(**other), key)


def _b64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def test_a_right_token_is_believed(key: RSAKey) -> None:
    one = provider(key)
    newcomer = one._newcomer(one._proven(signed(key), "n"))
    assert (newcomer.issuer, newcomer.subject, newcomer.roles) == (ISSUER, "7", ("lezer",))


@pytest.mark.parametrize(
    "wrong",
    [
        {"iss": "https://elders.example"},
        {"aud": "een-ander"},
        {"aud": ["wij", "een-ander"]},
        {"aud": ["wij", "een-ander"], "azp": "een-ander"},
        {"nonce": "een-ander"},
        {"nonce": None},
        {"exp": int(time.time()) - 3600},
        {"exp": None},
        {"iat": int(time.time()) + 3600},
        {"sub": ""},
        {"sub": 7},
    ],
    ids=str,
)
def test_a_token_that_is_wrong_in_one_thing_is_not_believed(key: RSAKey, wrong: dict[str, Any]) -> None:
    with pytest.raises(ProviderError):
        provider(key)._proven(signed(key, **wrong), "n")


def test_a_token_for_several_is_believed_when_it_was_made_for_us(key: RSAKey) -> None:
    assert provider(key)._proven(signed(key, aud=["wij", "een-ander"], azp="wij"), "n")["sub"] == "7"


def test_a_signature_by_another_or_by_nobody_is_not_believed(key: RSAKey) -> None:
    stranger = RSAKey.generate_key(2048, {"kid": "een"})
    head, body, _ = signed(key).split(".")
    told = f"{_b64(HEAD)}.{body}"
    shared = f"{told}.{_b64(hmac.digest(key.as_pem(private=False), told.encode(), 'sha256'))}"
    unsigned = f"eyJhbGciOiJub25lIn0.{body}."
    for token in (signed(stranger), f"{head}.{body}.", unsigned, shared, "", "x.y.z"):
        with pytest.raises(ProviderError):
            provider(key)._proven(token, "n")


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"issuer": "http://inloggen.example"}, "https"),
        ({"client_id": ""}, "client_id"),
        ({"roles": {"kw": "baas"}}, "baas"),
    ],
)
def test_terms_that_are_not_safe_or_cannot_work_are_refused(wrong: dict[str, Any], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        Terms(**({"issuer": ISSUER, "client_id": "wij"} | wrong))
