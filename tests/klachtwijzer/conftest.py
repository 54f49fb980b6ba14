"""The rules and the register for the tests of the story; processes for the tests of the command."""

import logging
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog

from klachtwijzer import logs
from klachtwijzer.__main__ import main
from klachtwijzer.ruleset import Ruleset
from klachtwijzer.settings import CHECKOUT
from tests.klachtwijzer.command import APART, Command, Run
from tests.klachtwijzer.started import Processes
from tests.register.conftest import book, engine, home, own_home, template, url  # noqa: F401 — fixtures of the register.


@pytest.fixture(scope="session")
def rules() -> Ruleset:
    """The shipped rules; they take seconds to load and nothing changes them."""
    return Ruleset(CHECKOUT / "rules")


@pytest.fixture
def processes(tmp_path: Path) -> Iterator[Processes]:
    """Starts commands; what still runs at the end of the test is stopped."""
    with Processes(tmp_path) as started:
        yield started


@pytest.fixture
def command(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Command]:
    """Runs `klachtwijzer …` in this process, which spares the seconds of a start; only the logs stay as they were."""
    monkeypatch.setattr(logs, "configure", lambda **_: None)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))

    def run(*arguments: str | Path, **environment: str) -> Run:
        with monkeypatch.context() as patched:
            for name in [name for name in os.environ if name.startswith("KLACHTWIJZER_")]:
                patched.delenv(name)
            for name, value in {**APART, **environment}.items():
                patched.setenv(f"KLACHTWIJZER_{name}", value)
            patched.setattr(sys, "argv", ["klachtwijzer", *map(str, arguments)])
            with pytest.raises(SystemExit) as ended:
                main()
        said = capsys.readouterr()
        return subprocess.CompletedProcess(arguments, int(ended.value.code or 0), said.out, said.err)

    yield run
    structlog.reset_defaults()
