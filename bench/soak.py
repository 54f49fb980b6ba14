"""Long traffic at five times the peak of a big agency: whether memory stays flat and the lag bounded."""

import argparse
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import psutil  # type: ignore[import-untyped]
from sqlalchemy import text

from bench.faults.fault import ROLES
from bench.faults.scene import Role, Scene, scene
from bench.faults.traffic import Traffic
from bench.faults.verdict import look, settled
from bench.running import closing, family, memory_mb, percentile, told

PEAK_AN_HOUR = 360
"""Mails in the busiest hour of a big agency; docs/faults.md says where the estimate comes from."""
TIMES = 5
_LAG = "select coalesce(max(extract(epoch from clock_timestamp() - kept)), 0) from raw_mail where state = 'bewaard'"
_SPANS = """select extract(epoch from e.at - r.kept) from raw_mail r
            join event e on e.digest = r.digest and e.what = 'ingeschreven' order by r.kept"""


@dataclass(frozen=True, slots=True)
class Moment:
    """What was seen at once."""

    memory: dict[str, float]
    """MB (PSS) of each process with what it started."""
    lag: float
    """Seconds that the oldest mail waits."""


def seen(stage: Scene) -> Moment:
    """The memory and the lag of now."""
    memory = {f"{one.name} {number}": _memory(one) for number, one in enumerate(stage.roles, 1)}
    postmaster = int((stage.database.folder / "postmaster.pid").read_text(encoding="utf-8").split("\n", 1)[0])
    memory["postgresql"] = memory_mb(family(postmaster))
    with stage.engine.connect() as connection:
        return Moment(memory, float(connection.scalar(text(_LAG)) or 0))


def _memory(role: Role) -> float:
    return memory_mb([one for one in family(role.running.pid) if one.status() != psutil.STATUS_ZOMBIE])


@contextmanager
def measured(stage: Scene) -> Iterator[list[float]]:
    """The lag, once a second, until the end of the block."""
    lags: list[float] = []
    over = threading.Event()

    def look_on() -> None:
        while not over.wait(1.0):
            with stage.engine.connect() as connection:
                lags.append(float(connection.scalar(text(_LAG)) or 0))

    looking = threading.Thread(target=look_on, daemon=True)
    looking.start()
    try:
        yield lags
    finally:
        over.set()
        looking.join()


def main() -> None:
    """Runs it once; ends with 1 when a mail is missing."""
    chosen = argparse.ArgumentParser(prog="python -m bench.soak", description=__doc__)
    chosen.add_argument("--minutes", type=float, default=60.0)
    chosen.add_argument("--per-second", type=float, default=PEAK_AN_HOUR * TIMES / 3600)
    given = chosen.parse_args()
    seconds, begun = given.minutes * 60, time.monotonic()
    with scene() as stage:
        stage.begin(*ROLES)
        traffic = Traffic(stage, per_second=given.per_second)
        traffic.start()
        # The rules are made ready at the first mail; what that takes is no growth.
        time.sleep(min(30.0, seconds / 10))
        with measured(stage) as lags:
            moments = [seen(stage)]
            for _ in range(2):
                time.sleep(seconds / 2)
                moments.append(seen(stage))
        traffic.stop()
        left = settled(stage)
        verdict = look("soak", stage, traffic, begun=begun, remark="", left=left)
        with stage.engine.connect() as connection:
            spans = [float(one) for one in connection.scalars(text(_SPANS))]
    figures: dict[str, float] = {"mails": verdict.entered, "per_s": given.per_second}
    for name in moments[0].memory:
        start, half, end = (moment.memory[name] for moment in moments)
        figures |= {f"{name}, MB at start": start, f"{name}, MB at half": half, f"{name}, MB at end": end}
    figures |= {"s of lag, p95": percentile(lags, 0.95), "s of lag, most": max(lags)}
    figures |= {"s from kept to entered, p95": percentile(spans, 0.95), "letters that left": verdict.letters}
    told(f"soak · {given.minutes:g} minutes at {given.per_second:g} mails a second", figures)
    for one in verdict.broken:
        print(f"BROKEN {one}")
    closing(figures)
    if verdict.broken:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
