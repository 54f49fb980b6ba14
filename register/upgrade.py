"""What is older or newer than this program: files of an embedded server are brought along, newer tables refused."""

import fcntl
import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

Run = Callable[..., str]
"""`run(program, *arguments, version=…, cwd=…)` runs a program of that PostgreSQL as the server's user."""
Own = Callable[[Path], None]
"""Makes a folder that only the server's user may enter."""
_READY = "opgewaardeerd"


class UpgradeError(RuntimeError):
    """Files or tables are of another version than this program; one line says why nothing was done."""


def expect_known(migrations: Config, connection: Connection) -> None:
    """Raises UpgradeError when the tables have the shape of a newer program.

    A process of before an upgrade that starts again must not write in tables that it does not understand.
    """
    known = {script.revision for script in ScriptDirectory.from_config(migrations).walk_revisions()}
    if not known.issuperset(MigrationContext.configure(connection).get_current_heads()):
        raise UpgradeError("it has the shape of a newer version of this program; install that one here as well")


def outdated(folder: Path, wanted: int) -> int | None:
    """The version of the files in `folder` when it is another than the wanted one."""
    finish(folder)
    version = folder / "PG_VERSION"
    found = int(version.read_text()) if version.exists() else wanted
    return None if found == wanted else found


def upgrade(folder: Path, users: Path, binaries: Mapping[int, Path], run: Run, own: Own) -> None:
    """Bring the cluster in `folder` from the first of two versions to the second, by copy.

    Whoever uses it holds a shared lock on `users`. Raises UpgradeError; until the last step the former files are as
    they were, and what was interrupted is begun anew.
    """
    found, wanted = binaries
    with users.open("ab") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise UpgradeError(f"{folder} is still used by a program with PostgreSQL {found}; stop it") from None
        # The path of a socket must be short, and the home's may be long.
        with tempfile.TemporaryDirectory(prefix="klachtwijzer-") as name:
            own(Path(name))
            try:
                _copied(folder, found, wanted, run, own, binaries[found], Path(name))
            except subprocess.SubprocessError as trouble:
                said = f"cannot be brought from PostgreSQL {found} to {wanted}; its files are as they were"
                raise UpgradeError(f"{folder} {said}") from trouble
    (folder.parent / _READY).write_text(f"{found}\n", encoding="ascii")
    finish(folder)


def _copied(  # noqa: PLR0913, PLR0917
    folder: Path, found: int, wanted: int, run: Run, own: Own, former: Path, work: Path
) -> None:
    fresh = folder.with_name(f"{folder.name}.nieuw")
    if fresh.exists():
        shutil.rmtree(fresh)
    own(fresh)
    if (folder / "postmaster.pid").exists():
        # A server that was killed must repair its files itself, by its own version, before they may be copied.
        flags = f"-c listen_addresses='' -k '{work}'"
        run("pg_ctl", "-w", "-D", str(folder), "-l", str(work / "log"), "-o", flags, "restart", version=found)
        run("pg_ctl", "-w", "-m", "fast", "-D", str(folder), "stop", version=found)
    told = run("pg_controldata", "-D", str(folder), version=found)
    if re.search(r"checksum version:\s+0", told):
        run("pg_checksums", "--enable", "-D", str(folder), version=found)
    run("initdb", "--auth=trust", "--encoding=utf8", "-U", "postgres", "-D", str(fresh), version=wanted)
    clusters = ("-b", str(former), "-d", str(folder), "-D", str(fresh))
    run("pg_upgrade", *clusters, "-U", "postgres", "-s", str(work), version=wanted, cwd=str(work))


def finish(folder: Path) -> None:
    """Put upgraded files in the place of the former ones; does nothing when there are none, and may be interrupted."""
    marker = folder.parent / _READY
    if not marker.exists():
        return
    former = folder.with_name(f"{folder.name}.{marker.read_text(encoding='ascii').strip()}")
    fresh = folder.with_name(f"{folder.name}.nieuw")
    if fresh.exists():
        if folder.exists() and not former.exists():
            folder.rename(former)
        fresh.rename(folder)
    marker.unlink()
