"""The disk of the database fills up under load, and somebody makes room."""

import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager

from bench.faults.database import Database
from bench.faults.fault import Fault
from bench.faults.relay import Relay
from bench.faults.scene import Scene, folder
from bench.faults.traffic import Traffic
from bench.main_job import free_port

SIZE = 240_000_000
LEFT = 3_000_000
"""Bytes that are free when the disk is filled: a few seconds of mail."""


@contextmanager
def small() -> Iterator[Scene]:
    """A scene whose database lies on a disk of its own, in memory. Only root may mount one."""
    if os.geteuid() != 0:
        raise RuntimeError("full disk: only root may mount a small disk, to fill it")
    with folder() as name:
        disk = name / "schijf"
        disk.mkdir()
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "none", str(disk)], check=True)
        made = Scene(name, Database(disk / "pg", free_port()), Relay())
        try:
            made.relay.start()
            made.database.start()
            yield made
        finally:
            made.end()
            subprocess.run(["umount", "-l", str(disk)], check=True)


def _fill(stage: Scene, traffic: Traffic, seconds: float) -> str:
    ballast = stage.database.folder.parent / "ballast"
    time.sleep(seconds / 4)
    free = os.statvfs(ballast.parent)
    ballast.write_bytes(b"x" * max(0, free.f_bavail * free.f_frsize - LEFT))
    end = time.monotonic() + seconds
    with ballast.open("ab") as more:
        # What the database gives back (its own log files) is taken at once, so that the disk stays full.
        while time.monotonic() < end:
            time.sleep(1.0)
            free = os.statvfs(ballast.parent)
            try:
                more.write(b"x" * max(0, free.f_bavail * free.f_frsize - 4096))
                more.flush()
            except OSError:
                continue
    refused = traffic.refused + traffic.broken
    ballast.unlink()
    stage.database.revive()
    return f"full for {seconds:.0f} s, {refused} times no"


FULL_DISK = Fault("full disk", _fill, staged=small)
