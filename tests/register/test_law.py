import shutil
from datetime import date
from pathlib import Path

import pytest

from register import law
from triage.mistakes import RulebookError

RULES = Path(__file__).resolve().parents[2] / "rules"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("termijnen.yaml", "feestdagen.yaml", "keuzelijsten.yaml", "bewaring.yaml"):
        shutil.copy(RULES / name, tmp_path)
    return tmp_path


def change(folder: Path, name: str, before: str, after: str) -> None:
    words = (folder / name).read_text()
    assert before in words
    (folder / name).write_text(words.replace(before, after, 1))


@pytest.mark.parametrize(
    ("name", "before", "after", "told"),
    [
        ("termijnen.yaml", "dagen: 10", "dagen: tien", "termijnen.yaml:14:14: verkeerde-waarde"),
        ("termijnen.yaml", "verlengd: 90", "verlengd: 40", "termijnen.yaml:19:17: verkeerde-waarde"),
        ("termijnen.yaml", "telling: kalenderdagen", "telling: maanden", "termijnen.yaml:8:12: onbekende-waarde"),
        ("termijnen.yaml", "id: openbaarheid", "id: klacht", "termijnen.yaml:25:7: dubbele-id"),
        ("feestdagen.yaml", 'dag: "01-01"', 'dag: "13-01"', "feestdagen.yaml:4:41: verkeerde-waarde"),
        ("keuzelijsten.yaml", "naam: Eindbevinding", "naem: Eindbevinding", "onbekende-sleutel"),
        ("bewaring.yaml", "jaren: 10", "jaren: [", "ongeldige-yaml"),
    ],
)
def test_a_mistake_is_told_with_its_place(folder: Path, name: str, before: str, after: str, told: str) -> None:
    change(folder, name, before, after)
    with pytest.raises(RulebookError) as caught:
        law.load(folder)
    assert told in str(caught.value)
    assert [str(one) for one in law.check(folder)] == str(caught.value).splitlines()


def test_a_missing_file_and_one_that_is_no_text_are_told_at_once(folder: Path) -> None:
    (folder / "bewaring.yaml").unlink()
    (folder / "feestdagen.yaml").write_bytes(b"\xff\xfe\x00")
    assert [one.name for one in law.check(folder)] == ["ontbrekend-bestand", "ongeldige-yaml"]


def test_what_changes_on_a_day_holds_for_the_files_of_that_day_on(folder: Path) -> None:
    words = (folder / "termijnen.yaml").read_text()
    old = words.replace("geldig_van: 2002-01-01", "geldig_van: 2002-01-01\n  geldig_tot: 2029-12-31", 1)
    start, end = words.index("- id: klacht"), words.index("- id: openbaarheid")
    new = words[start:end].replace("2002-01-01", "2030-01-01").replace("dagen: 45", "dagen: 30")
    (folder / "termijnen.yaml").write_text(old + "\n" + new)
    found = law.load(folder)
    lengths = []
    for day in (date(2029, 12, 31), date(2030, 1, 1)):
        regime = found.regime("klacht", day)
        assert regime is not None
        term = regime.term("antwoorden")
        assert term is not None
        lengths.append(term.dagen)
    assert lengths == [45, 30]
    assert found.regime("klacht", date(2001, 12, 31)) is None


def test_the_list_of_norms_has_the_fifteen_of_2002_and_an_unknown_list_is_refused() -> None:
    assert list(law.shipped().choices("ombudsnorm", date(2026, 1, 1))) == [f"N{number:02}" for number in range(1, 16)]
    assert law.shipped().choices("ombudsnorm", date(2001, 12, 31)) == {}
    with pytest.raises(KeyError):
        law.shipped().choices("kleur")


def test_a_folder_without_any_law_uses_that_of_the_checkout(tmp_path: Path) -> None:
    assert law.of(tmp_path) is law.shipped()
