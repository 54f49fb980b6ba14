"""Examples and cases run against rules, and failures that say which fact differed and which words carried it."""

from datetime import date
from pathlib import Path

import pytest

from klachtwijzer.rehearsal import Rehearsal, rehearse, spoken
from klachtwijzer.settings import CHECKOUT
from triage.pipeline import build
from triage.rulebook import assemble, files

SHIPPED = files(CHECKOUT / "rules")
BASE = {path: text for path, text in SHIPPED.items() if not path.startswith(("signalen/", "uitkomsten/"))}
LAST = """
- id: de-rest
  als: "true"
  dan: {uitkomst: beoordelen}
  omdat: Een persoon kijkt.
  bron: {titel: Een bron, nagekeken_op: 2026-11-23}
  voorbeelden: {raak: [Iets anders.], mis: [Een klacht.]}
"""
SIGNALS = """
- id: klacht-woord
  betekent: {soort: klacht}
  woorden: [klacht]
  voorbeelden: {raak: [Dit is een klacht.], mis: [Dit is een vraag.]}
- id: gevaar-woord
  betekent: {ernstig: true}
  woorden: [gevaarlijk]
  voorbeelden: {raak: [RAAK], mis: [MIS]}
"""
RULE = """
- id: ernstige-klacht
  als: soort == "klacht" and ernstig
  dan: {uitkomst: registreren}
  brief: ontvangstbevestiging
  omdat: Een ernstige klacht.
  bron: {titel: Een bron, nagekeken_op: 2026-11-23}
  voorbeelden:
    raak: [RAAK]
    mis: [MIS]
"""


def rehearsal(
    tmp_path: Path,
    *,
    signal: tuple[str, str] = ("Het is gevaarlijk.", "Het is veilig."),
    rule: tuple[str, str] = ("Een klacht, want het is gevaarlijk.", "Een klacht."),
    cases: str = "",
) -> Rehearsal:
    contents = {
        **BASE,
        "signalen/kind.yaml": SIGNALS.replace("RAAK", signal[0]).replace("MIS", signal[1]).encode(),
        "uitkomsten/9.yaml": LAST.encode(),
        "uitkomsten/1.yaml": RULE.replace("RAAK", f'"{rule[0]}"').replace("MIS", f'"{rule[1]}"').encode(),
    }
    book, mistakes = assemble(contents)
    assert book is not None, mistakes
    (tmp_path / "gevallen.yaml").write_text(cases, encoding="utf-8")
    return rehearse(build(book), tmp_path, date(2026, 11, 23))


def test_rules_that_do_what_their_examples_say_have_no_failure(tmp_path: Path) -> None:
    result = rehearsal(tmp_path)
    # The last rule holds of every mail, so that its example of a miss counts for nothing.
    assert result.failures == ()
    assert result.examples == 8
    assert result.cases == 0


def test_a_rule_that_misses_its_example_says_which_fact_failed_and_what_was_found(tmp_path: Path) -> None:
    (failure,) = rehearsal(tmp_path, rule=("Een klacht, want het is koud.", "Een klacht.")).failures
    assert failure.where == "uitkomsten/1.yaml:2"
    assert "`ernstige-klacht` moet raak zijn" in failure.what
    assert failure.details[0] == "`ernstig` staat niet vast"
    assert any("«klacht» (tekst, 4–10)" in line for line in failure.details)


def test_a_rule_that_hits_where_it_must_miss_shows_the_words(tmp_path: Path) -> None:
    (failure,) = rehearsal(tmp_path, rule=("Een klacht: gevaarlijk.", "Een klacht over gevaarlijk speelgoed.")).failures
    assert "moet mis zijn en is toch raak" in failure.what
    assert any("«gevaarlijk»" in line for line in failure.details)


@pytest.mark.parametrize(
    ("examples", "told"),
    [(("Het is veilig.", "Niets."), "moet raak zijn"), (("Gevaarlijk.", "Heel gevaarlijk."), "moet mis zijn")],
)
def test_a_signal_is_held_to_its_examples(tmp_path: Path, examples: tuple[str, str], told: str) -> None:
    (failure,) = rehearsal(tmp_path, signal=examples).failures
    assert failure.where.startswith("signalen/kind.yaml:")
    assert told in failure.what


def test_a_case_with_a_mail_says_which_fact_and_which_field_differ(tmp_path: Path) -> None:
    case = """
- naam: Een gevaarlijke trap
  mail: |
    Ik dien een klacht in. De trap is gevaarlijk.
  op: 2026-03-02
  feiten: {soort: vraag, ernstig: true}
  besluit: {uitkomst: beoordelen}
"""
    (failure,) = rehearsal(tmp_path, cases=case).failures
    text = str(failure)
    assert "gevallen.yaml:2: geval «Een gevaarlijke trap»" in text
    assert "feit soort: verwacht vraag, kreeg klacht" in text
    assert "besluit uitkomst: verwacht beoordelen, kreeg registreren" in text
    assert "«klacht» (tekst, 12–18)" in text
    assert "feit ernstig" not in text


def test_a_case_that_cannot_be_read_is_a_mistake_with_its_place(tmp_path: Path) -> None:
    result = rehearsal(tmp_path, cases="- naam: x\n")
    assert [mistake.name for mistake in result.mistakes] == ["ontbrekende-sleutel"]


def test_words_with_headers_before_them_are_a_whole_mail() -> None:
    assert spoken("Subject: Hallo\nFrom: An <an@voorbeeld.example>\n\nDe tekst.").subject == "Hallo"
    assert spoken("Een zin.\n\nNog een zin.").text.startswith("Een zin.")
    assert spoken("Hij zei: ga weg.\n\nEcht waar.").text.startswith("Hij zei")
