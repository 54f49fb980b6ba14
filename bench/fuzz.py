"""Looks for bytes that the parser does not foresee, guided by coverage (atheris), for as long as one gives it.

Begins with the odd mails in tests/mails. What breaks is left as a file `crash-…` in the folder of `--found`, and the
exit status is not 0. The sandbox is left out: here nothing may go wrong even without it.
"""

import argparse
import importlib
import importlib.util
import json
import os
import shutil
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
SEEDS = ROOT / "tests" / "mails"
LONGEST_SEED = 20_000
SLOWEST = 2
RECEIVED = datetime(2026, 3, 10, 9, 12, tzinfo=UTC)
# `body.visit` says this of an error that nobody foresaw; here that is a find.
UNFORESEEN = "is beschadigd en kon niet gelezen worden"


class UnforeseenError(Exception):
    """The parser came through, but only because a guard caught what nobody had thought of."""


def target(understand: Any, envelope: Any) -> Any:
    """What is done with each input."""

    def one(raw: bytes) -> None:
        message = understand(raw, envelope, reach="bare")
        if "".join(message.text[piece.start : piece.end] for piece in message.passages) != message.text:
            raise UnforeseenError("passages")
        if any(UNFORESEEN in fault for fault in message.faults):
            raise UnforeseenError("part")
        message.text.encode("utf-8")

    return one


def fuzz(seeds: str, seconds: int, found: Path) -> None:
    """Runs until the time is over or something breaks; the process ends with it."""
    atheris: Any = importlib.import_module("atheris")
    with atheris.instrument_imports(include=["intake"]):
        understand = importlib.import_module("intake.understand").understand
        envelope = importlib.import_module("intake.message").Envelope
    arrived = envelope("smtp", "els@x.example", ("klachten@opgroeien.example",), RECEIVED)
    limits = [f"-max_total_time={seconds}", f"-timeout={SLOWEST}", "-rss_limit_mb=2048", "-max_len=30000"]
    atheris.Setup([sys.argv[0], seeds, *limits, f"-artifact_prefix={found}/"], target(understand, arrived))
    atheris.Fuzz()


def main() -> None:
    """Runs it once."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--seconds", type=int, default=60, help="time budget")
    asked.add_argument("--found", type=Path, default=Path(tempfile.gettempdir()), help="folder for what breaks")
    given = asked.parse_args()
    if importlib.util.find_spec("atheris") is None:
        sys.exit("atheris is not installed; `pip install atheris` adds it")
    given.found.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="klachtwijzer-fuzz-") as name:
        for path in SEEDS.glob("*.eml"):
            if path.stat().st_size <= LONGEST_SEED:
                shutil.copy(path, name)
        begun = time.monotonic()
        # The fuzzer ends its process by itself, so it gets one of its own.
        fuzzer = os.fork()
        if fuzzer == 0:
            fuzz(name, given.seconds, given.found)
        _, status = os.waitpid(fuzzer, 0)
        kept = len(list(Path(name).iterdir()))
    ended = os.waitstatus_to_exitcode(status)
    print(json.dumps({"ran_s": round(time.monotonic() - begun, 1), "kept": kept, "sound": ended == 0}), flush=True)
    sys.exit(0 if ended == 0 else 1)


if __name__ == "__main__":
    main()
