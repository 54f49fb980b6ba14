"""Whose words are whose, on mails of many programs in four languages."""

import itertools
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from intake import markup
from intake.quoting import Setting, split

SAMPLES = [
    pytest.param(sample, id=f"{path.stem}: {sample['naam']}")
    for path in sorted((Path(__file__).parent / "quoting").glob("*.yaml"))
    for sample in yaml.safe_load(path.read_text(encoding="utf-8"))
]
OURS = "klachten@opgroeien.example"


def text_of(sample: dict[str, Any]) -> str:
    if "html" in sample:
        return markup.text(sample["html"])
    pieces = [text for piece in sample["stukken"] for text in piece.values()]
    return ("" if sample.get("aaneen") else "\n").join(pieces).rstrip("\n")


def setting_of(sample: dict[str, Any]) -> Setting:
    return Setting(
        subject=sample["onderwerp"],
        threaded=sample.get("antwoord", False),
        writer=sample.get("van", {}).get("naam", ""),
        recipients=(OURS,),
    )


def lines(text: str, role: str) -> list[tuple[str, str]]:
    return [(line.strip("> "), role) for line in text.split("\n") if line.strip("> ")]


@pytest.mark.parametrize("sample", SAMPLES)
def test_each_line_has_the_role_of_the_one_who_wrote_it(sample: dict[str, Any]) -> None:
    text = text_of(sample)
    expected = [pair for piece in sample["stukken"] for role, words in piece.items() for pair in lines(words, role)]
    found = [pair for p in split(text, setting_of(sample)) for pair in lines(text[p.start : p.end], p.role)]
    assert found == expected


LINES = st.sampled_from(
    [
        "",
        "> ja",
        ">",
        "Van: Els <els@x.example>",
        "Verzonden: maandag 2 maart 2026 10:16",
        "-----Oorspronkelijk bericht-----",
        "Begin doorgestuurd bericht:",
        "Op ma 2 mrt 2026 om 10:16 schreef Els <els@x.example>:",
        "-- ",
        "Vriendelijke groeten",
        "Els Nijs",
        "Dit bericht is vertrouwelijk.",
        "Verstuurd vanaf mijn iPhone",
        "gewone woorden",
    ]
)


@settings(max_examples=200, deadline=None)
@given(st.lists(LINES | st.text(max_size=20), max_size=25), st.sampled_from(["", "Re: x", "Fwd: x"]))
def test_passages_cover_any_text_without_gap_or_overlap(rows: list[str], subject: str) -> None:
    text = "\n".join(rows)
    passages = split(text, Setting(subject=subject, writer="Els Nijs", recipients=(OURS,)))
    assert "".join(text[p.start : p.end] for p in passages) == text
    assert all(p.start < p.end for p in passages)
    assert all(before.end == after.start for before, after in itertools.pairwise(passages))


@pytest.mark.parametrize(
    "hostile",
    [
        "> " * 200_000,
        "Op 1 schreef " * 20_000,
        "Van: x@y\n" * 20_000,
        "Op 3\n" * 40_000,
        "-" * 300_000,
        "a:\n" * 50_000,
    ],
)
@pytest.mark.timeout(5)
def test_a_hostile_text_takes_no_more_than_its_length_asks(hostile: str) -> None:
    assert split(hostile, Setting(subject="Re: x"))
