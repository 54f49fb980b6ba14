"""From the embedded server to one of the site's own, of another version and with less rights; and back from copies."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import text

from register import backup, server
from register.book import Book
from register.parties import Person, of
from register.sealing import Key
from register.transfer import TransferError, transfer
from tests.klachtwijzer.command import Command, assert_misuse
from tests.klachtwijzer.started import kept, new_mail
from tests.ops.servers import OLDER, PASSWORD, site
from tests.register.made import entered

KEY = Key(b"k" * 32)
NOW = datetime(2026, 3, 10, 9, tzinfo=UTC)


@pytest.fixture(scope="module")
def server_of_site(home: Path) -> Iterator[str]:
    with site() as there:
        yield there


@pytest.fixture
def elsewhere(server_of_site: str) -> str:
    """The site's database, empty again."""
    with psycopg.connect(server.libpq(server_of_site), autocommit=True) as owner:
        owner.execute("drop schema public cascade")
        owner.execute("create schema public")
    return server_of_site


@pytest.fixture
def full(book: Book, url: str) -> str:
    """A register with something of everything; nobody is connected to it any more."""
    _, dossier = entered(book)
    assert dossier is not None
    kept(book, new_mail("Dit wacht nog.").raw)
    keyed = Book(book.engine, key=KEY)
    with keyed.begin() as page:
        page.treat(dossier.reference, "an").add_person(Person("kind", "Zoë Peeters"))
    book.create_account("an", "een lang wachtwoord", ["beheerder"])
    book.engine.dispose()
    return url


def counted(url: str) -> dict[str, int]:
    with psycopg.connect(server.libpq(url)) as reading:
        names = [row[0] for row in reading.execute("select tablename from pg_tables where schemaname = 'public'")]
        return {name: reading.execute(f"select count(*) from {name}").fetchone()[0] for name in names}  # type: ignore[index]


def test_every_row_arrives_and_the_register_goes_on_in_its_new_place(full: str, elsewhere: str, book: Book) -> None:
    lines = list(book.export())
    book.engine.dispose()
    moved = transfer(full, elsewhere)
    assert moved.verdict.whole and moved.verdict.rows > 3 and moved.verdict.loose == 0
    assert counted(elsewhere) == counted(full)
    assert moved.rows["procrastinate_jobs"] == 2
    there = Book(server.engine(elsewhere), key=KEY)
    with there.engine.connect() as connection:
        assert str(connection.scalar(text("show server_version"))).startswith(str(OLDER))
    assert list(there.export()) == lines
    assert there.verify("an", "een lang wachtwoord") is not None
    with there.begin() as page:
        assert of(page.connection, "KW-2026-00001", KEY)[0].name == "Zoë Peeters"
    # Numbers go on where they stopped, triggers work again, and the chain is one.
    _, second = entered(there)
    assert second is not None and second.reference == "KW-2026-00002"
    there.upkeep()
    assert there.verify_journal(moved.verdict.head).whole
    with pytest.raises(Exception, match="never changed"), there.engine.begin() as connection:
        connection.execute(text("update event set who = 'x'"))
    there.engine.dispose()


def test_while_somebody_works_with_it_nothing_is_moved(full: str, elsewhere: str) -> None:
    with psycopg.connect(server.libpq(full)), pytest.raises(TransferError, match="nog een ander proces"):
        transfer(full, elsewhere)
    assert counted(elsewhere) == {}


def test_a_database_that_is_not_empty_or_cannot_be_reached_is_told_in_one_line_without_the_password(
    full: str, elsewhere: str
) -> None:
    server.migrate(elsewhere)
    with pytest.raises(TransferError, match="niet leeg"):
        transfer(full, elsewhere)
    with pytest.raises(TransferError) as wrong:
        transfer(full, elsewhere.replace("/klachten", "/weg"))
    assert PASSWORD not in str(wrong.value) and "\n" not in str(wrong.value)


def test_the_command_says_what_to_set_and_takes_the_address_from_a_file(
    command: Command, full: str, elsewhere: str, tmp_path: Path
) -> None:
    file = tmp_path / "adres"
    file.write_text(server.libpq(elsewhere), encoding="utf-8")
    given = {"DATABASE_URL": server.libpq(full), "HOME": str(tmp_path / "thuis")}
    moved = command("move-database", file, **given)
    assert moved.returncode == 0, moved.stderr
    assert "KLACHTWIJZER_DATABASE_URL" in moved.stdout and PASSWORD not in moved.stdout
    there = {"DATABASE_URL": server.libpq(elsewhere), "HOME": str(tmp_path / "thuis")}
    assert command("export", "--json", **there).stdout == command("export", "--json", **given).stdout
    assert_misuse(command("move-database", tmp_path / "niets", **given), "geef een adres")
    assert_misuse(command("move-database", file, **given), "niet leeg")


def test_a_copy_comes_back_on_an_older_server_of_the_site(full: str, elsewhere: str, tmp_path: Path) -> None:
    file = tmp_path / "kopie"
    made = backup.backup(full, file, NOW)
    verdict = backup.restore(elsewhere, file)
    assert (verdict.whole, verdict.head.link) == (True, made.link)
    again = backup.backup(elsewhere, tmp_path / "terug", NOW)
    assert (again.mails, again.dossiers, again.events) == (made.mails, made.dossiers, made.events)
