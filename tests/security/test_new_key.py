"""The key of what is sealed is replaced: everything is read and found with the new one, nothing with the old."""

import base64
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import insert, select

from register import accounts, sealing, server
from register.access_tables import second_factor
from register.book import Book
from register.parties import Person, found, of
from register.rotation import SEALED, InUseError, rotate
from register.sealing import Key, WrongKeyError
from register.tables import tables
from tests.klachtwijzer.command import Command, assert_misuse
from tests.klachtwijzer.conftest import command  # noqa: F401 — fixture of the command.
from tests.register.made import entered

OLD, NEW = Key(b"k" * 32), Key(b"n" * 32)


def test_every_sealed_column_there_is_gets_the_new_key() -> None:
    sealed = {column for table in tables.tables.values() for column in table.columns if column.name.endswith("sealed")}
    marked = {column for table in tables.tables.values() for column in table.columns if column.name.endswith("_mark")}
    assert {one.column for one in SEALED} == sealed
    assert {one.mark for one in SEALED if one.mark is not None} == marked


@pytest.fixture
def reference(book: Book) -> str:
    _, dossier = entered(book)
    assert dossier is not None
    with book.begin() as page:
        sealing.prove(page.connection, OLD)
        page.treat(dossier.reference, "an").add_person(Person("kind", "Zoë Peeters", contact="zoe@voorbeeld.example"))
        page.treat(dossier.reference, "an").add_person(Person("ouder", "Lien Vermeer"))
        accounts.create(page.connection, "an", None, ["beheerder"])
        page.connection.execute(insert(second_factor).values(account="an", sealed=OLD.seal("GEHEIM", "tweede stap")))
    return dossier.reference


def test_after_the_change_names_and_secrets_open_with_the_new_key_only(book: Book, reference: str) -> None:
    book.engine.dispose()
    with book.engine.begin() as connection:
        assert rotate(connection, OLD, NEW) >= 4
        sealing.prove(connection, NEW)
        assert {one.name for one in of(connection, reference, NEW)} == {"Zoë Peeters", "Lien Vermeer"}
        assert found(connection, "zoe peeters", NEW) == (reference,)
        assert found(connection, "zoe peeters", OLD) == ()
        assert NEW.open(bytes(connection.scalar(select(second_factor.c.sealed)) or b""), "tweede stap") == "GEHEIM"
        with pytest.raises(WrongKeyError):
            of(connection, reference, OLD)
    with pytest.raises(WrongKeyError), book.engine.begin() as connection:
        sealing.prove(connection, OLD)


def test_with_a_wrong_old_key_or_while_others_work_nothing_changes(book: Book, url: str, reference: str) -> None:
    book.engine.dispose()
    with pytest.raises(WrongKeyError), book.engine.begin() as connection:
        rotate(connection, NEW, OLD)
    with psycopg.connect(server.libpq(url)), pytest.raises(InUseError), book.engine.begin() as connection:
        rotate(connection, OLD, NEW)
    with book.engine.begin() as connection:
        assert "Zoë Peeters" in {one.name for one in of(connection, reference, OLD)}


def test_the_command_leaves_a_key_with_which_the_register_opens(
    command: Command,  # noqa: F811
    book: Book,
    url: str,
    reference: str,
    tmp_path: Path,
) -> None:
    book.engine.dispose()
    given = {"DATABASE_URL": server.libpq(url), "HOME": str(tmp_path), "KEY": base64.b64encode(OLD.secret).decode()}
    made = command("new-key", tmp_path / "nieuw", **given)
    assert made.returncode == 0, made.stderr
    assert "velden zijn opnieuw verzegeld" in made.stdout and (tmp_path / "nieuw").stat().st_mode & 0o777 == 0o600
    fresh = (tmp_path / "nieuw").read_text(encoding="ascii").strip()
    assert fresh not in made.stdout
    assert command("export", "--json", **given | {"KEY": fresh}).returncode == 0
    assert_misuse(command("export", "--json", **given), "key is not the one")
    assert_misuse(command("new-key", tmp_path / "nieuw", **given | {"KEY": fresh}), "bestaat al")
