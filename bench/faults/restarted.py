"""The database is restarted as after a crash, goes slow, or loses its connections."""

import random
import time

from bench.faults.fault import Fault
from bench.faults.scene import Scene
from bench.faults.traffic import Traffic

DELAY = 0.1
EVERY = 5.0


def _restart(stage: Scene, traffic: Traffic, seconds: float) -> str:
    end, times = time.monotonic() + seconds, 0
    while time.monotonic() < end:
        time.sleep(min(EVERY, seconds / 3))
        stage.database.restart()
        times += 1
    return f"{times} restarts, `-m immediate`"


def _slow(stage: Scene, traffic: Traffic, seconds: float) -> str:
    stage.proxy.delay, stage.proxy.mood = DELAY, "slow"
    time.sleep(seconds)
    stage.proxy.mood = "passes"
    return f"{DELAY * 1000:.0f} ms more each way"


def _cut(stage: Scene, traffic: Traffic, seconds: float) -> str:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        time.sleep(random.uniform(0.2, 1.0))
        stage.proxy.cut(random.choice((0.15, 0.3, 1.0)))
    return f"{stage.proxy.cuts} connections cut"


def _hang(stage: Scene, traffic: Traffic, seconds: float) -> str:
    stage.proxy.mood = "hangs"
    time.sleep(seconds)
    stage.proxy.mood = "passes"
    return f"silent for {seconds:.0f} s"


RESTARTED = Fault("database restarted", _restart)
SLOW = Fault("database slow", _slow)
CUT = Fault("connections cut", _cut)
SILENT = Fault("database silent", _hang)
