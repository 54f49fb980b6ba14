"""What names a person: sealed by AES-256-GCM, with a key outside the database, and found by a keyed hash (HMAC)."""

import base64
import binascii
import hashlib
import hmac
import os
import secrets
import unicodedata
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand
from sqlalchemy import Connection

from register import mail

_LENGTH = 32
_NONCE = 12
PROOF = "sleutelproef"
"""The setting that tells a key of this database from any other."""


class KeyMissingError(RuntimeError):
    """Names cannot be written or read without the key."""


class WrongKeyError(RuntimeError):
    """The key is not the one that this database was written with."""


@dataclass(frozen=True, slots=True, repr=False)
class Key:
    """The key of a register. It has no representation, so that it cannot slip into a log."""

    secret: bytes

    def __post_init__(self) -> None:
        """Refuse anything but 32 bytes."""
        if len(self.secret) != _LENGTH:
            raise ValueError("the key must be 32 bytes")

    def seal(self, words: str, what: str) -> bytes:
        """The words, encrypted; `what` is bound to them, so that one field cannot pass for another."""
        nonce = secrets.token_bytes(_NONCE)
        return nonce + AESGCM(self._part(b"seal")).encrypt(nonce, words.encode("utf-8", "surrogatepass"), what.encode())

    def open(self, sealed: bytes, what: str) -> str:
        """The words again. Raises WrongKeyError when key or field is another, or a byte was changed."""
        try:
            plain = AESGCM(self._part(b"seal")).decrypt(sealed[:_NONCE], sealed[_NONCE:], what.encode())
        except InvalidTag:
            raise WrongKeyError(f"{what} cannot be read with this key") from None
        return plain.decode("utf-8", "surrogatepass")

    def mark(self, words: str, what: str) -> bytes:
        """The same for the same words, apart from case, accents and blanks; it tells nothing without the key."""
        return hmac.digest(
            self._part(b"mark:" + what.encode()), normal(words).encode("utf-8", "replace"), hashlib.sha256
        )

    def _part(self, use: bytes) -> bytes:
        return HKDFExpand(algorithm=SHA256(), length=_LENGTH, info=b"klachtwijzer:" + use).derive(self.secret)


def normal(words: str) -> str:
    """Words without case, accents, blanks and punctuation, as marks compare them."""
    plain = unicodedata.normalize("NFKD", words).casefold()
    return "".join(sign for sign in plain if sign.isalnum() or sign == "@")


def from_words(words: str) -> Key:
    """The key from a setting: 32 bytes in base64. Raises ValueError."""
    try:
        return Key(base64.b64decode(words, validate=True))
    except (binascii.Error, ValueError):
        raise ValueError("must be 32 bytes in base64, as `openssl rand -base64 32` makes them") from None


def at(file: Path) -> Key:
    """The key in that file, made when there is none; only its owner may read it. Safe when several processes start."""
    file.parent.mkdir(parents=True, exist_ok=True)
    made = base64.b64encode(secrets.token_bytes(_LENGTH)).decode() + "\n"
    # Written aside and linked whole, so that another process never reads half a key.
    aside = file.with_name(f"{file.name}.{secrets.token_hex(8)}")
    descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as out:
            out.write(made)
            out.flush()
            os.fsync(out.fileno())
        if not file.exists():
            with suppress(FileExistsError):
                os.link(aside, file)
    finally:
        aside.unlink()
    return from_words(file.read_text(encoding="ascii").strip())


def proof(key: Key) -> str:
    """What a database remembers of its key; it does not tell the key."""
    return key.mark("klachtwijzer", PROOF).hex()


def prove(connection: Connection, key: Key) -> None:
    """Remember a proof of the key on first use, and raise WrongKeyError when another one comes later."""
    mine = proof(key)
    if not hmac.compare_digest(mail.setting(connection, PROOF, lambda: mine), mine):
        raise WrongKeyError("the key is not the one that this database was written with")
