"""`klachtwijzer import`: a year of back-mail, once, also when it is interrupted."""

import signal
from pathlib import Path

from sqlalchemy import Engine

from register import server
from register.book import Book
from tests.intake.written import mail
from tests.klachtwijzer.command import Command, lines
from tests.klachtwijzer.started import Processes, until


def letter(number: int) -> bytes:
    return mail(f"Brief {number}: niemand belt terug.\r\n", Message_ID=f"<brief-{number}@telenet.example>")


def mbox(path: Path, numbers: range) -> None:
    separator = b"From els@telenet.example Mon Mar  2 10:16:00 2026\r\n"
    path.write_bytes(b"".join(separator + letter(number) + b"\r\n" for number in numbers))


def test_all_kinds_of_files_are_taken_in_once(command: Command, url: str, tmp_path: Path) -> None:
    (tmp_path / "diep" / "cur").mkdir(parents=True)
    (tmp_path / "diep" / "cur" / "1700000000.M1.mx:2,S").write_bytes(letter(1))
    (tmp_path / "los.eml").write_bytes(letter(2))
    (tmp_path / "LEESMIJ.txt").write_bytes(b"geen mail")
    mbox(tmp_path / "Inbox", range(2, 8))
    first = command("import", tmp_path, DATABASE_URL=url)
    assert (first.returncode, first.stdout) == (0, "8 berichten gelezen: 7 nieuw, 1 al bekend\n")
    again = command("import", tmp_path / "los.eml", tmp_path, DATABASE_URL=url)
    assert (again.returncode, again.stdout) == (0, "8 berichten gelezen: 0 nieuw, 8 al bekend\n")
    engine = server.engine(url)
    assert Book(engine).counts().kept == 7
    engine.dispose()


def test_an_import_that_is_killed_is_finished_by_the_next_one(
    processes: Processes, own_home: Path, tmp_path: Path
) -> None:
    mbox(tmp_path / "jaar.mbox", range(4_000))
    engine = server.engine(server.embedded(own_home))
    server.migrate(engine)
    book = Book(engine)
    first = processes.start("import", str(tmp_path / "jaar.mbox"), HOME=str(own_home))
    until(lambda: book.counts().kept > 100, every=0.005)
    first.running.kill()
    first.running.wait()
    kept = book.counts().kept
    assert 100 < kept < 4_000
    second = processes.start("import", str(tmp_path / "jaar.mbox"), HOME=str(own_home))
    until(lambda: book.counts().kept > kept, every=0.005)
    second.running.send_signal(signal.SIGINT)
    assert second.running.wait(timeout=60) == 1
    assert "opnieuw om verder te gaan" in second.told.read_text(encoding="utf-8")
    third = processes.start("import", str(tmp_path / "jaar.mbox"), HOME=str(own_home))
    assert third.running.wait(timeout=120) == 0
    assert third.output().startswith("4000 berichten gelezen: ")
    assert book.counts().kept == 4_000
    engine.dispose()


def test_a_file_that_cannot_be_read_is_told_and_the_others_are_taken_in(
    command: Command, url: str, tmp_path: Path
) -> None:
    (tmp_path / "leeg.eml").write_bytes(b"")
    (tmp_path / "los.eml").write_bytes(letter(1))
    run = command("import", tmp_path, DATABASE_URL=url)
    assert run.returncode == 1
    assert run.stderr == f"klachtwijzer: {tmp_path / 'leeg.eml'}: no mail in it\n"
    assert run.stdout.startswith("1 berichten gelezen: 1 nieuw")


def test_a_path_that_does_not_exist_is_told_in_one_line(command: Command, tmp_path: Path) -> None:
    run = command("import", tmp_path / "weg.mbox")
    assert (run.returncode, run.stdout) == (2, "")
    assert run.stderr == f"klachtwijzer: {tmp_path / 'weg.mbox'}: no such file or folder\n"
    assert "no mail in these folders" in command("import", tmp_path).stderr


def test_the_clock_of_back_mail_runs_from_the_day_it_once_came(command: Command, url: str, tmp_path: Path) -> None:
    (tmp_path / "los.eml").write_bytes(letter(1))
    command("import", tmp_path, DATABASE_URL=url)
    engine = server.engine(url)
    book = Book(engine)
    with book.begin() as page:
        taken = page.take(str(next(iter(_digests(engine)))))
    assert taken is not None
    assert taken[1].received.date().isoformat() == "2026-03-02"
    engine.dispose()
    assert lines(command("export", "--json", DATABASE_URL=url)) == []


def _digests(engine: Engine) -> list[str]:
    with engine.connect() as connection:
        return list(connection.exec_driver_sql("select digest from raw_mail").scalars())
