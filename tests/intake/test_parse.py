"""Raw bytes to a message: nothing is lost, and nothing can make it raise."""

import hashlib
import io
import json
import re
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from docx import Document
from hypothesis import given, settings
from hypothesis import strategies as st

from intake.message import Message, Party
from intake.parse import parse
from tests.intake.written import OURS, arrival, mail, multipart, part

CORPUS = Path(__file__).parents[1] / "corpus"


def read(raw: bytes) -> Message:
    return parse(raw, arrival())


def test_an_ordinary_mail_is_read_whole() -> None:
    raw = mail("Beste,\r\n\r\nNiemand belt terug.\r\n", "In-Reply-To: <a@x>", "References: <b@x> <a@x>")
    message = read(raw)
    assert message.digest == hashlib.sha256(raw).hexdigest()
    assert message.message_id == "een@telenet.example"
    assert message.sent == datetime(2026, 3, 2, 10, 16, tzinfo=timezone(timedelta(hours=1)))
    assert message.sender == Party("Els Nijs", "els@telenet.example")
    assert message.recipients == (Party("", OURS),)
    assert message.text == "Beste,\n\nNiemand belt terug."
    assert message.own == message.text
    assert (message.in_reply_to, message.references) == (("a@x",), ("b@x", "a@x"))
    assert message.headers["in-reply-to"] == "<a@x>"
    assert message.automatic is None
    assert message.faults == ()


@pytest.mark.parametrize(
    ("written", "read_as"),
    [
        ("=?utf-8?Q?Klacht_=C3=A9=C3=A9n?=", "Klacht één"),
        ("=?utf-8?Q?Klacht_=C3?= =?utf-8?Q?=A9=C3=A9n?=", "Klacht één"),
        ("=?iso-8859-1?B?S2xhY2h0IOk=?= vervolg", "Klacht é vervolg"),
        ("Klacht \udcc3\udca9\udcc3\udca9n", "Klacht één"),
        ("Klacht \udce9\udce9n", "Klacht één"),
        ("=?onbestaand?Q?vraag?=", "vraag"),
        ("=?utf-8?B?kapot!?= rest", "rest"),
        ("een\r\n twee", "een twee"),
    ],
)
def test_a_subject_is_readable_however_it_was_written(written: str, read_as: str) -> None:
    assert read(mail(subject=written)).subject.endswith(read_as)


@pytest.mark.parametrize(
    ("charset", "octets", "text"),
    [
        ("iso-8859-1", "“café” €".encode("cp1252"), "“café” €"),
        ("us-ascii", "één".encode(), "één"),
        ("utf-8", "één".encode("cp1252"), "één"),
        ("utf-8", "één é".encode() + "é".encode("cp1252"), "één éé"),
        ("klingon", "één keer per week".encode("cp1252"), "één keer per week"),
        ("utf-16", "één".encode("utf-16"), "één"),
        ("iso-2022-jp", "日本".encode("iso-2022-jp"), "日本"),
        ("koi8-r", "жалоба".encode("koi8-r"), "жалоба"),
        ("zlib", b"gewoon", "gewoon"),
        ("", "Жалоба на детский сад и его работников".encode("windows-1251"), "Жалоба на детский сад и его работников"),
    ],
)
def test_a_body_is_read_by_declaration_and_then_by_its_bytes(charset: str, octets: bytes, text: str) -> None:
    kind = f"Content-Type: text/plain; charset={charset}" if charset else "Content-Type: text/plain"
    assert read(mail(octets, kind, "Content-Transfer-Encoding: 8bit")).text == text


def test_nul_controls_and_marks_that_hide_letters_are_taken_out() -> None:
    message = read(mail("ge\u200bslagen\x00 en\u00a0bang\r\nja\rnee\r\n", "Content-Type: text/plain; charset=utf-8"))
    assert message.text == "geslagen en bang\nja\nnee"


def test_plain_text_is_preferred_and_html_read_when_plain_says_nothing() -> None:
    html = "<p>Mijn dochter mag <b>niet</b> meer komen, zegt de opvang.</p>"
    told = "Mijn dochter mag niet meer komen, zegt de opvang."
    for plain, expected in [
        (told + " (gewoon)", told + " (gewoon)"),
        ("", told),
        ("Gebruik een HTML-programma.", told),
    ]:
        kind, body = multipart("alternative", part("text/plain", plain), part("text/html", html))
        assert read(mail(body, kind)).text == expected


def test_a_short_plain_text_is_not_taken_for_a_stub() -> None:
    kind, body = multipart("alternative", part("text/plain", "Bel mij aub."), part("text/html", "<p>Bel mij aub.</p>"))
    assert read(mail(body, kind)).text == "Bel mij aub."


def test_soft_line_ends_of_flowed_text_are_joined() -> None:
    message = read(mail("Dit is een \r\nlange zin.\r\nNieuwe zin.\r\n", "Content-Type: text/plain; format=flowed"))
    assert message.text == "Dit is een lange zin.\nNieuwe zin."


def test_attachments_keep_name_size_and_text() -> None:
    document = io.BytesIO()
    word = Document()
    word.add_paragraph("De opvang sluit om vier uur.")
    word.add_table(rows=1, cols=1).cell(0, 0).text = "in de tabel"
    word.save(document)
    kind, body = multipart(
        "mixed",
        part("text/plain", "Zie bijlage."),
        part("text/plain; name=nota.txt", "de nota", "Content-Disposition: attachment; filename=nota.txt"),
        part("application/octet-stream", document.getvalue(), 'Content-Disposition: attachment; filename="brief.docx"'),
        part("image/png", b"\x89PNG", "Content-Disposition: inline", "Content-ID: <logo>"),
    )
    message = read(mail(body, kind))
    assert message.text == "Zie bijlage."
    assert [(a.name, a.text) for a in message.attachments[:1]] == [("nota.txt", "de nota")]
    assert message.attachments[1].text == "De opvang sluit om vier uur.\nin de tabel"
    assert (message.attachments[2].name, message.attachments[2].size) == ("naamloos (image/png)", 4)


def test_the_text_of_a_pdf_is_read() -> None:
    raw = pdf("De begeleider kwam niet opdagen.")
    kind, body = multipart(
        "mixed",
        part("text/plain", "Zie pdf."),
        part("application/pdf; name=a.pdf", raw, "Content-Transfer-Encoding: 8bit"),
    )
    assert "De begeleider kwam niet opdagen." in read(mail(body, kind)).attachments[0].text


@pytest.mark.parametrize("name", ["kapot.pdf", "kapot.docx"])
def test_a_damaged_attachment_is_told_and_costs_nothing_else(name: str) -> None:
    raw = b"%PDF-1.4 rommel" if name.endswith("pdf") else b"PK\x03\x04rommel"
    kind, body = multipart("mixed", part("text/plain", "Zie bijlage."), part(f"application/x; name={name}", raw))
    message = read(mail(body, kind))
    assert message.text == "Zie bijlage."
    assert [a.name for a in message.attachments] == [name]
    assert message.faults == ("Een bijlage is beschadigd of beveiligd; haar tekst kon niet gelezen worden.",)


def test_an_attached_mail_is_kept_apart_with_its_own_attachments() -> None:
    kind, body = multipart("mixed", part("text/plain", "binnen"), part("text/plain; name=x.txt", "diep"), boundary="b2")
    inner = mail(body, kind, subject="Het verslag")
    kind, body = multipart("mixed", part("text/plain", "buiten"), part("message/rfc822", inner))
    message = read(mail(body, kind))
    assert message.text == "buiten"
    assert [a.name for a in message.attachments] == ["Het verslag.eml", "Het verslag.eml/x.txt"]
    assert "binnen" in message.attachments[0].text
    assert message.attachments[1].text == "diep"


def test_a_multipart_without_its_boundary_still_gives_its_words() -> None:
    broken = "Content-Type: multipart/mixed; boundary=verkeerd"
    _, body = multipart("mixed", part("text/plain", "De eerste tekst."), part("text/plain; name=b.txt", "bijlage"))
    message = read(mail(body, broken))
    assert message.text == "De eerste tekst."
    assert [a.name for a in message.attachments] == ["b.txt"]
    assert read(mail("Gewoon wat tekst.\r\n", "Content-Type: multipart/alternative")).text == "Gewoon wat tekst."


@pytest.mark.parametrize(
    ("written", "name", "address"),
    [
        ("Nijs, Els <els@x.example>", "Nijs, Els", "els@x.example"),
        ('"Nijs, Els" <els@x.example>', "Nijs, Els", "els@x.example"),
        ("=?utf-8?q?Els_Ni=C3=ABs?= <els@x.example>", "Els Niës", "els@x.example"),
        ("els@x.example (Els Nijs)", "Els Nijs", "els@x.example"),
        ("els@x.example", "", "els@x.example"),
        ("Els zonder adres", "Els zonder adres", ""),
    ],
)
def test_the_sender_is_understood_in_each_way_of_writing(written: str, name: str, address: str) -> None:
    assert read(mail(From=written)).sender == Party(name, address)


@pytest.mark.parametrize("date", ["gisteren", "Mon, 02 Mar 9999999 10:16:00 +0100", "Mon, 99 Foo 2026 10:16 +9999999"])
def test_an_unreadable_date_is_a_fault_and_no_error(date: str) -> None:
    message = read(mail(Date=date))
    assert message.sent is None
    assert "De datum van het bericht is onleesbaar." in message.faults


def test_a_mailbox_line_and_blank_lines_before_the_head_do_no_harm() -> None:
    for before in (b"\r\n\r\n", b"From els@x Mon Mar  2 10:16:00 2026\n", b">From x\n"):
        assert read(before + mail("Dag.")).subject == "Klacht"


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\x00\xff\xfe",
        b"\r\n\r\nalleen tekst",
        b"Subject",
        b": leeg\r\n\r\nx",
        b"Content-Type: image/p\x00ng\r\n\r\nx",
        b"Content-Type: ;;;=\r\n\r\nx",
        b"Content-Type: text/plain; charset*0*=x''%ff; charset*1=y\r\n\r\nx",
        b"Content-Type: text/plain; name*=klingon'nl'%E9\r\n\r\nx",
        b"Content-Type: multipart/mixed; boundary=a\r\n\r\n"
        + b"--a\r\nContent-Type: multipart/mixed; boundary=a\r\n\r\n" * 300,
        b"Content-Type: message/rfc822\r\n\r\n" * 400,
        b"Content-Transfer-Encoding: base64\r\n\r\n####",
        b"Content-Transfer-Encoding: x-uuencode\r\n\r\nbegin 666 a\r\n#kapot",
        b"From: <" * 5000 + b"\r\n\r\nx",
        b"To: " + b"a@b, " * 20_000 + b"\r\n\r\nx",
        b"X: y\r\n" * 100_000 + b"\r\nx",
        b"Subject: " + b"=?utf-8?Q?a?= " * 20_000 + b"\r\n\r\nx",
        b"Content-Type: text/html\r\n\r\n" + b"<div>" * 50_000 + b"diep",
        b"Content-Type: text/html\r\n\r\n" + b"<!--" * 50_000,
        b"Content-Type: text/html\r\n\r\n" + b"<" * 200_000,
        b"Message-ID: <\r\nReferences: " + b"<a@b>" * 50_000 + b"\r\n\r\nx",
    ],
)
@pytest.mark.timeout(5)
def test_odd_bytes_give_a_message_and_never_an_error(raw: bytes) -> None:
    message = read(raw)
    whole = "".join(message.text[p.start : p.end] for p in message.passages)
    assert whole == message.text
    assert "\x00" not in message.text + "".join(a.name + a.media_type for a in message.attachments)


def test_text_deep_in_html_is_still_read() -> None:
    assert read(mail("<div>" * 50_000 + "diep", "Content-Type: text/html")).text == "diep"


@settings(max_examples=150, deadline=None)
@given(
    st.binary(max_size=400), st.lists(st.sampled_from(["text/plain", "text/html", "multipart/mixed", "x"]), max_size=3)
)
def test_random_bytes_give_words_that_a_database_can_hold(octets: bytes, kinds: list[str]) -> None:
    head = b"".join(f'Content-Type: {kind}; boundary="b"; charset=utf-8\r\n'.encode() for kind in kinds)
    message = read(head + b"\r\n--b\r\n" + octets)
    for words in (message.text, message.subject, message.sender.name, *(a.text for a in message.attachments)):
        words.encode("utf-8")
        assert "\x00" not in words


@pytest.mark.parametrize("folder", ["learn", "fold"])
def test_every_labelled_mail_is_read_and_machines_are_told_from_people(folder: str) -> None:
    labels = {
        label["file"]: label["soort"]
        for label in map(json.loads, (CORPUS / folder / "labels.jsonl").read_text(encoding="utf-8").splitlines())
    }
    machines: set[str] = set()
    for name in labels:
        raw = (CORPUS / folder / name).read_bytes()
        path = re.search(rb"^Return-Path: <([^>]*)>", raw, re.MULTILINE)
        message = parse(raw, arrival(path[1].decode() if path else ""))
        assert message.faults == (), name
        assert message.text, name
        if message.automatic:
            machines.add(name)
    assert machines == {name for name, kind in labels.items() if kind == "automatisch"}


def pdf(words: str) -> bytes:
    """The smallest document of one page that says `words`."""
    stream = f"BT /F1 12 Tf 72 720 Td ({words}) Tj ET".encode()
    bodies = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(stream), stream),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]
    out, offsets = b"%PDF-1.4\n", []
    for number, body in enumerate(bodies, 1):
        offsets.append(len(out))
        out += b"%d 0 obj%s endobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    start = len(out)
    return out + b"xref\n0 6\n0000000000 65535 f \n%strailer<</Size 6/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (
        table,
        start,
    )
