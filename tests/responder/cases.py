"""Made-up mails and decisions from which letters are composed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from pydantic import TypeAdapter

from intake.message import Envelope, Message, Party, Passage
from register.dossier import Dossier
from responder.compose import compose
from responder.letter import Letters, load
from responder.reply import Reply
from triage.assessment import Assessment, Evidence, Fact
from triage.decision import Decision
from triage.shapes import Body

HERE = Path(__file__).parent
GOLDEN = HERE / "golden"
BODIES = HERE.parent.parent / "rules" / "instanties"

TODAY = date(2026, 11, 24)
SENDER = "klachten@opgroeien.example"
SIGNED = "klachten+kw-2026-00042-0a1b2c3d@opgroeien.example"


@dataclass(frozen=True, slots=True)
class Case:
    name: str
    message: Message
    decision: Decision
    dossier: Dossier
    assessment: Assessment | None = None
    chosen: str = ""


def message(name: str = "Jan Peeters", **changes: Any) -> Message:
    """A mail of a person; `changes` are fields of Message."""
    text = "Beste,\n\nIk ben niet tevreden.\n"
    given: dict[str, Any] = {
        "digest": "0" * 64,
        # In Brussels this is already the 24th.
        "envelope": Envelope("smtp", "jan@voorbeeld.example", (SENDER,), datetime(2026, 11, 23, 23, 30, tzinfo=UTC)),
        "message_id": "abc.123@voorbeeld.example",
        "sent": None,
        "sender": Party(name, "jan@voorbeeld.example"),
        "reply_to": None,
        "recipients": (Party("", SENDER),),
        "subject": "Klacht",
        "text": text,
        "passages": (Passage(0, len(text), "eigen"),),
    }
    return Message(**given | changes)


def decision(**fields: Any) -> Decision:
    """A decision in which only what matters is named."""
    given: dict[str, Any] = {
        "soort": "klacht",
        "sector": "jeugdhulp",
        "decreten": (),
        "betrokkene": "opgroeien",
        "uitkomst": "registreren",
        "instanties": (),
        "gevaar": (),
        "dringendheid": "gewoon",
        "ontbreekt": (),
        "ontvankelijkheid": (),
        "taal": "nl",
    }
    parts = [given | part for part in fields.pop("delen", ())]
    return TypeAdapter(Decision).validate_python(given | fields | {"delen": parts})


def dossier(*, clock: bool = True) -> Dossier:
    return Dossier(
        reference="KW-2026-00042",
        opened=date(2026, 11, 24),
        sender=Party("Jan Peeters", "jan@voorbeeld.example"),
        due_ack=date(2026, 12, 4) if clock else None,
        due_answer=date(2027, 1, 8) if clock else None,
    )


def assessed(mail: Message, words: tuple[str, ...], *facts: str) -> Assessment:
    """What the triage would have found: one fact resting on these words of the mail, and some that simply hold."""
    places = [mail.text.index(one) for one in words]
    evidence = tuple(
        Evidence(place, place + len(one), one, "tekst", "proef") for place, one in zip(places, words, strict=True)
    )
    held = {name: Fact(True, 0.9, "proef") for name in facts}
    return Assessment("0" * 64, {"soort": Fact("klacht", 0.9, "proef", evidence), **held})


def told(name: str, text: str) -> Message:
    """A mail with this text, all of it the writer's own."""
    return message(name, text=text, passages=(Passage(0, len(text), "eigen"),))


def cases() -> list[Case]:
    """Every case of `cases.yaml`."""
    rows = yaml.safe_load((HERE / "cases.yaml").read_text(encoding="utf-8"))
    return [_case(row) for row in rows]


def _case(row: Mapping[str, Any]) -> Case:
    mail = told(row["van"], row["tekst"]) if "tekst" in row else message(row["van"])
    found = assessed(mail, tuple(row["bewijs"]), *row.get("feiten", ())) if "bewijs" in row else None
    on_file = dossier(clock=not row.get("zonder_termijn"))
    return Case(row["naam"], mail, decision(**row["besluit"]), on_file, found, row.get("kies", ""))


@cache
def letters() -> Letters:
    return load()


@cache
def bodies() -> Mapping[str, Body]:
    """The bodies of the rules, as the rulebook reads them."""
    shape = TypeAdapter(Body)
    rows = [yaml.safe_load(path.read_text(encoding="utf-8")) for path in sorted(BODIES.glob("*.yaml"))]
    return {row["id"]: shape.validate_python(row) for row in rows}


def reply(case: Case, *, on: date = TODAY) -> Reply | None:
    return compose(
        case.message,
        case.decision,
        case.dossier,
        letters(),
        bodies(),
        on=on,
        sender_address=SENDER,
        reply_address=SIGNED,
        assessment=case.assessment,
        chosen=case.chosen,
    )


def body_in(id: str, gevaar: tuple[str, ...]) -> str:
    """The part on one body of a referral to it, and why the letter waits."""
    made = decision(
        uitkomst="doorverwijzen", betrokkene="andere", instanties=[id], brief="doorverwijzing", gevaar=gevaar
    )
    found = reply(Case("", message(), made, dossier()))
    assert found is not None
    part = found.text.split("terecht?\n\n", 1)[1]
    end = "Wat doen wij met uw mail?" if not gevaar else "Lukt het niet, of krijg je geen antwoord?"
    return f"{found.letter} · wacht: {found.held_because or 'nee'}\n\n{part.split(end)[0]}"


def shown(found: Reply) -> str:
    """A reply as the golden files keep it."""
    head = [
        f"Aan: {found.to.name} <{found.to.address}>",
        f"Onderwerp: {found.subject}",
        f"Brief: {found.letter} ({found.language})",
        f"Instanties: {', '.join(found.bodies) or 'geen'}",
        f"Wacht: {found.held_because or 'nee'}",
    ]
    return "\n".join(head) + "\n\n" + found.text
