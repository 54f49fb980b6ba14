"""A mail tried on rules, pasted or from the register: what they read in it, what follows, and why; nothing is kept."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response
from pydantic import BaseModel, Field

from console import dates, words
from console.desk import Glossary, glossary
from console.forms import OwnForm
from console.marks import part, seen, stretches
from console.pages import staff_page
from console.proposal import rows, signs
from console.roles import Overseer
from console.room import Here, Room
from console.workbench.access import Shop
from console.workbench.chosen import LIVE, chosen, offered
from console.workbench.compare import TITLES
from console.workbench.workshop import Tried, Workshop
from intake.message import Message
from register.reading import Record
from triage.decision import Known
from triage.mistakes import RulebookError

router = APIRouter(prefix="/regels/proef")
_DIGEST = re.compile("[0-9a-f]{8,64}")
_LARGEST = 100_000


@dataclass(frozen=True, slots=True)
class Pair:
    """One field as both rulebooks would have it."""

    title: str
    live: tuple[str, ...]
    other: tuple[str, ...]

    @property
    def differs(self) -> bool:
        """Whether they disagree."""
        return self.live != self.other


class Wish(BaseModel):
    """What to try, and on which rules."""

    regels: str = Field(default=LIVE, max_length=50)
    onderwerp: str = Field(default="", max_length=300)
    tekst: str = Field(default="", max_length=_LARGEST)
    bericht: str = Field(default="", max_length=100)


@router.get("")
def form(  # noqa: PLR0913, PLR0917 — three of them are who asks and where.
    request: Request, here: Here, account: Overseer, shop: Shop, regels: str = LIVE, bericht: str = ""
) -> Response:
    """The form, filled in with what the address says."""
    wish = Wish(regels=regels[:50], bericht=bericht[:100])
    return staff_page(request, "regels/proef.html", wens=wish, keuzes=offered(here, shop), uitslag=None, fout="")


@router.post("", dependencies=[OwnForm])
def attempt(request: Request, here: Here, account: Overseer, shop: Shop, wish: Annotated[Wish, Form()]) -> Response:
    """Both the rules in force and the others read the mail."""
    choices, trouble, shown = offered(here, shop), "", dict[str, Any]()
    try:
        shown = _tried(here, shop, wish, account.name)
    except LookupError as missing:
        trouble = str(missing.args[0])
    except RulebookError as broken:
        trouble = f"Deze regels hebben {len(broken.mistakes)} fout(en) en kunnen niets beslissen: {broken.mistakes[0]}"
    return staff_page(
        request, "regels/proef.html", wens=wish, keuzes=choices, fout=trouble, uitslag=shown or None, **shown
    )


def _tried(here: Room, shop: Workshop, wish: Wish, who: str) -> dict[str, Any]:
    rules = chosen(here, shop, wish.regels)
    message, on, known = _mail(here, shop, wish, who)
    now = shop.attempt(rules.rules.files, message, on, known)
    live = now if rules.name == LIVE else shop.attempt(shop.live().files, message, on, known)
    names = glossary(now.rulebook)
    facts = seen(now.assessment, tuple(words.FIELDS))
    hits = [trial for trial in now.trials if trial.hit]
    return {
        "regels": rules,
        "uit": now,
        "stukken": stretches(message, facts),
        "onderwerp": part(message.subject, facts, "onderwerp"),
        "feiten": facts,
        "nu_geldend": live,
        "paren": pairs(live, now, glossary(live.rulebook), names),
        "rijen": rows(now.decision, facts, names),
        "tekens": signs(facts, names),
        "raak": hits,
        "mis": [trial for trial in now.trials if not trial.hit],
        "tweede": hits[1] if len(hits) > 1 else None,
        "verschillende_feiten": _facts(live, now),
        "namen": names,
    }


def pairs(live: Tried, other: Tried, names: Glossary, new_names: Glossary) -> tuple[Pair, ...]:
    """The fields side by side, as people read them, with the letter that would really follow."""
    titles: Mapping[str, str] = {**words.FIELDS, "automatisch": TITLES["automatisch"]}
    before, after = live.decision, other.decision
    found = [
        Pair(title, _shown(name, getattr(before, name), names), _shown(name, getattr(after, name), new_names))
        for name, title in titles.items()
    ]
    letters = [_shown("brief", one.letter.letter if one.letter else None, names) for one in (live, other)]
    return (*found, Pair("Brief", letters[0], letters[1]), Pair("Regel", (before.regel,), (after.regel,)))


def _shown(name: str, value: object, names: Glossary) -> tuple[str, ...]:
    if value is None or isinstance(value, bool):
        return ("ja",) if value else ("nee",) if value is False else ()
    values = value if isinstance(value, tuple) else (value,)
    if name in words.FIELDS:
        return tuple(words.label(name, str(one), names) for one in values)
    return tuple(words.readable(str(one)) for one in values)


def _facts(live: Tried, other: Tried) -> list[tuple[str, str, str]]:
    """Facts that both read differently: their name, and each value in a word."""
    found = []
    for name in sorted({*live.assessment.facts, *other.assessment.facts}):
        before, after = (one.assessment.facts.get(name) for one in (live, other))
        values = [None if fact is None else fact.value for fact in (before, after)]
        if values[0] != values[1] and not {False, None} >= set(map(_plain, values)):
            found.append((name, _word(values[0]), _word(values[1])))
    return found


def _plain(value: object) -> object:
    return value if value is None or isinstance(value, bool) else str(value)


def _word(value: object) -> str:
    if value is None or value == ():
        return "niet gevonden"
    if isinstance(value, bool):
        return "ja" if value else "nee"
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)


def _mail(here: Room, shop: Workshop, wish: Wish, who: str) -> tuple[Message, date, Known]:
    """The mail with its day of receipt and what the register knew. Raises LookupError with a sentence."""
    if not wish.bericht.strip():
        if not wish.tekst.strip():
            raise LookupError("Plak een tekst, of geef het nummer van een dossier of bericht.")
        today = dates.today(here.book.now())
        return shop.read(re.sub(r"\r\n?", "\n", wish.tekst), wish.onderwerp, today), today, Known(register=True)
    record = picked(here, wish.bericht)
    with here.book.begin() as page:
        page.note_read(who, record.message.digest)
    return record.message, record.decision.on, record.decision.known or Known(register=True)


def picked(here: Room, named: str) -> Record:
    """The mail of that digest, or the first of that dossier. Raises LookupError with a sentence."""
    name = named.strip()
    if _DIGEST.fullmatch(name.lower()):
        record = here.book.record(name.lower())
        if record is not None:
            return record
    file = here.book.file(name)
    record = here.book.record(file.items[0].digest) if file is not None and file.items else None
    if record is None:
        raise LookupError("Er is geen dossier of bericht met dat nummer.")
    return record
