"""The DKIM signature under a letter (RFC 6376), by which other mail servers see that it is ours and unchanged."""

import re
from dataclasses import dataclass, field

import dkim  # type: ignore[import-untyped]
from dkim.crypto import (  # type: ignore[import-untyped]
    UnparsableKeyError,
    parse_pem_private_key,
)

# What a signature covers. From is obligatory; what a relay may add or rewrite on its way is left out.
_SIGNED = (
    b"From",
    b"To",
    b"Subject",
    b"Date",
    b"Message-ID",
    b"Reply-To",
    b"In-Reply-To",
    b"References",
    b"MIME-Version",
    b"Content-Type",
    b"Content-Language",
    b"Auto-Submitted",
)
_SELECTOR = re.compile(r"^[A-Za-z0-9](?:[A-Za-z0-9._-]{0,61}[A-Za-z0-9])?$")


@dataclass(frozen=True, slots=True)
class Seal:
    """A private key (RSA, PEM) and the name under which the DNS shows its public half."""

    selector: str
    key: str = field(repr=False)

    def __post_init__(self) -> None:
        """Raises ValueError in words without the key."""
        if not is_selector(self.selector):
            raise ValueError("the selector must be a name for the DNS")
        try:
            parse_pem_private_key(self.key.encode())
        except (UnparsableKeyError, ValueError, TypeError, IndexError, KeyError):
            raise ValueError("must be an RSA key in PEM") from None


def is_selector(text: str) -> bool:
    """Whether the text can stand before `._domainkey` in the DNS."""
    return _SELECTOR.fullmatch(text) is not None


def sealed(raw: bytes, seal: Seal, domain: str) -> bytes:
    """The mail with its signature on top, in the name of `domain`, which is that of the From address."""
    present = [name for name in _SIGNED if re.search(rb"(?mi)^" + name + rb":", raw.partition(b"\r\n\r\n")[0])]
    signature: bytes = dkim.sign(
        raw,
        seal.selector.encode(),
        domain.encode("idna"),
        seal.key.encode(),
        canonicalize=(b"relaxed", b"relaxed"),
        include_headers=present,
    )
    return signature + raw
