"""Runs of the command, and what they said."""

import base64
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from klachtwijzer.settings import CHECKOUT

Run = subprocess.CompletedProcess[str]
Command = Callable[..., Run]
NOWHERE = "/nergens/klachtwijzer"
# A key of its own, since the first start would otherwise make one in that home.
APART = {"HOME": NOWHERE, "KEY": base64.b64encode(bytes(32)).decode()}


def alone(*arguments: str | Path, **environment: str) -> Run:
    """Runs `klachtwijzer …` as a process of its own; no test here may touch a home but its own."""
    plain = {name: value for name, value in os.environ.items() if not name.startswith("KLACHTWIJZER_")}
    return subprocess.run(
        [sys.executable, "-m", "klachtwijzer", *map(str, arguments)],
        cwd=CHECKOUT,
        env=plain | {f"KLACHTWIJZER_{name}": value for name, value in {**APART, **environment}.items()},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def lines(run: Run) -> list[dict[str, Any]]:
    return [json.loads(line) for line in run.stdout.splitlines()]


def assert_misuse(run: subprocess.CompletedProcess[str], said: str) -> None:
    """One line that says what is wrong, exit status 2, and nothing else."""
    assert run.returncode == 2
    assert run.stdout == ""
    assert run.stderr.startswith("klachtwijzer: ")
    assert run.stderr.count("\n") == 1
    assert said in run.stderr
