"""What we understood of a message: facts, each with its evidence, its finder and a confidence."""

from collections.abc import Mapping
from dataclasses import dataclass, field

Value = str | bool | int | float | tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Evidence:
    """Words that carry a fact: [start, end) in code points of the part they stand in."""

    start: int
    end: int
    text: str
    part: str
    """`tekst`, `onderwerp`, or the name of an attachment."""
    source: str
    """The rule, term or component that saw them."""
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing we hold to be so."""

    value: Value
    confidence: float
    """Between 0 and 1."""
    found_by: str
    """Id of a term or rule, name of a component, or `persoon:<account>` for a correction."""
    evidence: tuple[Evidence, ...] = ()
    runner_up: str = ""
    """The second reading, when there is one."""
    runner_up_confidence: float = 0.0


@dataclass(frozen=True, slots=True)
class Assessment:
    """Facts of one message. The names and types of facts are those of `rules/feiten.yaml`."""

    digest: str
    facts: Mapping[str, Fact]
    parts: tuple[Mapping[str, Fact], ...] = ()
    """One mapping per further object of a mail with several (`delen`), ranked; empty for most mails."""
    model: str = "geen"
    """Version of the trained part that spoke, `geen` without one."""
    rulebook: str = ""
    """Fingerprint of the rules whose words were looked for."""
    outlook: Mapping[str, float] = field(default_factory=dict)
    """The trained part's own estimate per outcome; kept apart so that the explanation can name it."""

    def value(self, name: str, default: Value) -> Value:
        """The value of a fact, or `default` when nobody found it."""
        fact = self.facts.get(name)
        return default if fact is None else fact.value
