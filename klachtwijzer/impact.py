"""What an edited rulebook would change: both rulebooks over the mails on file, side by side."""

import multiprocessing
import os
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import islice, repeat

from intake.message import Message
from klachtwijzer.difference import differences, weight, with_persons
from klachtwijzer.ruleset import EAR, MODEL
from register.judged import Judged
from register.rulebooks import Differences
from register.versions import Versions
from triage import alarm as alarms
from triage import model as models
from triage.assess import assess
from triage.assessment import Assessment
from triage.decide import decide
from triage.mistakes import RulebookError
from triage.pipeline import Pipeline, build
from triage.rulebook import Rulebook, assemble

Files = Mapping[str, bytes]
# So many mails are held in memory at once.
BATCH = 400
# Below so many mails to read anew, starting other processes takes longer than it saves.
WORTH_A_PROCESS = 200


@dataclass(frozen=True, slots=True)
class Change:
    """One mail that would come out otherwise."""

    digest: str
    reference: str | None
    received: datetime
    differs: Differences
    before_rule: str
    after_rule: str


@dataclass(slots=True)
class Impact:
    """What the edited rules change over all mails looked at."""

    mails: int = 0
    reread: int = 0
    """Mails whose words were read anew, since the edited rules listen to other words."""
    changes: list[Change] = field(default_factory=list)
    moves: Counter[tuple[str, str]] = field(default_factory=Counter)
    """How many mails go from one outcome to another, those that stay included."""

    @property
    def new_escalations(self) -> list[Change]:
        return [one for one in self.changes if one.differs.get("uitkomst", ("", ""))[1] == "escaleren"]

    @property
    def lost_escalations(self) -> list[Change]:
        return [one for one in self.changes if one.differs.get("uitkomst", ("", ""))[0] == "escaleren"]


@dataclass(frozen=True, slots=True)
class _Side:
    """One of the two rulebooks."""

    files: Files
    rulebook: Rulebook
    trained: bool


def impact(  # noqa: PLR0913
    versions: Versions,
    live: Files,
    edited: Files,
    *,
    since: datetime | None = None,
    trained: bool = True,
    progress: Callable[[int], None] = lambda _: None,
) -> Impact:
    """Decide every mail received since then under both rulebooks; the worst changes come first.

    Stored assessments are used again where the same words were listened for with the same trained part, and for mails
    whose words were erased; other mails are read anew, on all cores. What staff corrected stays corrected.
    Raises RulebookError for a broken rulebook.
    """
    sides = [_Side(files, _assembled(files), trained) for files in (live, edited)]
    result, words = Impact(), _Words(versions)
    model = models.load(MODEL).version if trained and MODEL.exists() else "geen"
    with ExitStack() as closing:
        readers = [_Reader(side, closing) for side in sides]
        mails = versions.judged(since)
        while batch := list(islice(mails, BATCH)):
            seen = [_seen(batch, reader, words, versions, model) for reader in readers]
            fresh = [{one.digest for one in batch if not words.hold(one, side.rulebook, model)} for side in sides]
            result.reread += len(fresh[0] | fresh[1])
            for one in batch:
                _compare(one, [all_[one.digest] for all_ in seen], sides, result)
            progress(len(batch))
    result.changes.sort(key=lambda one: (weight(one.differs), one.received))
    return result


def _compare(one: Judged, seen: Sequence[Assessment], sides: Sequence[_Side], result: Impact) -> None:
    before, after = (
        decide(assessment, side.rulebook, one.on, one.known) for assessment, side in zip(seen, sides, strict=True)
    )
    result.mails += 1
    result.moves[before.uitkomst, after.uitkomst] += 1
    if differs := differences(before, after):
        change = Change(one.digest, one.reference, one.received, differs, before.regel, after.regel)
        result.changes.append(change)


class _Words:
    """Which words each rulebook on file listened for."""

    def __init__(self, versions: Versions) -> None:
        self.versions = versions
        self._known: dict[str, tuple[Files, str] | None] = {}

    def hold(self, one: Judged, rulebook: Rulebook, model: str) -> bool:
        """Whether the stored assessment is what these rules would make of the mail as well."""
        if one.erased:
            # There are no words left to read; the facts that were kept are all there is.
            return True
        if one.assessment.model != model:
            return False
        known = self._of(one.assessment.rulebook)
        return one.assessment.rulebook == rulebook.fingerprint or (known is not None and known[1] == rulebook.words)

    def files(self, one: Judged, model: str) -> Files | None:
        """The rules under which the stored assessment was made, with this trained part; None when they are gone."""
        known = self._of(one.assessment.rulebook)
        return known[0] if known is not None and one.assessment.model == model else None

    def _of(self, fingerprint: str) -> tuple[Files, str] | None:
        if fingerprint not in self._known:
            files = self.versions.files(fingerprint)
            book = None if files is None else assemble(files)[0]
            self._known[fingerprint] = None if files is None or book is None else (files, book.words)
        return self._known[fingerprint]


def _seen(
    batch: Sequence[Judged], reader: "_Reader", words: _Words, versions: Versions, model: str
) -> dict[str, Assessment]:
    found = {one.digest: one.assessment for one in batch if words.hold(one, reader.side.rulebook, model)}
    missing = [one for one in batch if one.digest not in found]
    messages = versions.messages([one.digest for one in missing]) if missing else []
    origins = [words.files(one, model) for one in missing]
    for one, fresh in zip(missing, reader.read(messages, origins), strict=True):
        found[one.digest] = one.assessment if fresh is None else with_persons(fresh, one.assessment)
    return found


class _Reader:
    """Reads mails anew under one rulebook: in this process while they are few, on all cores when they are many."""

    def __init__(self, side: _Side, closing: ExitStack) -> None:
        self.side, self.closing = side, closing
        self._count = 0
        self._here: _Ear | None = None
        self._pool: ProcessPoolExecutor | None = None
        self._former: Files | None = None

    def read(self, messages: Sequence[Message], origins: Sequence[Files | None]) -> Iterator[Assessment | None]:
        """A fresh assessment each, or None where the stored one is sure to be the same."""
        self._count += len(messages)
        if not messages:
            return
        former = origins[0] if all(one is origins[0] for one in origins) else None
        if self._count <= WORTH_A_PROCESS:
            self._here = self._here or _Ear(self.side.files, self.side.trained)
            yield from (self._here.assess(message, former) for message in messages)
            return
        if self._pool is None:
            # A fresh interpreter each: this process may hold threads and connections that no copy may inherit.
            pool = ProcessPoolExecutor(
                os.cpu_count(),
                multiprocessing.get_context("spawn"),
                initializer=_arm,
                initargs=(dict(self.side.files), self.side.trained, former),
            )
            self._pool, self._former = self.closing.enter_context(pool), former
        # The other processes know the rules of then that most mails were read under; the rest is read through.
        screened = former is not None and former is self._former
        yield from self._pool.map(_assess, messages, repeat(screened), chunksize=20)


class _Ear:
    """Reads single mails under one rulebook; what has none of the words that changed is not read through."""

    def __init__(self, files: Files, trained: bool, former: Files | None = None) -> None:
        model = models.load(MODEL) if trained and MODEL.exists() else None
        alarm = alarms.load(EAR) if trained and EAR.exists() else None
        self.pipeline = build(_assembled(files), model, alarm)
        self._former: Files | None = None
        self._changed: Pipeline | None = None
        self.compare(former)

    def compare(self, former: Files | None) -> None:
        """From now on, `former` are the rules under which the stored assessments were made."""
        if former is not None and former is not self._former:
            changed = changed_words(_assembled(former), self.pipeline.rulebook)
            self._changed = None if changed is None else build(changed)
        self._former = former

    def assess(self, message: Message, former: Files | None) -> Assessment | None:
        """A fresh assessment, or None when the one under the former rules is sure to be the same."""
        if former is not self._former:
            self.compare(former)
        return self.fresh(message, screened=former is not None)

    def fresh(self, message: Message, *, screened: bool) -> Assessment | None:
        """The same, with `screened` against the former rules that were named last."""
        if screened and self._changed is not None:
            with self._changed.turn():
                if not self._changed.read(message)._.hits:
                    return None
        return assess(message, self.pipeline)


def changed_words(former: Rulebook, edited: Rulebook) -> Rulebook | None:
    """A rulebook with only the signals that differ, each in both its forms; None when more than signals differs.

    A mail in which none of their words stands is understood the same under both: signals speak through their words.
    """
    was, now = ({signal.id: signal for signal in book.signals} for book in (former, edited))
    kept = [name for name in was if name in now] == [name for name in now if name in was]
    rest = (former.cues, former.facts, former.settings.wegen) == (edited.cues, edited.facts, edited.settings.wegen)
    if not (kept and rest):
        return None
    differing = [
        # On its own: whether other signals stand beside it is no matter here.
        replace(book[name], id=f"{name}-{place}", samen_met=(), samen_met_mail=(), niet_bij=())
        for place, book in enumerate((was, now))
        for name in book
        if was.get(name) != now.get(name)
    ]
    return replace(edited, signals=tuple(differing))


_armed: list[_Ear] = []


def _arm(files: Files, trained: bool, former: Files | None) -> None:
    _armed[:] = [_Ear(files, trained, former)]


def _assess(message: Message, screened: bool) -> Assessment | None:
    return _armed[0].fresh(message, screened=screened)


def _assembled(files: Files) -> Rulebook:
    book, mistakes = assemble(files)
    if book is None:
        raise RulebookError(one for one in mistakes if not one.warning)
    return book
