"""The command that looks at all letters before anybody gets one."""

import shutil
from pathlib import Path

from responder.letter import FOLDER
from tests.klachtwijzer.command import Command


def test_the_letters_of_the_product_pass_and_their_figures_are_shown(command: Command) -> None:
    done = command("letters", "check")
    assert done.returncode == 0
    assert "eindantwoord-jongere" in done.stdout
    assert "0 fout(en)" in done.stdout
    assert "los-contact" in done.stdout


def test_a_letter_that_is_not_plain_is_told_with_what_to_write(command: Command, tmp_path: Path) -> None:
    folder = tmp_path / "letters"
    shutil.copytree(FOLDER, folder)
    path = folder / "nl" / "toegevoegd.md"
    path.write_text(
        path.read_text(encoding="utf-8").replace("Bedankt voor", "Gelieve te wachten. Bedankt voor"), "utf-8"
    )
    done = command("letters", "check", folder)
    assert done.returncode == 1
    assert "fout: nl/toegevoegd.md:3:1: zwaar-woord — `Gelieve` is een zwaar woord, schrijf `wilt u`" in done.stdout


def test_a_letter_that_cannot_be_read_is_told_in_a_line_with_its_place(command: Command, tmp_path: Path) -> None:
    folder = tmp_path / "letters"
    shutil.copytree(FOLDER, folder)
    (folder / "nl" / "kapot.md").write_text("---\nid: kapot\n---\n{{ naem }}\n", encoding="utf-8")
    done = command("letters", "check", folder)
    assert done.returncode == 2
    assert "fout: nl/kapot.md:1:1: ontbrekende-sleutel" in done.stderr or "nl/kapot.md:2" in done.stderr
    assert "Traceback" not in done.stderr
