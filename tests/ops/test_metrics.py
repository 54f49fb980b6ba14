"""The numbers, the answers to a monitor, and that dashboard and alarms name nothing that is not there."""

import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml
from sqlalchemy import text

from klachtwijzer.metrics import SILENT, Pulse
from klachtwijzer.settings import CHECKOUT
from register import halt, server
from register.book import Book
from register.gauges import Gauges, gauges
from tests.klachtwijzer.started import Processes, new_mail, until
from tests.klachtwijzer.started import kept as keep_one
from tests.register.made import RECEIVED, decision, entered, letter

OPS = CHECKOUT / "ops"
NAMED = re.compile(r"\b(?:klachtwijzer|process)_\w+")


def of(book: Book, now: datetime) -> Gauges:
    with book.engine.connect() as connection:
        return gauges(connection, now)


def test_an_empty_register_has_nothing_late_waiting_or_unconfirmed(book: Book) -> None:
    found = of(book, datetime.now(UTC))
    assert (found.oldest_waiting, found.escalations, found.oldest_escalation, found.workers) == (0, 0, 0, 0)
    assert (found.entered, found.jobs, found.loose, found.halted) == ({}, {}, 0, False)
    assert set(found.lag.values()) | set(found.oldest_letter.values()) | set(found.terms.values()) == {0}


def test_a_kept_mail_grows_older_until_it_is_understood(book: Book) -> None:
    keep_one(book, new_mail().raw)
    with book.engine.begin() as connection:
        connection.execute(text("update raw_mail set kept = kept - interval '90 seconds'"))
        connection.execute(text("update procrastinate_events set at = at - interval '90 seconds'"))
    found = of(book, datetime.now(UTC))
    assert 89 < found.oldest_waiting < 150
    assert 89 < found.lag["mail"] < 150
    assert (found.lag["letters"], found.jobs) == (0, {("mail", "todo"): 1})


def test_a_job_that_is_put_off_is_no_lag_and_one_that_is_due_again_counts_from_then(book: Book) -> None:
    keep_one(book, new_mail().raw)
    with book.engine.begin() as connection:
        connection.execute(text("update procrastinate_jobs set scheduled_at = now() + interval '1 hour'"))
    assert of(book, datetime.now(UTC)).lag["mail"] == 0
    with book.engine.begin() as connection:
        connection.execute(text("update procrastinate_jobs set scheduled_at = now() - interval '30 seconds'"))
    assert 29 < of(book, datetime.now(UTC)).lag["mail"] < 90


def test_an_escalation_counts_until_a_person_agreed(book: Book) -> None:
    digest, _ = entered(book, decision("escaleren", dringendheid="nu", gevaar=("D1",)))
    found = of(book, RECEIVED + timedelta(hours=2))
    assert (found.escalations, found.oldest_escalation, found.entered) == (1, 7200, {"escaleren": 1})
    with book.begin() as page:
        page.settle(digest, "an")
    after = of(book, RECEIVED + timedelta(days=2))
    assert (after.escalations, after.oldest_escalation, after.entered) == (0, 0, {})


def test_terms_are_near_for_three_days_and_then_late_and_a_pause_is_neither(book: Book) -> None:
    entered(book)
    ten = RECEIVED + timedelta(days=10)
    assert of(book, ten - timedelta(days=4)).terms["bevestigen", "nabij"] == 0
    assert of(book, ten - timedelta(days=3)).terms["bevestigen", "nabij"] == 1
    assert of(book, ten).terms["bevestigen", "te laat"] == 0
    late = of(book, ten + timedelta(days=1)).terms
    assert (late["bevestigen", "te laat"], late["bevestigen", "nabij"], late["antwoorden", "te laat"]) == (1, 0, 0)
    with book.engine.begin() as connection:
        connection.execute(
            text("insert into pause (dossier, ground, since) select reference, 'x', opened from dossier")
        )
    assert set(of(book, ten + timedelta(days=1)).terms.values()) == {0}


def test_a_letter_that_waits_grows_older_and_the_general_pause_is_seen(book: Book) -> None:
    digest, dossier = entered(book)
    assert dossier is not None
    with book.begin() as page:
        page.hold(dossier.reference, letter(digest), released=False)
        halt.halt(page.connection, "an", "proef", now=RECEIVED)
    found = of(book, datetime.now(UTC) + timedelta(hours=1))
    assert 3599 < found.oldest_letter["vastgehouden"] + found.oldest_letter["concept"] < 3700
    assert found.halted


def test_a_role_is_silent_once_it_stops_beating_or_its_task_ended() -> None:
    now = [100.0]
    pulse = Pulse(lambda: now[0])
    beat = pulse.beats("worker")
    pulse.watch("smtp", lambda: now[0] < 200)
    assert pulse.silent() == ["worker"]
    beat()
    assert pulse.silent() == []
    now[0] += SILENT
    assert pulse.silent() == ["worker"]
    now[0] = 300
    assert pulse.silent() == ["smtp", "worker"]


@pytest.fixture
def exposed(book: Book, url: str, processes: Processes) -> str:
    """What `/metrics` says of a worker with something of everything in its register."""
    process = processes.start(
        "serve", "--role", "worker", "--role", "smtp", DATABASE_URL=server.libpq(url), MONITOR_LISTEN="127.0.0.1:0",
        HOME="/nergens", KEY="a" * 43 + "=",
    )  # fmt: skip
    address = process.addresses()["monitor"]
    until(lambda: httpx.get(f"http://{address}/readyz").status_code == 200)
    assert httpx.get(f"http://{address}/healthz").text == "ok\n"
    keep_one(book, new_mail().raw)
    until(lambda: not book.counts().kept)
    return httpx.get(f"http://{address}/metrics").text


def test_dashboard_and_alarms_name_only_metrics_that_a_worker_really_tells(exposed: str) -> None:
    there = {line.split()[2] for line in exposed.splitlines() if line.startswith("# TYPE")}
    assert re.search(r"^klachtwijzer_workers 1\.0$", exposed, re.MULTILINE)
    board = json.loads((OPS / "grafana" / "klachtwijzer.json").read_text(encoding="utf-8"))
    asked = [target["expr"] for panel in board["panels"] for target in panel["targets"]]
    asked += [rule["expr"] for rule in alarms()]
    named = {name for expression in asked for name in NAMED.findall(expression)}
    assert len(named) > 15
    assert named - there == set()
    ours = {name for name in there if name.startswith("klachtwijzer_")}
    shown = {name for target in asked for name in NAMED.findall(target)}
    assert ours - shown == set(), "a number that no dashboard shows"


def test_the_numbers_hold_no_word_or_address_of_a_mail(exposed: str) -> None:
    assert "lien" not in exposed.lower() and "@" not in exposed and "telefoon" not in exposed


def alarms() -> list[dict[str, Any]]:
    groups = yaml.safe_load((OPS / "prometheus" / "klachtwijzer.yml").read_text(encoding="utf-8"))["groups"]
    return [rule for group in groups for rule in group["rules"]]


def test_every_alarm_says_why_it_matters_and_what_to_do() -> None:
    assert len(alarms()) > 8
    for rule in alarms():
        told = rule["annotations"]
        assert min(len(told["reden"]), len(told["doen"])) > 30, rule["alert"]
        assert rule["labels"]["ernst"] in ("nu", "vandaag", "week")


def test_a_database_that_is_away_is_told_as_not_ready(own_home: Path, processes: Processes) -> None:
    theirs = server.libpq(server.embedded(own_home))
    process = processes.start(
        "serve",
        "--role",
        "smtp",
        DATABASE_URL=theirs,
        MONITOR_LISTEN="127.0.0.1:0",
        HOME="/nergens",
        KEY="a" * 43 + "=",
    )
    address = process.addresses()["monitor"]
    assert httpx.get(f"http://{address}/readyz").text == "ok\n"
    assert server.release(own_home)
    answer = httpx.get(f"http://{address}/readyz", timeout=30)
    assert (answer.status_code, answer.text) == (503, "database\n")
    assert httpx.get(f"http://{address}/healthz").text == "ok\n"
