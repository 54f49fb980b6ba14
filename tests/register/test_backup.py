from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest

from register import backup, server
from register.backup import BackupError
from register.book import Book
from register.parties import Person, of
from register.sealing import Key, KeyMissingError
from tests.register.made import entered

NOW = datetime(2026, 3, 10, 9, tzinfo=UTC)
KEY = Key(b"k" * 32)


@pytest.fixture
def empty(template: str) -> str:
    """A second database without a table in it."""
    with psycopg.connect(server.libpq(template).replace("/klachtwijzer?", "/postgres?"), autocommit=True) as admin:
        admin.execute("drop database if exists leeg with (force)")
        admin.execute("create database leeg")
    return template.replace("/klachtwijzer?", "/leeg?")


def test_what_was_copied_comes_back_whole_with_its_chain_and_names(
    book: Book, url: str, empty: str, tmp_path: Path
) -> None:
    digest, dossier = entered(book)
    assert dossier is not None
    with Book(book.engine, key=KEY).begin() as page:
        page.treat(dossier.reference, "an").add_person(Person("kind", "Zoë Peeters"))
    file = tmp_path / "kopie"
    made = backup.backup(url, file, NOW)
    assert (made.mails, made.dossiers, file.stat().st_mode & 0o777) == (1, 1, 0o600)
    verdict = backup.restore(empty, file)
    assert (verdict.whole, verdict.head.link) == (True, made.link)
    back = server.engine(empty)
    again = Book(back, key=KEY)
    assert list(again.export()) == list(book.export())
    assert again.raw(digest) == book.raw(digest)
    with again.begin() as page:
        assert of(page.connection, dossier.reference, KEY)[0].name == "Zoë Peeters"
        # What was never chained twice goes on where it stopped.
        page.note("an", "verder", reference=dossier.reference)
    again.upkeep()
    assert again.verify_journal().whole
    with pytest.raises(KeyMissingError), Book(back).begin() as page:
        page.treat(dossier.reference, "an").add_person(Person("kind", "Zoë"))
    back.dispose()


def test_a_full_database_a_damaged_copy_and_one_without_manifest_are_refused(
    book: Book, url: str, empty: str, tmp_path: Path
) -> None:
    entered(book)
    file = tmp_path / "kopie"
    backup.backup(url, file, NOW)
    with pytest.raises(BackupError, match="niet leeg"):
        backup.restore(url, file)
    with pytest.raises(BackupError, match="bestaat al"):
        backup.backup(url, file, NOW)
    file.write_bytes(file.read_bytes()[:-10])
    with pytest.raises(BackupError, match="niet het bestand"):
        backup.restore(empty, file)
    (tmp_path / "kopie.json").unlink()
    with pytest.raises(BackupError, match="ontbreekt"):
        backup.restore(empty, file)


def test_a_copy_that_cannot_be_made_leaves_no_file_and_no_password_in_what_is_told(url: str, tmp_path: Path) -> None:
    file = tmp_path / "kopie"
    with pytest.raises(Exception) as caught:
        backup.backup(url.replace("postgres@", "postgres:geheim@").replace("proef_", "weg_"), file, NOW)
    assert "geheim" not in str(caught.value) and not file.exists()
