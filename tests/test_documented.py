"""What can be set, called or read from outside has its entry in the documentation."""

import re
from pathlib import Path

import pytest
from typer.main import get_command

from klachtwijzer.__main__ import app
from klachtwijzer.serve import ROLES
from klachtwijzer.settings import Settings
from triage.vocabulary import VELDEN

ROOT = Path(__file__).resolve().parent.parent
PAGES = {
    path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8")
    for path in (*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), ROOT / "samples" / "README.md")
}
README = PAGES["README.md"]
OPERATE = PAGES["docs/operate.md"]
ARCHITECTURE = PAGES["docs/architecture.md"]
MOST_WORDS_IN_THE_GLOSSARY = 25


def commands() -> list[str]:
    """Every command as one types it, as `rules check`."""
    found: list[str] = []
    # What Typer makes is a group when it has commands under it; it does not export the type.
    for name, command in sorted(getattr(get_command(app), "commands", {}).items()):
        below = sorted(getattr(command, "commands", {}))
        found += [f"{name} {one}" for one in below] or [name]
    return found


def rows(page: str) -> set[str]:
    """What stands as code in the first cell of the rows of a page's tables."""
    return {
        code
        for line in page.splitlines()
        if line.startswith("|")
        for code in re.findall(r"`([^`]+)`", line.split("|")[1])
    }


@pytest.mark.parametrize("page", ["README.md", "docs/operate.md"])
def test_every_setting_has_its_row_and_no_row_is_of_a_setting_that_is_gone(page: str) -> None:
    settings = {f"KLACHTWIJZER_{name.upper()}" for name in Settings.model_fields}
    assert {code for code in rows(PAGES[page]) if code.startswith("KLACHTWIJZER_")} == settings


@pytest.mark.parametrize("page", ["README.md", "docs/operate.md"])
def test_the_default_of_a_setting_stands_in_its_row(page: str) -> None:
    wrong = []
    for name, field in Settings.model_fields.items():
        row = next(line for line in PAGES[page].splitlines() if line.startswith(f"| `KLACHTWIJZER_{name.upper()}`"))
        default = field.default
        told = (
            {"rules": "rules/"}.get(name) or (default[0] if isinstance(default, tuple) else str(default)) or "(empty)"
        )
        if told not in row.split("|")[2]:
            wrong.append(f"{row} should tell {told}")
    assert wrong == []


def test_every_command_has_its_row_in_the_readme_and_no_row_is_of_a_command_that_is_gone() -> None:
    told = {code.removeprefix("klachtwijzer ") for code in rows(README) if code.startswith("klachtwijzer ")}
    assert len(commands()) > 5
    assert [name for name in commands() if not any(re.match(rf"{name}\b", one) for one in told)] == []
    assert [one for one in told if not any(re.match(rf"{name}\b", one) for name in commands())] == []


def test_every_role_of_serve_is_described() -> None:
    assert [role for role in ROLES if f"`{role}`" not in rows(OPERATE) and role not in rows(OPERATE)] == []


def test_every_field_that_other_programs_get_is_described() -> None:
    assert [field for field in VELDEN if f"`{field}`" not in ARCHITECTURE] == []


def test_the_glossary_is_short() -> None:
    glossary = ARCHITECTURE.split("## Glossary")[1].split("\n## ")[0]
    assert 10 <= sum(line.startswith("| **") for line in glossary.splitlines()) <= MOST_WORDS_IN_THE_GLOSSARY


def test_every_package_and_folder_of_the_tree_exists() -> None:
    tree = README.split("```text\n")[1].split("```")[0]
    named = [line.split()[0] for line in tree.splitlines() if line and not line.startswith(" ")]
    assert len(named) > 8
    assert [name for name in named if not (ROOT / name).exists()] == []


@pytest.mark.parametrize("page", sorted(PAGES))
def test_every_link_to_a_file_leads_somewhere(page: str) -> None:
    links = re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", PAGES[page])
    broken = [link for link in links if "://" not in link and not (ROOT / page).parent.joinpath(link).exists()]
    assert broken == []


def test_records_are_numbered_without_gap_and_say_when_why_and_what() -> None:
    records = sorted(path.name for path in (ROOT / "docs" / "records").glob("*.md"))
    assert [name[:5] for name in records] == [f"{number:04}-" for number in range(1, len(records) + 1)]
    for name in records:
        headings = re.findall(r"^## (.+)$", PAGES[f"docs/records/{name}"], re.MULTILINE)
        assert headings == ["Question", "Decision", "Why", "What it costs"], name


def test_each_release_tells_law_and_software_apart() -> None:
    releases = PAGES["CHANGELOG.md"].split("\n## ")[1:]
    assert releases
    for release in releases:
        assert re.findall(r"^### (.+)$", release, re.MULTILINE) == ["Law", "Software"]
