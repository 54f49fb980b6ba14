"""A desk that changes the real book in the simplest way, and a small office full of made-up mails."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

from console.desk import Glossary
from intake.message import Envelope, Party
from intake.parse import parse
from register.book import Book
from register.deadlines import day_of_receipt
from register.outgoing import Outgoing
from register.recall import recall
from responder.letter import Letters, load
from triage import rulebook
from triage.assessment import Assessment, Evidence, Fact, Value
from triage.decision import Decision, Reason, Trial
from triage.shapes import Body

RULES = Path(__file__).parents[2] / "rules"
LETTERS = load()
BODIES = rulebook.load(RULES).bodies
MAILBOX = "klachten@opgroeien.example"
NAMES = Glossary(
    sectors={"jeugdhulp": "Jeugdhulp", "pleegzorg": "Pleegzorg", "kinderopvang": "Kinderopvang", "buiten": "Buiten"},
    decrees={"pleegzorg": "Pleegzorgdecreet", "integrale-jeugdhulp": "Decreet integrale jeugdhulp"},
    bodies={"organisator": "De organisator zelf", "awel": "Awel", "vlaamse-ombudsdienst": "Vlaamse Ombudsdienst"},
    dangers={"D1": "Een kind is of kan in acuut gevaar zijn", "D10": "Een minderjarige schrijft zelf"},
    facts={
        "al_aangesproken": "De organisator werd al aangesproken en dat hielp niet.",
        "ernstig": "De zaak is ernstig.",
        "minderjarige": "De schrijver is jonger dan achttien.",
    },
    signs=("al_aangesproken", "ernstig", "minderjarige"),
)


class MadeDesk:
    """Records corrections as they are, without rules behind them."""

    def __init__(self, book: Book) -> None:
        self.book = book
        self.trouble: str | None = None

    def correct(self, digest: str, field: str, value: Value, account: str) -> None:
        record = self.book.record(digest)
        if record is None:
            raise LookupError(digest)
        said = Fact(value, 1.0, f"persoon:{account}")
        facts = {**record.assessment.facts, field: said}
        changed = {field: value} if field in Decision.__dataclass_fields__ else {}
        with self.book.begin() as page:
            decided = replace(record.decision, **changed)  # type: ignore[arg-type]
            page.redecide(digest, replace(record.assessment, facts=facts), decided, account)

    def accept(self, digest: str, account: str) -> None:
        with self.book.begin() as page:
            page.settle(digest, account)

    def release(self, outgoing_id: int, account: str) -> None:
        with self.book.begin() as page:
            page.release(outgoing_id, account)

    def hold(self, outgoing_id: int, account: str) -> None:
        with self.book.begin() as page:
            recall(page.connection, outgoing_id, account)

    def undo(self, digest: str, account: str) -> None:
        record = self.book.record(digest)
        if record is None:
            raise LookupError(digest)
        former = record.judgements[-2]
        with self.book.begin() as page:
            page.redecide(digest, former.assessment, former.decision, account)

    def letters(self) -> Letters:
        return LETTERS

    def bodies(self) -> Mapping[str, Body]:
        return BODIES

    def write(self, digest: str, letter: str) -> int | None:
        record = self.book.record(digest)
        if record is None or record.dossier is None:
            raise LookupError(digest)
        sender, to = Party("Klachten", MAILBOX), Party("Lien Vermeer", "lien@voorbeeld.example")
        with self.book.begin() as page:
            outgoing = Outgoing(digest, letter, sender, to, "Uw klacht", f"Beste Lien\n\nDit is {letter}.\n")
            return page.hold(record.dossier.reference, outgoing, released=False)

    def explain(self, digest: str) -> tuple[str, ...]:
        return ("Het bericht gaat over pleegzorg.", "De schrijver sprak de dienst al aan.")

    def rules_state(self) -> str | None:
        return self.trouble

    def glossary(self) -> Glossary:
        return NAMES


WORDS = """Goeiemorgen,

Onze begeleidster van pleegzorg komt haar afspraken niet na. Ik heb daar al drie keer met de directie over gebeld.

Niemand belt terug.

Met vriendelijke groeten,
Lien Vermeer
Dorpsstraat 3, 9000 Gent

Op 3 februari 2026 schreef De Dienst <dienst@voorbeeld.example>:
> Wij bekijken uw vraag.
> Wij laten iets weten."""


def written(
    words: str = WORDS, *, subject: str = "Klacht over pleegzorg", name: str = "Lien Vermeer", number: str = "1"
) -> bytes:
    mail = EmailMessage(policy=SMTP)
    mail["From"] = f'"{name}" <lien@voorbeeld.example>'
    mail["To"] = MAILBOX
    mail["Subject"] = subject
    mail["Message-ID"] = f"<{number}@voorbeeld.example>"
    mail["Date"] = "Mon, 2 Mar 2026 10:30:00 +0100"
    mail.set_content(words)
    return mail.as_bytes()


def seen(text: str, words: str, confidence: float = 0.9, part: str = "tekst") -> tuple[Evidence, ...]:
    start = text.find(words)
    return (Evidence(start, start + len(words), words, part, "signaal:proef", confidence),) if start >= 0 else ()


def entered(book: Book, raw: bytes, *, received: datetime | None = None, letter: str = "", **decided: object) -> str:
    """Keep a mail, enter it with a made-up judgement, and return its digest."""
    received = received or datetime.now(UTC) - timedelta(days=1)
    envelope = Envelope("smtp", "lien@voorbeeld.example", (MAILBOX,), received)
    digest = book.keep(raw, envelope).digest
    message = parse(raw, envelope)
    text = message.text
    facts = {
        "soort": Fact("klacht", 0.93, "onderdeel", seen(text, "Niemand belt terug")),
        "sector": Fact("pleegzorg", 0.61, "signaal:pleegzorg", seen(text, "pleegzorg"), "jeugdhulp", 0.24),
        "betrokkene": Fact(
            "organisator", 0.42, "signaal:dienst", seen(text, "begeleidster van pleegzorg"), "andere", 0.3
        ),
        "al_aangesproken": Fact(
            True, 0.88, "signaal:gesproken", seen(text, "al drie keer met de directie over gebeld")
        ),
    }
    decision = Decision(
        soort="klacht", sector="pleegzorg", decreten=("pleegzorg",), betrokkene="organisator",
        uitkomst="registreren", instanties=(), gevaar=(), dringendheid="gewoon", ontbreekt=("adres",),
        ontvankelijkheid=(), taal="nl", regel="pleegzorg-al-aangesproken", zekerheid=0.84,
        reasons=(Reason("De dienst werd al aangesproken.", "pleegzorg-al-aangesproken", "Besluit van 2013"),),
        trials=(
            Trial("gevaar-acuut", False, "geen teken van acuut gevaar"),
            Trial("pleegzorg-al-aangesproken", True, "al aangesproken: ja"),
        ),
        rulebook="abcdef0123456789", on=day_of_receipt(received),
    )  # fmt: skip
    decision = replace(decision, **decided)  # type: ignore[arg-type]
    with book.begin() as page:
        assert page.take(digest) is not None
        dossier = page.enter(message, Assessment(digest, facts), decision)
        if letter and dossier is not None:
            sender, to = Party("Klachten", MAILBOX), Party("Lien Vermeer", "lien@voorbeeld.example")
            outgoing = Outgoing(digest, "ontvangstbevestiging", sender, to, "Wij hebben uw klacht ontvangen", letter)
            page.hold(dossier.reference, outgoing, released=False)
    return digest


LETTER = "Beste Lien Vermeer\n\nWij hebben uw klacht ontvangen. U krijgt een antwoord.\n\nMet vriendelijke groeten\n"


def office(book: Book) -> dict[str, str]:
    """A small work list with something of everything; digests by name."""
    now = datetime.now(UTC)
    late = now - timedelta(days=14)
    return {
        "klacht": entered(book, written(), letter=LETTER),
        "gevaar": entered(
            book, written("Mijn buurman slaat zijn kind. Ik hoor het elke avond.", subject="Dringend", number="2"),
            uitkomst="escaleren", dringendheid="nu", gevaar=("D1",), sector="jeugdhulp", soort="verontrusting",
        ),
        "laat": entered(
            book, written("De crèche geeft mijn waarborg niet terug.", subject="Waarborg " * 12, number="3"),
            received=late, sector="kinderopvang",
        ),
        "jong": entered(
            book, written("Ik ben 14 en mijn begeleider luistert niet.", subject="", name="Noor", number="4"),
            dringendheid="vandaag", gevaar=("D10",), sector="jeugdhulp", letter="Dag Noor\n\n[[vul aan: naam]]\n",
        ),
        "dank": entered(
            book, written("Bedankt voor alles!", subject="Dank u", number="5"), uitkomst="beoordelen", soort="dank"
        ),
    }  # fmt: skip
