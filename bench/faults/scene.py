"""The processes that run: a database, a relay, and each role of klachtwijzer as a process of its own."""

import base64
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import count
from pathlib import Path

from sqlalchemy import Engine

from bench.faults.database import Database
from bench.faults.proxy import Proxy
from bench.faults.relay import Relay
from bench.main_job import free_port
from bench.running import ROOT
from register import sealing, server
from register.book import Book

KEY = base64.b64encode(bytes(32)).decode()
PATIENCE = 60.0


class Role:
    """One running `klachtwijzer serve --role …`; `before` are words in front of the command."""

    def __init__(self, name: str, told: Path, environment: dict[str, str], before: Sequence[str] = ()) -> None:
        self.name, self.told, self.environment, self.before = name, told, environment, tuple(before)
        self.killed = 0
        self.running = self._start()

    def _start(self) -> subprocess.Popen[bytes]:
        plain = {name: value for name, value in os.environ.items() if not name.startswith("KLACHTWIJZER_")}
        with self.told.open("wb") as told:
            return subprocess.Popen(
                [*self.before, sys.executable, "-m", "klachtwijzer", "serve", "--role", self.name],
                cwd=ROOT,
                env=plain | {"OMP_NUM_THREADS": "1"} | self.environment,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=told,
            )

    @property
    def log(self) -> list[dict[str, object]]:
        """What it logged, one mapping a line; what is no line of ours is left out."""
        found = []
        for line in self.told.read_text(encoding="utf-8", errors="replace").splitlines():
            if line.startswith("{") and line.endswith("}"):
                found.append(json.loads(line))
        return found

    def ready(self) -> None:
        """Waits until it works; raises RuntimeError when it ended or takes too long."""
        end = time.monotonic() + PATIENCE
        while not any(line.get("event") == "ready" for line in self.log):
            if self.running.poll() is not None or time.monotonic() > end:
                raise RuntimeError(f"{self.name} does not start: {self.told.read_text(encoding='utf-8')[-500:]}")
            time.sleep(0.1)

    def kill(self) -> None:
        """Without any chance to say goodbye."""
        self.killed += 1
        self.running.kill()
        self.running.wait(timeout=PATIENCE)

    def again(self) -> None:
        """Starts it anew, as its supervisor would; a start that fails is tried again by `ready`'s caller."""
        self.running = self._start()

    def end(self) -> None:
        """In order, or by force."""
        if self.running.poll() is None:
            self.running.send_signal(signal.SIGTERM)
        try:
            self.running.wait(timeout=20)
        except subprocess.TimeoutExpired:
            self.kill()


class Scene:
    """Everything that runs for one fault. The roles reach the database through `proxy` alone; we look past it."""

    def __init__(self, folder: Path, database: Database, relay: Relay) -> None:
        self.folder, self.database, self.relay = folder, database, relay
        self.proxy = Proxy(database.host, database.port)
        self.roles: list[Role] = []
        self.smtp = ("127.0.0.1", free_port())
        """Where the SMTP door listens."""
        self.consoles: list[str] = []
        """Where the consoles listen."""
        self.more: dict[str, str] = {}
        """Further settings of every role, by their name without prefix."""
        self._numbers = count(1)
        self._engine: Engine | None = None

    @property
    def engine(self) -> Engine:
        """Our own way to the database."""
        if self._engine is None:
            self._engine = server.engine(self.database.url().replace("postgresql://", "postgresql+psycopg://"))
        return self._engine

    @property
    def book(self) -> Book:
        """The register, as we look at it."""
        return Book(self.engine, key=sealing.from_words(KEY))

    def begin(self, *names: str) -> None:
        """Starts these roles and waits until they work."""
        server.migrate(self.engine)
        self.proxy.start()
        started = [self.start(name) for name in names]
        for one in started:
            one.ready()

    def start(self, name: str, *, before: Sequence[str] = (), url: str = "", **environment: str) -> Role:
        """One role, not yet ready; of the doors only the SMTP door's address is fixed."""
        given = {"DATABASE_URL": url or self.database.url("127.0.0.1", self.proxy.port), "KEY": KEY}
        given |= {"HOME": str(self.folder / "thuis"), "RELAY": self.relay.url, "LMTP_LISTEN": ""}
        given |= {"SMTP_LISTEN": f"{self.smtp[0]}:{self.smtp[1]}", **self.more}
        if name == "console":
            where = f"127.0.0.1:{free_port()}"
            given["CONSOLE_LISTEN"] = where
            if "CONSOLE_LISTEN" not in environment:
                self.consoles.append(where)
        given |= environment
        own = {name: given.pop(name) for name in [one for one in given if one in ("LD_PRELOAD", "KW_CLOCK")]}
        told = self.folder / f"{next(self._numbers)}-{name}.log"
        role = Role(name, told, {f"KLACHTWIJZER_{name}": value for name, value in given.items()} | own, before)
        self.roles.append(role)
        return role

    def of(self, *names: str) -> list[Role]:
        """The roles of these names, in the order in which they were started."""
        return [role for role in self.roles if role.name in names]

    def end(self) -> None:
        """Ends everything that was started."""
        for role in self.roles:
            if role.running.poll() is None:
                role.running.send_signal(signal.SIGTERM)
        for role in self.roles:
            role.end()
        if self._engine is not None:
            self._engine.dispose()
        self.proxy.stop()
        self.relay.stop()
        self.database.stop()


@contextmanager
def folder() -> Iterator[Path]:
    """A folder of its own, which other users may enter: as root, PostgreSQL runs as one."""
    with tempfile.TemporaryDirectory(prefix="kw-", ignore_cleanup_errors=True) as name:
        Path(name).chmod(0o755)
        yield Path(name)


@contextmanager
def scene(relay: Relay | None = None) -> Iterator[Scene]:
    """A database and a relay that run, and no role yet."""
    with folder() as name:
        made = Scene(name, Database(name / "pg", free_port()), relay or Relay())
        try:
            made.relay.start()
            made.database.start()
            yield made
        finally:
            made.end()
