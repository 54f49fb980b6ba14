"""Rulebooks on file: kept whole, one in force for all, changed by two people, and nothing overwritten unseen."""

import threading
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import Engine, exc, text

from register.book import Book
from register.rulebooks import OvertakenError, ProposalGoneError, SamePersonError
from register.versions import Versions
from tests.register.made import entered

OLD = {"feiten.yaml": b"- {id: ernstig}\n", "uitkomsten/1.yaml": "- id: één\r\n".encode()}
NEW = {**OLD, "uitkomsten/1.yaml": b"- id: twee\n", "signalen/x.yaml": b"\xef\xbb\xbf- id: x\n"}


@pytest.fixture
def versions(engine: Engine) -> Versions:
    return Versions(engine)


def test_a_version_comes_back_byte_for_byte_and_is_kept_once(versions: Versions) -> None:
    assert versions.files("oud") is None
    assert versions.take_over("oud", OLD, who="map", why="begin")
    assert not versions.take_over("oud", OLD, who="map", why="nog eens")
    assert versions.files("oud") == OLD
    assert versions.current() == "oud"


def test_the_history_says_who_changed_which_files_when_and_why(versions: Versions) -> None:
    versions.take_over("oud", OLD, who="map", why="begin")
    versions.take_over("nieuw", NEW, who="els", why="een signaal erbij")
    last, first = versions.history()
    assert (last.who, last.why, last.fingerprint) == ("els", "een signaal erbij", "nieuw")
    assert last.changed == ("signalen/x.yaml", "uitkomsten/1.yaml")
    assert first.changed == tuple(sorted(OLD))
    assert last.at > first.at
    assert [turn.fingerprint for turn in versions.history(limit=1)] == ["nieuw"]
    assert versions.history(limit=1)[0].changed == last.changed


def test_the_history_and_the_versions_are_never_changed(versions: Versions) -> None:
    versions.take_over("oud", OLD, who="map", why="begin")
    for statement in ("update turn set why = 'anders'", "delete from turn", "update rulebook set fingerprint = 'x'"):
        with pytest.raises(exc.DBAPIError, match="never changed"), versions.engine.begin() as connection:
            connection.execute(text(statement))


def test_a_second_person_publishes_and_never_the_first(versions: Versions) -> None:
    versions.take_over("oud", OLD, who="map", why="begin")
    number = versions.propose("nieuw", NEW, who="els", why="beter")
    assert versions.current() == "oud"
    with pytest.raises(SamePersonError):
        versions.publish(number, who="els")
    assert versions.current() == "oud"
    assert versions.publish(number, who="jan") == "nieuw"
    assert versions.current() == "nieuw"
    turn = versions.history()[0]
    assert (turn.who, turn.second, turn.why) == ("els", "jan", "beter")
    assert versions.proposals() == []
    assert [(one.state, one.closed_by) for one in versions.proposals(open_only=False)] == [("gepubliceerd", "jan")]
    for act in (versions.publish, versions.refuse):
        with pytest.raises(ProposalGoneError):
            act(number, who="jan")


def test_a_proposal_on_rules_that_changed_since_is_not_published(versions: Versions) -> None:
    versions.take_over("oud", OLD, who="map", why="begin")
    number = versions.propose("nieuw", NEW, who="els", why="beter")
    versions.take_over("ander", {**OLD, "x.yaml": b""}, who="map", why="tussendoor")
    with pytest.raises(OvertakenError):
        versions.publish(number, who="jan")
    assert versions.current() == "ander"
    versions.refuse(number, who="els")
    assert versions.proposals() == []


def test_of_two_changes_at_the_same_moment_one_wins_and_the_other_is_told(versions: Versions) -> None:
    versions.take_over("oud", OLD, who="map", why="begin")
    outcomes: list[str] = []

    def change(name: str) -> None:
        try:
            versions.take_over(name, NEW, who=name, why="haast", instead_of="oud")
            outcomes.append("gelukt")
        except OvertakenError:
            outcomes.append("te laat")

    both = [threading.Thread(target=change, args=(name,)) for name in ("een", "twee")]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert sorted(outcomes) == ["gelukt", "te laat"]
    assert len(versions.history()) == 2


def test_a_shadow_has_its_own_turn_and_its_differences(versions: Versions, book: Book) -> None:
    digest, _ = entered(book)
    versions.take_over("oud", OLD, who="map", why="begin")
    assert versions.current("schaduw") is None
    versions.take_over("nieuw", NEW, who="els", why="proef", role="schaduw")
    assert (versions.current(), versions.current("schaduw")) == ("oud", "nieuw")
    versions.note_shade(digest, "nieuw", {})
    versions.note_shade(digest, "nieuw", {"uitkomst": ("registreren", "escaleren")})
    seen, found = versions.shades("nieuw")
    assert seen == 2
    assert [(one.digest, dict(one.differs)) for one in found] == [(digest, {"uitkomst": ("registreren", "escaleren")})]
    assert versions.end_shadow(who="els")
    assert not versions.end_shadow(who="els")
    assert versions.current("schaduw") is None


def test_mails_on_file_stream_by_with_the_judgement_in_force(versions: Versions, book: Book) -> None:
    digests = {entered(book)[0] for _ in range(3)}
    assert {one.digest for one in versions.judged()} == digests
    assert versions.count() == 3
    one = next(iter(list(versions.judged())))
    assert (one.on, one.known.register) == (date(2026, 3, 2), True)
    assert one.assessment.facts["soort"].value == "klacht"
    later = datetime(2026, 3, 3, tzinfo=UTC)
    assert versions.count(later) == len(list(versions.judged(later))) == 0
    assert [message.digest for message in versions.messages([one.digest])] == [one.digest]
