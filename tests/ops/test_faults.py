"""The short form of `python -m bench.faults`: several faults in one scene, and a verdict that sees what is wrong."""

import time

import pytest

from bench.faults.fault import ROLES, flowing
from bench.faults.killed import revived
from bench.faults.scene import Scene, scene
from bench.faults.traffic import Traffic, mails
from bench.faults.verdict import Verdict, look, settled, table

pytestmark = pytest.mark.timeout(400)


def strike(stage: Scene) -> None:
    """What tells most in a few seconds: a dead worker, a dead database, broken connections, a relay that drops."""
    stage.relay.mood = "drops at the end"
    time.sleep(1)
    worker = stage.of("worker")[0]
    worker.kill()
    stage.database.restart()
    time.sleep(2)
    stage.proxy.cut(0.5)
    worker.again()
    stage.relay.mood = "nonsense"
    time.sleep(1)
    stage.proxy.cut()
    stage.relay.mood = "takes"
    revived(worker)


def test_a_dead_worker_a_dead_database_and_a_relay_that_drops_lose_and_double_nothing() -> None:
    begun = time.monotonic()
    with scene() as stage:
        stage.begin(*ROLES)
        traffic = Traffic(stage, per_second=6.0)
        traffic.start()
        flowing(traffic)
        strike(stage)
        traffic.stop()
        left = settled(stage)

        def now() -> Verdict:
            return look("short", stage, traffic, begun=begun, remark="", left=left)

        verdict = now()
        assert verdict.broken == ()
        assert verdict.accepted == verdict.kept == verdict.entered > 10
        assert verdict.letters > 0
        assert verdict.uncertain <= verdict.letters
        # A verdict that could not see a loss would be worth nothing.
        traffic.accepted += mails(1)
        stage.relay.taken += stage.relay.taken[-1:] or stage.relay.dropped[-1:]
        told = "; ".join(now().broken)
        assert "an accepted mail is not kept (1)" in told
        assert "a letter came twice (1)" in told
        assert "BROKEN short: " in table([now()])
