"""Letters in the story: the summary, what a person chooses, and a letter that comes back."""

import asyncio

import pytest

from klachtwijzer.ruleset import Ruleset
from klachtwijzer.settings import CHECKOUT
from klachtwijzer.story import Story, UnknownMailError
from register.book import Book
from register.outgoing import Dispatch
from responder.choose import UnknownLetterError
from tests.klachtwijzer.started import NOW, OURS, kept
from tests.responder.test_post import Taker, serving

SAMPLES = CHECKOUT / "samples"


@pytest.fixture
def story(book: Book, rules: Ruleset) -> Story:
    return Story(book, rules, mailbox=OURS, now=lambda: NOW)


@pytest.fixture
def digest(book: Book, story: Story) -> str:
    found = kept(book, (SAMPLES / "01-huisbezoek.eml").read_bytes())
    story.triage(found)
    return found


def letters_of(book: Book, digest: str) -> tuple[Dispatch, ...]:
    record = book.record(digest)
    assert record is not None
    return record.letters


def test_a_letter_says_back_what_the_mail_is_about(book: Book, digest: str) -> None:
    (letter,) = letters_of(book, digest)
    assert "U schrijft over het huisbezoek." in letter.outgoing.text


def test_what_a_person_chose_waits_beside_the_proposal(book: Book, story: Story, digest: str) -> None:
    number = story.write(digest, "verlenging")
    assert number == story.write(digest, "verlenging")
    proposal, chosen = letters_of(book, digest)
    assert (proposal.outgoing.letter, chosen.outgoing.letter) == ("ontvangstbevestiging", "verlenging")
    assert (chosen.id, chosen.state) == (number, "vastgehouden")
    assert "beslist altijd een medewerker" in chosen.why


def test_an_unknown_mail_or_letter_is_said_to_be_unknown(story: Story, digest: str) -> None:
    with pytest.raises(UnknownLetterError):
        story.write(digest, "bestaat-niet")
    with pytest.raises(UnknownMailError):
        story.write("0" * 64, "verlenging")


BOUNCE = """\
From: MAILER-DAEMON@mail.voorbeeld.example
To: {ours}
Subject: Undelivered Mail Returned to Sender
Date: Tue, 24 Nov 2026 10:00:00 +0100
Message-ID: <terug.1@mail.voorbeeld.example>
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="grens"

--grens
Content-Type: text/plain

De mailbox bestaat niet.

--grens
Content-Type: message/delivery-status

Reporting-MTA: dns; mail.voorbeeld.example

Final-Recipient: rfc822; iemand@voorbeeld.example
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 unknown

--grens
Content-Type: text/rfc822-headers

Message-ID: <{id}>
Subject: Re: Huisbezoek

--grens--
"""


async def test_a_bounce_shows_the_letter_as_failed_to_staff(book: Book, rules: Ruleset, digest: str) -> None:
    (letter,) = letters_of(book, digest)
    with book.begin() as page:
        page.release(letter.id, "an")
    async with serving(Taker()) as relay:
        story = Story(book, rules, mailbox=OURS, relay=relay, now=lambda: NOW)
        await asyncio.to_thread(story.post, letter.id)
    (sent,) = letters_of(book, digest)
    assert sent.state == "verzonden"
    raw = BOUNCE.format(ours=OURS, id=sent.outgoing.message_id).replace("\n", "\r\n").encode()
    await asyncio.to_thread(story.triage, kept(book, raw))
    (found,) = letters_of(book, digest)
    assert found.state == "mislukt"
    assert "5.1.1" in found.why
