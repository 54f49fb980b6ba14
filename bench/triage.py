"""From bytes to decision on one core, beside what spaCy's bare tokenizer and matcher need for the same texts."""

import os
import sys
from pathlib import Path

# Run as a file, this folder would come first in the path, and this file would stand before the package of its name.
sys.path[0] = str(Path(__file__).resolve().parent.parent)
os.environ["OMP_NUM_THREADS"] = "1"

# ruff: noqa: E402
import argparse
import cProfile
import pstats
import subprocess
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

import spacy
import structlog
from spacy.language import Language
from spacy.matcher import PhraseMatcher

from bench.running import CORPUS, Mail, closing, family, mails, memory_mb, percentile, told
from intake.message import Envelope
from intake.parse import parse
from klachtwijzer.ruleset import Ruleset
from klachtwijzer.said import judge
from klachtwijzer.settings import CHECKOUT
from triage.pipeline import Pipeline
from triage.rulebook import Rulebook

FEWEST, MOST = 150, 250
RECEIVED = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def envelope(sender: str) -> Envelope:
    return Envelope("smtp", sender, ("klachten@opgroeien.example",), RECEIVED)


def ordinary(posted: Sequence[Mail]) -> list[Mail]:
    """The mails of usual length."""
    return [(sender, raw) for sender, raw in posted if FEWEST <= len(parse(raw, envelope(sender)).text.split()) <= MOST]


def decided(one: Mail, pipeline: Pipeline) -> str:
    """Bytes in, decision out."""
    sender, raw = one
    return judge(parse(raw, envelope(sender)), pipeline).decision.uitkomst


def bare(rulebook: Rulebook) -> tuple[Language, PhraseMatcher]:
    """A blank tokenizer, and a matcher for all words of the rules."""
    nlp = spacy.blank("nl")
    matcher = PhraseMatcher(nlp.vocab, attr="LOWER")
    for signal in rulebook.signals:
        words = [*signal.woorden, *(word for several in signal.talen.values() for word in several)]
        matcher.add(signal.id, [nlp.make_doc(word) for word in words])
    return nlp, matcher


def timed(work: Callable[[int], object], number: int, seconds: float) -> list[float]:
    """Seconds per mail, round after round for so long, after one round to warm up."""
    for i in range(number):
        work(i)
    spent: list[float] = []
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        for i in range(number):
            begun = time.perf_counter()
            work(i)
            spent.append(time.perf_counter() - begun)
    return spent


def ready_s() -> float:
    """From the start of a fresh process to its first decision."""
    begun = time.perf_counter()
    subprocess.run([sys.executable, __file__, "--first"], check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - begun


def profiled(chosen: Sequence[Mail], pipeline: Pipeline) -> None:
    """The dearest functions, by their own time and with what they call."""
    profile = cProfile.Profile()
    profile.enable()
    for one in chosen:
        decided(one, pipeline)
    profile.disable()
    for order in ("tottime", "cumulative"):
        pstats.Stats(profile).strip_dirs().sort_stats(order).print_stats(30)


def main() -> None:
    """Runs it once."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--seconds", type=float, default=10.0, help="how long each of the two is measured")
    asked.add_argument("--profile", action="store_true", help="show where the time goes, and measure nothing")
    asked.add_argument("--first", action="store_true", help="decide on one mail and end")
    given = asked.parse_args()
    structlog.configure(logger_factory=structlog.ReturnLoggerFactory())
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    pipeline = Ruleset(CHECKOUT / "rules").now().pipeline
    if given.first:
        print(decided(mails(CORPUS / "learn")[0], pipeline))
        return
    chosen = ordinary(mails(CORPUS / "learn"))
    if given.profile:
        profiled([*chosen, *chosen], pipeline)
        return
    spent = timed(lambda i: decided(chosen[i], pipeline), len(chosen), given.seconds)
    memory = memory_mb(family(os.getpid()))
    texts = [parse(raw, envelope(sender)).text for sender, raw in chosen]
    nlp, matcher = bare(pipeline.rulebook)
    least = timed(lambda i: matcher(nlp.make_doc(texts[i])), len(chosen), given.seconds / 2)
    rate, ceiling = len(spent) / sum(spent), len(least) / sum(least)
    figures = {"mails_per_s": rate, "ceiling_per_s": ceiling, "ratio": rate / ceiling}
    figures |= {"p95_ms": percentile(spent, 0.95) * 1000, "rss_mb": memory, "ready_s": ready_s()}
    told(
        f"triage · {len(chosen)} mails of {FEWEST} to {MOST} words, one core",
        {
            "mails a second, bytes to decision": rate,
            "ceiling: mails a second, bare spaCy": ceiling,
            "per cent of the ceiling": 100 * figures["ratio"],
            "ms a mail, p50": percentile(spent, 0.5) * 1000,
            "ms a mail, p95": figures["p95_ms"],
            "MB (PSS)": memory,
            "s from start of a process to first decision": figures["ready_s"],
        },
    )
    closing(figures)


if __name__ == "__main__":
    main()
