"""Wrappers and reports, down to their octets."""

import struct

import pytest

from intake import report, signed, tnef
from intake.message import Attachment, Message, Report
from intake.parse import parse
from register.record import restored, storable
from tests.intake.written import arrival, mail, multipart, part

# "{\rtf1\ansi\ansicpg1252\pard hello world}" compressed, the worked example of MS-OXRTFCP §3.1.
PACKED = bytes.fromhex(
    "2d0000002b0000004c5a4675f1c5c7a703000a007263706731323542320af32068656c0900206277 05b06c647d0a800fa0".replace(
        " ", ""
    )
)


def test_compressed_rich_text_is_unpacked_as_its_specification_shows() -> None:
    assert tnef.unpacked(PACKED) == b"{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n"


@pytest.mark.parametrize(
    "raw", [b"", b"x" * 15, PACKED[:20], struct.pack("<II4sI", 99, 2**31, b"LZFu", 0) + b"\xff" * 40]
)
def test_damaged_rich_text_gives_what_it_can_and_no_error(raw: bytes) -> None:
    assert len(tnef.unpacked(raw)) < 100


@pytest.mark.parametrize("cut", range(0, 120, 7))
def test_a_wrapper_that_is_cut_short_raises_nothing(cut: int) -> None:
    attribute = struct.pack("<BHHI", 1, 0x9003, 6, 60) + struct.pack("<I", 9) + b"\x1e\x00\x00\x10" + b"\xff" * 52
    found = tnef.read((tnef.SIGNATURE + b"\x01\x00" + attribute)[: 4 + cut])
    assert found is not None
    assert found.files == []


@pytest.mark.parametrize(
    "raw", [b"", b"\x30", b"\x30\x80", b"\x30\x84\xff\xff\xff\xff", b"\x24\x80" * 9000, b"\xff" * 99]
)
def test_what_is_no_signed_mail_is_nothing(raw: bytes) -> None:
    assert signed.content(raw) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("Reporting-MTA: dns; x", []),
        ("Action: failed\nFinal-Recipient: rfc822; a@x.example", [Report("bezorging", "a@x.example", "failed")]),
        (
            "Arrival-Date: x\n\nFinal-Recipient: rfc822;a@x.example\nAction: relayed\nStatus: 2.0.0 (ok)",
            [Report("bezorging", "a@x.example", "relayed", "2.0.0")],
        ),
    ],
)
def test_a_delivery_report_is_read_block_by_block(text: str, expected: list[Report]) -> None:
    assert report.read("delivery-status", text) == expected


def reported() -> Message:
    status = "Final-Recipient: rfc822; a@x.example\r\nAction: failed\r\nStatus: 5.1.1\r\n"
    kind, body = multipart(
        "report", part("text/plain", "x"), part("message/delivery-status", status), part("message/rfc822", mail())
    )
    return parse(mail(body, kind), arrival(""))


def test_a_report_names_the_letter_it_is_about_and_survives_the_register() -> None:
    message = reported()
    assert [(one.recipient, one.original_id) for one in message.reports] == [("a@x.example", "een@telenet.example")]
    assert restored(Message, storable(message)) == message


def test_a_message_that_was_recorded_before_there_were_reports_is_still_read() -> None:
    record = storable(reported())
    del record["reports"], record["unreadable"]
    for one in record["attachments"]:
        del one["warnings"]
    old = restored(Message, record)
    assert (old.reports, old.unreadable) == ((), False)
    assert all(isinstance(one, Attachment) and one.warnings == () for one in old.attachments)
