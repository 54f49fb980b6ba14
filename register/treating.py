"""What a person does with a dossier, each step with its event: `Page.treat` hands out the dossier to work on."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Connection, insert, select
from sqlalchemy.dialects.postgresql import insert as upsert

from intake.message import Party
from register import clock, entering, events, file, parties, parts
from register.deadlines import day_of_receipt
from register.file_tables import conclusion, part
from register.law import Law
from register.parties import Person
from register.record import as_text
from register.sealing import Key, KeyMissingError
from register.tables import item

# How long a complainant may think about mediation when nobody set a day (art. II.82: the instance sets the term).
_THINKING = timedelta(days=14)


class InvolvedError(ValueError):
    """A person who did not confirm not to be involved in the facts cannot treat the complaint (art. II.86)."""


@dataclass(frozen=True, slots=True)
class Treatment:
    """A dossier in the hands of one person, inside one page."""

    connection: Connection
    reference: str
    account: str
    now: datetime
    law: Law
    key: Key | None = None

    @property
    def today(self) -> date:
        """The day in Brussels."""
        return day_of_receipt(self.now)

    def hand_to(self, account: str, *, not_involved: bool) -> None:
        """Give the dossier to this handler, who confirms not to be involved in the facts; else InvolvedError."""
        if not not_involved:
            raise InvolvedError("wie bij de feiten betrokken is, behandelt de klacht niet (artikel II.86)")
        values = {"handler": account, "uninvolved": self.now}
        file.change(self.connection, self.reference, self.account, events.HANDLED_BY, values)

    def describe(self, **values: object) -> None:
        """Facts of the dossier: `reporter`, `form`, `carriers`, `channels`, `themes`, `severity`, `outcomes`,
        `qualification`. Raises ValueError for another name, or a value outside its list."""
        allowed = {"reporter", "form", "carriers", "channels", "themes", "severity", "outcomes", "qualification"}
        if wrong := sorted(values.keys() - allowed):
            raise ValueError(f"{wrong[0]} wordt hier niet gezet")
        file.change(self.connection, self.reference, self.account, events.CHANGED, values, law=self.law)

    def admit(self) -> None:
        """The complaint is ontvankelijk: it will be treated."""
        self._admissible({"admissible": True, "ground": ""}, "")

    def refuse(self, ground: str, words: str) -> None:
        """A person decides not to treat it, on one ground of the list and in words for the complainant.

        The complainant must know within ten days of receipt (art. II.77 §2): the letter that tells acknowledges.
        """
        if not words.strip():
            raise ValueError("een weigering wordt met redenen meegedeeld (artikel II.77, § 2)")
        if not ground:
            raise ValueError("ground: kies een reden uit de lijst onontvankelijk")
        self._admissible({"admissible": False, "ground": ground}, words)

    def mediate(self, step: str, *, until: date | None = None) -> None:
        """Mediation `aangeboden`, `aanvaard`, `geweigerd` or `geen-antwoord` (art. II.82).

        An offer has a last day to answer. Silence is written down after that day and not before: it waives.
        """
        before = file.row(self.connection, self.reference)
        if step != "aangeboden" and before.mediation != "aangeboden":
            raise ValueError("bemiddeling moet eerst aangeboden zijn")
        if step == "geen-antwoord" and before.mediation_until is not None and self.today <= before.mediation_until:
            raise ValueError("de klager kan nog antwoorden op het aanbod")
        values: dict[str, object] = {"mediation": step}
        if step == "aangeboden":
            values["mediation_until"] = until or self.today + _THINKING
        file.change(self.connection, self.reference, self.account, events.MEDIATED, values, law=self.law)

    def find(self, number: int, finding: str, reasoning: str, *, solution: str = "", norms: Iterable[str] = ()) -> None:
        """The finding on one part, with its reasons; norms and solution only where it is (partly) founded."""
        self._expect_founded(finding, solution, norms)
        values = {"finding": finding, "reasoning": as_text(reasoning), "solution": solution, "norms": list(norms)}
        parts.change(self.connection, number, self.account, self.law, **values)

    def conclude(self, finding: str, words: str, *, solution: str = "", norms: Iterable[str] | None = None) -> None:
        """The eindbevinding over all parts; norms that are not given are those of the parts together.

        Raises ValueError when the complaint was not found ontvankelijk first, or for norms of an unfounded one.
        """
        if file.row(self.connection, self.reference).admissible is not True:
            raise ValueError("eerst beslist iemand dat de klacht ontvankelijk is")
        founded = finding in self.law.founded()
        if norms is None:
            found = self.connection.scalars(select(part.c.norms).where(part.c.dossier == self.reference))
            norms = sorted({norm for several in found for norm in several}) if founded else []
        norms = list(norms)
        self._expect_founded(finding, solution, norms)
        self._words("finding_words", words)
        values = {"finding": finding, "solution": solution, "norms": norms}
        file.change(self.connection, self.reference, self.account, events.CONCLUDED, values, law=self.law)

    def satisfied(self, answer: str, words: str = "") -> None:
        """What the complainant said of the treatment; asked once the dossier is closed, else ValueError."""
        if file.row(self.connection, self.reference).status != "gesloten":
            raise ValueError("de vraag naar tevredenheid komt na het afsluiten")
        self._words("satisfaction_words", words)
        values = {"satisfaction": answer}
        file.change(self.connection, self.reference, self.account, events.SATISFIED, values, law=self.law)

    def answered(self, at: datetime | None = None) -> None:
        """Our answer left; the clock stops."""
        clock.answer(self.connection, self.reference, self.account, at or self.now, self.law)

    def extend(self, reasons: str) -> date:
        """Put the answer off, announced today with reasons; the new last day. Raises TooLateError."""
        return clock.extend(self.connection, self.reference, self.account, reasons, self.today, self.law)

    def pause(self, ground: str) -> None:
        """Let the clock stand still from today on a ground of its regime. Raises NoPauseError."""
        clock.pause(self.connection, self.reference, self.account, ground, self.today, self.law)

    def resume(self) -> None:
        """Let the clock run again from today."""
        clock.resume(self.connection, self.reference, self.account, self.today, self.law)

    def close(self) -> None:
        """The dossier is finished; mails that are still open work keep it open: ValueError."""
        work_left = select(item.c.digest).where(item.c.dossier == self.reference, item.c.open)
        if self.connection.scalar(work_left.limit(1)) is not None:
            raise ValueError("er staan nog berichten open in dit dossier")
        file.turn(self.connection, self.reference, "gesloten", self.account)

    def reopen(self) -> None:
        """Take the dossier up again."""
        file.turn(self.connection, self.reference, "open", self.account)

    def hold(self, why: str) -> None:
        """Keep the dossier from being erased (a court case, an inquiry); empty words lift that."""
        what = events.HELD if why.strip() else events.UNHELD
        file.change(self.connection, self.reference, self.account, what, {"hold": as_text(why).strip()})

    def add_person(self, person: Person) -> int:
        """Write a person into the dossier, sealed. Raises KeyMissingError without a key, ValueError for bad values."""
        if self.key is None:
            raise KeyMissingError("names are written with a key")
        return parties.add(self.connection, self.reference, self.account, person, key=self.key, law=self.law)

    def _admissible(self, values: dict[str, object], words: str) -> None:
        file.change(self.connection, self.reference, self.account, events.ADMITTED, values, law=self.law)
        self._words("ground_words", words)

    def _words(self, column: str, words: str) -> None:
        said = {column: as_text(words)}
        row = upsert(conclusion).values(dossier=self.reference, **said)
        self.connection.execute(row.on_conflict_do_update(index_elements=["dossier"], set_=said))

    def _expect_founded(self, finding: str, solution: str, norms: Iterable[str]) -> None:
        if finding not in self.law.founded() and (solution or list(norms)):
            raise ValueError("een oplossing en ombudsnormen horen bij een gegronde of deels gegronde klacht")


def open_by_hand(  # noqa: PLR0913
    connection: Connection,
    account: str,
    received: datetime,
    law: Law,
    *,
    carriers: Iterable[str],
    channels: Iterable[str] = ("burger",),
    sector: str = "",
    betrokkene: str = "onbekend",
) -> str:
    """A complaint that came by letter, telephone or visit (art. II.76 §1): a dossier with its clock; the reference."""
    values: dict[str, object] = {"carriers": list(carriers), "channels": list(channels), "qualification": "klacht"}
    values |= {"sector": sector, "betrokkene": betrokkene}
    file.check(values, law)
    opened = entering.open_dossier(connection, Party("", ""), received, clock.COMPLAINT, law)
    events.write(connection, *entering.opening(opened, None))
    file.change(connection, opened.reference, account, events.REGISTERED, values)
    stream = "met-afdeling" if betrokkene == "organisator" else "eigen-dienst"
    row = {"dossier": opened.reference, "place": 1, "stream": stream, "soort": "klacht", "sector": sector}
    connection.execute(insert(part).values(row | {"betrokkene": betrokkene, "proposed": False}))
    return opened.reference
