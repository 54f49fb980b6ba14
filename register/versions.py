"""The rulebooks on file, one transaction a call. See `register.rulebooks` for what each thing is."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine

from intake.message import Message
from register import judged, rulebooks
from register.judged import Judged
from register.rulebooks import Differences, Files, Proposal, Role, Shade, Turn


@dataclass(frozen=True, slots=True)
class Versions:
    """Safe to share between threads; holds no state but the engine."""

    engine: Engine

    def current(self, role: Role = "geldend") -> str | None:
        """The fingerprint of the rulebook that has this role now, or None."""
        with self.engine.connect() as connection:
            return rulebooks.current(connection, role)

    def files(self, fingerprint: str) -> dict[str, bytes] | None:
        """The YAML files of a version, byte for byte; None when it was never kept."""
        with self.engine.connect() as connection:
            return rulebooks.files(connection, fingerprint)

    def known(self, fingerprint: str) -> bool:
        """Whether this version is on file."""
        with self.engine.connect() as connection:
            return rulebooks.known(connection, fingerprint)

    def history(self, role: Role = "geldend", limit: int = 50) -> list[Turn]:
        """Who changed the rulebook, when, why and in which files; newest first."""
        with self.engine.connect() as connection:
            return rulebooks.history(connection, role, limit)

    def take_over(  # noqa: PLR0913
        self,
        fingerprint: str,
        files: Files,
        *,
        who: str,
        why: str,
        role: Role = "geldend",
        instead_of: str | None = None,
    ) -> bool:
        """Put a checked rulebook in force (or in the shadow) for every process at once; False when it was already.

        With `instead_of` raises OvertakenError when another version came into force meanwhile.
        """
        with self.engine.begin() as connection:
            rulebooks.keep(connection, fingerprint, files)
            return rulebooks.give_turn(connection, role, fingerprint, who=who, why=why, instead_of=instead_of)

    def end_shadow(self, *, who: str, why: str = "") -> bool:
        """No shadow looks on any more; False when none did."""
        with self.engine.begin() as connection:
            return rulebooks.give_turn(connection, "schaduw", None, who=who, why=why)

    def propose(self, fingerprint: str, files: Files, *, who: str, why: str, parent: str | None = None) -> int:
        """Lay a checked rulebook before a second person; the number of the proposal.

        `parent` is what it was written on: by default what is in force.
        """
        with self.engine.begin() as connection:
            return rulebooks.propose(connection, fingerprint, files, who=who, why=why, parent=parent)

    def proposals(self, *, open_only: bool = True) -> list[Proposal]:
        """Proposals, newest first."""
        with self.engine.connect() as connection:
            return rulebooks.proposals(connection, open_only=open_only)

    def proposal(self, number: int) -> Proposal | None:
        """The proposal of that number, or None."""
        with self.engine.connect() as connection:
            return rulebooks.find(connection, number)

    def publish(self, number: int, *, who: str) -> str:
        """A second person puts a proposal in force; its fingerprint.

        Raises SamePersonError, ProposalGoneError, or OvertakenError when the rules in force changed since.
        """
        with self.engine.begin() as connection:
            return rulebooks.publish(connection, number, who=who)

    def refuse(self, number: int, *, who: str, why: str = "") -> None:
        """Set a proposal aside. Raises ProposalGoneError."""
        with self.engine.begin() as connection:
            rulebooks.refuse(connection, number, who=who, why=why)

    def note_shade(self, digest: str, fingerprint: str, differs: Differences) -> None:
        """Keep what the shadow would have decided otherwise; nothing differs when it agreed."""
        with self.engine.begin() as connection:
            rulebooks.note_shade(connection, digest, fingerprint, differs)

    def shades(self, fingerprint: str, limit: int = 500) -> tuple[int, list[Shade]]:
        """Of how many mails this shadow had an opinion, and those of which it differed, newest first."""
        with self.engine.connect() as connection:
            return rulebooks.shades(connection, fingerprint, limit)

    def judged(self, since: datetime | None = None) -> Iterator[Judged]:
        """Every mail received since then with the judgement in force, oldest first."""
        with self.engine.connect() as connection:
            yield from judged.judged(connection, since)

    def count(self, since: datetime | None = None) -> int:
        """How many `judged` would give."""
        with self.engine.connect() as connection:
            return judged.count(connection, since)

    def messages(self, digests: Sequence[str]) -> list[Message]:
        """These mails as they were parsed, in the same order; each must be on file."""
        with self.engine.connect() as connection:
            return judged.messages(connection, digests)
