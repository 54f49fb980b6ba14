"""A machine that is cut off without a word: what it held in the register is soon free for the others."""

import os
import subprocess
import sys
import time

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import OperationalError

from bench.faults.apart import ip, machine, machines

pytestmark = [
    pytest.mark.timeout(300),
    pytest.mark.skipif(os.geteuid() != 0, reason="only root may make network namespaces"),
]
HOLDING = """
import sys, time
from register import server
connection = server.engine(sys.argv[1]).connect()
connection.exec_driver_sql("select * from thing for update")
print("held", flush=True)
time.sleep(600)
"""


def held(engine: Engine) -> bool:
    """Whether somebody else holds the row."""
    try:
        with engine.connect() as connection:
            connection.execute(text("select * from thing for update nowait"))
    except OperationalError:
        return True
    return False


def test_a_row_that_a_lost_machine_held_is_free_within_half_a_minute() -> None:
    with machines() as stage:
        with stage.engine.begin() as connection:
            connection.execute(text("create table thing as select 1 as number"))
        url = stage.database.url().replace("postgresql://", "postgresql+psycopg://")
        command = [sys.executable, "-c", HOLDING, url]
        lost = subprocess.Popen(["ip", "netns", "exec", machine(1), *command], stdout=subprocess.PIPE)
        try:
            assert lost.stdout is not None
            assert lost.stdout.readline() == b"held\n"
            assert held(stage.engine)
            ip("link", "set", machine(1), "down")
            begun = time.monotonic()
            while held(stage.engine):
                assert time.monotonic() - begun < 40, "the register still waits for a machine that is gone"
                time.sleep(0.5)
            # It was not the end of the process that freed it.
            assert lost.poll() is None
        finally:
            lost.kill()
            lost.wait()
            if lost.stdout is not None:
                lost.stdout.close()
