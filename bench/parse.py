"""What it costs to read mails: ordinary ones here, documents in the sandbox, hostile ones against its bounds."""

import argparse
import base64
import hashlib
import os
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from bench.running import CORPUS, Mail, closing, mails, percentile, told
from intake.message import Envelope
from intake.parse import parse
from intake.sandbox import SANDBOX
from intake.understand import understand

RECEIVED = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
TIMES = 200


def envelope(sender: str) -> Envelope:
    return Envelope("smtp", sender, ("klachten@opgroeien.example",), RECEIVED)


def ordinary(posted: Sequence[Mail], seconds: float) -> float:
    """Mails a second of one core's time, from bytes to passages, after one round to warm up."""
    for sender, raw in posted:
        parse(raw, envelope(sender))
    # Time of the processor and not of the wall, because whatever else runs here says nothing about the reading.
    count, begun = 0, time.process_time()
    while time.process_time() - begun < seconds:
        for sender, raw in posted:
            parse(raw, envelope(sender))
        count += len(posted)
    return count / (time.process_time() - begun)


def spent(work: Callable[[], object], times: int) -> float:
    """Median milliseconds."""
    work()
    taken = []
    for _ in range(times):
        begun = time.perf_counter()
        work()
        taken.append(time.perf_counter() - begun)
    return percentile(taken, 0.5) * 1000


def with_file(name: str, raw: bytes) -> bytes:
    head = b"From: els@x.example\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nZie bijlage.\r\n--b\r\n"
    kind = f"Content-Type: application/octet-stream; name={name}\r\nContent-Transfer-Encoding: base64\r\n\r\n".encode()
    return head + kind + base64.encodebytes(raw) + b"\r\n--b--\r\n"


def main() -> None:
    """Runs it once."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--seconds", type=float, default=5.0, help="how long ordinary mails are read")
    given = asked.parse_args()
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    posted = mails(CORPUS / "learn")
    rate = ordinary(posted, given.seconds)
    arrived = envelope("els@x.example")
    SANDBOX.warm()
    rich = with_file("brief.rtf", b"{\\rtf1\\ansi " + b"Een zin over de opvang.\\par " * 200 + b"}")
    noise = hashlib.shake_256(b"ruis").digest(5_000_000)
    slow = with_file("brief.rtf", b"{\\rtf1 " + b'{\\field{\\*\\fldinst{HYPERLINK "' * 100_000)
    figures = {
        "mails_per_s": rate,
        "ms_a_mail": 1000 / rate,
        "document_here_ms": spent(lambda: understand(rich, arrived), TIMES),
        "document_sandbox_ms": spent(lambda: parse(rich, arrived), TIMES),
        "five_mb_ms": spent(lambda: parse(with_file("foto.bin", noise), arrived), 5),
        "hostile_ms": spent(lambda: parse(slow, arrived), 2),
    }
    told(
        f"parse · {len(posted)} labelled mails, one core",
        {
            "mails a second, ordinary": figures["mails_per_s"],
            "ms: an RTF of 6 KB, read here": figures["document_here_ms"],
            "ms: the same through the sandbox": figures["document_sandbox_ms"],
            "ms: a file of 5 MB": figures["five_mb_ms"],
            "ms: a document that never ends": figures["hostile_ms"],
        },
    )
    closing(figures)


if __name__ == "__main__":
    main()
