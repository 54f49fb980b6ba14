"""The embedded server among several processes, some of which are killed."""

import os
import pickle
import signal
import subprocess
import sys
import time
import traceback
from pathlib import Path

import psycopg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, text
from sqlalchemy.exc import DataError, IntegrityError

from register import rulebook_tables, server
from register.book import Book
from register.tables import APPEND_ONLY, tables
from tests.register.made import assessment, decision, envelope, mail, message

STARTER = """
import sys, time
from pathlib import Path
from register import server
url = server.embedded(Path(sys.argv[1]))
server.migrate(url)
print(url, flush=True)
if sys.stdin.readline() == "hang\\n":
    time.sleep(600)
"""


def start(home: Path, program: str = STARTER, *more: str) -> subprocess.Popen[str]:
    root = str(Path(server.__file__).parents[1])
    command = [sys.executable, "-c", program, str(home), *more]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join((root, os.environ.get("PYTHONPATH", "")))}
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd="/", env=environment)


def says(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def ends(process: subprocess.Popen[str]) -> None:
    process.communicate(timeout=60)


def alive(url: str) -> bool:
    try:
        psycopg.connect(server.libpq(url), connect_timeout=2).close()
    except psycopg.OperationalError:
        return False
    return True


def test_processes_that_start_at_once_share_one_server_and_the_last_one_out_stops_it(own_home: Path) -> None:
    processes = [start(own_home) for _ in range(3)]
    (url,) = {says(process) for process in processes}
    for process in processes[:2]:
        ends(process)
        assert alive(url)
    ends(processes[2])
    assert not alive(url)


def test_the_server_survives_a_killed_starter_and_is_stopped_by_the_next_one_out(own_home: Path) -> None:
    starter = start(own_home)
    url = says(starter)
    starter.send_signal(signal.SIGKILL)
    ends(starter)
    assert alive(url)
    second = start(own_home)
    assert says(second) == url
    ends(second)
    assert not alive(url)


def test_after_a_crash_with_a_strangers_number_in_the_pid_file_it_starts_again(own_home: Path) -> None:
    first = start(own_home)
    url = says(first)
    pid_file = own_home / "postgres" / "postmaster.pid"
    postmaster = int(pid_file.read_text().split("\n", 1)[0])
    first.send_signal(signal.SIGKILL)
    ends(first)
    lines = pid_file.read_text().split("\n", 1)
    os.kill(postmaster, signal.SIGQUIT)
    deadline = time.monotonic() + 30
    while alive(url) or pid_file.exists():
        assert time.monotonic() < deadline
        time.sleep(0.05)
    pid_file.write_text(f"{os.getpid()}\n{lines[1]}")
    again = start(own_home)
    assert says(again) == url
    assert alive(url)
    ends(again)


def test_a_home_with_a_long_path_gets_a_private_folder_for_its_socket(own_home: Path) -> None:
    home = own_home / ("lang" * 30)
    url = server.embedded(home)
    sockets = Path(url.partition("host=")[2].partition("&")[0])
    assert (len(str(sockets)) < 80, sockets.stat().st_mode & 0o777) == (True, 0o700)
    assert alive(url)
    assert server.release(home)
    assert not server.release(home)
    sockets.rmdir()


def test_files_of_another_version_are_refused_by_name(own_home: Path) -> None:
    ends(start(own_home))
    version = own_home / "postgres" / "PG_VERSION"
    right = version.read_text()
    version.write_text("16\n")
    with pytest.raises(server.ServerError, match="PostgreSQL 16"):
        server.embedded(own_home)
    version.write_text(right)
    server.release(own_home)


def test_the_migrations_lead_to_exactly_the_tables_that_the_code_uses(engine: Engine) -> None:
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        found = compare_metadata(context, tables)
        named = [change for change in found if "procrastinate" not in str(change)]
        triggers = text("select event_object_table from information_schema.triggers where action_statement ~ 'refuse'")
        guarded = set(connection.scalars(triggers))
    assert named == []
    assert guarded == {*APPEND_ONLY, *rulebook_tables.APPEND_ONLY}


KILLED = """
import os, pickle, signal, sys
from register import server
from register.book import Book
book = Book(server.engine(sys.argv[2]))
read, seen, judged = pickle.load(open(sys.argv[3], "rb"))
with book.begin() as page:
    page.take(read.digest)
    page.enter(read, seen, judged)
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_process_that_is_killed_in_the_middle_of_a_page_leaves_nothing_and_another_does_it_whole(
    book: Book, url: str, home: Path, tmp_path: Path
) -> None:
    raw = mail()
    read = message(raw)
    book.keep(raw, envelope())
    work = tmp_path / "werk"
    work.write_bytes(pickle.dumps((read, assessment(read.digest), decision())))
    killed = start(home, KILLED, url, str(work))
    ends(killed)
    assert killed.returncode == -signal.SIGKILL
    assert book.record(read.digest) is None
    with book.begin() as page:
        assert page.take(read.digest) is not None
        dossier = page.enter(read, assessment(read.digest), decision())
    assert dossier is not None and dossier.reference == "KW-2026-00001"


def test_exceptions_of_the_database_hold_no_words_of_a_mail(engine: Engine) -> None:
    name = " ".join(("Lien", "Vermeer"))
    twice = text("insert into setting values (:secret, 'x')")
    broken = text("select cast(:secret as jsonb)")
    with pytest.raises(IntegrityError, match="pk_setting") as known, engine.begin() as connection:
        for _ in range(2):
            connection.execute(twice, {"secret": name})
    with pytest.raises(DataError, match="json") as unread, engine.begin() as connection:
        connection.execute(broken, {"secret": f'{{"naam": "{name}'})
    for caught in (known, unread):
        assert name not in "".join(traceback.format_exception(caught.value))
