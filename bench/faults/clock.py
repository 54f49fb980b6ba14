"""The clock jumps, forward and back: of all processes and the database, or of the database alone."""

import shutil
import struct
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.faults.database import Database
from bench.faults.fault import ROLES, Fault
from bench.faults.relay import Relay
from bench.faults.scene import Scene, folder
from bench.faults.traffic import Traffic
from bench.main_job import free_port

SOURCE = Path(__file__).with_suffix(".c")
DAY = 86_400
JUMPS = (90, -2 * 3600, 40 * DAY, 0)
"""Seconds before or behind the true time, one after another."""


def _set(where: Path, seconds: int) -> None:
    with where.open("r+b") as offset:
        offset.write(struct.pack("=q", seconds))


@contextmanager
def _with_clocks() -> Iterator[Scene]:
    compiler = shutil.which("cc")
    if compiler is None:
        raise RuntimeError("clock jump: needs a C compiler (cc), to give processes another time of day")
    with folder() as name:
        # One for the machine of the database, one for the machine of the roles.
        for machine in ("register", "rollen"):
            (name / machine).mkdir()
            (name / machine / "offset").write_bytes(struct.pack("=q", 0))
            library = name / machine / "clock.so"
            subprocess.run([compiler, "-shared", "-fPIC", "-O1", "-o", str(library), str(SOURCE), "-ldl"], check=True)
        made = Scene(name, Database(name / "pg", free_port(), preload=name / "register" / "clock.so"), Relay())
        made.more |= {"LD_PRELOAD": str(name / "rollen" / "clock.so"), "KW_CLOCK": str(name / "rollen" / "offset")}
        try:
            made.relay.start()
            made.database.start()
            yield made
        finally:
            made.end()


def _jump(stage: Scene, traffic: Traffic, seconds: float) -> str:
    both = stage.folder / "register" / "offset", stage.folder / "rollen" / "offset"
    for jump in JUMPS:
        # First the database alone, as two machines that disagree; then all.
        for where in both:
            _set(where, jump)
            time.sleep(seconds / len(JUMPS) / 2)
    return "database, then all: +90 s, -2 h, +40 d, true again"


CLOCK = Fault("clock jump", _jump, staged=_with_clocks, prepare=lambda stage: stage.begin(*ROLES))
