"""A mail as a weapon: against our letters, our readers, our pages, and the network behind us."""

import socket
from collections.abc import Iterator
from dataclasses import replace
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import NoReturn

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intake.message import Envelope, Party
from intake.sandbox import SANDBOX
from klachtwijzer.settings import CHECKOUT
from klachtwijzer.story import Story
from register.book import Book
from register.outgoing import Outgoing
from responder.wrap import wire, wrap
from tests.console.conftest import LogIn
from tests.klachtwijzer.started import NOW, OURS
from tests.responder.test_wrap import LETTER, SENT

MAILS = CHECKOUT / "tests" / "mails"
ENVELOPE = Envelope("smtp", "kwaad@voorbeeld.example", (OURS,), NOW)
_EVIL = st.text(st.sampled_from('abé\r\n\0\u2028\u0085:;<>@,"\\ \t=?'), max_size=80)


@settings(max_examples=150, deadline=None)
@given(subject=_EVIL, name=_EVIL, body=_EVIL)
def test_no_word_of_a_writer_becomes_a_header_or_a_second_reader_of_our_letter(
    subject: str, name: str, body: str
) -> None:
    evil = "\r\nBcc: spion@elders.example\r\nX-Kwaad: ja\r\n\r\n"
    letter = Outgoing(
        "0" * 64,
        "ontvangstbevestiging",
        LETTER.sender,
        Party(name + evil, LETTER.to.address),
        subject + evil,
        body + evil,
    )
    letter = replace(letter, message_id=LETTER.message_id)
    sent = message_from_bytes(wire(wrap(letter, SENT), wide=False), policy=default)
    assert {one.lower() for one in sent} & {"bcc", "cc", "x-kwaad"} == set()
    assert [one.addr_spec for one in sent["To"].addresses] == [LETTER.to.address]
    assert len(sent.get_all("Subject") or []) == len(sent.get_all("To") or []) == 1


@pytest.fixture
def deaf(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[object]]:
    """A machine on which every call to the network is written down and fails."""
    called: list[object] = []

    def refuse(_: socket.socket, address: object) -> NoReturn:
        called.append(address)
        raise OSError("no network")

    # The database is reached by its own library; what Python itself could call is what parsing could use.
    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket.socket, "connect_ex", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", lambda *asked, **_: refuse(socket.socket(), asked))
    yield called


LURES = """<html><head><link rel=stylesheet href="http://169.254.169.254/latest/meta-data/"><base href="http://elders.example/">
<meta http-equiv=refresh content="0;url=http://127.0.0.1:5432/"></head><body background="http://10.0.0.1/x.png">
<img src="http://elders.example/pixel.gif?lien"><iframe src="file:///etc/passwd"></iframe>
<object data="http://localhost:8000/metrics"></object><svg><image href="http://elders.example/s.svg"/></svg>
<p>Ik heb een klacht over de opvang. Zie https://elders.example/bewijs</p></body></html>"""


def test_nothing_is_fetched_for_a_mail_whatever_it_links_to(book: Book, story: Story, deaf: list[object]) -> None:
    head = f"From: a@b.example\r\nTo: {OURS}\r\nMessage-ID: <1@b.example>\r\nSubject: Klacht\r\n"
    raw = f"{head}MIME-Version: 1.0\r\nContent-Type: text/html; charset=utf-8\r\n\r\n{LURES}\r\n".encode()
    odd = [path.read_bytes() for path in sorted(MAILS.glob("*html*.eml"))]
    for mail in [raw, *odd]:
        digest = book.keep(mail, ENVELOPE).digest
        story.triage(digest)
        assert book.record(digest) is not None
    assert deaf == []


def test_what_a_mail_says_in_html_reaches_a_page_as_words_only(book: Book, story: Story, log_in: LogIn) -> None:
    evil = "<script>alert(1)</script><img src=x onerror=alert(2)>"
    head = f'From: "{evil}" <a@b.example>\r\nTo: {OURS}\r\nMessage-ID: <2@b.example>\r\nSubject: Klacht {evil}\r\n'
    html = f"<p>Klacht over de opvang. {LURES}</p>&lt;script&gt;alert(3)&lt;/script&gt;"
    digest = book.keep(f"{head}Content-Type: text/html\r\n\r\n{html}".encode(), ENVELOPE).digest
    story.triage(digest)
    staff = log_in("beheerder")
    for path in ("/werkvoorraad", f"/bericht/{digest}"):
        page = staff.get(path)
        assert page.status_code == 200
        for sign in (
            "<script>alert",
            "<img src=x",
            "<iframe",
            "<object",
            'elders.example/pixel.gif"',
            "http-equiv=refresh",
        ):
            assert sign not in page.text, (path, sign)
    download = staff.get(f"/bericht/{digest}/ruw.eml")
    assert download.headers["content-disposition"].startswith("attachment")
    assert download.headers["content-type"] == "application/octet-stream"
    assert (download.headers["x-content-type-options"], "sandbox" in download.headers["content-security-policy"]) == (
        "nosniff",
        True,
    )


@pytest.mark.parametrize(
    "name",
    [
        "../../../etc/cron.d/kwaad",
        "..\\..\\windows\\kwaad.exe",
        "/etc/passwd",
        "C:\\x",
        "a\0b.pdf",
        "con",
        ".",
        "..",
        "x\r\nX-Kwaad: 1",
        "<b>x",
    ],
)
def test_the_name_of_an_attachment_is_only_ever_shown(  # noqa: PLR0917
    name: str, book: Book, story: Story, log_in: LogIn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    head = f"From: a@b.example\r\nTo: {OURS}\r\nMessage-ID: <3@b.example>\r\nMIME-Version: 1.0\r\n"
    head += "Content-Type: multipart/mixed; boundary=g\r\n\r\n--g\r\nContent-Type: text/plain\r\n"
    quoted = name.replace("\\", "\\\\")
    part = f'Content-Disposition: attachment; filename="{quoted}"\r\n\r\nInhoud\r\n--g--\r\n'
    digest = book.keep((head + part).encode("utf-8", "replace"), ENVELOPE).digest
    story.triage(digest)
    record = book.record(digest)
    assert record is not None
    for one in record.message.attachments:
        assert not [sign for sign in one.name if ord(sign) < 32]
    page = log_in("beheerder").get(f"/bericht/{digest}")
    assert page.status_code == 200 and "x-kwaad" not in page.headers and "<b>" not in page.text
    # Nothing was written under any such name: not here, and not where it points to.
    assert list(tmp_path.iterdir()) == [] and not Path("/etc/cron.d/kwaad").exists()


@pytest.mark.parametrize("name", ["bijlage-zip-bom", "bijlage-docx-bom", "bijlage-odt-met-entiteiten"])
def test_a_bomb_costs_its_own_attachment_and_no_more(name: str) -> None:
    message = SANDBOX.understand((MAILS / f"{name}.eml").read_bytes(), ENVELOPE)
    assert not message.unreadable
    assert len(message.text) < 1_000_000
