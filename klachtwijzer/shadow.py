"""A second rulebook looks on at incoming mail, without effect: only what it would have said is kept."""

import structlog

from intake.message import Message
from klachtwijzer.difference import differences
from klachtwijzer.ruleset import InForce, Ruleset
from triage.assess import assess
from triage.assessment import Assessment
from triage.decide import decide
from triage.decision import Decision, Known

log = structlog.get_logger()


def look_on(rules: Ruleset, live: InForce, message: Message, assessment: Assessment, decision: Decision) -> None:
    """Let the shadow, when there is one, decide on the same mail. Whatever goes wrong here harms nobody."""
    try:
        shadow = rules.shadow()
        if shadow is None or rules.versions is None:
            return
        pipeline = shadow.pipeline
        same_words = pipeline.rulebook.words == live.pipeline.rulebook.words
        seen = assessment if same_words else assess(message, pipeline)
        other = decide(seen, pipeline.rulebook, decision.on, decision.known or Known(register=True))
        rules.versions.note_shade(message.digest, shadow.fingerprint, differences(decision, other))
    except Exception as trouble:
        log.warning("shadow failed", digest=message.digest[:12], kind=type(trouble).__name__)
