"""Every role is killed, one after another and at random moments, and started again as its supervisor would."""

import random
import time

from bench.faults.fault import ROLES, Fault
from bench.faults.scene import Role, Scene
from bench.faults.traffic import Traffic


def _kill(stage: Scene, traffic: Traffic, seconds: float) -> str:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        time.sleep(random.uniform(0.3, 2.0))
        role = random.choice(stage.roles)
        if role.running.poll() is None:
            role.kill()
            role.again()
    for role in stage.roles:
        revived(role)
    return f"{sum(role.killed for role in stage.roles)} kills of {len(ROLES)} processes"


def revived(role: Role, *, tries: int = 5) -> None:
    """Starts a role until it works, as a supervisor would; raises RuntimeError when it never does."""
    for turn in range(tries):
        try:
            role.ready()
        except RuntimeError:
            if turn == tries - 1:
                raise
            role.end()
            role.again()
        else:
            return


KILLED = Fault("kill -9 of every role", _kill)
