"""Cases that maintainers write: read with their places, and told in words when they come out otherwise."""

from datetime import date

import pytest

from tests.triage.made import ROOT, rulebook
from triage.cases import Case, Difference, cases, concluded, differences, given
from triage.entries import Entry

ON = date(2026, 11, 23)
PATH = ROOT / "tests" / "cases" / "uitkomsten.yaml"
FOUND, WRONG = cases("uitkomsten.yaml", PATH.read_text(encoding="utf-8"))


def different(case: Case) -> list[Difference]:
    assessment = given(case, rulebook())
    return list(differences(case, assessment, concluded(case, assessment, rulebook(), ON), rulebook()))


def test_all_cases_can_be_read() -> None:
    assert WRONG == []
    assert len(FOUND) > 100


@pytest.mark.parametrize("entry", FOUND, ids=lambda entry: entry.value.naam)
def test_case(entry: Entry[Case]) -> None:
    assert different(entry.value) == []


def test_a_case_that_comes_out_otherwise_says_which_field() -> None:
    text = "- naam: x\n  feiten: {soort: klacht}\n  besluit: {uitkomst: negeren, dossier: null}\n"
    ((entry,), wrong) = cases("x.yaml", text)
    assert wrong == []
    (one,) = different(entry.value)
    assert (one.what, one.wanted) == ("besluit uitkomst", "negeren")
    assert one.got != "negeren"


def test_a_case_counts_on_its_own_day() -> None:
    facts = "{{soort: klacht, betrokkene: opgroeien, sector: jeugdhulp}}"
    text = f"- naam: x\n  op: {{}}\n  feiten: {facts}\n  besluit: {{{{uitkomst: {{}}}}}}\n"
    for day, outcome in (("2019-01-01", "registreren"), ("2018-12-31", "beoordelen")):
        ((entry,), _) = cases("x.yaml", text.format(day, outcome))
        assert different(entry.value) == []


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("- naam: x\n", "x.yaml:1:3: ontbrekende-sleutel — `besluit` ontbreekt"),
        (
            "- naam: x\n  besluit: {}\n  fieten: {}\n",
            "x.yaml:3:3: onbekende-sleutel — `fieten` is hier geen sleutel, bedoelde u `feiten`?",
        ),
        (
            "- naam: x\n  besluit: {}\n  op: morgen\n",
            "x.yaml:3:7: verkeerde-waarde — hier hoort een datum als 2026-11-23",
        ),
        ("- naam: [x\n", "x.yaml:2:1: ongeldige-yaml"),
    ],
)
def test_a_slip_in_a_case_is_told_with_its_place(text: str, told: str) -> None:
    found, wrong = cases("x.yaml", text)
    assert found == []
    assert str(wrong[0]).startswith(told)
