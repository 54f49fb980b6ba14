"""The written threats name tests that exist, and what we are built of is pinned, listed and looked through."""

import ast
import json
import re
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
PACKAGES = ("intake", "triage", "register", "responder", "console", "klachtwijzer")
NAMED = sorted(set(re.findall(r"tests/[\w/]+\.py::\w+", PAGE)))


@cache
def functions(file: str) -> frozenset[str]:
    tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
    return frozenset(one.name for one in tree.body if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef))


def rows(section: str) -> list[list[str]]:
    part = PAGE.split(f"\n## {section}\n")[1].split("\n## ")[0]
    cells = [
        [cell.strip() for cell in line.strip("|").split("|")] for line in part.splitlines() if line.startswith("|")
    ]
    return [row for row in cells if not set(row[0]) <= {"-"} and row[0] not in ("threat", "section")]


@pytest.mark.parametrize("name", NAMED)
def test_a_test_that_the_page_names_exists(name: str) -> None:
    file, _, function = name.partition("::")
    assert (ROOT / file).is_file()
    assert function in functions(file)


def test_every_threat_names_a_test_and_no_test_of_security_is_left_unnamed() -> None:
    assert len(rows("Threats")) > 30
    assert [row[0] for row in rows("Threats") if "::" not in row[2]] == []
    files = {path.relative_to(ROOT).as_posix() for path in (ROOT / "tests" / "security").glob("test_*.py")}
    assert files - {name.partition("::")[0] for name in NAMED} == set()


def test_every_section_of_the_standard_has_a_judgement_and_evidence() -> None:
    judged = {row[0].split()[0]: row for row in rows("OWASP ASVS 5.0, level 2")}
    assert {number.split(".")[0] for number in judged} == {str(chapter) for chapter in range(1, 18)}
    for number, (_, judgement, evidence) in judged.items():
        assert judgement in ("holds", "in part", "site", "none"), number
        assert evidence or judgement == "none", number
    for path in re.findall(r"`((?:console|register|intake|responder|scripts|ops|docs|rules|tests)/[\w./-]*)`", PAGE):
        assert (ROOT / path).exists(), path


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-dev.lock"])
def test_every_package_of_the_locks_bears_a_hash(lock: str) -> None:
    words = (ROOT / lock).read_text(encoding="utf-8")
    packages = re.split(r"^(?=[a-z0-9][\w.-]*==)", words, flags=re.MULTILINE)[1:]
    assert len(packages) > 40
    assert [one.split()[0] for one in packages if "--hash=sha256:" not in one] == []


def run(*command: str | Path) -> subprocess.CompletedProcess[str]:
    there = {"PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin"}
    return subprocess.run(command, cwd=ROOT, env=there, capture_output=True, text=True, timeout=300, check=False)


def test_bandit_finds_nothing_of_weight_in_our_code() -> None:
    said = run(Path(sys.executable).with_name("bandit"), "-q", "-r", "-ll", "-ii", *PACKAGES)
    assert said.returncode == 0, said.stdout[-2000:]


def test_the_list_of_parts_names_every_package_of_the_lock(tmp_path: Path) -> None:
    said = run("bash", ROOT / "scripts" / "sbom.sh", tmp_path / "sbom.json")
    assert said.returncode == 0, said.stderr
    listed = json.loads((tmp_path / "sbom.json").read_text(encoding="utf-8"))
    assert listed["bomFormat"] == "CycloneDX"
    pinned = re.findall(r"^([a-z0-9][\w.-]*)==", (ROOT / "requirements.lock").read_text(encoding="utf-8"), re.MULTILINE)
    assert set(pinned) <= {one["name"] for one in listed["components"]}
