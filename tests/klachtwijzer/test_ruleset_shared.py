"""Several processes with one register: they change over together, and neither folder nor console is overwritten."""

import shutil
from pathlib import Path

import pytest
from sqlalchemy import Engine

from klachtwijzer import exchange
from klachtwijzer.exchange import ExchangeError
from klachtwijzer.ruleset import FOLDER, Ruleset
from klachtwijzer.settings import CHECKOUT
from register.versions import Versions
from responder import letter
from triage import rulebook

SMALL = CHECKOUT / "tests" / "mistakes" / "basis"


@pytest.fixture
def versions(engine: Engine) -> Versions:
    return Versions(engine)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(SMALL, tmp_path / "rules"))


@pytest.fixture(autouse=True)
def _few_letters(monkeypatch: pytest.MonkeyPatch) -> None:
    """The letters are no matter here, and loading them takes longer than all the rest."""

    class Few:
        ids = ("ontvangstbevestiging",)

    monkeypatch.setattr(letter, "load", Few)


def edit(folder: Path, words: str) -> str:
    """Adds a signal; the fingerprint of what the folder then holds."""
    (folder / "signalen" / "nieuw.yaml").write_text(words, encoding="utf-8")
    return rulebook.fingerprint(rulebook.files(folder))


def signal(name: str) -> str:
    return f"- id: {name}\n  betekent: {{ernstig: true}}\n  woorden: [{name}]\n"


def started(folder: Path, versions: Versions) -> Ruleset:
    return Ruleset(folder, versions, trained=False, look_every=0.0)


def test_a_change_on_disk_reaches_every_process_at_its_next_mail(
    folder: Path, tmp_path: Path, versions: Versions
) -> None:
    elsewhere = Path(shutil.copytree(folder, tmp_path / "elders"))
    one, other = started(folder, versions), started(elsewhere, versions)
    first = one.now()
    assert other.now().fingerprint == first.fingerprint == versions.current()
    new = edit(folder, signal("brand"))
    assert one.now().fingerprint == new
    # The other machine has the old folder still, and follows the register.
    assert other.now().fingerprint == new
    assert (one.trouble, other.trouble) == (None, None)
    assert first.fingerprint != new, "whoever holds the first rules may end with them"
    assert [turn.who for turn in versions.history()] == [FOLDER, FOLDER]


def test_a_broken_folder_changes_nothing_and_is_told(folder: Path, versions: Versions) -> None:
    rules = started(folder, versions)
    first = rules.now()
    edit(folder, "- id: kapot\n")
    assert rules.now() is first
    assert rules.trouble is not None
    assert "nieuw.yaml" in rules.trouble
    # A process that starts now works by what the register names.
    later = started(folder, versions)
    assert later.now().fingerprint == first.fingerprint
    assert later.trouble is not None


def test_what_was_published_elsewhere_is_not_overwritten_by_an_edit_on_disk(folder: Path, versions: Versions) -> None:
    rules = started(folder, versions)
    rules.now()
    published = {**rulebook.files(folder), "signalen/console.yaml": signal("console").encode()}
    name = rulebook.fingerprint(published)
    versions.publish(versions.propose(name, published, who="els", why="via de console"), who="jan")
    assert rules.now().fingerprint == name
    edit(folder, signal("schijf"))
    assert rules.now().fingerprint == name
    assert rules.trouble is not None
    assert "Niets werd overschreven" in rules.trouble
    # The edit is nowhere else, so an export does not lose it unasked.
    with pytest.raises(ExchangeError, match="nowhere else"):
        exchange.write_out(versions, folder)
    assert exchange.write_out(versions, folder, force=True) == name
    assert rulebook.files(folder) == published
    assert rules.now().fingerprint == name
    assert rules.trouble is None


def test_a_folder_with_an_earlier_version_does_not_undo_the_rules_when_a_process_starts(
    folder: Path, tmp_path: Path, versions: Versions
) -> None:
    old = Path(shutil.copytree(folder, tmp_path / "oud"))
    first = started(folder, versions).now().fingerprint
    new = edit(folder, signal("brand"))
    assert started(folder, versions).now().fingerprint == new
    late = started(old, versions)
    assert late.now().fingerprint == new
    assert late.trouble is not None
    assert "vroegere versie" in late.trouble
    # Whoever means it says so.
    assert exchange.take_in(versions, old, first, "els", "terug naar de vorige")
    assert late.now().fingerprint == first


def test_an_import_over_a_change_of_others_must_be_meant(folder: Path, versions: Versions) -> None:
    started(folder, versions).now()
    published = {**rulebook.files(folder), "signalen/console.yaml": signal("console").encode()}
    name = rulebook.fingerprint(published)
    versions.publish(versions.propose(name, published, who="els", why="via de console"), who="jan")
    mine = edit(folder, signal("schijf"))
    with pytest.raises(ExchangeError, match="elsewhere by els"):
        exchange.take_in(versions, folder, mine, "piet", "mijn wijziging")
    assert versions.current() == name
    assert exchange.take_in(versions, folder, mine, "piet", "mijn wijziging", force=True)
    assert versions.current() == mine
    assert not exchange.take_in(versions, folder, mine, "piet", "nog eens", force=True)


def test_an_export_brings_back_any_version_by_the_beginning_of_its_name(
    folder: Path, tmp_path: Path, versions: Versions
) -> None:
    rules = started(folder, versions)
    first = rules.now().fingerprint
    before = rulebook.files(folder)
    edit(folder, signal("brand"))
    rules.now()
    place = tmp_path / "terug"
    assert exchange.write_out(versions, place, first[:10]) == first
    assert rulebook.files(place) == before
    with pytest.raises(ExchangeError, match="no version begins so"):
        exchange.write_out(versions, place, "zzz")


def test_rules_of_the_register_that_this_program_cannot_read_leave_the_last_good_ones(
    folder: Path, versions: Versions
) -> None:
    rules = started(folder, versions)
    first = rules.now()
    versions.take_over("vreemd", {"feiten.yaml": b"- {id: x, nieuwe_sleutel: 1}"}, who="later", why="nieuwer programma")
    assert rules.now() is first
    assert rules.trouble is not None
    assert "vreemd" in rules.trouble


def test_the_shadow_follows_the_register_and_never_decides(folder: Path, versions: Versions) -> None:
    rules = started(folder, versions)
    first = rules.now()
    assert rules.shadow() is None
    other = {**rulebook.files(folder), "signalen/schaduw.yaml": signal("schaduw").encode()}
    name = rulebook.fingerprint(other)
    versions.take_over(name, other, who="els", why="proef", role="schaduw")
    shadow = rules.shadow()
    assert shadow is not None
    assert shadow.fingerprint == name
    assert rules.shadow() is shadow
    assert rules.now() is first
    versions.end_shadow(who="els")
    assert rules.shadow() is None


def test_an_earlier_version_can_be_read_again_to_explain_what_it_decided(folder: Path, versions: Versions) -> None:
    rules = started(folder, versions)
    first = rules.now().fingerprint
    edit(folder, signal("brand"))
    rules.now()
    then = rules.version(first)
    assert then is not None
    assert then.fingerprint == first
    assert "brand" not in {one.id for one in then.signals}
    assert rules.version("nooit") is None
