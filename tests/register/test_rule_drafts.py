"""Drafts and runs of rules on file: of one person, in versions, and taken up again when whoever did them died."""

import pytest
from sqlalchemy import Engine, text

from register import rule_drafts, rule_runs
from register.rule_drafts import DraftChangedError, DraftGoneError, NotTheirsError, applied, edits_between
from register.versions import Versions

OLD = {"feiten.yaml": b"- {id: ernstig}\n", "uitkomsten/1.yaml": "- id: één\n".encode()}


@pytest.fixture
def versions(engine: Engine) -> Versions:
    made = Versions(engine)
    made.take_over("oud", OLD, who="map", why="begin")
    return made


def test_edits_and_files_lead_to_each_other() -> None:
    new = {"feiten.yaml": OLD["feiten.yaml"], "signalen/x.yaml": b"- id: x\n"}
    edits = edits_between(OLD, new)
    assert edits == {"signalen/x.yaml": "- id: x\n", "uitkomsten/1.yaml": None}
    assert applied(OLD, edits) == new
    assert applied(OLD, {}) == OLD


def test_a_draft_is_written_in_versions_by_its_author_alone(versions: Versions) -> None:
    edits = {"uitkomsten/1.yaml": "- id: één\x00\r\n", "feiten.yaml": None}
    with versions.engine.begin() as connection:
        number = rule_drafts.begin(connection, who="els", base="oud", why="proef")
        assert rule_drafts.write(connection, number, who="els", seen=1, edits=edits) == 2
        with pytest.raises(DraftChangedError):
            rule_drafts.write(connection, number, who="els", seen=1, edits={})
        with pytest.raises(NotTheirsError, match="els"):
            rule_drafts.write(connection, number, who="jan", seen=2, edits={})
        found = rule_drafts.find(connection, number)
        assert found is not None
        assert (found.edits, found.version, found.why, found.base) == (edits, 2, "proef", "oud")
        assert rule_drafts.hand_over(connection, number, to="jan") == 3
        assert [one.who for one in rule_drafts.being_written(connection)] == ["jan"]
        with pytest.raises(NotTheirsError):
            rule_drafts.close(connection, number, who="els")
        rule_drafts.close(connection, number, who="jan")
        assert rule_drafts.being_written(connection) == []
        with pytest.raises(DraftGoneError):
            rule_drafts.write(connection, number, who="jan", seen=4, edits={})
        with pytest.raises(DraftGoneError):
            rule_drafts.hand_over(connection, 99, to="jan")


def test_a_run_is_taken_once_in_the_order_of_asking_and_followed_to_its_end(versions: Versions) -> None:
    with versions.engine.begin() as connection:
        first = rule_runs.ask(connection, "gevolgen", "oud", "oud", who="els")
        second = rule_runs.ask(connection, "proeven", "oud", "oud", who="jan")
    with versions.engine.begin() as one, versions.engine.begin() as other:
        taken = [rule_runs.take(one), rule_runs.take(other), rule_runs.take(one)]
    assert [run.id if run else None for run in taken] == [first, second, None]
    with versions.engine.begin() as connection:
        rule_runs.advance(connection, first, done=3, total=9)
        found = rule_runs.find(connection, first)
        assert found is not None
        assert (found.state, found.done, found.total, found.over) == ("bezig", 3, 9, False)
        rule_runs.finish(connection, first, {"mails": 9})
        rule_runs.finish(connection, second, None)
        newest, oldest = rule_runs.of(connection, "oud")
        assert (newest.state, newest.over, oldest.state, oldest.result) == ("mislukt", True, "klaar", {"mails": 9})


def test_a_run_whose_doer_died_is_taken_up_again(versions: Versions) -> None:
    with versions.engine.begin() as connection:
        number = rule_runs.ask(connection, "proeven", "oud", "oud", who="els")
        assert rule_runs.take(connection) is not None
        assert rule_runs.take(connection) is None
        connection.execute(text("update rule_run set beat = beat - interval '1 hour', done = 5"))
        again = rule_runs.take(connection)
        assert again is not None
        assert (again.id, again.done) == (number, 0)
