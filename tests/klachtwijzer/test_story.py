"""The story on a real database: once whatever happens, decided again by people, and posted through a real relay."""

import asyncio
import socket
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest

from klachtwijzer.ruleset import Ruleset
from klachtwijzer.settings import CHECKOUT
from klachtwijzer.story import Story, UnknownMailError
from register.book import Book
from tests.intake.test_clamd import BAD, clamd
from tests.klachtwijzer.started import NOW, OURS, corpus_mail, kept
from tests.klachtwijzer.test_worker import waiting, work
from tests.responder.test_post import Taker, content, listening, serving
from triage.assessment import Value

SAMPLES = CHECKOUT / "samples"
Told = Callable[[str], str]


@pytest.fixture
def story(book: Book, rules: Ruleset) -> Story:
    return Story(book, rules, mailbox=OURS, now=lambda: NOW)


@pytest.fixture
def told(book: Book, story: Story) -> Told:
    """Keeps a sample mail and tells its story; its digest."""

    def tell(name: str) -> str:
        digest = kept(book, (SAMPLES / name).read_bytes())
        story.triage(digest)
        return digest

    return tell


def letter_of(book: Book, digest: str) -> int:
    """The one letter of a mail that is in force."""
    record = book.record(digest)
    assert record is not None
    (letter,) = [one for one in record.letters if one.withdrawn is None]
    return letter.id


def state(book: Book, letter: int) -> str:
    found = book.dispatch(letter)
    assert found is not None
    return found.state


def test_a_kept_mail_becomes_a_dossier_with_terms_and_a_letter_that_is_held(book: Book, told: Told) -> None:
    told("01-huisbezoek.eml")
    (line,) = book.export()
    assert line["referentie"] == "KW-2026-00001"
    assert (line["uitkomst"], line["sector"]) == ("registreren", "gezinsondersteuning")
    assert (line["bevestigen_voor"], line["antwoorden_voor"]) == ("2026-12-03", "2027-01-07")
    assert line["brieven"] == [{"id": 1, "sjabloon": "ontvangstbevestiging", "instanties": [], "staat": "vastgehouden"}]


def test_a_machine_gets_no_dossier_and_no_letter(book: Book, told: Told) -> None:
    told("11-afwezig.eml")
    (line,) = book.export()
    assert (line["uitkomst"], line["referentie"], line["brieven"]) == ("negeren", None, [])


def test_told_twice_the_story_happens_once(book: Book, story: Story, told: Told) -> None:
    digest = told("01-huisbezoek.eml")
    before, happened = list(book.export()), book.events(digest=digest)
    story.triage(digest)
    assert list(book.export()) == before
    assert book.events(digest=digest) == happened


def test_a_mail_that_was_never_kept_has_no_story(book: Book, story: Story) -> None:
    story.triage("0" * 64)
    assert list(book.export()) == []


def test_told_by_many_at_once_each_mail_is_entered_once(book: Book, story: Story) -> None:
    paths = sorted(SAMPLES.glob("*.eml"))[:9]
    digests = [kept(book, path.read_bytes()) for path in paths]
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(story.triage, digests * 3))
    lines = list(book.export())
    assert len(lines) == len(paths)
    opened = sorted(str(line["referentie"]) for line in lines if line["referentie"])
    assert opened == [f"KW-2026-{number:05d}" for number in range(1, len(opened) + 1)]
    assert book.counts().kept == 0


def test_a_second_mail_of_the_same_sender_in_the_thread_is_added(book: Book, told: Told) -> None:
    first, second = told("01-huisbezoek.eml"), told("12-toch-nog-gebeld.eml")
    assert first != second
    lines = list(book.export())
    assert {line["referentie"] for line in lines} == {"KW-2026-00001"}
    assert sorted(str(line["uitkomst"]) for line in lines) == ["registreren", "toevoegen"]


def test_what_a_person_knows_wins_over_the_rules_and_the_letter_is_written_anew(
    book: Book, story: Story, told: Told
) -> None:
    digest = told("01-huisbezoek.eml")
    first = letter_of(book, digest)
    decision = story.correct_all(digest, {"uitkomst": "doorverwijzen", "instanties": ("school",)}, "an")
    assert (decision.uitkomst, decision.instanties) == ("doorverwijzen", ("school",))
    record = book.record(digest)
    assert record is not None
    assert record.decision == decision
    assert record.assessment.facts["uitkomst"].found_by == "persoon:an"
    assert letter_of(book, digest) != first
    (line,) = book.export()
    assert line["referentie"] == "KW-2026-00001"
    assert [(one["sjabloon"], one["instanties"]) for one in line["brieven"]] == [("doorverwijzing", ["school"])]  # type: ignore[attr-defined]
    assert any("an" in sentence for sentence in story.why(digest))


def test_a_correction_stays_when_another_one_follows(book: Book, story: Story, told: Told) -> None:
    digest = told("01-huisbezoek.eml")
    story.correct(digest, "sector", "pleegzorg", "an")
    decision = story.correct(digest, "uitkomst", "beoordelen", "bert")
    assert (decision.sector, decision.uitkomst) == ("pleegzorg", "beoordelen")
    (line,) = book.export()
    assert line["brieven"] == []


def test_a_person_takes_back_their_own_correction_and_nobody_elses(book: Book, story: Story, told: Told) -> None:
    digest = told("01-huisbezoek.eml")
    story.correct_all(digest, {"uitkomst": "doorverwijzen", "instanties": ("school",)}, "an")
    with pytest.raises(UnknownMailError):
        story.undo(digest, "bo")
    back = story.undo(digest, "an")
    record = book.record(digest)
    assert record is not None
    assert (back.uitkomst, record.decision.uitkomst, record.decision.instanties) == ("registreren", "registreren", ())
    letter = next(one for one in record.letters if one.withdrawn is None)
    assert (letter.outgoing.letter, letter.state) == ("ontvangstbevestiging", "vastgehouden")


def test_an_unknown_mail_can_be_neither_corrected_nor_explained(story: Story) -> None:
    with pytest.raises(UnknownMailError):
        story.correct("0" * 64, "uitkomst", "negeren", "an")
    with pytest.raises(UnknownMailError):
        story.why("0" * 64)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("uitkomst", "weggooien"),
        ("uitkomst", "onbekend"),
        ("uitkomst", ("negeren",)),
        ("sector", "onderwijs"),
        ("instanties", ("school", "niemand")),
        ("instanties", "school"),
        ("gevaar", ("D13",)),
        ("minderjarige", "ja"),
        ("sector", True),
        ("kleur", "rood"),
    ],
)
def test_what_the_rules_do_not_know_cannot_be_said_by_a_person_either(
    book: Book, story: Story, told: Told, field: str, value: Value
) -> None:
    digest = told("01-huisbezoek.eml")
    before = list(book.export())
    with pytest.raises(ValueError, match=f"^{field} cannot be "):
        story.correct(digest, field, value, "an")
    assert list(book.export()) == before


def test_a_person_can_say_that_something_holds_or_not(story: Story, told: Told) -> None:
    digest = told("01-huisbezoek.eml")
    assert "D10" not in story.correct(digest, "minderjarige", False, "an").gevaar
    assert story.correct(digest, "gevaar", ("D1",), "an").uitkomst == "escaleren"
    assert story.correct(digest, "gevaar", (), "an").uitkomst == "registreren"


async def test_a_held_letter_does_not_leave(book: Book, url: str, rules: Ruleset, told: Told) -> None:
    digest = told("01-huisbezoek.eml")
    relay = Taker()
    async with serving(relay) as address:
        story = Story(book, rules, mailbox=OURS, relay=address, now=lambda: NOW)
        await asyncio.to_thread(story.post, letter_of(book, digest))
        await work(url, story)
    assert relay.taken == []
    assert state(book, letter_of(book, digest)) == "vastgehouden"


async def test_a_released_letter_reaches_the_relay_exactly_once(
    book: Book, url: str, rules: Ruleset, told: Told
) -> None:
    digest = told("01-huisbezoek.eml")
    letter = letter_of(book, digest)
    with book.begin() as page:
        page.release(letter, "an")
    relay = Taker()
    async with serving(relay) as address:
        story = Story(book, rules, mailbox=OURS, relay=address, now=lambda: NOW)
        await asyncio.gather(work(url, story), *(asyncio.to_thread(story.post, letter) for _ in range(4)))
        await asyncio.to_thread(story.post, letter)
    assert len(relay.taken) == 1
    mail = message_from_bytes(content(relay.taken[0]), policy=default)
    original = corpus_mail(SAMPLES / "01-huisbezoek.eml")
    assert mail["In-Reply-To"] == f"<{original.message_id}>"
    assert "KW-2026-00001" in mail["Subject"]
    assert state(book, letter) == "verzonden"
    assert waiting(book).count("todo") == 0
    record = book.record(digest)
    assert record is not None
    assert record.dossier is not None
    assert record.dossier.acknowledged is not None


async def test_without_a_relay_a_released_letter_waits(book: Book, url: str, story: Story, told: Told) -> None:
    letter = letter_of(book, told("01-huisbezoek.eml"))
    with book.begin() as page:
        page.release(letter, "an")
    await work(url, story)
    assert state(book, letter) == "vrijgegeven"


async def test_a_relay_that_is_away_is_tried_again_and_told(book: Book, rules: Ruleset, told: Told) -> None:
    letter = letter_of(book, told("01-huisbezoek.eml"))
    with book.begin() as page:
        page.release(letter, "an")
    async with listening(asyncio.Protocol) as port:
        pass
    story = Story(book, rules, mailbox=OURS, relay=f"smtp://127.0.0.1:{port}", now=lambda: NOW)
    await asyncio.to_thread(story.post, letter)
    found = book.dispatch(letter)
    assert found is not None
    assert (found.state, found.tries) == ("vrijgegeven", 1)
    assert "niet bereikbaar" in found.why
    relay = Taker()
    async with serving(relay) as address:
        await asyncio.to_thread(Story(book, rules, mailbox=OURS, relay=address, now=lambda: NOW).post, letter)
    assert len(relay.taken) == 1


async def test_a_refused_letter_is_shown_as_failed(book: Book, rules: Ruleset, told: Told) -> None:
    letter = letter_of(book, told("01-huisbezoek.eml"))
    with book.begin() as page:
        page.release(letter, "an")
    async with serving(Taker(rcpt="550 5.1.1 unknown")) as address:
        await asyncio.to_thread(Story(book, rules, mailbox=OURS, relay=address, now=lambda: NOW).post, letter)
    assert state(book, letter) == "mislukt"


def test_what_the_virus_scanner_says_stands_with_the_mail(book: Book, rules: Ruleset, tmp_path: Path) -> None:
    address = str(tmp_path / "clamd.sock")
    digest = kept(book, (SAMPLES / "01-huisbezoek.eml").read_bytes() + b"\n" + BAD)
    with clamd(socket.AF_UNIX, address):
        Story(book, rules, mailbox=OURS, scanner=address, now=lambda: NOW).triage(digest)
    record = book.record(digest)
    assert record is not None
    assert any("virusscanner herkende" in fault for fault in record.message.faults)
