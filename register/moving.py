"""A person says that a mail belongs to another dossier: a correction like any other, so that it stays readable."""

from dataclasses import replace

from register.reading import Record
from triage.assessment import Assessment, Fact
from triage.decision import Decision, Reason


def moved(record: Record, to: str, account: str) -> tuple[Assessment, Decision]:
    """The judgement of a mail that a person adds to the dossier `to`; `Page.redecide` then moves it."""
    said = Fact("toevoegen", 1.0, f"persoon:{account}")
    seen = replace(record.assessment, facts={**record.assessment.facts, "uitkomst": said})
    why = Reason(f"{account} voegde dit bericht toe aan dossier {to}.")
    decision = replace(record.decision, uitkomst="toevoegen", dossier=to, brief="toegevoegd", reasons=(why,), delen=())
    return seen, decision
