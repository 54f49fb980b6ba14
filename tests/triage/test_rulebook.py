"""The rulebook: what it refuses, where it points, and what it promises."""

import re
import time
from datetime import date
from pathlib import Path

import pytest

from tests.triage.facts_page import PAGE, page
from tests.triage.made import rulebook
from triage.mistakes import Mistake, RulebookError
from triage.rulebook import assemble, check, files, load

ROOT = Path(__file__).resolve().parents[2]
BROKEN = ROOT / "tests" / "mistakes"
BASE = files(BROKEN / "basis")
LETTERS = ("ontvangstbevestiging", "veilige-tekst")


def _told(broken: Path) -> tuple[str, list[str], str]:
    text = broken.read_text(encoding="utf-8")
    file, expected = re.findall(r"^# (?:bestand|verwacht): (.*)$", text, re.MULTILINE)[:2]
    return file, expected.split(" | "), text


def _fits(mistake: Mistake, file: str, expected: str) -> bool:
    place, name, *rest = expected.split(" ", 2)
    words = rest[0] if rest else ""
    warning = words.endswith("(waarschuwing)")
    said = words.removesuffix("(waarschuwing)").strip()
    line, column = map(int, place.split(":"))
    found = (mistake.file, mistake.line, mistake.column, mistake.name, mistake.warning)
    return found == (file, line, column, name, warning) and said in f"{mistake.what} {mistake.hint}"


@pytest.mark.parametrize("broken", sorted(BROKEN.glob("*.yaml")), ids=lambda path: path.stem)
def test_each_mistake_is_told_with_its_place_and_a_hint(broken: Path) -> None:
    file, expected, text = _told(broken)
    day = re.search(r"^# op: (.*)$", text, re.MULTILINE)
    book, mistakes = assemble({**BASE, file: text.encode()}, letters=LETTERS, on=day and date.fromisoformat(day[1]))
    # Seen from a day there is more to say; each of these files is about itself.
    mistakes = [mistake for mistake in mistakes if not day or mistake.file == file]
    told = [str(mistake) for mistake in mistakes]
    assert len(mistakes) == len(expected), told
    for mistake, wanted in zip(mistakes, expected, strict=True):
        assert _fits(mistake, file, wanted), (told, wanted)
    assert (book is None) == any(not mistake.warning for mistake in mistakes)


def test_the_base_of_the_broken_files_has_no_mistake() -> None:
    book, mistakes = assemble(BASE, letters=LETTERS)
    assert mistakes == []
    assert book is not None


def test_every_mistake_has_a_broken_file_and_a_line_in_the_handbook() -> None:
    shown = {wanted.split(" ")[1] for broken in BROKEN.glob("*.yaml") for wanted in _told(broken)[1]}
    handbook = (ROOT / "docs/handboek-regels.md").read_text(encoding="utf-8").partition("## Fouten")[2]
    explained = set(re.findall(r"^\| `([a-z-]+)` \|", handbook, re.MULTILINE))
    # A missing file is no broken file, and a condition too intricate to work out is made in `test_reach.py`.
    assert shown | {"ontbrekend-bestand", "niet-uitgezocht"} == explained


def test_the_rules_of_this_project_load_without_a_mistake() -> None:
    assert [str(mistake) for mistake in check(ROOT / "rules") if not mistake.warning] == []


def test_every_outcome_rule_has_examples_that_hit_and_that_miss() -> None:
    given = {rule.id: rule.voorbeelden for rule in rulebook().outcomes}
    bare = [name for name, shown in given.items() if not ((shown.raak or shown.raak_bij) and shown.mis)]
    assert bare == []


def test_nothing_may_leave_without_a_person_as_shipped() -> None:
    assert [rule.id for rule in rulebook().outcomes if rule.automatisch] == []


def test_every_body_of_the_rules_is_one_that_the_policy_knows() -> None:
    book = rulebook()
    named = {body for rule in book.outcomes for body in rule.dan.instanties if not body.startswith("$")}
    assert named <= set(book.bodies)


def test_the_rules_load_fast_enough_for_a_reload_between_two_mails() -> None:
    contents = files(ROOT / "rules")
    took = min(_seconds(contents) for _ in range(3))
    assert took < 1.5, f"{took:.2f} s"


def _seconds(contents: dict[str, bytes]) -> float:
    start = time.perf_counter()
    assemble(contents)
    return time.perf_counter() - start


def test_a_missing_folder_of_outcomes_is_a_mistake_and_not_an_empty_rulebook() -> None:
    bare = {path: content for path, content in BASE.items() if not path.startswith("uitkomsten/")}
    book, mistakes = assemble(bare)
    assert book is None
    assert [mistake.name for mistake in mistakes] == ["ontbrekend-bestand"]


def test_a_file_that_is_no_utf8_is_told_with_its_line() -> None:
    book, mistakes = assemble({**BASE, "signalen/oud.yaml": b"- id: oud\n  woorden: [caf\xe9]\n"})
    assert book is None
    assert [(mistake.line, mistake.name) for mistake in mistakes] == [(2, "ongeldige-yaml")]


def test_no_bytes_whatever_make_the_reading_raise() -> None:
    odd = (b"", b"\x00", b"- - -", b"{", b"&a [*a]", b"? [a]\n: b", b"- &a {b: *a}", b"a: b\n---\nc: d", b"[" * 2000)
    for content in odd:
        for path in ("signalen/x.yaml", "instanties/x.yaml", "uitkomsten/1.yaml", "feiten.yaml", "instellingen.yaml"):
            _, mistakes = assemble({**BASE, path: content})
            assert all(mistake.file and mistake.line >= 1 for mistake in mistakes)


def test_words_that_look_like_numbers_or_booleans_stay_words() -> None:
    signal = (
        b"- id: nummers\n  betekent: {ernstig: true}\n  woorden: [112, 1.70, no, on, ja, 0800, 12:30, 2026-01-01]\n"
    )
    book, mistakes = assemble({**BASE, "signalen/nummers.yaml": signal})
    assert mistakes == []
    assert book is not None
    words = next(one for one in book.signals if one.id == "nummers").woorden
    assert words == ("112", "1.70", "no", "on", "ja", "0800", "12:30", "2026-01-01")


def test_the_fingerprint_changes_with_any_byte_and_any_name_and_with_nothing_else(tmp_path: Path) -> None:
    for path, content in BASE.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes(content)
    first = load(tmp_path).fingerprint
    (tmp_path / "uitleg.md").write_text("Niet van tel.")
    assert load(tmp_path).fingerprint == first
    (tmp_path / "signalen" / "kind.yaml").rename(tmp_path / "signalen" / "kinderen.yaml")
    renamed = load(tmp_path).fingerprint
    assert renamed != first
    with (tmp_path / "signalen" / "kinderen.yaml").open("ab") as file:
        file.write(b"\n")
    assert load(tmp_path).fingerprint != renamed


def test_a_broken_rulebook_is_refused_whole_with_all_its_mistakes(tmp_path: Path) -> None:
    for path, content in {**BASE, "signalen/a.yaml": b"- id: a\n", "signalen/b.yaml": b"- id: b\n"}.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes(content)
    with pytest.raises(RulebookError) as refused:
        load(tmp_path)
    assert [mistake.file for mistake in refused.value.mistakes] == ["signalen/a.yaml", "signalen/b.yaml"]
    assert "signalen/b.yaml:1:3: ontbrekende-sleutel — `betekent` ontbreekt" in str(refused.value)


def test_a_signal_votes_once_per_fact_and_value() -> None:
    signal = b"- id: ocj\n  betekent: {sector: [jeugdhulp], ernstig: true, gevaar: D1}\n  letterlijk: OCJ\n"
    book, mistakes = assemble({**BASE, "signalen/ocj.yaml": signal})
    assert mistakes == []
    assert book is not None
    found = next(one for one in book.signals if one.id == "ocj")
    assert found.betekent == (("sector", "jeugdhulp"), ("ernstig", True), ("gevaar", "D1"))
    assert found.letterlijk == ("OCJ",)


def test_the_page_of_facts_says_what_the_rules_say() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run python -m tests.triage.facts_page"
