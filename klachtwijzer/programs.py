"""What other programs ask for by the API, answered by the rules in force."""

from collections.abc import Callable
from datetime import datetime

from intake.message import Envelope
from intake.parse import parse
from klachtwijzer.ruleset import Ruleset
from klachtwijzer.said import Line, judge, line


class ForPrograms:
    """The desk behind the API; it assesses and keeps nothing."""

    def __init__(self, rules: Ruleset, *, mailbox: str, largest: int, now: Callable[[], datetime]) -> None:
        self.rules, self.mailbox, self.largest, self.now = rules, mailbox, largest, now

    def assess(self, raw: bytes) -> Line:
        """What the triage says of a mail that is not kept."""
        message = parse(raw, Envelope("file", "", (self.mailbox,), self.now()))
        said = line("", judge(message, self.rules.now().pipeline))
        return {name: value for name, value in said.items() if name != "file"}
