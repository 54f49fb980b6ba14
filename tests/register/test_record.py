import json
from datetime import UTC, date, datetime

from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, text

from intake.message import Attachment, Envelope, Message, Party, Passage
from register.outgoing import Outgoing
from register.record import as_text, restored, storable
from triage.assessment import Assessment, Evidence, Fact
from triage.decision import Decision, Part, Reason, Trial

# Whatever a mail can hold: also NUL, our own escape, and half a surrogate pair.
words = st.text(st.characters(blacklist_categories=()), max_size=20) | st.sampled_from(["\x00", "\x1a0000", "a\ud800b"])
numbers = st.floats(0, 1)
moments = st.datetimes(timezones=st.just(UTC))
envelopes = st.builds(Envelope, st.just("smtp"), words, st.lists(words, max_size=2).map(tuple), moments, words)
parties = st.builds(Party, words, words)
several = st.lists(words, max_size=2).map(tuple)
messages = st.builds(
    Message, words, envelopes, words, st.none() | moments, parties, st.none() | parties,
    st.lists(parties, max_size=2).map(tuple), words, words,
    st.lists(st.builds(Passage, st.integers(0, 9), st.integers(0, 9), st.just("eigen")), max_size=2).map(tuple),
    attachments=st.lists(st.builds(Attachment, words, words, st.integers(0), words), max_size=2).map(tuple),
    in_reply_to=several, references=several, headers=st.dictionaries(words, words, max_size=2),
    automatic=st.none() | words, faults=several,
)  # fmt: skip
evidence = st.builds(Evidence, st.integers(0, 9), st.integers(0, 9), words, words, words, numbers)
values = st.one_of(words, st.booleans(), st.integers(-9, 9), st.floats(-1e15, 1e15), several)
facts = st.builds(Fact, values, numbers, words, st.lists(evidence, max_size=2).map(tuple), words, numbers)
named = st.dictionaries(words, facts, max_size=2)
assessments = st.builds(
    Assessment,
    words,
    named,
    st.lists(named, max_size=2).map(tuple),
    words,
    words,
    st.dictionaries(words, numbers, max_size=2),
)
part: dict[str, st.SearchStrategy[object]] = {
    **dict.fromkeys(("soort", "sector", "betrokkene", "uitkomst", "dringendheid", "taal"), words),
    **dict.fromkeys(("decreten", "instanties", "gevaar", "ontbreekt", "ontvankelijkheid"), several),
}
decisions = st.builds(
    Decision, **part, delen=st.lists(st.builds(Part, **part), max_size=1).map(tuple), regel=words,
    brief=st.none() | words, zekerheid=numbers, automatisch=st.booleans(),
    reasons=st.lists(st.builds(Reason, words, words, words), max_size=1).map(tuple),
    trials=st.lists(st.builds(Trial, words, st.booleans(), words), max_size=1).map(tuple),
    dossier=st.none() | words, on=st.dates(),
)  # fmt: skip


def through_json(kind: type[object], value: object) -> object:
    return restored(kind, json.loads(json.dumps(storable(value), allow_nan=False)))


@settings(max_examples=40, deadline=None)
@given(messages)
def test_a_message_comes_back_as_it_was_stored(value: Message) -> None:
    assert through_json(Message, value) == value


@settings(max_examples=40, deadline=None)
@given(assessments)
def test_an_assessment_comes_back_as_it_was_stored(value: Assessment) -> None:
    assert through_json(Assessment, value) == value


@settings(max_examples=40, deadline=None)
@given(decisions)
def test_a_decision_comes_back_as_it_was_stored(value: Decision) -> None:
    assert through_json(Decision, value) == value


@settings(max_examples=30, deadline=None)
@given(st.data())
def test_postgresql_takes_every_record_and_gives_it_back_unchanged(
    engine_of_session: Engine, data: st.DataObject
) -> None:
    value, judged = data.draw(messages), data.draw(assessments)
    with engine_of_session.connect() as connection:
        query = text("select cast(:a as jsonb), cast(:b as jsonb), cast(:c as text)")
        row = connection.execute(
            query, {"a": json.dumps(storable(value)), "b": json.dumps(storable(judged)), "c": as_text(value.text)}
        ).one()
    assert restored(Message, row[0]) == value
    assert restored(Assessment, row[1]) == judged
    assert len(row[2]) == len(value.text)


def test_a_record_from_before_a_field_existed_takes_the_default() -> None:
    record = storable(Outgoing("d", "brief", Party("", "a@b.example"), Party("", "c@d.example"), "s", "t"))
    del record["language"]
    assert restored(Outgoing, record).language == "nl"


def test_days_and_moments_keep_their_kind() -> None:
    assert storable({"dag": date(2026, 3, 2), "moment": datetime(2026, 3, 2, tzinfo=UTC)}) == {
        "dag": "2026-03-02",
        "moment": "2026-03-02T00:00:00+00:00",
    }
