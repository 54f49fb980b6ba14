"""A signature that other mail servers find good, and a key that is never told."""

from dataclasses import replace
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import dkim  # type: ignore[import-untyped]
import pytest

from responder.post import post
from responder.seal import Seal, sealed
from responder.wrap import wire, wrap
from tests.responder.test_post import Taker, content, serving
from tests.responder.test_wrap import LETTER, SENT

HERE = Path(__file__).parent
# Made for tests only; the DNS of opgroeien.example shows the public half under `proef._domainkey`.
KEY = (HERE / "dkim.pem").read_text(encoding="utf-8")
SHOWN = (HERE / "dkim.txt").read_bytes()
PUBLIC = "-----BEGIN PUBLIC KEY-----\n" + SHOWN.decode().rpartition("p=")[2].strip() + "\n-----END PUBLIC KEY-----\n"
SEAL = Seal("proef", KEY)


def good(raw: bytes) -> bool:
    def dns(name: bytes, timeout: int = 5) -> bytes | None:
        return SHOWN if name == b"proef._domainkey.opgroeien.example." else None

    return bool(dkim.verify(raw, dnsfunc=dns))


def test_a_sealed_letter_is_found_good_and_a_changed_one_is_not() -> None:
    raw = sealed(wire(wrap(LETTER, SENT), wide=False), SEAL, "opgroeien.example")
    assert good(raw)
    assert not good(raw.replace(b"Wij lezen", b"Wij lazen"))
    assert not good(raw.replace(b"Subject: Re: Klacht", b"Subject: Re: Dank!"))
    assert message_from_bytes(raw, policy=default)["Subject"] == LETTER.subject


async def test_a_letter_arrives_with_its_seal_and_the_copy_is_what_arrived() -> None:
    taker = Taker()
    async with serving(taker) as url:
        posted = await post(LETTER, url, sent=SENT, seal=SEAL)
    arrived = content(taker.taken[0])
    assert good(arrived)
    assert posted.copy.encode() == arrived
    assert posted.copy.startswith("DKIM-Signature: ")


async def test_without_a_key_a_letter_leaves_unsigned() -> None:
    taker = Taker()
    async with serving(taker) as url:
        posted = await post(replace(LETTER, text="Één zin, ünïcode.\n"), url, sent=SENT)
    assert b"DKIM" not in content(taker.taken[0])
    assert posted.copy.encode() == content(taker.taken[0])


@pytest.mark.parametrize("key", ["", "geheim", PUBLIC, KEY[:300], KEY[:100] + KEY[200:]])
def test_what_is_no_key_is_refused_without_repeating_it(key: str) -> None:
    with pytest.raises(ValueError, match="RSA key in PEM") as refused:
        Seal("proef", key)
    assert "geheim" not in str(refused.value)


@pytest.mark.parametrize("selector", ["", "a b", "a;s=x", "-a", "a\r\nBcc: x", "x" * 70])
def test_a_selector_is_a_name_for_the_dns(selector: str) -> None:
    with pytest.raises(ValueError, match="DNS"):
        Seal(selector, KEY)


def test_a_key_is_never_shown() -> None:
    assert "PRIVATE" not in repr(SEAL)
