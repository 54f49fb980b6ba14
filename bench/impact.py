"""What-if on history: an edited rulebook over ten thousand stored mails, beside the one in force.

Once with another outcome (the stored assessments are used again), once with another word (every mail is read anew).
"""

import argparse
import time
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import cycle, islice

from bench.running import CORPUS, ROOT, closing, fresh_home, mails, told
from intake.message import Envelope, Message
from intake.parse import parse
from klachtwijzer.impact import impact
from klachtwijzer.ruleset import EAR, MODEL
from register import server
from register.book import Book
from register.imprint import digest
from register.versions import Versions
from triage import alarm as alarms
from triage import model as models
from triage.assess import assess
from triage.assessment import Assessment
from triage.decide import decide
from triage.pipeline import Pipeline, build
from triage.rulebook import assemble, files

STORED = 10_000


def pipeline(contents: Mapping[str, bytes]) -> Pipeline:
    """Rules with the trained part."""
    book, mistakes = assemble(contents)
    assert book is not None, mistakes
    return build(book, models.load(MODEL), alarms.load(EAR))


def store(book: Book, number: int, contents: Mapping[str, bytes]) -> None:
    """So many mails, kept and entered: the labelled ones over and over, each time as a mail of its own."""
    read = pipeline(contents)
    received = datetime.now(UTC) - timedelta(days=80)
    parsed: list[tuple[Message, Assessment]] = []
    for sender, raw in mails(CORPUS / "learn", CORPUS / "eigen" / "learn"):
        message = parse(raw, Envelope("file", sender, (), received))
        parsed.append((message, assess(message, read)))
    for place, (message, assessment) in enumerate(islice(cycle(parsed), number)):
        raw = b"X-Nummer: %d\r\n\r\n" % place
        envelope = replace(message.envelope, received=received + timedelta(minutes=place))
        own = replace(message, digest=digest(raw), message_id=f"{place}@proef.example", envelope=envelope)
        book.keep(raw, own.envelope)
        with book.begin() as page:
            known = page.known(own, envelope.received.date())
            decision = decide(assessment, read.rulebook, envelope.received.date(), known)
            page.enter(own, replace(assessment, digest=own.digest), decision, known)


def edits(contents: Mapping[str, bytes]) -> dict[str, dict[str, bytes]]:
    """Two edited rulebooks: another outcome, and another word."""
    rest = next(path for path in contents if path.startswith("uitkomsten/07"))
    word = b"- id: nieuw-woord\n  betekent: {ernstig: true}\n  woorden: [afspraak, vergadering]\n"
    return {
        "uitkomst": {**contents, rest: contents[rest].replace(b"uitkomst: doorverwijzen", b"uitkomst: registreren")},
        "woord": {**contents, "signalen/nieuw.yaml": word},
    }


def main() -> None:
    """Store, then compare."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--mails", type=int, default=STORED)
    number = asked.parse_args().mails
    contents = files(ROOT / "rules")
    figures: dict[str, float] = {"mails": number}
    with fresh_home() as home:
        engine = server.engine(server.embedded(home).replace("postgresql://", "postgresql+psycopg://", 1))
        server.migrate(engine)
        versions = Versions(engine)
        book, _ = assemble(contents)
        assert book is not None
        versions.take_over(book.fingerprint, contents, who="proef", why="proef")
        store(Book(engine), number, contents)
        for name, edited in edits(contents).items():
            start = time.perf_counter()
            result = impact(versions, contents, edited)
            figures[f"{name}_s"] = time.perf_counter() - start
            assert result.mails == number
            figures[f"{name}_anders"] = len(result.changes)
        engine.dispose()
        server.release(home)
    told(
        f"impact · {number} stored mails",
        {
            "s with another outcome": figures["uitkomst_s"],
            "mails that change": figures["uitkomst_anders"],
            "s with another word, all read anew": figures["woord_s"],
            "mails that change then": figures["woord_anders"],
        },
    )
    closing(figures)


if __name__ == "__main__":
    main()
