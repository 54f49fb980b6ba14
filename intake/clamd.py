"""ClamAV asked by its own socket (clamd's INSTREAM): does a mail carry what it knows as malware?"""

import re
import socket
from dataclasses import dataclass
from typing import Literal

_CHUNK = 65_536
_ANSWER = 4_096
_FOUND = re.compile(r"^stream: (.{1,200}) FOUND$")


@dataclass(frozen=True, slots=True)
class Scan:
    """What the scanner said of one mail."""

    outcome: Literal["schoon", "besmet", "onbekend"]
    """`onbekend` when the scanner did not answer or did not want the mail; that is no reason to trust it."""
    detail: str = ""
    """The name of what was found, or why nobody knows; never text of the mail."""

    @property
    def fault(self) -> str:
        """A sentence for staff; empty for a clean mail."""
        if self.outcome == "besmet":
            return f"De virusscanner herkende schadelijke inhoud ({self.detail}); open de bijlagen niet."
        return "" if self.outcome == "schoon" else f"De virusscanner kon het bericht niet nakijken ({self.detail})."


def scan(raw: bytes, address: str, *, seconds: float = 20.0) -> Scan:
    """Ask the clamd at `address` (`/path/of/the/socket` or `host:port`) about a whole mail. Never raises.

    `seconds` bounds each wait for the socket. ClamAV unpacks the mail itself.
    """
    try:
        with _connected(address, seconds) as wire:
            _send(wire, raw)
            answer = _answered(wire)
    except (OSError, ValueError) as trouble:
        return Scan("onbekend", type(trouble).__name__)
    found = _FOUND.match(answer)
    if found:
        return Scan("besmet", found[1])
    return Scan("schoon") if answer == "stream: OK" else Scan("onbekend", answer[:100] or "geen antwoord")


def _connected(address: str, seconds: float) -> socket.socket:
    if address.startswith("/"):
        wire = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        wire.settimeout(seconds)
        try:
            wire.connect(address)
        except OSError:
            wire.close()
            raise
        return wire
    host, _, port = address.rpartition(":")
    return socket.create_connection((host.strip("[]"), int(port)), timeout=seconds)


def _send(wire: socket.socket, raw: bytes) -> None:
    """The command and the mail in chunks, each behind its length; one of length nothing ends it."""
    wire.sendall(b"zINSTREAM\0")
    try:
        for at in range(0, len(raw), _CHUNK):
            chunk = raw[at : at + _CHUNK]
            wire.sendall(len(chunk).to_bytes(4, "big") + chunk)
        wire.sendall(bytes(4))
    except (BrokenPipeError, ConnectionResetError):
        # Clamd hangs up on a mail beyond its limit, and its answer, which lies ready, says so.
        return


def _answered(wire: socket.socket) -> str:
    answer = b""
    while b"\0" not in answer and len(answer) < _ANSWER:
        piece = wire.recv(_ANSWER)
        if not piece:
            break
        answer += piece
    return answer.partition(b"\0")[0].decode("utf-8", "replace").strip()
