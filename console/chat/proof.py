"""A small sum for the visitor's machine: cheap for one person, dear for who sends thousands. No third party is asked.

A challenge is signed by us and ends after some hours, so that nothing is kept about who only looks. It also names the
conversation that it opens, so that a story sent twice over a bad connection is one story. Without JavaScript nobody
computes: they come in at a slower rate.
"""

import hashlib
import hmac
import secrets
from datetime import datetime, timedelta

BITS = 12
"""Leading zero bits that are asked: some four thousand tries."""
VALID = timedelta(hours=6)


def challenge(secret: str, now: datetime) -> str:
    """A fresh challenge, `<end>.<lot>.<signature>`."""
    start = f"{int((now + VALID).timestamp())}.{secrets.token_hex(8)}"
    return f"{start}.{_signature(secret, start)}"


def holds(secret: str, asked: str, answer: str, now: datetime) -> bool:
    """Whether the challenge is ours and still good, and the answer solves it."""
    return bool(answer) and ours(secret, asked, now) and solves(asked, answer)


def ours(secret: str, asked: str, now: datetime) -> bool:
    """Whether we gave this challenge, and not too long ago."""
    start, _, signature = asked.rpartition(".")
    if not hmac.compare_digest(_signature(secret, start).encode(), signature.encode("utf-8", "replace")):
        return False
    return int(start.partition(".")[0]) >= now.timestamp()


def token(secret: str, asked: str) -> str:
    """The secret name of the conversation that this challenge opens."""
    return hmac.new(secret.encode(), f"gesprek zelf:{asked}".encode(), hashlib.sha256).hexdigest()


def solves(asked: str, answer: str) -> bool:
    """Whether SHA-256 of `<challenge>:<answer>` begins with enough zero bits."""
    found = hashlib.sha256(f"{asked}:{answer}".encode("utf-8", "replace")).digest()
    return int.from_bytes(found[:4], "big") >> (32 - BITS) == 0


def _signature(secret: str, start: str) -> str:
    return hmac.new(secret.encode(), f"gesprek:{start}".encode("utf-8", "replace"), hashlib.sha256).hexdigest()[:32]
