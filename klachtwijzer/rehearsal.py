"""Does an edited rulebook do what its own examples and the cases beside it say?"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from pathlib import Path

from intake.message import Envelope, Message
from intake.parse import parse
from triage.assess import assess
from triage.assessment import Assessment, Fact
from triage.cases import Case, cases, concluded, differences, facts, given
from triage.clauses import Constant, first_failure, lacking, names
from triage.conditions import Condition
from triage.decision import Known
from triage.entries import Entry
from triage.grounds import grounds
from triage.mistakes import Mistake
from triage.pipeline import Pipeline
from triage.shapes import OutcomeRule
from triage.terms import Signal

# An example holds words only. What the register knew is as the rule needs it.
_KNOWN = (Known(), Known(register=True), Known(register=True, dossier="KW-2000-00001"))
_PLAIN = "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n"
_WORDS_SHOWN = 3


@dataclass(frozen=True, slots=True, order=True)
class Failure:
    """An example or case that does not come out as it says."""

    where: str
    """The `file:line` where it stands."""
    what: str
    details: tuple[str, ...] = ()
    """Which fact differed, and the words that carried it."""

    def __str__(self) -> str:
        return "\n".join([f"{self.where}: {self.what}", *(f"    {line}" for line in self.details)])


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """What came of all examples and cases."""

    examples: int
    cases: int
    failures: tuple[Failure, ...]
    mistakes: tuple[Mistake, ...]
    """Cases that could not be read."""


def rehearse(pipeline: Pipeline, folder: Path | None, today: date) -> Rehearsal:
    """Every example of the rules and signals, and every case in the YAML files of `folder`."""
    failures, examples = list[Failure](), 0
    for signal in pipeline.rulebook.signals:
        examples += len(signal.voorbeelden.raak) + len(signal.voorbeelden.mis)
        failures += _signal(signal, pipeline)
    for rule in pipeline.rulebook.outcomes:
        examples += sum(map(len, (rule.voorbeelden.raak, rule.voorbeelden.raak_bij, rule.voorbeelden.mis)))
        failures += _rule(rule, pipeline)
    found, mistakes = read(folder)
    for entry in found:
        failures += _case(entry, pipeline, today)
    return Rehearsal(examples, len(found), tuple(sorted(failures)), tuple(sorted(mistakes)))


def read(folder: Path | None) -> tuple[list[Entry[Case]], list[Mistake]]:
    """The cases in the YAML files of a folder, and the mistakes in their form."""
    found: list[Entry[Case]] = []
    mistakes: list[Mistake] = []
    for path in sorted(folder.glob("*.yaml")) if folder is not None else ():
        entries, wrong = cases(str(path), path.read_text(encoding="utf-8"))
        found += entries
        mistakes += wrong
    return found, mistakes


def spoken(words: str, *, subject: str = "", on: date | None = None) -> Message:
    """Some words as a mail that came in on that day; words that begin with header lines are a whole mail."""
    head = words.split("\n\n", 1)[0]
    whole = "\n\n" in words and all(": " in line for line in head.splitlines())
    text = words if whole else f"{_PLAIN}Subject: {subject}\r\n\r\n{words}"
    received = datetime.combine(on or date(2000, 1, 1), time(12), UTC)
    return parse(text.encode(), Envelope("file", "", (), received))


def _signal(signal: Signal, pipeline: Pipeline) -> Iterator[Failure]:
    where = pipeline.rulebook.places[signal.id]
    for words in signal.voorbeelden.raak:
        weight = _weight(signal, words, pipeline)
        # The rest of the mail, which the example lacks, may have to hold the company that the signal needs.
        if weight is None or (weight == 0 and not signal.samen_met_mail):
            why = "de woorden staan er niet in" if weight is None else "een kwalificatie of ander signaal neemt het weg"
            yield Failure(where, f"signaal `{signal.id}` moet raak zijn en is het niet: {words}", (why,))
    for words in signal.voorbeelden.mis:
        if _weight(signal, words, pipeline):
            yield Failure(where, f"signaal `{signal.id}` moet mis zijn en is toch raak: {words}")


def _weight(signal: Signal, words: str, pipeline: Pipeline) -> float | None:
    mail = spoken("", subject=words) if signal.waar == "onderwerp" else spoken(words)
    with pipeline.turn():
        weights = [hit.weight for hit in pipeline.read(mail)._.hits if hit.signal.id == signal.id]
    return max(weights, default=None)


def _rule(rule: OutcomeRule, pipeline: Pipeline) -> Iterator[Failure]:
    where, condition = pipeline.rulebook.places[rule.id], pipeline.rulebook.conditions[rule.id]
    for words in rule.voorbeelden.raak:
        assessment = assess(spoken(words), pipeline)
        lacks = [_lack(condition, assessment, pipeline, known) for known in _KNOWN]
        if all(lacks):
            details = (str(lacks[1]), *_carried(assessment, condition))
            yield Failure(where, f"regel `{rule.id}` moet raak zijn en is het niet: {words}", details)
    for said in rule.voorbeelden.raak_bij:
        assessment = Assessment(digest="0" * 64, facts=facts(said, pipeline.rulebook))
        lack = _lack(condition, assessment, pipeline, Known(register=True))
        if lack:
            yield Failure(where, f"regel `{rule.id}` moet raak zijn bij de gegeven feiten en is het niet", (lack,))
    if condition.clause == Constant(True):
        # The last rule holds of every mail; its examples show which mails other rules catch first.
        return
    for words in rule.voorbeelden.mis:
        assessment = assess(spoken(words), pipeline)
        if not all(_lack(condition, assessment, pipeline, known) for known in _KNOWN):
            details = tuple(_carried(assessment, condition))
            yield Failure(where, f"regel `{rule.id}` moet mis zijn en is toch raak: {words}", details)


def _lack(condition: Condition, assessment: Assessment, pipeline: Pipeline, known: Known) -> str:
    """Why the condition does not hold, or nothing when it does."""
    flat = grounds(assessment, assessment.facts, pipeline.rulebook, known)
    failed = first_failure(condition.clause, flat)
    return "" if failed is None else lacking(failed, flat)


def _carried(assessment: Assessment, condition: Condition) -> Iterator[str]:
    """The facts that the condition asks for, as they were found, with their words."""
    for name, fact in assessment.facts.items():
        if any(word == name or word.startswith(f"{name}_") for word in names(condition.clause)):
            yield _told(name, fact)


def _told(name: str, fact: Fact) -> str:
    value = ", ".join(fact.value) if isinstance(fact.value, tuple) else fact.value
    shown = fact.evidence[:_WORDS_SHOWN]
    words = "; ".join(f"«{' '.join(one.text.split())}» ({one.part}, {one.start}–{one.end})" for one in shown)
    sure = f"{fact.confidence:.2f}".replace(".", ",")
    return f"`{name}` = {value} (zekerheid {sure}, door {fact.found_by})" + (f": {words}" if words else "")


def _case(entry: Entry[Case], pipeline: Pipeline, today: date) -> Iterator[Failure]:
    case, rulebook = entry.value, pipeline.rulebook
    assessment = assess(spoken(case.mail, on=case.op or today), pipeline) if case.mail else given(case, rulebook)
    decision = concluded(case, assessment, rulebook, today)
    different = list(differences(case, assessment, decision, rulebook))
    if not different:
        return
    details = [f"{one.what}: verwacht {_said(one.wanted)}, kreeg {_said(one.got)}" for one in different]
    for one in different:
        kind, name = one.what.split(" ", 1)
        if kind == "feit" and name in assessment.facts:
            details.append(_told(name, assessment.facts[name]))
    if any(one.what.startswith("besluit") for one in different):
        details += [f"regel `{decision.regel}`: {reason.text}" for reason in decision.reasons[:2]]
        hit = rulebook.conditions.get(decision.regel)
        details += _carried(assessment, hit) if case.mail and hit is not None else ()
    yield Failure(entry.where, f"geval «{case.naam}»", tuple(dict.fromkeys(details)))


def _said(value: object) -> str:
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(str, value))}]"
    return "niets" if value is None else str(value)
