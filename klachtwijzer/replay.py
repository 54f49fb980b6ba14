"""A decision made again from what was stored, with the rules of then: the same today as years later."""

from collections.abc import Iterator
from dataclasses import replace

from klachtwijzer.ruleset import Ruleset
from register.reading import Record
from triage.decide import decide
from triage.decision import Decision
from triage.explain import explain
from triage.rulebook import Rulebook


def replayed(decision: Decision, record: Record, rulebook: Rulebook | None) -> Decision | None:
    """The same mail decided again under these rules; None when the rules or what the register knew are not on file."""
    if rulebook is None or rulebook.fingerprint != decision.rulebook or decision.known is None:
        return None
    return decide(record.assessment, rulebook, decision.on, decision.known)


def sentences(record: Record, rules: Ruleset, *, erased: bool = False) -> Iterator[str]:
    """Why the decision in force is as it is, by the rules of then, and whether making it again gives the same."""
    decision = record.decision
    then = rules.version(decision.rulebook)
    yield from explain(record.assessment, decision, then or rules.now().pipeline.rulebook)
    if erased:
        yield "De woorden van deze mail zijn intussen gewist. De feiten zijn bewaard."
    short = decision.rulebook[:12] or "onbekend"
    with_model = f"regels {short}, geleerd deel {decision.model}, dag {decision.on}"
    again = replayed(decision, record, then)
    if again is None:
        yield f"Niet opnieuw te beslissen: van {with_model} is niet alles bewaard. De redenen zijn die van toen."
    elif _said(again) == _said(decision):
        yield f"Opnieuw beslist met de bewaarde feiten ({with_model}): hetzelfde resultaat."
    else:
        yield f"Opnieuw beslist met de bewaarde feiten ({with_model}): nu {again.uitkomst}, toen {decision.uitkomst}."


def _said(decision: Decision) -> Decision:
    # What was tried and which words say why belong to the telling; years later the program may tell it otherwise.
    return replace(decision, trials=(), reasons=())
