"""What came of a run, as it is kept: of the examples and cases, or of the mails on file."""

from dataclasses import dataclass
from datetime import datetime

from console.workbench.compare import Field


@dataclass(frozen=True, slots=True)
class Failed:
    """An example or case that does not come out as it says."""

    where: str
    """The `file:line` where it stands."""
    what: str
    details: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """Examples and cases under the edited rules, beside those in force."""

    examples: int
    cases: int
    fresh: tuple[Failed, ...]
    """What fails now and did not before."""
    still: tuple[Failed, ...]
    """What fails under both."""
    mended: tuple[str, ...]
    """What failed and does not any more."""


@dataclass(frozen=True, slots=True)
class Moved:
    """How many mails go from one outcome to another."""

    before: str
    after: str
    mails: int


@dataclass(frozen=True, slots=True)
class Changed:
    """One mail that would come out otherwise."""

    digest: str
    reference: str | None
    received: datetime
    fields: tuple[Field, ...]
    before_rule: str
    after_rule: str
    level: int
    """How much it asks for attention: 0 is an escalation that comes or goes, then urgency, then outcome."""

    @property
    def lost(self) -> bool:
        """Whether an escalation goes."""
        return any(one.name == "uitkomst" and one.before == ("escaleren",) for one in self.fields)


@dataclass(frozen=True, slots=True)
class Impacted:
    """The edited rules over the mails on file, beside those in force."""

    mails: int
    reread: int
    """Mails whose words were read anew."""
    differing: int
    """How many come out otherwise; `changes` holds the weightiest of them."""
    gained: int
    """Escalations that come."""
    lost: int
    """Escalations that go."""
    moves: tuple[Moved, ...]
    changes: tuple[Changed, ...]
