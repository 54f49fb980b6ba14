"""The commands on the register as a whole, with a real database."""

import json
import zipfile
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import text

from register import server
from register.book import Book
from tests.klachtwijzer.command import Command
from tests.register.made import entered


@pytest.fixture
def settings(url: str, tmp_path: Path) -> dict[str, str]:
    return {"DATABASE_URL": server.libpq(url), "HOME": str(tmp_path / "thuis")}


def test_verify_is_content_and_then_tells_of_a_changed_row(
    command: Command, settings: dict[str, str], book: Book
) -> None:
    entered(book)
    book.upkeep()
    good = command("verify", **settings)
    head = good.stdout.rpartition(": ")[2].strip()
    assert (good.returncode, "0 nog niet geketend" in good.stdout) == (0, True)
    assert command("verify", "--head", head, **settings).returncode == 0
    assert command("verify", "--head", "3:00", **settings).stdout.startswith("ander hoofd: chain 3")
    with book.engine.begin() as connection:
        connection.execute(text("alter table event disable trigger all"))
        connection.execute(text("update event set who = 'x' where id = 1"))
        connection.execute(text("alter table event enable trigger all"))
    bad = command("verify", **settings)
    assert (bad.returncode, bad.stdout.splitlines()[0]) == (1, "gewijzigd: event 1")
    assert command("verify", "--head", "onzin", **settings).stderr.startswith("klachtwijzer: --head ziet eruit als")


def test_a_backup_comes_back_in_an_empty_database_and_only_there(
    command: Command, settings: dict[str, str], book: Book, template: str, tmp_path: Path
) -> None:
    entered(book)
    file = tmp_path / "kopie.dump"
    made = command("backup", file, **settings)
    assert (made.returncode, made.stdout.splitlines()[0]) == (0, f"{file}: 1 mails, 1 dossiers, 3 gebeurtenissen")
    with psycopg.connect(server.libpq(template).replace("/klachtwijzer?", "/postgres?"), autocommit=True) as admin:
        admin.execute("drop database if exists terug with (force)")
        admin.execute("create database terug")
    there = settings | {"DATABASE_URL": server.libpq(template).replace("/klachtwijzer?", "/terug?")}
    back = command("restore", file, **there)
    assert back.returncode == 0, back.stderr
    again = command("restore", file, **there)
    assert (again.returncode, again.stderr.count("\n")) == (2, 1)
    assert "niet leeg" in again.stderr
    exports = [command("export", "--json", **one).stdout for one in (settings, there)]
    assert exports[0] == exports[1] and json.loads(exports[0])["referentie"] == "KW-2026-00001"


def test_the_yearly_report_is_shown_and_written_in_each_form(
    command: Command, settings: dict[str, str], book: Book, tmp_path: Path
) -> None:
    entered(book)
    shown = command("report", "2026", **settings)
    assert shown.returncode == 0
    assert shown.stdout.splitlines()[1].split()[-1] == "1"
    assert "Controle: 1 klachten zijn nog niet beantwoord" in shown.stdout
    for form in ("csv", "xlsx", "json"):
        assert command("report", "2026", "--vorm", form, "--naar", tmp_path / form, **settings).returncode == 0
    assert json.loads((tmp_path / "json").read_text())["van"] == "2026-01-01"
    assert "Ontvangen klachten;1" in (tmp_path / "csv").read_text("utf-8-sig")
    assert zipfile.is_zipfile(tmp_path / "xlsx")
    assert command("report", "2026", "--vorm", "xlsx", **settings).returncode == 2
    assert command("report", "--van", "2026-01-01", **settings).returncode == 2


def test_another_key_than_the_databases_own_stops_the_start_with_one_line(
    command: Command, settings: dict[str, str], book: Book
) -> None:
    assert command("verify", **settings).returncode == 0
    other = command("verify", **settings, KEY="eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHg=")
    assert (other.returncode, other.stderr.count("\n")) == (2, 1)
    assert "not the one that this database was written with" in other.stderr
    wrong = command("verify", **settings, KEY="kort")
    assert wrong.stderr.startswith("klachtwijzer: KLACHTWIJZER_KEY: must be 32 bytes in base64")
