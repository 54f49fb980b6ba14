"""One fault: what runs, what is broken while mails come in, and how long it all may take."""

import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass

from bench.faults.scene import Scene, scene
from bench.faults.traffic import Traffic
from bench.faults.verdict import Verdict, look, settled

ROLES = ("smtp", "worker", "worker", "console")


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that goes wrong."""

    name: str
    strike: Callable[[Scene, Traffic, float], str]
    """Breaks things for so many seconds, mends them, and says in a few words what was done."""
    staged: Callable[[], AbstractContextManager[Scene]] = scene
    """What runs, without roles."""
    prepare: Callable[[Scene], None] = lambda stage: stage.begin(*ROLES)
    """Starts the roles."""
    per_second: float = 8.0
    clerk: bool = True


def suffer(fault: Fault, seconds: float) -> Verdict:
    """Runs the fault under traffic, waits until the work is done, and looks."""
    begun = time.monotonic()
    with fault.staged() as stage:
        fault.prepare(stage)
        traffic = Traffic(stage, per_second=fault.per_second, clerk=fault.clerk)
        traffic.start()
        flowing(traffic)
        remark = fault.strike(stage, traffic, seconds)
        traffic.stop()
        left = settled(stage)
        return look(fault.name, stage, traffic, begun=begun, remark=remark, left=left)


def flowing(traffic: Traffic) -> None:
    """Waits until mails come in and letters leave, so that the fault finds everybody at work; at most 40 seconds."""
    end = time.monotonic() + 40
    while time.monotonic() < end:
        if len(traffic.accepted) > 10 and (traffic.released or not traffic.clerk):
            return
        time.sleep(0.2)
