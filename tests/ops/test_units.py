"""The units for systemd: clean, sandboxed, and the program lives in that sandbox."""

import ctypes
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from klachtwijzer.serve import ROLES
from klachtwijzer.settings import CHECKOUT

UNITS = CHECKOUT / "ops" / "systemd"
SERVICES = sorted(UNITS.glob("*.service"))
THRESHOLD = 30  # Tenths: an exposure of 3.0, of 10.
_MDWE, _REFUSE = 65, 1  # prctl(PR_SET_MDWE, PR_MDWE_REFUSE_EXEC_GAIN), which MemoryDenyWriteExecute uses.
analyzed = pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="this machine has no systemd to ask")


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """The units with a program that exists on this machine."""
    for unit in UNITS.iterdir():
        words = unit.read_text(encoding="utf-8").replace("/opt/klachtwijzer/.venv/bin/klachtwijzer", "/bin/true")
        (tmp_path / unit.name).write_text(words, encoding="utf-8")
    return tmp_path


def analyze(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    plain = {"SYSTEMD_UNIT_PATH": f"{folder}:", "PATH": os.defpath + ":/usr/bin", "SYSTEMD_COLORS": "0"}
    return subprocess.run(
        ["systemd-analyze", *arguments], env=plain, cwd=folder, capture_output=True, text=True, timeout=60, check=False
    )


@analyzed
def test_systemd_finds_nothing_to_say_about_any_unit(copied: Path) -> None:
    names = [f"./{one.name}" for one in copied.iterdir() if "@" not in one.name]
    said = analyze(copied, "verify", *names, "klachtwijzer-worker@1.service")
    assert (said.returncode, said.stdout + said.stderr) == (0, "")


@analyzed
@pytest.mark.parametrize("unit", SERVICES, ids=lambda unit: unit.stem)
def test_no_unit_is_more_exposed_than_three_of_ten(copied: Path, unit: Path) -> None:
    said = analyze(copied, "security", "--offline=yes", f"--threshold={THRESHOLD}", "--no-pager", unit.name)
    assert said.returncode == 0, said.stdout[-200:]


def test_every_role_has_a_unit_that_runs_it_and_nothing_else() -> None:
    run = {unit.name: re.findall(r"--role (\w+)", unit.read_text(encoding="utf-8")) for unit in SERVICES}
    assert sorted(role for roles in run.values() for role in roles) == sorted(ROLES)
    assert run["klachtwijzer.service"] == []


def test_the_target_starts_units_that_exist() -> None:
    wants = re.findall(r"klachtwijzer-[\w@.]+service", (UNITS / "klachtwijzer.target").read_text(encoding="utf-8"))
    assert wants
    assert [one for one in wants if not (UNITS / re.sub(r"@\d+", "@", one)).exists()] == []


def test_no_unit_holds_a_secret_or_a_setting_of_its_own() -> None:
    for unit in SERVICES:
        words = unit.read_text(encoding="utf-8")
        assert not re.search(r"^Environment=", words, re.MULTILINE), unit.name
        assert re.findall(r"^EnvironmentFile=-?/etc/klachtwijzer/", words, re.MULTILINE), unit.name


CONFINED = """
import ctypes, os, sys
assert ctypes.CDLL(None).prctl({mdwe}, {refuse}, 0, 0, 0) == 0
os.execv(sys.executable, [sys.executable, "-m", "klachtwijzer", *sys.argv[1:]])
"""


@pytest.mark.skipif(
    not sys.platform.startswith("linux") or ctypes.CDLL(None).prctl(_MDWE + 1, 0, 0, 0, 0) < 0,
    reason="this kernel cannot refuse memory that is written and then run (before Linux 6.3)",
)
def test_the_program_reads_mails_where_memory_may_not_be_written_and_then_run() -> None:
    sample = CHECKOUT / "tests" / "mails" / "bijlage-pdf.eml"
    run = subprocess.run(
        [sys.executable, "-c", CONFINED.format(mdwe=_MDWE, refuse=_REFUSE), "triage", "--json", str(sample)],
        cwd=CHECKOUT, capture_output=True, text=True, timeout=120, check=True,
    )  # fmt: skip
    assert json.loads(run.stdout)["uitkomst"]
