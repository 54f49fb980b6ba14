"""Mails that would take all time or memory: the sandbox ends their reading, and the mail still reaches a person."""

import base64
import io
import os
import signal
import subprocess
import sys
import threading
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from intake import cell, wire
from intake.message import Message
from intake.parse import parse
from intake.sandbox import Sandbox
from intake.understand import understand
from tests.intake.test_parse import pdf
from tests.intake.written import arrival, mail, multipart, part

WORDS = "Mijn dochter durft niet meer naar huis."
LONGEST = 2.0


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    made = Sandbox(lanes=1)
    made.warm()
    yield made
    made.close()


def with_file(name: str, raw: bytes) -> bytes:
    attached = part(
        f"application/octet-stream; name={name}", base64.encodebytes(raw), "Content-Transfer-Encoding: base64"
    )
    kind, body = multipart("mixed", part("text/plain", WORDS), attached)
    return mail(body, kind)


def odt(content: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("content.xml", content)
    return out.getvalue()


# The reader of RTF takes time with the square of such a text, and the reader of XML some gigabytes for such a tree.
SLOW = with_file("brief.rtf", b"{\\rtf1 " + b'{\\field{\\*\\fldinst{HYPERLINK "' * 100_000)
LARGE = with_file("brief.odt", odt(b"<a>" + b"<b/>" * 13_000_000 + b"</a>"))
PDF = with_file("brief.pdf", pdf("De begeleider kwam niet."))


def workers(host: int) -> list[int]:
    return [int(pid) for pid in Path(f"/proc/{host}/task/{host}/children").read_text(encoding="ascii").split()]


def host_of(sandbox: Sandbox) -> int:
    process = sandbox._all[0]._process
    assert process is not None
    return process.pid


@pytest.mark.parametrize("raw", [SLOW, LARGE], ids=["time", "memory"])
def test_a_document_that_takes_too_much_costs_its_own_text_only(sandbox: Sandbox, raw: bytes) -> None:
    begun = time.perf_counter()
    message = sandbox.understand(raw, arrival())
    assert time.perf_counter() - begun < LONGEST
    assert message.text == WORDS
    assert [one.text for one in message.attachments] == [""]
    assert message.faults != ()
    assert not message.unreadable


def test_the_next_mail_is_read_as_if_nothing_had_happened(sandbox: Sandbox) -> None:
    for raw in (SLOW, PDF, LARGE, PDF):
        message = sandbox.understand(raw, arrival())
        if raw is PDF:
            assert "De begeleider kwam niet." in message.attachments[0].text


def test_a_worker_that_is_killed_between_mails_leaves_no_answer_behind(sandbox: Sandbox) -> None:
    sandbox.understand(PDF, arrival())
    os.kill(workers(host_of(sandbox))[0], signal.SIGKILL)
    for subject in ("een", "twee", "drie"):
        assert sandbox.understand(mail(WORDS, subject=subject), arrival()).subject == subject


def test_a_host_that_is_killed_is_started_again(sandbox: Sandbox) -> None:
    sandbox.understand(PDF, arrival())
    os.kill(host_of(sandbox), signal.SIGKILL)
    assert sandbox.understand(PDF, arrival()).text == WORDS


def test_workers_are_renewed_and_no_mail_notices(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    sandbox.understand(mail(WORDS), arrival())
    first = workers(host_of(sandbox))
    for number in range(cell._JOBS + 5):
        assert sandbox.understand(mail(WORDS, subject=str(number)), arrival()).subject == str(number)
    assert workers(host_of(sandbox)) != first


def test_threads_share_the_lanes_and_each_gets_its_own_mail() -> None:
    made = Sandbox(lanes=2)
    wrong: list[str] = []

    def ask(name: str) -> None:
        wrong.extend(one for one in [name] * 30 if made.understand(mail(WORDS, subject=one), arrival()).subject != one)

    threads = [threading.Thread(target=ask, args=(f"draad {number}",)) for number in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    made.close()
    assert wrong == []


def test_nothing_remains_running_when_the_asker_is_killed() -> None:
    program = (
        "import sys, time; from intake.sandbox import SANDBOX; SANDBOX.warm(); "
        "print(*(lane._process.pid for lane in SANDBOX._all), flush=True); time.sleep(60)"
    )
    asker = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True)
    with asker:
        assert asker.stdout is not None
        hosts = [int(pid) for pid in asker.stdout.readline().split()]
        asker.kill()
    end = time.monotonic() + 10
    while any(alive(pid) for pid in hosts) and time.monotonic() < end:
        time.sleep(0.05)
    assert hosts
    assert [pid for pid in hosts if alive(pid)] == []


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="ascii").split()[2] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


@pytest.mark.parametrize("raw", [PDF, mail(WORDS), b"", b"\xff\x00From: \xed\xa0\x80\r\n\r\n"])
def test_what_comes_out_is_what_would_have_been_read_here(sandbox: Sandbox, raw: bytes) -> None:
    assert sandbox.understand(raw, arrival()) == understand(raw, arrival())


def test_a_message_survives_the_wire() -> None:
    report = "Final-Recipient: rfc822; a@x.example\r\nAction: failed\r\nStatus: 5.1.1\r\n"
    kind, body = multipart("report", part("text/plain", "x"), part("message/delivery-status", report))
    message = understand(mail(body, kind, Reply_To="Els <e@x.example>"), arrival(""))
    assert message.reports
    assert message.reply_to
    assert wire.message_in(wire.message_out(message), message.envelope) == message
    assert wire.envelope_in(wire.envelope_out(arrival())) == arrival()


@pytest.mark.parametrize("answer", [b"", b"\x80\x04cposix\nsystem\n.", b"[]", b"{}", b'{"reply_to": 1, "sent": null}'])
def test_an_answer_that_is_no_message_is_refused_and_never_run(answer: bytes) -> None:
    with pytest.raises((ValueError, KeyError, TypeError)):
        wire.message_in(answer, arrival())


@pytest.mark.parametrize(("outcome", "why"), [(b"T", "tijd"), (b"R", "geheugen"), (b"ELookupError", "LookupError")])
def test_a_mail_that_overruns_twice_is_told_to_be_unreadable(
    sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch, outcome: bytes, why: str
) -> None:
    monkeypatch.setattr(sandbox._all[0], "ask", lambda *_: outcome)
    monkeypatch.setattr("intake.parse.SANDBOX", sandbox)
    message = parse(PDF, arrival())
    assert message.unreadable
    assert why in message.faults[0]


def test_a_mail_that_nothing_can_read_is_shown_raw_with_its_head(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> Message:
        raise MemoryError

    monkeypatch.setattr("intake.parse.understand", broken)
    message = parse(mail(WORDS, subject="Dringend"), arrival())
    assert message.unreadable
    assert (message.subject, message.sender.address) == ("Dringend", "els@telenet.example")
    assert WORDS in message.own
    assert message.faults == ("Het bericht kon niet ontleed worden en is als ruwe tekst bewaard (MemoryError).",)
