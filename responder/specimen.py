"""Every letter as it could leave, for a case that does not exist: to read it and to check it for plain language."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from intake.message import Envelope, Message, Party, Passage
from register.deadlines import answer_by
from register.law import shipped
from responder.clarity import Form, Review, review
from responder.compose import CHOSEN, compose
from responder.contact import Referable, grows_old
from responder.letter import Letter, Letters
from responder.reply import Reply
from triage.assessment import Assessment, Evidence, Fact
from triage.decision import Decision
from triage.mistakes import Mistake
from triage.shapes import Body

_TEXT = "Ik heb nog altijd geen antwoord gekregen over de wachtlijst.\n"
_US = "klachten@opgroeien.example"
# The bodies of a made-up referral: one with a number, one that one finds by asking.
_BODIES = ("kinderrechtencommissariaat", "school")


@dataclass(frozen=True, slots=True)
class _Filed:
    reference: str
    opened: date
    due_answer: date | None


@dataclass(frozen=True, slots=True)
class Proof:
    """A letter as a made-up writer would get it, with what was found in it."""

    letter: Letter
    reply: Reply
    review: Review
    held: str
    """Why it would wait for a person, apart from the choice; empty when a rule may let it leave."""
    unchecked: tuple[Mistake, ...]
    """What it leaves out or waits for, because nobody checked the contacts of the bodies in it."""


def specimen(
    letter: Letter, letters: Letters, bodies: Mapping[str, Referable], on: date, *, full: bool = True
) -> Reply:
    """The letter for a made-up writer: with everything that it can say, or (not `full`) with as little as possible."""
    form: Form = letter.heading.aanspreking
    received = datetime.combine(on, time(12), UTC)
    mail = Message(
        digest="0" * 64,
        envelope=Envelope("smtp", "els@voorbeeld.example", (_US,), received),
        message_id="",
        sent=None,
        sender=Party("Els Peeters" if full else "", "els@voorbeeld.example"),
        reply_to=None,
        recipients=(),
        subject="",
        text=_TEXT,
        passages=(Passage(0, len(_TEXT), "eigen"),),
    )
    evidence = (Evidence(0, len(_TEXT) - 1, _TEXT.strip(), "tekst", "voorbeeld"),)
    found = Assessment("0" * 64, {"soort": Fact("klacht", 1.0, "voorbeeld", evidence)}) if full else None
    outcome = letter.heading.uitkomst[0] if letter.heading.uitkomst else "registreren"
    decision = Decision(
        soort="klacht",
        sector="jeugdhulp" if full else "buiten",
        decreten=(),
        betrokkene="opgroeien",
        uitkomst=outcome,
        instanties=_BODIES if full else (),
        gevaar=("D10",) if form == "je" else (),
        dringendheid="gewoon",
        ontbreekt=("naam", "adres", "feiten", "betrokkene") if full else (),
        ontvankelijkheid=(),
        taal="nl",
    )
    filed = _Filed("KW-2026-00001", on, answer_by(shipped(), "klacht", on) if full else None)
    made = compose(
        mail, decision, filed, letters, bodies, on=on, sender_address=_US, assessment=found, chosen=letter.id
    )
    if made is None:
        raise ValueError(f"{letter.file}: no letter came of it")
    return made


def reviewed(letter: Letter, letters: Letters, bodies: Mapping[str, Referable], on: date) -> Review:
    """What plain language says of the fullest form of the letter, in its own name."""
    return _read(specimen(letter, letters, bodies, on), letter, letters)


def proof(letter: Letter, letters: Letters, bodies: Mapping[str, Body], on: date, *, full: bool = True) -> Proof:
    """The letter for a made-up writer, read for plain language. Pure; some milliseconds."""
    made = specimen(letter, letters, bodies, on, full=full)
    listed = {*letter.heading.noemt, *letter.heading.verwijst}
    # A made-up referral has bodies that most letters do not speak of.
    told = {id for id in made.bodies if id in bodies and bodies[id].naam in made.text}
    loose = unchecked({id: body for id, body in bodies.items() if id in listed | told}, on)
    held = " ".join(made.held_because.replace(CHOSEN, "").split())
    return Proof(letter, made, _read(made, letter, letters), held, tuple(loose))


def _read(made: Reply, letter: Letter, letters: Letters) -> Review:
    heading = letter.heading
    return review(made.text, letters.plain, form=heading.aanspreking, subject=heading.onderwerp, name=letter.file)


def unchecked(bodies: Mapping[str, Body], on: date) -> list[Mistake]:
    """A warning for each contact that letters leave out, and for each body that nobody looked at for long."""
    found: list[Mistake] = []
    for id, body in sorted(bodies.items()):
        file = f"instanties/{id}.yaml"
        if not set(body.checked) - {"uren"}:
            what = f"van {body.naam} is geen enkel contact nagekeken: brieven naar deze instantie wachten"
            found.append(Mistake(file, 1, 1, "geen-contact", what, "zet `nagekeken: true` na controle", warning=True))
        left_out = [way for way, contact in body.contact.items() if not contact.nagekeken]
        if left_out:
            what = f"brieven laten weg wat niet nagekeken is: {', '.join(left_out)}"
            found.append(Mistake(file, 1, 1, "los-contact", what, "zet `nagekeken: true` na controle", warning=True))
        if grows_old(body, on):
            what = f"{body.naam} is sinds {body.nagekeken_op:%d/%m/%Y} niet meer nagekeken"
            found.append(Mistake(file, 1, 1, "oud-contact", what, "kijk na en pas `nagekeken_op` aan", warning=True))
    return found
