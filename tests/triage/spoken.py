"""Small mails put through a pipeline, and small rulebooks to do it with."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from intake.message import Message
from intake.parse import parse
from tests.intake.written import arrival, mail
from triage.pipeline import Pipeline, build
from triage.rulebook import Rulebook, assemble, files, load

ROOT = Path(__file__).resolve().parents[2]
BASE = files(ROOT / "tests" / "mistakes" / "basis")
UTF8 = ("Content-Type: text/plain; charset=utf-8", "Content-Transfer-Encoding: 8bit")
BODIES = ("instanties/politie.yaml", "instanties/clb.yaml")


@dataclass(frozen=True, slots=True)
class Found:
    """A hit, copied so that it outlives its doc."""

    id: str
    words: str
    weight: float
    qualifiers: frozenset[str]
    role: str
    part: str


def message(body: str = "", *, subject: str = "", **head: str) -> Message:
    """A small plain mail as intake understands it."""
    return parse(mail(body.encode(), *UTF8, subject=subject, **head), arrival())


def small(signals: str, cues: str = "", *, weights: str = "{}") -> Rulebook:
    """A rulebook with these signals and cues, two bodies, one sector and one danger."""
    contents = {**BASE, "signalen/kind.yaml": signals.encode()}
    contents[BODIES[1]] = BASE[BODIES[0]].replace(b"politie", b"clb")
    contents["instellingen.yaml"] = BASE["instellingen.yaml"] + f"\nwegen: {weights}\n".encode()
    if cues:
        contents["kwalificaties.yaml"] = cues.encode()
    book, mistakes = assemble(contents)
    assert book is not None, "\n".join(map(str, mistakes))
    return book


@cache
def own_rules() -> Pipeline:
    """A pipeline with the rules of this project, without the trained part."""
    return build(load(ROOT / "rules"))


def hits(pipeline: Pipeline, mail: Message) -> list[Found]:
    """Every hit in a mail, weighed."""
    with pipeline.turn():
        doc = pipeline.read(mail)
        reading = doc._.reading
        return [
            Found(
                hit.signal.id,
                reading.text[hit.start : hit.end],
                hit.weight,
                frozenset(hit.qualifiers),
                hit.role,
                reading.stretch(hit.start).part,
            )
            for hit in doc._.hits
        ]


def weights(pipeline: Pipeline, mail: Message) -> dict[str, float]:
    """The greatest weight per signal that stands in a mail."""
    found: dict[str, float] = {}
    for hit in hits(pipeline, mail):
        found[hit.id] = max(found.get(hit.id, 0.0), hit.weight)
    return found
