"""From the first released tables, with data in them, to those of today."""

from datetime import date

import psycopg
import pytest
from alembic import command
from alembic.config import Config
from psycopg.types.json import Jsonb
from sqlalchemy import Engine, text

from register import server
from register.book import Book
from register.record import storable
from register.report import year
from tests.register.made import assessment, decision, envelope, mail, message

MIGRATIONS = server.__file__.replace("server.py", "migrations")


@pytest.fixture
def first(template: str) -> Engine:
    """A database in the first shape, with one complaint and one question as the first program wrote them."""
    with psycopg.connect(server.libpq(template).replace("/klachtwijzer?", "/postgres?"), autocommit=True) as admin:
        admin.execute("drop database if exists eerste with (force)")
        admin.execute("create database eerste")
    engine = server.engine(template.replace("/klachtwijzer?", "/eerste?"))
    settings = Config()
    settings.set_main_option("script_location", MIGRATIONS)
    with engine.begin() as connection:
        settings.attributes["connection"] = connection
        command.upgrade(settings, "0001")
        for number, (judged, due) in enumerate(
            [(decision(gevaar=("D2",), dringendheid="nu"), "2026-03-12"), (decision("beantwoorden", "vraag"), None)], 1
        ):
            _old_row(connection.connection.driver_connection, number, judged, due)
    return engine


def _old_row(driver: object, number: int, judged: object, due: str | None) -> None:
    assert isinstance(driver, psycopg.Connection)
    raw = mail()
    read = message(raw)
    reference = f"KW-2026-0000{number}"
    words = {"d": read.digest, "r": reference, "n": number, "raw": raw, "at": envelope().received, "due": due}
    words |= {
        "m": Jsonb(storable(read)),
        "a": Jsonb(storable(assessment(read.digest))),
    }
    words |= {"j": Jsonb(storable(judged)), "u": getattr(judged, "uitkomst")}  # noqa: B009
    words |= {"s": getattr(judged, "soort"), "g": getattr(judged, "dringendheid"), "c": due is not None}  # noqa: B009
    for statement in (
        "insert into raw_mail (digest, raw, channel, recipients, received, state)"
        " values (%(d)s, %(raw)s, 'smtp', '{}', %(at)s, 'ingeschreven')",
        "insert into year_counter values (2026, %(n)s) on conflict (year) do update set last = excluded.last",
        "insert into dossier (reference, year, number, sender_name, sender_address, opened, due_ack, due_answer)"
        " values (%(r)s, 2026, %(n)s, 'Lien', 'lien@voorbeeld.example', '2026-03-02', %(due)s, %(due)s::date + 35)",
        "insert into message (digest, received, record, search) values (%(d)s, %(at)s, %(m)s, to_tsvector('klacht'))",
        "insert into assessment (digest, who, record) values (%(d)s, 'klachtwijzer', %(a)s)",
        "insert into decision (digest, assessment, who, uitkomst, record)"
        " values (%(d)s, %(n)s, 'klachtwijzer', %(u)s, %(j)s)",
        "insert into item (digest, decision, dossier, open, rank, due, received, clocked, joined, uitkomst, soort,"
        " sector, dringendheid, betrokkene, taal)"
        " values (%(d)s, %(n)s, %(r)s, true, 0, coalesce(%(due)s::date, '9999-12-31'),"
        " %(at)s, %(c)s, false, %(u)s, %(s)s, 'jeugdhulp', %(g)s, 'opgroeien', 'nl')",
        "insert into event (who, what, dossier, digest, detail)"
        " values ('klachtwijzer', 'dossier geopend', %(r)s, %(d)s, '{}')",
        "insert into reading (account, digest) values ('an', %(d)s)",
    ):
        driver.execute(statement, words)


def test_a_register_of_the_first_release_is_carried_over_whole(first: Engine) -> None:
    server.migrate(first)
    server.migrate(first)
    book = Book(first)
    items = {item.reference: item for item in book.items().items}
    assert set(items) == {"KW-2026-00001", "KW-2026-00002"}
    record = book.record(items["KW-2026-00001"].digest)
    assert record is not None and record.message.text == "Niemand belt terug."
    assert (record.decision.gevaar, items["KW-2026-00001"].due) == (("D2",), date(2026, 3, 12))
    reckoning = book.reckoning("KW-2026-00001")
    assert reckoning is not None and (reckoning.clock.day_zero, reckoning.due_answer) == (
        date(2026, 3, 2),
        date(2026, 4, 16),
    )
    assert book.reckoning("KW-2026-00002") is None
    with first.connect() as connection:
        told = connection.execute(text("select sector, severity, qualification from dossier order by reference")).all()
    assert [tuple(row) for row in told] == [("jeugdhulp", "gevaar", "klacht"), ("jeugdhulp", "gewoon", "")]
    assert book.report(year(2026)).number("totaal", "klacht") == 1
    book.upkeep()
    verdict = book.verify_journal()
    assert (verdict.whole, verdict.rows) == (True, 8)
    with book.begin() as page:
        page.treat("KW-2026-00001", "an").admit()
    assert book.report(year(2026)).number("ontvankelijk", "ja") == 1
    first.dispose()
