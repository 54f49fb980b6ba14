"""The handbook's ten minutes, followed to the letter, and the other commands for maintainers."""

import json
import re
import shlex
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from klachtwijzer.settings import CHECKOUT
from tests.klachtwijzer.command import Command, assert_misuse

HANDBOOK = CHECKOUT / "docs" / "handboek-regels.md"
TITLE = "## Een regel toevoegen in tien minuten"


@dataclass(frozen=True, slots=True)
class Step:
    """A block of the page: something to write in a file, or commands with what they say."""

    kind: str
    file: str
    text: str


def steps() -> Iterator[Step]:
    page = HANDBOOK.read_text(encoding="utf-8").split(TITLE)[1].split("\n## ")[0]
    before = ""
    for place, part in enumerate(re.split(r"^```", page, flags=re.MULTILINE)):
        if place % 2 == 0:
            before = part
            continue
        kind, _, text = part.partition("\n")
        named = re.findall(r"`([^`]+\.(?:yaml|eml))`", before)
        yield Step(kind, named[-1] if named else "", text)


def run(text: str, command: Command, home: Path, rules: Path) -> None:
    """Types each command of a block; what stands below it must stand in what it says."""
    for typed in text.split("$ ")[1:]:
        line, _, expected = typed.partition("\n")
        program, *arguments = shlex.split(line)
        assert program == "klachtwijzer"
        said = command(*arguments, HOME=str(home), RULES=str(rules))
        assert said.stderr == "" or "mails" in said.stderr, said.stderr
        for words in filter(None, expected.splitlines()):
            assert words in said.stdout, (line, said.stdout[-2000:])
        # The shipped rules may have work left; nothing of it may be about the rule of this page.
        wrong = [one for one in said.stdout.splitlines() if one.startswith(("fout:", "waarschuwing:", "anders:"))]
        assert [one for one in wrong if "rondleiding" in one] == []


def test_the_ten_minutes_of_the_handbook_lead_to_a_rule_in_force(
    command: Command, own_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    rules = Path(shutil.copytree(CHECKOUT / "rules", tmp_path / "rules"))
    followed = list(steps())
    assert [step.kind for step in followed].count("console") == 5
    for step in followed:
        if step.kind == "console":
            run(step.text, command, own_home, rules)
        else:
            assert step.file, step.text
            place = tmp_path / step.file
            place.touch()
            with place.open("a", encoding="utf-8") as file:
                file.write(("\n" if place.stat().st_size else "") + step.text)


def test_a_history_in_json_has_a_line_a_change(command: Command, own_home: Path) -> None:
    command("rules", "import", "--why", "begin", HOME=str(own_home))
    said = command("rules", "history", "--json", HOME=str(own_home))
    (line,) = [json.loads(one) for one in said.stdout.splitlines()]
    assert (line["wie"], line["bestanden"] != []) == ("opdrachtregel", True)


def test_a_shadow_is_started_shown_and_stopped(command: Command, own_home: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(CHECKOUT / "rules", tmp_path / "andere"))
    (folder / "signalen" / "nieuw.yaml").write_text("- {id: x, betekent: {ernstig: true}, woorden: [x]}\n")
    home = {"HOME": str(own_home)}
    assert "geen schaduwregels" in command("rules", "shadow", **home).stdout
    assert "kijken mee" in command("rules", "shadow", folder, **home).stdout
    assert "keken mee bij 0 mails" in command("rules", "shadow", **home).stdout
    assert "niet meer mee" in command("rules", "shadow", "--stop", **home).stdout


def test_all_overlaps_are_shown_on_demand_and_a_day_makes_sources_old(command: Command) -> None:
    plain = command("rules", "check").stdout
    every = command("rules", "check", "--overlaps").stdout
    assert every.count("overlap —") > plain.count("overlap —")
    assert plain.count("lang-niet-nagekeken") == 0
    assert command("rules", "check", "--on", "2031-01-01").stdout.count("lang-niet-nagekeken") > 100


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("rules", "impact", "--since", "gisteren"), "--since gisteren: write 90d, 12w or a day"),
        (("rules", "check", "/nergens/regels"), "/nergens/regels: no such folder"),
        (("rules", "export", "--version", "zzz"), "zzz: no version begins so"),
    ],
)
def test_misuse_is_told_in_one_line(command: Command, own_home: Path, arguments: tuple[str, ...], told: str) -> None:
    assert_misuse(command(*arguments, HOME=str(own_home)), told)
