"""The rules in force while somebody edits them: read anew when good, refused whole when broken."""

import shutil
from pathlib import Path

import pytest

from klachtwijzer.ruleset import InForce, Ruleset
from klachtwijzer.settings import CHECKOUT
from triage.mistakes import RulebookError


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(CHECKOUT / "rules", tmp_path / "rules"))


def fingerprint(now: InForce) -> str:
    return now.pipeline.rulebook.fingerprint


def append(path: Path, words: str) -> None:
    with path.open("a", encoding="utf-8") as file:
        file.write(words)


def test_a_change_on_disk_is_in_force_at_the_next_look_and_a_broken_one_never(folder: Path) -> None:
    rules, numbers = Ruleset(folder, trained=False, look_every=0.0), folder / "instellingen.yaml"
    first = rules.now()
    assert rules.now() is first
    # A change for the better.
    good = numbers.read_text(encoding="utf-8").replace("brief_tussentijd_dagen: 14", "brief_tussentijd_dagen: 21")
    numbers.write_text(good, encoding="utf-8")
    second = rules.now()
    assert fingerprint(second) != fingerprint(first)
    assert rules.trouble is None
    # Whoever began with the first rules may end with them.
    assert fingerprint(first) != fingerprint(second)
    # A mistake: what was in force stays, and says so.
    append(numbers, "onbekende_instelling: 1\n")
    assert rules.now() is second
    assert rules.trouble is not None
    assert "instellingen.yaml" in rules.trouble
    # It is refused once, and not looked at again until it changes.
    assert rules.now() is second
    numbers.write_text(good, encoding="utf-8")
    assert fingerprint(rules.now()) == fingerprint(second)
    assert rules.trouble is None


def test_a_file_that_came_or_went_is_a_change_too(folder: Path) -> None:
    rules = Ruleset(folder, trained=False, look_every=0.0)
    first = rules.now()
    (folder / "signalen" / "nieuw.yaml").write_text("- id: x\n", encoding="utf-8")
    assert rules.now() is first
    assert rules.trouble is not None
    assert "nieuw.yaml" in rules.trouble
    (folder / "signalen" / "nieuw.yaml").unlink()
    rules.now()
    assert rules.trouble is None


def test_rules_that_never_were_good_are_an_error(folder: Path) -> None:
    append(folder / "instellingen.yaml", "onbekende_instelling: 1\n")
    rules = Ruleset(folder, trained=False, look_every=0.0)
    for _ in range(2):
        with pytest.raises(RulebookError):
            rules.now()
    assert rules.trouble is not None


def test_the_folder_is_looked_at_now_and_then_and_not_before_every_mail(folder: Path) -> None:
    rules = Ruleset(folder, trained=False, look_every=3600.0)
    first = rules.now()
    append(folder / "instellingen.yaml", "onbekende_instelling: 1\n")
    assert rules.now() is first
    assert rules.trouble is None
