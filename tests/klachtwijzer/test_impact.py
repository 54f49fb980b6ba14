"""What-if on history: which mails change under edited rules, what is read anew, and what staff said."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache

import pytest
from sqlalchemy import Engine

from intake.message import Envelope
from klachtwijzer import replay
from klachtwijzer.difference import differences, spoken, weight
from klachtwijzer.impact import Impact, changed_words, impact
from klachtwijzer.rehearsal import spoken as said
from klachtwijzer.ruleset import Ruleset
from klachtwijzer.settings import CHECKOUT
from klachtwijzer.shadow import look_on
from klachtwijzer.shown_rules import lines
from register.book import Book
from register.imprint import digest
from register.versions import Versions
from responder import letter
from triage.assess import assess
from triage.assessment import Fact
from triage.decide import decide
from triage.decision import Known
from triage.mistakes import RulebookError
from triage.pipeline import Pipeline, build
from triage.rulebook import assemble, files

Files = Mapping[str, bytes]
SHIPPED = files(CHECKOUT / "rules")
LIVE: Files = {
    **{path: text for path, text in SHIPPED.items() if not path.startswith(("signalen/", "uitkomsten/"))},
    "signalen/woorden.yaml": b"""
- {id: klacht-woord, betekent: {soort: klacht}, gewicht: 4, woorden: [klacht]}
- {id: opgroeien-woord, betekent: {betrokkene: opgroeien}, gewicht: 4, woorden: [consulent]}
- {id: trap-woord, betekent: {zorgwekkend: true}, woorden: [trap]}
""",
    "uitkomsten/1.yaml": b"""
- id: eigen-klacht
  als: soort == "klacht" and betrokkene == "opgroeien"
  dan: {uitkomst: registreren}
  brief: ontvangstbevestiging
  omdat: Daarom.
  bron: {titel: Een bron, nagekeken_op: 2026-11-23}
- id: de-rest
  als: "true"
  dan: {uitkomst: beoordelen}
  omdat: Een persoon kijkt.
  bron: {titel: Een bron, nagekeken_op: 2026-11-23}
""",
}
MAILS = ("Een klacht over de consulent.", "Een klacht over de trap.", "Goedemiddag.", "Een klacht, de consulent viel.")
NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)


@cache
def pipeline() -> Pipeline:
    book, mistakes = assemble(LIVE)
    assert book is not None, mistakes
    return build(book)


@pytest.fixture
def versions(engine: Engine, book: Book) -> Iterator[Versions]:
    """The rules in force, and four mails decided under them, a day apart."""
    found, rulebook = Versions(engine), pipeline().rulebook
    found.take_over(rulebook.fingerprint, LIVE, who="map", why="begin")
    for place, words in enumerate(MAILS):
        raw, received = words.encode(), NOW - timedelta(days=place)
        message = replace(said(words), digest=digest(raw), envelope=Envelope("file", "", (), received))
        assessment, known = assess(message, pipeline()), Known(register=True)
        book.keep(raw, message.envelope)
        with book.begin() as page:
            page.enter(message, assessment, decide(assessment, rulebook, received.date(), known), known)
    yield found


def compared(versions: Versions, since: datetime | None = None, **edits: tuple[str, str]) -> Impact:
    """Edits by file, the dot and the folder left out: `uitkomsten=(old, new)`."""
    edited = dict(LIVE)
    for name, (old, new) in edits.items():
        path = {"uitkomsten": "uitkomsten/1.yaml", "signalen": "signalen/woorden.yaml"}[name]
        assert old.encode() in edited[path]
        edited[path] = edited[path].replace(old.encode(), new.encode())
    return impact(versions, LIVE, edited, since=since, trained=False)


def test_the_same_rules_change_nothing_and_read_nothing_anew(versions: Versions) -> None:
    result = compared(versions)
    assert (result.mails, result.reread, result.changes) == (4, 0, [])
    assert result.moves == {("registreren", "registreren"): 2, ("beoordelen", "beoordelen"): 2}


def test_another_outcome_is_told_per_mail_without_reading_one_anew(versions: Versions) -> None:
    result = compared(versions, uitkomsten=("uitkomst: registreren", "uitkomst: escaleren"))
    assert result.reread == 0
    assert result.moves["registreren", "escaleren"] == len(result.new_escalations) == len(result.changes) == 2
    assert result.lost_escalations == []
    assert result.changes[0].differs["uitkomst"] == ("registreren", "escaleren")
    assert result.changes[0].received < result.changes[1].received
    told = list(lines(result, "http://hier"))
    assert told[0]["adres"] == f"http://hier/bericht/{result.changes[0].digest}"
    assert told[-1] == {
        "mails": 4,
        "anders": 2,
        "escalaties_erbij": 2,
        "escalaties_minder": 0,
        "opnieuw_gelezen": 0,
    }


def test_another_word_reads_the_mails_anew(versions: Versions) -> None:
    result = compared(versions, signalen=("woorden: [consulent]", "woorden: [trap]"))
    assert result.reread == 4
    assert result.moves["registreren", "beoordelen"] == 2
    assert result.moves["beoordelen", "registreren"] == 1


def test_only_mails_since_a_day_count(versions: Versions) -> None:
    assert compared(versions, since=NOW - timedelta(days=1, hours=1)).mails == 2


def test_what_staff_stated_stays_stated(versions: Versions, book: Book) -> None:
    (one,) = [item for item in versions.judged() if item.received == NOW]
    stated = {**one.assessment.facts, "betrokkene": Fact("organisator", 1.0, "persoon:els")}
    assessment = replace(one.assessment, facts=stated)
    with book.begin() as page:
        page.redecide(one.digest, assessment, decide(assessment, pipeline().rulebook, one.on, one.known), "els")
    result = compared(versions, signalen=("woorden: [consulent]", "woorden: [consulent, consulente]"))
    assert result.reread == 4
    assert result.changes == []
    assert result.moves["registreren", "registreren"] == 1


def test_broken_rules_are_refused_whole(versions: Versions) -> None:
    with pytest.raises(RulebookError):
        compared(versions, uitkomsten=("uitkomst: registreren", "uitkomst: registrren"))


def test_signals_alone_are_screened_and_other_words_are_not() -> None:
    book = pipeline().rulebook
    other = replace(book, signals=(replace(book.signals[0], gewicht=1.0), *book.signals[1:]))
    screened = changed_words(book, other)
    assert screened is not None
    assert [signal.id for signal in screened.signals] == ["klacht-woord-0", "klacht-woord-1"]
    assert changed_words(book, replace(book, signals=tuple(reversed(book.signals)))) is None
    assert changed_words(book, replace(book, cues=())) is None


def test_a_difference_in_escalation_weighs_most() -> None:
    levels = [{"uitkomst": ("a", "escaleren")}, {"dringendheid": ("nu", "gewoon")}, {"uitkomst": ("a", "b")}, {}]
    assert [weight(one) for one in levels] == [0, 1, 2, 3]
    told = spoken({"instanties": ([], ["vaph"]), "automatisch": (False, True)})
    assert told == "instanties: geen → vaph; automatisch: nee → ja"


@pytest.fixture
def rules(versions: Versions, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Ruleset:
    """A process that follows the register; its folder holds the same rules."""

    class Few:
        ids = ("ontvangstbevestiging",)

    monkeypatch.setattr(letter, "load", Few)
    folder = tmp_path_factory.mktemp("regels")
    for path, text in LIVE.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(text)
    return Ruleset(folder, versions, trained=False)


def test_a_decision_is_made_again_with_the_rules_of_then(versions: Versions, book: Book, rules: Ruleset) -> None:
    oldest = next(iter([one.digest for one in versions.judged()]))
    record = book.record(oldest)
    assert record is not None
    assert list(replay.sentences(record, rules))[-1].endswith("hetzelfde resultaat.")
    assert not any("gewist" in one for one in replay.sentences(record, rules))
    assert any("intussen gewist" in one for one in replay.sentences(record, rules, erased=True))
    # Other rules come into force; the decision of then is still explained by those of then.
    edited = {
        **LIVE,
        "uitkomsten/1.yaml": LIVE["uitkomsten/1.yaml"].replace(b"omdat: Daarom.", b"omdat: Om een andere reden."),
    }
    now, _ = assemble(edited)
    assert now is not None
    versions.take_over(now.fingerprint, edited, who="els", why="anders")
    assert rules.now().fingerprint == now.fingerprint
    told = "\n".join(replay.sentences(record, rules))
    assert "Daarom." in told
    assert "Om een andere reden" not in told
    assert told.endswith("hetzelfde resultaat.")
    lost = replace(record.decision, rulebook="verdwenen")
    judged = replace(record.judgements[-1], decision=lost)
    told = "\n".join(replay.sentences(replace(record, judgements=(judged,)), rules))
    assert "Niet opnieuw te beslissen" in told


def test_a_shadow_notes_what_it_would_say_and_changes_nothing(versions: Versions, book: Book, rules: Ruleset) -> None:
    edited = {**LIVE, "uitkomsten/1.yaml": LIVE["uitkomsten/1.yaml"].replace(b"registreren", b"escaleren")}
    shadow, _ = assemble(edited)
    assert shadow is not None
    versions.take_over(shadow.fingerprint, edited, who="els", why="proef", role="schaduw")
    for one in list(versions.judged()):
        record = book.record(one.digest)
        assert record is not None
        look_on(rules, rules.now(), record.message, record.assessment, record.decision)
        assert book.record(one.digest) == record
    seen, found = versions.shades(shadow.fingerprint)
    assert (seen, len(found)) == (4, 2)
    assert found[0].differs["uitkomst"] == ("registreren", "escaleren")


def test_a_shadow_that_fails_harms_nobody(versions: Versions, book: Book, rules: Ruleset) -> None:
    record = book.record(next(iter([one.digest for one in versions.judged()])))
    assert record is not None
    versions.take_over("stuk", {"feiten.yaml": b"- {"}, who="els", why="proef", role="schaduw")
    look_on(rules, rules.now(), record.message, record.assessment, record.decision)
    assert versions.shades("stuk") == (0, [])


def test_two_decisions_differ_in_what_people_notice() -> None:
    one = said(MAILS[0])
    assessment = assess(one, pipeline())
    decision = decide(assessment, pipeline().rulebook, NOW.date(), Known())
    assert differences(decision, decision) == {}
    assert differences(decision, replace(decision, regel="een-ander")) == {}
    assert differences(decision, replace(decision, instanties=("vaph",))) == {"instanties": ([], ["vaph"])}
