"""Least privilege in the database, tried with real logins: what each part cannot do, and that each can do its work."""

import re
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import httpx
import psycopg
import pytest
from psycopg.errors import InsufficientPrivilege

from klachtwijzer.settings import CHECKOUT
from register import (  # noqa: F401 — all tables of the register.
    access_tables,
    events,
    file_tables,
    rulebook_tables,
    server,
    trust_tables,
    webhooks,
)
from register.book import Book
from register.sealing import Key
from register.tables import APPEND_ONLY, tables
from tests.console.chat.citizen import send as say_goodbye
from tests.console.chat.citizen import tell
from tests.console.forms import act
from tests.klachtwijzer.started import Processes, new_mail, send, until

SQL = (CHECKOUT / "ops" / "postgres" / "roles.sql").read_text(encoding="utf-8")
PARTS = ("door", "worker", "console", "public")
TELLING = re.compile(r"password|hash$|secret|token|_code")
_numbers = count(1)
Users = dict[str, str]


@pytest.fixture
def users(url: str) -> Iterator[Users]:
    """For each part the URL with which its processes come in."""
    number = next(_numbers)
    names = {part: f"kw_{part}_{number}" for part in PARTS}
    with psycopg.connect(server.libpq(url), autocommit=True) as owner:
        for _ in range(2):  # It may be run again.
            owner.execute(SQL.encode())
        for part, name in names.items():
            owner.execute(f"create role {name} login in role klachtwijzer_{part}".encode())
        yield {part: server.libpq(url).replace("postgres@", f"{name}@") for part, name in names.items()}
        for name in names.values():
            owner.execute(f"drop role {name}".encode())


def refused(url: str, statement: str) -> bool:
    with psycopg.connect(url) as connection:
        try:
            connection.execute(statement.encode())
        except InsufficientPrivilege:
            return True
        return False


@pytest.mark.parametrize(
    "statement",
    [
        "drop table event", "truncate event cascade", "alter table event disable trigger all", "create table x ()",
        "alter table raw_mail rename to weg", "drop function refuse_change() cascade", "delete from raw_mail",
        "update alembic_version set version_num = 'x'", "delete from chain", "delete from event", "delete from reading",
        "delete from decision",
        "alter role current_user superuser", "copy setting to program 'id'", "select pg_read_file('/etc/passwd')",
    ],
)  # fmt: skip
def test_no_part_may_change_the_shape_switch_off_the_journal_or_leave_the_database(
    users: Users, statement: str
) -> None:
    assert [part for part, url in users.items() if not refused(url, statement)] == []


def test_each_part_may_not_read_or_write_what_it_does_not_need(users: Users) -> None:
    for part, statements in {
        "worker": ("select * from account", "select * from token", "select * from mailbox",
                   "insert into account values ('x')", "select * from api_token", "select * from second_factor",
                   "select * from identity", "select * from draft"),
        "door": ("select raw from raw_mail", "select * from message", "select * from account", "select * from party",
                 "select record from decision", "update raw_mail set raw = ''", "select words from heard",
                 "select * from webhook", "insert into webhook_delivery (webhook, what) values (1, 'x')"),
        "public": ("select * from account", "select * from token", "select * from mailbox", "select * from webhook",
                   "select * from api_token", "select * from second_factor", "select * from identity",
                   "select * from draft"),
    }.items():  # fmt: skip
        assert [one for one in statements if not refused(users[part], one)] == [], part


def test_only_the_console_can_blank_what_was_judged_and_only_in_the_name_of_erasure(users: Users) -> None:
    for table in APPEND_ONLY:
        for part in ("worker", "door", "public"):
            assert refused(users[part], f"set klachtwijzer.erasing = 'on'; update {table} set id = id"), (part, table)


@pytest.mark.parametrize("name", sorted(tables.tables))
def test_only_the_console_reads_a_table_with_passwords_tokens_or_codes(users: Users, name: str) -> None:
    telling = [column.name for column in tables.tables[name].columns if TELLING.search(column.name)]
    if telling:
        allowed = {part for part, url in users.items() if not refused(url, f'select "{telling[0]}" from "{name}"')}
        # The doors renew the token of a mailbox; the public page knows its own conversations by the hash of a word.
        beside = {"mailbox": {"door"}, "conversation": {"public", "worker"}}.get(name, set())
        assert allowed <= {"console"} | beside, telling


def test_what_a_door_writes_is_told_though_it_may_not_see_to_whom(users: Users, book: Book) -> None:
    with book.begin() as page:
        webhooks.make(page.connection, "https://ontvanger.example/", ["oordeel.verbeterd"], Key(bytes(32)), "an")
    with psycopg.connect(users["door"]) as door:
        door.execute("insert into event (who, what, detail) values ('deur', %s, '{}')", (events.CORRECTED,))
    with book.engine.connect() as connection:
        assert webhooks.listed(connection)[0].waiting == 1


def test_with_these_rights_each_part_does_its_work_from_the_mail_to_the_agreement(
    users: Users, book: Book, processes: Processes, tmp_path: Path
) -> None:
    book.create_account("an", None, ["beheerder"])
    link = book.login_link("an")
    given = {"HOME": str(tmp_path), "KEY": "a" * 43 + "="}
    # The owner's first start, as after an install, keeps the rulebook and the proof of the key.
    started = {
        role: processes.start("serve", "--role", role, DATABASE_URL=users[part], **given)
        for role, part in (("worker", "worker"), ("smtp", "door"), ("console", "console"), ("chat", "public"))
    }
    addresses = {role: str(process.addresses()[role]) for role, process in started.items() if role != "worker"}
    send(addresses["smtp"], [new_mail("Mijn buurman slaat zijn kind elke avond.")])
    until(lambda: len(list(book.export())) == 1)
    with httpx.Client(base_url=f"http://{addresses['chat']}", follow_redirects=True, timeout=60) as citizen:
        tell(citizen, "De crèche van mijn zoontje geeft de waarborg niet terug.")
        assert "KW-" in say_goodbye(citizen)
    with httpx.Client(base_url=f"http://{addresses['console']}", follow_redirects=True, timeout=60) as staff:
        assert staff.get(f"/inloggen/{link}").status_code == 200
        digest = re.search(r"/bericht/([0-9a-f]{64})", staff.get("/werkvoorraad").text)
        assert digest is not None
        agreed = act(staff, f"/bericht/{digest[1]}", f"/bericht/{digest[1]}/akkoord")
        assert agreed.status_code == 200
        assert staff.get("/metrics").status_code == 200
    assert digest[1] not in {one.digest for one in book.items().items}
    assert not [line for process in started.values() for line in process.log() if line["level"] == "error"]
