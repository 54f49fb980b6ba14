"""Our passages beside the libraries that split quoted text, on the samples in tests/intake/quoting.

Writes docs/quoting.md. The libraries are no part of the project; those that are not installed are named as absent.
"""

import argparse
import importlib
import importlib.util
import json
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from intake import markup
from intake.quoting import Setting, split

ROOT = Path(__file__).resolve().parent.parent
SAMPLES = ROOT / "tests" / "intake" / "quoting"
PAGE = ROOT / "docs" / "quoting.md"
OURS = ("klachten@opgroeien.example",)
ROUNDS = 20

Splitter = Callable[["Sample"], str]
"""What remains of a sample's text when other people's words are taken out."""


@dataclass(frozen=True, slots=True)
class Sample:
    file: str
    text: str
    setting: Setting
    own: tuple[str, ...]
    """The lines that the writer wrote."""
    closing: tuple[str, ...]
    """Lines of the signature and of disclaimers: a splitter may leave them or take them out."""


@dataclass(frozen=True, slots=True)
class Score:
    name: str
    right: int
    lost: int
    """Samples in which words of the writer were taken out."""
    kept: int
    """Samples in which words of others remained."""
    raised: int
    ms: float


def samples() -> Iterator[Sample]:
    for path in sorted(SAMPLES.glob("*.yaml")):
        for one in yaml.safe_load(path.read_text(encoding="utf-8")):
            pieces = [(role, words) for piece in one["stukken"] for role, words in piece.items()]
            joint = "" if one.get("aaneen") else "\n"
            text = markup.text(one["html"]) if "html" in one else joint.join(words for _, words in pieces).rstrip("\n")
            setting = Setting(one["onderwerp"], one.get("antwoord", False), one.get("van", {}).get("naam", ""), OURS)
            own = tuple(line for role, words in pieces if role == "eigen" for line in lines(words))
            closing = tuple(
                line for role, words in pieces if role in ("handtekening", "disclaimer") for line in lines(words)
            )
            yield Sample(path.stem, text, setting, own, closing)


def lines(words: str) -> list[str]:
    return [" ".join(line.strip("> ").split()) for line in words.split("\n") if line.strip("> ")]


def ours(sample: Sample) -> str:
    return "\n".join(
        sample.text[one.start : one.end] for one in split(sample.text, sample.setting) if one.role == "eigen"
    )


def unwrapped(library: Any) -> Splitter:
    def quotequail(sample: Sample) -> str:
        found = library.unwrap(sample.text)
        return sample.text if not found else "\n".join(found.get(key, "") for key in ("text_top", "text_bottom"))

    return quotequail


def expanded(library: Any) -> Splitter:
    return lambda sample: "\n".join(words for own, words in library.quote(sample.text) if own)


def spoken(library: Any) -> Splitter:
    parser = library.EmailReplyParser(languages=["nl", "fr", "en", "de"])
    return lambda sample: str(parser.parse_reply(text=sample.text) or "")


def latest(library: Any) -> Splitter:
    return lambda sample: str(library.EmailReplyParser.parse_reply(sample.text))


def extracted(library: Any) -> Splitter:
    return lambda sample: str(library.extract_from_plain(sample.text))


LIBRARIES: tuple[tuple[str, str, Callable[[Any], Splitter]], ...] = (
    ("quotequail, `unwrap`", "quotequail", unwrapped),
    ("quotequail, `quote`", "quotequail", expanded),
    ("mail-parser-reply", "mailparser_reply", spoken),
    ("email-reply-parser", "email_reply_parser", latest),
    ("talon", "talon.quotations", extracted),
)


def scored(name: str, splitter: Splitter, chosen: Sequence[Sample]) -> Score:
    right = lost = kept = raised = 0
    begun = time.perf_counter()
    for _ in range(ROUNDS - 1):
        for one in chosen:
            attempt(splitter, one)
    for one in chosen:
        said = attempt(splitter, one)
        if said is None:
            raised += 1
            continue
        found = lines(said)
        without = [line for line in found if line not in one.closing or line in one.own]
        right += tuple(found) == one.own or tuple(without) == one.own
        lost += any(line not in found for line in one.own)
        kept += any(line not in one.own for line in without)
    return Score(name, right, lost, kept, raised, (time.perf_counter() - begun) / ROUNDS / len(chosen) * 1000)


def attempt(splitter: Splitter, one: Sample) -> str | None:
    # What a library raises is its own affair and is counted.
    try:
        return splitter(one)
    except Exception:
        return None


def available(module: str) -> bool:
    """Whether a library can be used here; some were written for a Python of long ago."""
    if importlib.util.find_spec(module.partition(".")[0]) is None:
        return False
    try:
        importlib.import_module(module)
    except (ImportError, AttributeError, SyntaxError):
        return False
    return True


def page(scores: Sequence[Score], absent: Sequence[str], chosen: Sequence[Sample]) -> str:
    counts = {one.file: sum(other.file == one.file for other in chosen) for one in chosen}
    rows = [
        f"| {one.name} | {one.right} | {one.lost} | {one.kept} | {one.raised} | {one.ms:.2f} |"
        for one in sorted(scores, key=lambda one: -one.right)
    ]
    missing = [f"Not installed when this was measured, or unusable with this Python: {', '.join(absent)}.", ""]
    missing = missing if absent else []
    return "\n".join(
        (
            "# Whose words: our rules beside the libraries",
            "",
            f"`bench/quoting.py` wrote this page from the {len(chosen)} samples in `tests/intake/quoting/`",
            f"({', '.join(f'{name} {number}' for name, number in counts.items())}).",
            "A sample is right when exactly the writer's own lines remain; a signature or disclaimer may stay or go.",
            "HTML was turned into text by our own reader for all of them.",
            "",
            f"| splitter | right of {len(chosen)} | writer's words lost | others' words kept | raised | ms a mail |",
            "|---|---|---|---|---|---|",
            *rows,
            "",
            *missing,
            "The samples are our own, and so are the rules. Those in `programmas` were written when the rules stood,",
            "and no rule was changed for them, but by somebody who had read the rules; a mail of a program that we",
            "never saw may still surprise us. In doubt a line stays the writer's own, so that no cry for help is",
            "taken for a quotation.",
            "",
        )
    )


def main() -> None:
    """Runs it once."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--keep", action="store_true", help="leave docs/quoting.md as it is")
    given = asked.parse_args()
    chosen = list(samples())
    scores = [scored("**ours**", ours, chosen)]
    absent = []
    for name, module, made in LIBRARIES:
        if available(module):
            scores.append(scored(name, made(importlib.import_module(module)), chosen))
        else:
            absent.append(name)
    text = page(scores, absent, chosen)
    if not given.keep:
        PAGE.write_text(text, encoding="utf-8")
    print(text)
    print(json.dumps({"samples": len(chosen), "right": scores[0].right, "lost": scores[0].lost}))


if __name__ == "__main__":
    main()
