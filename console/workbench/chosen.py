"""The rules that a page is about: those in force, a draft, or a proposal."""

import re
from dataclasses import dataclass

from fastapi import HTTPException

from console.room import Room
from console.workbench.workshop import Rules, Workshop
from register import rule_drafts
from register.rule_drafts import Draft, applied
from register.rulebooks import Proposal
from register.versions import Versions
from triage.rulebook import fingerprint

LIVE = "geldend"
_NAMED = re.compile(r"(ontwerp|voorstel)-(\d{1,15})")


@dataclass(frozen=True, slots=True)
class Chosen:
    """Rules by the name under which the address knows them."""

    name: str
    """`geldend`, `ontwerp-3` or `voorstel-2`."""
    title: str
    rules: Rules

    @property
    def link(self) -> str:
        """The page of these rules."""
        return "/regels" if self.name == LIVE else f"/regels/{self.name.replace('-', '/')}"


def chosen(here: Room, shop: Workshop, name: str) -> Chosen:
    """The rules of that name; 404 when there are none."""
    if name == LIVE:
        return Chosen(LIVE, "de regels die nu gelden", shop.live())
    found = _NAMED.fullmatch(name)
    if found is None:
        raise HTTPException(404, "Deze regels zijn er niet.")
    number = int(found[2])
    if found[1] == "ontwerp":
        return of_draft(here, draft(here, number))
    one = proposal(here, number)
    return Chosen(name, f"voorstel {number} van {one.who}", on_file(here, one.fingerprint))


def of_draft(here: Room, one: Draft) -> Chosen:
    """The rules as a draft would have them."""
    files = applied(on_file(here, one.base).files, one.edits)
    return Chosen(f"ontwerp-{one.id}", f"ontwerp {one.id} van {one.who}", Rules(fingerprint(files), files))


def on_file(here: Room, version: str) -> Rules:
    """A version; 404 when it is not on file."""
    files = Versions(here.book.engine).files(version)
    if files is None:
        raise HTTPException(404, "Deze versie van de regels is er niet.")
    return Rules(version, files)


def draft(here: Room, number: int) -> Draft:
    """The draft of that number, or 404."""
    with here.book.engine.connect() as connection:
        found = rule_drafts.find(connection, number) if 0 < number < 2**63 else None
    if found is None:
        raise HTTPException(404, "Dit ontwerp is er niet.")
    return found


def proposal(here: Room, number: int) -> Proposal:
    """The proposal of that number, or 404."""
    found = Versions(here.book.engine).proposal(number) if 0 < number < 2**63 else None
    if found is None:
        raise HTTPException(404, "Dit voorstel is er niet.")
    return found


def offered(here: Room, shop: Workshop) -> dict[str, str]:
    """Names and titles of all rules that one may try now."""
    with here.book.engine.connect() as connection:
        drafts = rule_drafts.being_written(connection)
    names = {LIVE: "de regels die nu gelden"}
    names |= {f"ontwerp-{one.id}": f"ontwerp {one.id} van {one.who}" for one in drafts}
    open_ = Versions(here.book.engine).proposals()
    return names | {f"voorstel-{one.id}": f"voorstel {one.id} van {one.who}: {one.why}" for one in open_}
