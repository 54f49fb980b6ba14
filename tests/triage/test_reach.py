"""Dead rules, shadows, overlaps and gaps: worked out, and held against trying every combination."""

from collections.abc import Mapping
from datetime import date
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.triage.made import ROOT, assessment, rulebook
from tests.triage.test_decide import SAID
from tests.triage.test_index import CLAUSES
from triage.clauses import Clause, Either, Every, Flag, Not, Plain, holds
from triage.conditions import Vocabulary, vocabulary
from triage.cubes import Cube, TooManyError, cells, inside, outside
from triage.decision import Known
from triage.grounds import grounds
from triage.patterns import blind
from triage.reach import _NEVER
from triage.rulebook import assemble, files, overlaps
from triage.shapes import FactKind

BASE = files(ROOT / "tests" / "mistakes" / "basis")
KINDS = {
    **{f"vlag_{n}": FactKind(f"vlag_{n}", "waar", "Iets.") for n in range(6)},
    **{f"keuze_{n}": FactKind(f"keuze_{n}", "keuze", "Iets.", ("a", "b", "c"), "onbekend") for n in range(3)},
    **{f"getal_{n}": FactKind(f"getal_{n}", "getal", "Iets.") for n in range(2)},
}
WORDS: Vocabulary = vocabulary(KINDS)


def _points(grid_values: Mapping[str, tuple[Plain, ...]]) -> list[dict[str, Plain]]:
    names = sorted(grid_values)
    return [dict(zip(names, point, strict=True)) for point in product(*(grid_values[name] for name in names))]


@settings(max_examples=150, deadline=None)
@given(one=CLAUSES, others=st.lists(CLAUSES, max_size=3))
def test_what_lies_outside_is_what_trying_every_combination_finds(one: Clause, others: list[Clause]) -> None:
    grid = cells([one, *others], WORDS)
    mine, theirs = grid.cubes(one), [cube for other in others for cube in grid.cubes(other)]
    points = _points(grid.values)
    if len(points) > 5_000:
        return
    really = any(holds(one, point) and not any(holds(other, point) for other in others) for point in points)
    found = [left for cube in mine if (left := outside(cube, theirs, grid)) is not None]
    assert bool(found) == really
    for left in found:
        assert any(inside(left, cube) for cube in mine)
        example = {name: WORDS.defaults[name] for name in grid.values} | grid.example(left)
        assert holds(one, example)
        assert not any(holds(other, example) for other in others)


def test_a_question_that_would_take_too_long_is_given_up_and_told() -> None:
    wide = Every(tuple(Either((Flag("vlag_0"), Flag(f"vlag_{n % 5 + 1}"))) for n in range(12)))
    grid = cells([wide], WORDS)
    with pytest.raises(TooManyError):
        grid.cubes(wide)
    cube: Cube = {}
    with pytest.raises(TooManyError):
        outside(cube, [{"vlag_0": 1}, {"vlag_0": 2}], grid, steps=0)
    pairs = " and ".join(f"(idee_{n} or idee_{n + 1})" for n in range(0, 20, 2))
    ideas = "".join(f"- {{id: idee_{n}, type: waar, betekent: Een idee.}}\n" for n in range(20))
    contents = {**BASE, "feiten.yaml": BASE["feiten.yaml"] + ideas.encode()}
    book, mistakes = assemble({**contents, "uitkomsten/1.yaml": _rule("veel", pairs).encode()}, on=date(2026, 11, 24))
    assert book is not None
    assert "niet-uitgezocht" in {mistake.name for mistake in mistakes}


def _rule(name: str, condition: str, more: str = "") -> str:
    return (
        f"- id: {name}\n  als: {condition}\n  dan: {{uitkomst: registreren}}\n  brief: x\n  omdat: Daarom.\n"
        "  bron: {titel: Een bron, nagekeken_op: 2026-11-23}\n  voorbeelden: {raak: [Ja.], mis: [Nee.]}\n" + more
    )


def _names(*rules: str, on: date | None = None) -> list[str]:
    _, mistakes = assemble({**BASE, "uitkomsten/1.yaml": "\n".join(rules).encode()}, on=on)
    return [mistake.name for mistake in mistakes if mistake.file == "uitkomsten/1.yaml"]


def test_a_rule_is_no_shadow_of_one_that_ends_before_it() -> None:
    general, special = _rule("algemeen", "ernstig"), _rule("bijzonder", 'ernstig and soort == "klacht"')
    assert _names(general, special) == ["overschaduwd"]
    assert _names(general + "  geldig_tot: 2026-12-31\n", special) == []
    assert _names(general + "  geldig_tot: 2026-12-31\n", special + "  geldig_tot: 2026-06-30\n") == ["overschaduwd"]


def test_an_exception_before_the_rule_it_is_an_exception_to_is_no_overlap() -> None:
    exception = _rule("uitzondering", 'ernstig and soort == "klacht"').replace("registreren", "beantwoorden")
    assert _names(exception, _rule("algemeen", "ernstig"), on=date(2026, 11, 24)) == []


def test_an_overlap_that_its_author_meant_is_not_told() -> None:
    first = _rule("eerst", 'soort == "klacht"').replace("registreren", "beantwoorden")
    assert _names(first, _rule("daarna", "ernstig"), on=date(2026, 11, 24)) == ["overlap"]
    assert _names(first, _rule("daarna", "ernstig", "  na: [eerst]\n"), on=date(2026, 11, 24)) == []


def test_overlaps_between_files_are_told_when_asked_for() -> None:
    first = _rule("eerst", 'soort == "klacht"').replace("registreren", "beantwoorden")
    contents = {**BASE, "uitkomsten/1.yaml": first.encode(), "uitkomsten/2.yaml": _rule("daarna", "ernstig").encode()}
    assert "overlap" not in {mistake.name for mistake in assemble(contents, on=date(2026, 11, 24))[1]}
    assert [(mistake.file, mistake.name) for mistake in overlaps(contents)] == [("uitkomsten/2.yaml", "overlap")]


@settings(max_examples=150, deadline=None)
@given(said=SAID, register=st.booleans(), dossier=st.booleans())
def test_what_is_held_impossible_never_follows_from_any_facts(
    said: dict[str, object], register: bool, dossier: bool
) -> None:
    one = assessment(said)
    known = Known(register=register, dossier="KW-2026-00001" if register and dossier else None)
    flat = grounds(one, one.facts, rulebook(), known)
    assert not any(holds(clause, flat) for clause in _NEVER)


def test_no_shipped_rule_is_dead() -> None:
    _, mistakes = assemble(files(ROOT / "rules"))
    assert [str(mistake) for mistake in mistakes if mistake.name in {"dode-regel", "overschaduwd"}] == []


@pytest.mark.parametrize(
    ("pattern", "number"),
    [
        (r"\bcafé\b", 1),
        (r"\bcafe\b", 0),
        (r"(?:één|twee)\b", 0),
        (r"\b(?:één|twee)\b", 1),
        (r"\b(?:a(?:b|ë)|c)\b", 1),
        (r"[eé]\b", 1),
        (r"caf\wé", 1),
        (r"é+\b", 1),
        (r"é \bkind", 0),
        (r"[\pL]+é", 0),
    ],
)
def test_a_word_boundary_beside_a_letter_with_an_accent_is_seen(pattern: str, number: int) -> None:
    assert len(list(blind(pattern))) == number


def test_not_of_a_group_is_the_group_of_nots() -> None:
    clause = Not(Either((Flag("vlag_0"), Every((Flag("vlag_1"), Flag("vlag_2"))))))
    assert cells([clause], WORDS).cubes(clause) == [{"vlag_0": 1, "vlag_1": 1}, {"vlag_0": 1, "vlag_2": 1}]
