"""The whole product in real processes: mails over real sockets, workers that are killed, a database that goes away."""

import os
import signal
import smtplib
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from register import server
from register.book import Book
from register.export import lines as exported
from tests.klachtwijzer.started import (
    CORPUS,
    OURS,
    Posted,
    Process,
    Processes,
    corpus_mail,
    new_mail,
    send,
    send_at_once,
    until,
)
from tests.register.conftest import new_home

MAILS = 120
CONNECTIONS = 6
# A dead worker is known by 20 s of silence, looked for every 5 s; the rest is for a busy machine.
RESCUED_WITHIN = 45.0
pytestmark = pytest.mark.timeout(300)


class House:
    """A running product whose parts are started and stopped one by one."""

    def __init__(self, processes: Processes, home: Path) -> None:
        self.processes, self.home = processes, home
        # This process shares the server too, so that it outlives every process that is tried here.
        self.engine = server.engine(server.embedded(home))
        server.migrate(self.engine)
        self.book = Book(self.engine)
        self.doors = self.start("smtp").addresses()
        self.smtp, self.lmtp = str(self.doors["smtp"]), str(self.doors["lmtp"])
        self.workers: list[Process] = []

    def start(self, role: str) -> Process:
        return self.processes.start("serve", "--role", role, HOME=str(self.home))

    def worker(self) -> Process:
        """A worker that is alive."""
        for process in self.workers:
            if process.running.poll() is None:
                return process
        self.workers.append(self.start("worker"))
        self.workers[-1].addresses()
        return self.workers[-1]

    def messages(self) -> list[dict[str, object]]:
        with self.engine.connect() as connection:
            return list(exported(connection))

    def entered(self, mail: Posted) -> bool:
        return any(line["message_id"] == mail.message_id for line in self.messages())

    def left(self) -> int:
        return self.book.counts().kept

    def doing(self) -> int:
        with self.engine.connect() as connection:
            waiting = text("select count(*) from procrastinate_jobs where status = 'doing'")
            return int(connection.execute(waiting).scalar_one())


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with new_home() as home, Processes(tmp_path_factory.mktemp("huis")) as processes:
        made = House(processes, home)
        yield made
        made.engine.dispose()


def kill_in_the_middle(house: House, worker: Process) -> None:
    """SIGKILL at a moment when a job is in its hands and others wait."""
    until(lambda: 0 < house.left() < MAILS - 10, every=0.005)
    while True:
        worker.running.send_signal(signal.SIGSTOP)
        if house.doing():
            break
        worker.running.send_signal(signal.SIGCONT)
    worker.kill()
    assert house.left() > 0
    assert house.doing() > 0


def test_each_mail_is_entered_once_though_a_worker_is_killed_in_the_middle(house: House) -> None:
    mails = [corpus_mail(path) for path in sorted(CORPUS.glob("*.eml"))[:MAILS]]
    worker = house.worker()
    send_at_once(house.smtp, mails, CONNECTIONS)
    kill_in_the_middle(house, worker)
    house.worker()
    until(lambda: house.left() == 0, within=RESCUED_WITHIN)

    found = house.processes.start("export", "--json", HOME=str(house.home))
    assert found.running.wait(timeout=90) == 0
    lines = house.messages()
    assert len(found.output().splitlines()) == len(lines)
    assert sorted(str(line["message_id"]) for line in lines) == sorted(mail.message_id for mail in mails)
    opened = [line["referentie"] for line in lines if line["uitkomst"] not in ("negeren", "toevoegen")]
    assert len(opened) == len(set(opened)) > MAILS / 2
    assert None not in opened
    for line in lines:
        assert (line["referentie"] is None) == (line["uitkomst"] == "negeren")
    # An undone entry gives its number back, so there is no gap in the numbers either.
    numbers = sorted({int(str(line["referentie"])[-5:]) for line in lines if line["referentie"]})
    assert numbers == list(range(1, len(numbers) + 1))

    send_at_once(house.smtp, mails, CONNECTIONS)
    assert house.left() == 0
    assert house.messages() == lines


def test_a_mail_for_somebody_else_is_refused_and_leaves_nothing(house: House) -> None:
    host, _, port = house.smtp.rpartition(":")
    before = house.messages()
    with smtplib.SMTP(host, int(port), timeout=30) as door, pytest.raises(smtplib.SMTPRecipientsRefused) as refused:
        door.sendmail("lien@voorbeeld.example", ["iemand@elders.example"], new_mail().raw)
    assert refused.value.recipients["iemand@elders.example"][0] == 550
    assert house.left() == 0
    assert house.messages() == before


def test_a_mail_by_lmtp_is_entered_and_the_same_mail_by_smtp_adds_nothing(house: House) -> None:
    house.worker()
    mail = new_mail()
    send(house.lmtp, [mail], lmtp=True)
    until(lambda: house.entered(mail))
    send(house.smtp, [mail])
    assert house.left() == 0
    assert [line["message_id"] for line in house.messages()].count(mail.message_id) == 1


def stop_database(house: House) -> None:
    """As an operator would stop it for a moment."""
    pid_file = house.home / "postgres" / "postmaster.pid"
    house.engine.dispose()
    os.kill(int(pid_file.read_text(encoding="utf-8").split("\n", 1)[0]), signal.SIGINT)
    until(lambda: not pid_file.exists())


def test_while_the_database_is_away_senders_keep_their_mail_and_afterwards_work_goes_on(house: House) -> None:
    worker = house.worker()
    stop_database(house)
    mail = new_mail()
    for _ in range(2):
        with pytest.raises(smtplib.SMTPDataError) as refused:
            send(house.smtp, [mail])
        assert refused.value.smtp_code == 451
    server.embedded(house.home)
    send(house.smtp, [mail])
    until(lambda: house.entered(mail))
    assert worker.running.poll() is None


def test_sigterm_ends_every_role_in_order(house: House) -> None:
    for process in (house.worker(), house.processes.started[0]):
        assert process.stop() == 0
        # Every line is JSON, so nothing ended in a traceback; and no line holds words of a mail.
        assert [line for line in process.log() if line.get("event") == "ready"]
        assert OURS not in process.told.read_text(encoding="utf-8")
