"""What the command line says of one mail: the JSON that `docs/architecture.md` promises to other tools."""

from dataclasses import dataclass
from pathlib import Path

from intake.message import Message
from klachtwijzer.labelled import day, read_mail
from triage.assess import assess
from triage.assessment import Assessment
from triage.decide import decide
from triage.decision import Decision, Known
from triage.pipeline import Pipeline
from triage.vocabulary import VELDEN

Line = dict[str, object]


@dataclass(frozen=True, slots=True)
class Judged:
    """One mail with everything that was thought about it."""

    message: Message
    assessment: Assessment
    decision: Decision


def judge(message: Message, pipeline: Pipeline) -> Judged:
    """Assess and decide a single mail, without a register."""
    assessment = assess(message, pipeline)
    return Judged(message, assessment, decide(assessment, pipeline.rulebook, day(message), Known()))


def line(file: str, judged: Judged) -> Line:
    """The policy's fields, flat and plain, with their evidence."""
    decision, assessment = judged.decision, judged.assessment
    return {
        "file": file,
        **{name: _plain(getattr(decision, name)) for name in VELDEN},
        "delen": [{name: _plain(getattr(part, name)) for name in VELDEN} for part in decision.delen],
        "bewijs": {name: found for name in assessment.facts if (found := _evidence(assessment, name))},
        "zekerheid": round(decision.zekerheid, 4),
        "regel": decision.regel,
        "rulebook": decision.rulebook,
        "model": decision.model,
    }


def _evidence(assessment: Assessment, name: str) -> list[dict[str, object]]:
    return [
        {
            "van": one.start,
            "tot": one.end,
            "tekst": one.text,
            "deel": one.part,
            "bron": one.source,
            "zekerheid": one.confidence,
        }
        for one in assessment.facts[name].evidence
    ]


def _plain(value: object) -> object:
    return list(value) if isinstance(value, tuple) else value


def triage(path: Path, pipeline: Pipeline) -> tuple[Line, Judged | None]:
    """The line of a file; one that cannot be read or judged goes to a person today, with the fault in words."""
    try:
        message = read_mail(path)
    except OSError as error:
        return unreadable(path.name, f"kan het bestand niet lezen: {error.strerror}"), None
    try:
        judged = judge(message, pipeline)
    except Exception as trouble:
        # One mail that breaks us must not silence the others; its words stay out of what is told.
        return unreadable(path.name, f"kan het bericht niet beoordelen ({type(trouble).__name__})"), None
    return line(path.name, judged), judged


def unreadable(file: str, fault: str) -> Line:
    """The line of a mail that nobody could read: a person must look, today."""
    return {
        "file": file,
        "soort": "overig",
        "sector": "buiten",
        "decreten": [],
        "betrokkene": "onbekend",
        "uitkomst": "beoordelen",
        "instanties": [],
        "gevaar": [],
        "dringendheid": "vandaag",
        "ontbreekt": [],
        "ontvankelijkheid": [],
        "taal": "nl",
        "delen": [],
        "bewijs": {},
        "zekerheid": 0.0,
        "regel": "onleesbaar",
        "rulebook": "",
        "model": "geen",
        "fout": fault,
    }
