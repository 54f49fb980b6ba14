"""Two consoles and three workers on machines of their own, one of which is cut off from the database without a word."""

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
from register import server

NET = "10.203.77"
MACHINES = ("worker", "worker", "worker", "console", "console")

_OLDEST = """select coalesce(max(extract(epoch from clock_timestamp() - kept)), 0)
             from raw_mail where state = 'bewaard'"""


def ip(*words: str) -> None:
    """Runs `ip` with these words; raises CalledProcessError."""
    subprocess.run(["ip", *words], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, timeout=20)


def machine(number: int) -> str:
    """The name of a machine, and of its end of the link; 0 is the bridge between all."""
    return f"kw{os.getpid() % 10_000}m{number}"


@contextmanager
def machines() -> Iterator[Scene]:
    """A scene whose roles can live on machines of their own, with the database and the relay on this one."""
    if os.geteuid() != 0:
        raise RuntimeError("one machine cut off: only root may make network namespaces")
    bridge = machine(0)
    ip("link", "add", bridge, "type", "bridge")
    made: list[str] = []
    try:
        ip("addr", "add", f"{NET}.1/24", "dev", bridge)
        ip("link", "set", bridge, "up")
        for number in range(1, len(MACHINES) + 1):
            one = machine(number)
            ip("netns", "add", one)
            made.append(one)
            ip("link", "add", one, "type", "veth", "peer", "name", "eth0", "netns", one)
            ip("link", "set", one, "master", bridge, "up")
            ip("-n", one, "addr", "add", f"{NET}.{number + 1}/24", "dev", "eth0")
            ip("-n", one, "link", "set", "eth0", "up")
            ip("-n", one, "link", "set", "lo", "up")
        with folder() as name:
            stage = Scene(name, Database(name / "pg", free_port(), host=f"{NET}.1"), Relay(f"{NET}.1"))
            try:
                stage.relay.start()
                stage.database.start()
                yield stage
            finally:
                stage.end()
    finally:
        for one in made:
            subprocess.run(["ip", "netns", "del", one], check=False)
        subprocess.run(["ip", "link", "del", bridge], check=False)


def _prepare(stage: Scene) -> None:
    server.migrate(stage.engine)
    stage.proxy.start()
    url = stage.database.url()
    stage.start("smtp", url=url)
    for number, role in enumerate(MACHINES, 1):
        more = {}
        if role == "console":
            more["CONSOLE_LISTEN"] = f"{NET}.{number + 1}:8000"
            stage.consoles.append(more["CONSOLE_LISTEN"])
        stage.start(role, before=("ip", "netns", "exec", machine(number)), url=url, **more)
    for one in stage.roles:
        one.ready()


def _sever(stage: Scene, traffic: Traffic, seconds: float) -> str:
    time.sleep(seconds / 4)
    # No packet passes any more, and nobody is told so: not the worker, not the console, not the database.
    gone = 1, 4
    for number in gone:
        ip("link", "set", machine(number), "down")
    # Long enough for the register to let go of what the lost worker held.
    away = max(seconds, 45.0)
    time.sleep(away)
    with stage.engine.connect() as connection:
        waited = connection.exec_driver_sql(_OLDEST).scalar_one()
    for number in gone:
        ip("link", "set", machine(number), "up")
    return f"a worker and a console cut off for {away:.0f} s; oldest mail then waited {float(waited):.0f} s"


APART = Fault("one machine cut off", _sever, staged=machines, prepare=_prepare)
