"""ClamAV's socket: real sockets, and at the other end a small clamd of our own that follows the protocol."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from intake.clamd import Scan, scan
from intake.parse import parse
from tests.intake.written import arrival, mail

BAD = b"X5O-niet-echt"


def received(wire: socket.socket, count: int) -> bytes:
    octets = b""
    while len(octets) < count:
        piece = wire.recv(count - len(octets))
        if not piece:
            raise ConnectionError
        octets += piece
    return octets


def answer(wire: socket.socket, limit: int) -> None:
    """One conversation as clamd holds it."""
    assert received(wire, 10) == b"zINSTREAM\0"
    octets = b""
    while size := int.from_bytes(received(wire, 4), "big"):
        octets += received(wire, size)
        if len(octets) > limit:
            wire.sendall(b"INSTREAM size limit exceeded. ERROR\0")
            return
    wire.sendall(b"stream: Test.Slecht FOUND\0" if BAD in octets else b"stream: OK\0")


@contextmanager
def clamd(
    family: socket.AddressFamily, bound: str | tuple[str, int], limit: int = 1_000_000
) -> Iterator[socket.socket]:
    with socket.socket(family, socket.SOCK_STREAM) as door:
        door.bind(bound)
        door.listen()

        def serve() -> None:
            wire, _ = door.accept()
            with wire:
                answer(wire, limit)

        thread = threading.Thread(target=serve)
        thread.start()
        yield door
        thread.join(timeout=10)
        assert not thread.is_alive()


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (b"Beste, alles goed.", Scan("schoon")),
        (b"x" * 70_000 + BAD + b"y" * 70_000, Scan("besmet", "Test.Slecht")),
        (b"", Scan("schoon")),
    ],
)
def test_a_mail_is_asked_over_the_socket_of_this_machine(tmp_path: Path, raw: bytes, expected: Scan) -> None:
    path = str(tmp_path / "clamd.sock")
    with clamd(socket.AF_UNIX, path):
        assert scan(raw, path) == expected


def test_a_mail_is_asked_over_the_network() -> None:
    with clamd(socket.AF_INET, ("127.0.0.1", 0)) as door:
        assert scan(BAD, f"127.0.0.1:{door.getsockname()[1]}") == Scan("besmet", "Test.Slecht")


def test_a_mail_that_is_too_large_for_the_scanner_is_not_called_clean(tmp_path: Path) -> None:
    path = str(tmp_path / "clamd.sock")
    with clamd(socket.AF_UNIX, path, limit=100_000):
        found = scan(b"x" * 5_000_000, path)
    assert found.outcome == "onbekend"
    assert found.fault


@pytest.mark.parametrize("address", ["/bestaat/niet.sock", "127.0.0.1:1", "onzin", ""])
def test_a_scanner_that_is_not_there_is_told_and_never_raises(address: str) -> None:
    assert scan(b"x", address, seconds=1).outcome == "onbekend"


def test_a_scanner_that_says_nothing_is_not_waited_for_without_end(tmp_path: Path) -> None:
    path = str(tmp_path / "stil.sock")
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as door:
        door.bind(path)
        door.listen()
        assert scan(b"x", path, seconds=0.2) == Scan("onbekend", "TimeoutError")


def test_staff_are_told_in_words() -> None:
    assert Scan("schoon").fault == ""
    assert "Test.Slecht" in Scan("besmet", "Test.Slecht").fault


def test_what_the_scanner_finds_stands_among_the_faults_of_the_mail(tmp_path: Path) -> None:
    path = str(tmp_path / "clamd.sock")
    with clamd(socket.AF_UNIX, path):
        message = parse(mail(BAD), arrival(), scanner=path)
    assert "Test.Slecht" in message.faults[-1]
    assert message.text == BAD.decode()
