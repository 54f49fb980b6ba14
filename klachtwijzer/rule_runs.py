"""Does the runs that rule maintainers ask for, one at a time, beside the pages; the register tells how far they are."""

import threading
from collections.abc import Callable
from datetime import date
from pathlib import Path

import structlog

from console.workbench.compare import compared
from console.workbench.results import Changed, Failed, Impacted, Moved, Rehearsed
from klachtwijzer.difference import weight
from klachtwijzer.impact import Change, Impact, impact
from klachtwijzer.rehearsal import Failure, Rehearsal, rehearse
from register import rule_runs
from register.rule_runs import Run
from register.rulebooks import Files
from register.versions import Versions
from triage.pipeline import Pipeline

# Of more mails a page cannot show the differences one by one; the numbers count them all.
MOST_CHANGES = 2_000
log = structlog.get_logger()


class Runner:
    """A thread of its own that works while runs wait. What it leaves undone when it dies, the next one takes up."""

    def __init__(
        self,
        versions: Versions,
        made: Callable[[Files], Pipeline],
        *,
        cases: Path | None,
        trained: bool,
        today: Callable[[], date],
    ) -> None:
        self.versions, self.made, self.cases, self.trained, self.today = versions, made, cases, trained, today
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Work until no run waits; nothing when it works already."""
        with self._lock:
            if self._thread is None or not self._thread.is_alive():
                # A run that the end of the process breaks off is taken up again later; nobody must wait for it.
                self._thread = threading.Thread(target=self._work, daemon=True, name="rule-runs")
                self._thread.start()

    def _work(self) -> None:
        while (run := self._taken()) is not None:
            try:
                result: Rehearsed | Impacted | None = self.result(run)
            except Exception as trouble:
                log.warning("run of rules failed", run=run.id, kind=type(trouble).__name__)
                result = None
            try:
                with self.versions.engine.begin() as connection:
                    rule_runs.finish(connection, run.id, result)
            except Exception as trouble:
                log.warning("result of a run not kept", run=run.id, kind=type(trouble).__name__)
                return

    def _taken(self) -> Run | None:
        try:
            with self.versions.engine.begin() as connection:
                return rule_runs.take(connection)
        except Exception as trouble:
            log.warning("no run could be taken up", kind=type(trouble).__name__)
            return None

    def result(self, run: Run) -> Rehearsed | Impacted:
        """Do the run. Raises RulebookError for broken rules, LookupError when they are not on file."""
        live, edited = self.versions.files(run.against), self.versions.files(run.fingerprint)
        if live is None or edited is None:
            raise LookupError(run.fingerprint)
        if run.kind == "proeven":
            return rehearsed(self._rehearse(live), self._rehearse(edited))
        total, done = self.versions.count(run.since), 0

        def progress(more: int) -> None:
            nonlocal done
            done += more
            with self.versions.engine.begin() as connection:
                rule_runs.advance(connection, run.id, done=done, total=total)

        progress(0)
        return impacted(impact(self.versions, live, edited, since=run.since, trained=self.trained, progress=progress))

    def _rehearse(self, files: Files) -> Rehearsal:
        return rehearse(self.made(files), self.cases, self.today())


def rehearsed(live: Rehearsal, edited: Rehearsal) -> Rehearsed:
    """Both rehearsals side by side; an example is known by what it says, since its line may have moved."""
    before = {one.what for one in live.failures}
    now = {one.what for one in edited.failures}
    unread = tuple(Failed(f"{one.file}:{one.line}", one.what, (one.hint,)) for one in edited.mistakes)
    return Rehearsed(
        edited.examples,
        edited.cases,
        (*unread, *(_failed(one) for one in edited.failures if one.what not in before)),
        tuple(_failed(one) for one in edited.failures if one.what in before),
        tuple(one.what for one in live.failures if one.what not in now),
    )


def _failed(one: Failure) -> Failed:
    return Failed(one.where, one.what, one.details)


def impacted(result: Impact) -> Impacted:
    """The impact as it is kept: all numbers, and the weightiest changes."""
    return Impacted(
        mails=result.mails,
        reread=result.reread,
        differing=len(result.changes),
        gained=len(result.new_escalations),
        lost=len(result.lost_escalations),
        moves=tuple(
            Moved(before, after, mails) for (before, after), mails in result.moves.most_common() if before != after
        ),
        changes=tuple(_changed(one) for one in result.changes[:MOST_CHANGES]),
    )


def _changed(one: Change) -> Changed:
    fields = compared(one.differs)
    level = weight(one.differs)
    return Changed(one.digest, one.reference, one.received, fields, one.before_rule, one.after_rule, level)
