"""What the API asks of the rest of the product."""

from collections.abc import Mapping
from typing import Protocol


class Programs(Protocol):
    """The desk behind the API."""

    mailbox: str
    """Our own address, to which what comes in by the API is written."""
    largest: int
    """Most bytes of a mail."""

    def assess(self, raw: bytes) -> Mapping[str, object]:
        """What the triage says of a mail that is not kept, in the words of `triage --json`."""
