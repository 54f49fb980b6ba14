"""A letter on the wire: what other mail programs get to see, whatever stood in the mail that it answers."""

from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.message import Party
from register.outgoing import Outgoing
from responder.wrap import wire, wrap

SENT = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
LETTER = Outgoing(
    digest="0" * 64,
    letter="ontvangstbevestiging",
    sender=Party("Klachtenteam Opgroeien", "klachten@opgroeien.example"),
    to=Party("Jan Peeters", "jan@voorbeeld.example"),
    subject="Re: Klacht [KW-2026-00042]",
    text="Beste Jan\n\nWij lezen uw mail, één voor één.\n",
    html="<!doctype html><p>Beste Jan</p>",
    reply_to="klachten+kw-2026-00042-0a1b2c3d@opgroeien.example",
    message_id="brief.7@opgroeien.example",
    in_reply_to="abc@voorbeeld.example",
    references=("eerst@voorbeeld.example", "abc@voorbeeld.example"),
    headers={"X-Klachtwijzer": "KW-2026-00042"},
)


def raw(letter: Outgoing) -> bytes:
    return wire(wrap(letter, SENT), wide=False)


def read(letter: Outgoing) -> EmailMessage:
    return message_from_bytes(raw(letter), policy=default)


def test_a_letter_is_text_first_and_html_for_who_prefers_it() -> None:
    mail = read(LETTER)
    assert mail.get_content_type() == "multipart/alternative"
    parts = list(mail.iter_parts())
    assert [part.get_content_type() for part in parts] == ["text/plain", "text/html"]
    bodies = [mail.get_body(("plain",)), mail.get_body(("html",))]
    assert [body.get_content().split() for body in bodies if body] == [LETTER.text.split(), LETTER.html.split()]


def test_a_letter_bears_the_headers_that_threading_and_loops_need() -> None:
    mail = read(LETTER)
    assert mail["Message-ID"] == "<brief.7@opgroeien.example>"
    assert mail["In-Reply-To"] == "<abc@voorbeeld.example>"
    assert mail["References"] == "<eerst@voorbeeld.example> <abc@voorbeeld.example>"
    assert mail["X-Klachtwijzer"] == "KW-2026-00042"
    assert mail["Reply-To"].addresses[0].addr_spec == LETTER.reply_to
    assert mail["Date"].datetime == SENT
    assert mail["Content-Language"] == "nl"


def test_only_a_letter_that_left_by_itself_calls_itself_automatic() -> None:
    assert read(LETTER)["Auto-Submitted"] is None
    # The proposal may have said so; once a person released the letter it is that person's.
    assert read(replace(LETTER, headers={"Auto-Submitted": "auto-replied"}))["Auto-Submitted"] is None
    alone = read(replace(LETTER, automatic=True))
    assert (alone["Auto-Submitted"], alone["X-Auto-Response-Suppress"]) == ("auto-replied", "All")


def test_a_retry_is_the_same_mail_to_the_byte() -> None:
    assert raw(LETTER) == raw(LETTER)


def test_long_message_ids_come_through_whole() -> None:
    long = "AM0PR04MB" + "1234567890" * 9 + "@AM0PR04MB4321.eurprd04.prod.outlook.example"
    many = tuple(f"{number}.{long}" for number in range(20))
    letter = replace(LETTER, in_reply_to=long, references=many)
    assert f"\r\nIn-Reply-To: <{long}>\r\n".encode() in raw(letter)
    assert read(letter)["References"].split() == [f"<{one}>" for one in many]
    assert max(len(line) for line in raw(letter).split(b"\r\n")) < 998


def test_names_and_subjects_of_any_alphabet_come_through() -> None:
    letter = replace(LETTER, to=Party("Müşerref Şahin, mama", "m@voorbeeld.example"), subject="Re: شكوى – één")
    assert raw(letter).isascii()
    assert read(letter)["To"].addresses[0].display_name == "Müşerref Şahin, mama"
    assert read(letter)["Subject"] == "Re: شكوى – één"


@pytest.mark.parametrize(
    "bad",
    [
        "Jan\r\nBcc: iedereen@elders.example",
        "Jan\nBcc: iedereen@elders.example\n\nnieuwe tekst",
        "Jan\rBcc: iedereen@elders.example",
        "Jan\u2028Bcc: iedereen@elders.example",
        "Jan\x00\x85Bcc: iedereen@elders.example",
        '"Jan" <iedereen@elders.example>, x',
        "=?utf-8?q?Jan=0D=0ABcc:_iedereen@elders.example?=",
    ],
)
def test_no_name_subject_or_marker_breaks_out_of_its_header(bad: str) -> None:
    letter = replace(
        LETTER,
        subject=bad,
        to=Party(bad, LETTER.to.address),
        sender=Party(bad, LETTER.sender.address),
        language=bad,
        headers={"X-Klachtwijzer": bad},
    )
    mail = read(letter)
    assert [one.addr_spec for one in mail["To"].addresses] == ["jan@voorbeeld.example"]
    assert [one.addr_spec for one in mail["From"].addresses] == ["klachten@opgroeien.example"]
    assert mail["Bcc"] is None
    assert mail["Cc"] is None
    assert not mail.defects


@pytest.mark.parametrize(
    "bad",
    [
        "a@b.example, c@d.example",
        "a@b.example\r\nBcc: c@d.example",
        "a@b.example\n",
        "a",
        "",
        "@b.example",
        "<a@b.example>",
        "a b@c.example",
    ],
)
def test_a_bad_address_is_refused_in_words_that_do_not_repeat_it(bad: str) -> None:
    for letter in (replace(LETTER, to=Party("Jan", bad)), replace(LETTER, sender=Party("", bad))):
        with pytest.raises(ValueError, match="geldig mailadres") as refused:
            wrap(letter, SENT)
        assert "b.example" not in str(refused.value)


@pytest.mark.parametrize(
    "bad", ["", "twee woorden@x.example", "a@x.example\n", "a@x.example>\r\nBcc: b@x.example", "é@x.example"]
)
def test_a_bad_message_id_is_refused_and_one_of_others_is_left_out(bad: str) -> None:
    with pytest.raises(ValueError, match="Message-ID"):
        wrap(replace(LETTER, message_id=bad), SENT)
    mail = wrap(replace(LETTER, in_reply_to=bad, references=(bad, "goed@x.example")), SENT)
    assert mail["In-Reply-To"] is None
    assert mail["References"] == "<goed@x.example>"


@pytest.mark.parametrize("name", ["Bcc", "To", "Content-Type", "Auto-Submitted: no\r\nBcc", "X-", "X-A\n"])
def test_only_free_headers_may_be_added(name: str) -> None:
    with pytest.raises(ValueError, match="vrij"):
        wrap(replace(LETTER, headers={name: "x"}), SENT)


@given(st.text(max_size=200), st.text(max_size=200))
def test_whatever_the_name_and_subject_one_person_gets_one_letter(name: str, subject: str) -> None:
    mail = read(replace(LETTER, subject=subject, to=Party(name, LETTER.to.address)))
    assert [one.addr_spec for one in mail["To"].addresses] == ["jan@voorbeeld.example"]
    assert len(mail.get_all("Subject", [])) == 1
    assert mail["Bcc"] is None
