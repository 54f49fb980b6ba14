"""Made-up mails, messages and decisions."""

from dataclasses import replace
from datetime import UTC, datetime
from itertools import count

from intake.message import Envelope, Message, Party, Passage
from register.book import Book
from register.deadlines import day_of_receipt
from register.dossier import Dossier
from register.imprint import digest as digest_of
from register.outgoing import Outgoing
from triage.assessment import Assessment, Evidence, Fact
from triage.decision import Decision

RECEIVED = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
MAILBOX = "klachten@opgroeien.example"
_numbers = count(1)


def envelope(received: datetime = RECEIVED, recipients: tuple[str, ...] = (MAILBOX,)) -> Envelope:
    return Envelope("smtp", "lien@voorbeeld.example", recipients, received, "192.0.2.7")


def mail(words: str = "Niemand belt terug.", *, message_id: str = "", sender: str = "lien@voorbeeld.example") -> bytes:
    number = message_id or f"{next(_numbers)}@voorbeeld.example"
    head = f"From: Lien Vermeer <{sender}>\r\nMessage-ID: <{number}>\r\nDate: Mon, 2 Mar 2026 10:30:00 +0100\r\n"
    return f"{head}Subject: Klacht\r\n\r\n{words}\r\n".encode()


def message(raw: bytes, words: str = "Niemand belt terug.", **changed: object) -> Message:
    sender = Party("Lien Vermeer", "Lien@voorbeeld.example")
    number = raw.decode().partition("Message-ID: <")[2].partition(">")[0]
    text = words.replace("\r\n", "\n")
    passages = (Passage(0, len(text), "eigen"),)
    recipients = (Party("", MAILBOX),)
    plain = Message(digest_of(raw), envelope(), number, RECEIVED, sender, None, recipients, "Klacht", text, passages)
    return replace(plain, **changed)  # type: ignore[arg-type]


def assessment(digest: str) -> Assessment:
    seen = Evidence(0, 7, "Niemand", "tekst", "signaal:geen-antwoord", 0.9)
    return Assessment(digest, {"soort": Fact("klacht", 0.9, "signaal:geen-antwoord", (seen,))}, rulebook="abc")


def decision(uitkomst: str = "registreren", soort: str = "klacht", **changed: object) -> Decision:
    plain = Decision(
        soort=soort, sector="jeugdhulp", decreten=("integrale-jeugdhulp",), betrokkene="opgroeien",  # type: ignore[arg-type]
        uitkomst=uitkomst, instanties=(), gevaar=(), dringendheid="gewoon", ontbreekt=("adres",),  # type: ignore[arg-type]
        ontvankelijkheid=(), taal="nl", brief="ontvangstbevestiging", regel="r", on=day_of_receipt(RECEIVED),
    )  # fmt: skip
    return replace(plain, **changed)  # type: ignore[arg-type]


def letter(digest: str, name: str = "ontvangstbevestiging", **changed: object) -> Outgoing:
    ours, theirs = Party("Klachten", MAILBOX), Party("Lien Vermeer", "Lien@voorbeeld.example")
    return replace(Outgoing(digest, name, ours, theirs, "Uw klacht", "Beste"), **changed)  # type: ignore[arg-type]


def entered(
    book: Book, judged: Decision | None = None, words: str = "Niemand belt terug.", **changed: object
) -> tuple[str, Dossier | None]:
    """A mail kept and entered; its digest and dossier."""
    raw = mail()
    read = message(raw, words, **changed)
    book.keep(raw, read.envelope)
    with book.begin() as page:
        assert page.take(read.digest) is not None
        dossier = page.enter(read, assessment(read.digest), judged or decision())
    return read.digest, dossier
