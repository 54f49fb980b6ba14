"""Files of an older PostgreSQL: brought along on the first start, whole or not at all."""

import shutil
import signal
from pathlib import Path

import pytest

from register import server, upgrade
from register.book import Book
from tests.ops.servers import OLDER, own, run
from tests.register.made import entered
from tests.register.test_server import ends, says, start

# The lock is what every program holds that uses the server, whatever its version.
HOLDER = """
import fcntl, sys
with open(sys.argv[1] + "/gebruik.lock", "ab") as users:
    fcntl.flock(users, fcntl.LOCK_SH)
    print("ja", flush=True)
    sys.stdin.readline()
"""


@pytest.fixture
def older(own_home: Path) -> tuple[Path, list[dict[str, object]]]:
    """A home as a former release of this program left it, with a dossier in it; and what it exports."""
    folder = own_home / "postgres"
    server.embedded(own_home)  # Makes the user and opens the way for it.
    server.release(own_home)
    shutil.rmtree(folder)
    own(folder)
    run("initdb", "--auth=trust", "--encoding=utf8", "-U", "postgres", "-D", str(folder))
    folder.chmod(0o700)
    flags = f"-c listen_addresses='' -c port=5432 -k '{folder}'"
    run("pg_ctl", "-w", "-D", str(folder), "-l", str(folder / "log"), "-o", flags, "start")
    run("createdb", "-h", str(folder), "-U", "postgres", "klachtwijzer")
    url = f"postgresql+psycopg://postgres@/klachtwijzer?host={folder}&port=5432"
    server.migrate(url)
    book = Book(server.engine(url))
    entered(book)
    book.upkeep()
    lines = list(book.export())
    book.engine.dispose()
    return own_home, lines


def stop(home: Path) -> None:
    run("pg_ctl", "-w", "-m", "fast", "-D", str(home / "postgres"), "stop")


def exported(url: str) -> tuple[list[dict[str, object]], bool]:
    book = Book(server.engine(url))
    try:
        return list(book.export()), book.verify_journal().whole
    finally:
        book.engine.dispose()


def test_the_register_of_an_older_postgresql_is_there_after_the_first_start(
    older: tuple[Path, list[dict[str, object]]],
) -> None:
    home, lines = older
    stop(home)
    url = server.embedded(home)
    server.migrate(url)
    assert exported(url) == (lines, True)
    assert int((home / "postgres" / "PG_VERSION").read_text()) > OLDER
    assert (home / f"postgres.{OLDER}" / "PG_VERSION").read_text().strip() == str(OLDER)
    assert not (home / "postgres.nieuw").exists() and not (home / "opgewaardeerd").exists()


def test_a_server_that_a_killed_program_left_running_is_stopped_and_upgraded(
    older: tuple[Path, list[dict[str, object]]],
) -> None:
    home, lines = older
    assert exported(server.embedded(home)) == (lines, True)


def test_while_an_older_program_works_nothing_is_touched(older: tuple[Path, list[dict[str, object]]]) -> None:
    home, _ = older
    stop(home)
    holder = start(home, HOLDER)
    assert says(holder) == "ja"
    with pytest.raises(server.ServerError, match=f"still used by a program with PostgreSQL {OLDER}"):
        server.embedded(home)
    assert (home / "postgres" / "PG_VERSION").read_text().strip() == str(OLDER)
    holder.send_signal(signal.SIGKILL)
    ends(holder)


@pytest.mark.parametrize("renamed", [0, 1, 2])
def test_an_upgrade_that_was_interrupted_between_two_names_is_finished(tmp_path: Path, renamed: int) -> None:
    folder = tmp_path / "postgres"
    for name, version in (("postgres", "16"), ("postgres.nieuw", "18")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "PG_VERSION").write_text(version)
    (tmp_path / "opgewaardeerd").write_text("16\n")
    if renamed > 0:
        folder.rename(tmp_path / "postgres.16")
    if renamed > 1:
        (tmp_path / "postgres.nieuw").rename(folder)
    upgrade.finish(folder)
    upgrade.finish(folder)
    assert [(tmp_path / name / "PG_VERSION").read_text() for name in ("postgres", "postgres.16")] == ["18", "16"]
    assert len(list(tmp_path.iterdir())) == 2
