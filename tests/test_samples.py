"""The sample mails that a first start sends: readable, of every kind, and understood as their labels say."""

import json
import re
from collections.abc import Mapping
from email import message_from_bytes
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from intake.message import Message
from klachtwijzer import scores
from klachtwijzer.labelled import read_mail
from klachtwijzer.ruleset import Ruleset
from klachtwijzer.said import judge, line
from klachtwijzer.settings import CHECKOUT, read
from triage.pipeline import Pipeline
from triage.vocabulary import ACUUT, UITKOMSTEN, VELDEN

SAMPLES = CHECKOUT / "samples"
MAILS = sorted(path.name for path in SAMPLES.glob("*.eml"))
LABELS = [json.loads(row) for row in (SAMPLES / "verwacht.jsonl").read_text(encoding="utf-8").splitlines()]
EXPECTED: dict[str, dict[str, Any]] = {label["file"]: label for label in LABELS}
TABLE = (SAMPLES / "README.md").read_text(encoding="utf-8")
FEWEST = 15


@cache
def pipeline() -> Pipeline:
    return Ruleset(read({}).rules).now().pipeline


@cache
def said(file: str) -> Mapping[str, Any]:
    return line(file, judge(read_mail(SAMPLES / file), pipeline()))


def mail(file: str) -> Message:
    return read_mail(SAMPLES / file)


def test_every_sample_has_its_expectation_and_the_reverse() -> None:
    assert sorted(EXPECTED) == MAILS
    assert len(MAILS) >= FEWEST


def test_every_outcome_and_every_sector_occurs() -> None:
    assert {label["uitkomst"] for label in EXPECTED.values()} == set(UITKOMSTEN)
    assert {label["sector"] for label in EXPECTED.values()} == set(pipeline().rulebook.sectors)


@pytest.mark.parametrize("file", MAILS)
def test_an_expectation_has_the_fields_of_a_labelled_set_in_the_words_of_the_rules(file: str) -> None:
    label = EXPECTED[file]
    assert set(label) == {"file", *VELDEN, "aanvaardbaar", "waarom"}
    assert set(label["aanvaardbaar"]) <= set(VELDEN)
    assert set(label["decreten"]) <= set(pipeline().rulebook.decrees)
    assert set(label["instanties"]) <= set(pipeline().rulebook.bodies)


@pytest.mark.parametrize("file", MAILS)
def test_a_sample_is_read_without_fault(file: str) -> None:
    message = mail(file)
    assert message.faults == ()
    assert message.own.strip()
    assert message.message_id
    assert message.sent is not None
    assert "\N{REPLACEMENT CHARACTER}" not in message.subject + message.text


@pytest.mark.parametrize("file", MAILS)
def test_a_sample_bears_no_header_that_gives_its_answer_away(file: str) -> None:
    names = {name.lower() for name in message_from_bytes((SAMPLES / file).read_bytes())}
    assert [name for name in names if re.search("klachtwijzer|label|verwacht|uitkomst|sector", name)] == []


@pytest.mark.parametrize("file", MAILS)
def test_every_address_of_a_sample_is_invented(file: str) -> None:
    message = mail(file)
    hosts = re.findall(r"@([\w.-]+)", f"{message.text} {message.envelope.sender} {message.sender.address}")
    hosts += [party.address.partition("@")[2] for party in message.recipients]
    assert [host for host in hosts if not host.rstrip(".").endswith(".example")] == []


def test_the_samples_show_the_forms_that_mail_programs_write() -> None:
    parts = [part for file in MAILS for part in message_from_bytes((SAMPLES / file).read_bytes()).walk()]
    kinds = {"text/plain", "text/html", "multipart/alternative", "multipart/mixed"}
    assert kinds <= {p.get_content_type() for p in parts}
    assert {"8bit", "7bit", "quoted-printable", "base64"} <= {p.get("Content-Transfer-Encoding", "") for p in parts}
    assert {"windows-1252", "iso-8859-1", "utf-8"} <= {p.get_content_charset("") for p in parts}
    roles = {passage.role for file in MAILS for passage in mail(file).passages}
    assert {"eigen", "aangehaald", "handtekening"} <= roles
    assert [file for file in MAILS if mail(file).automatic] == ["11-afwezig.eml"]
    assert "oudergesprek" in mail("03-natte-luier.eml").attachments[0].text


@pytest.mark.parametrize("file", MAILS)
def test_the_triage_gives_a_sample_an_outcome_that_its_label_allows(file: str) -> None:
    label, found = EXPECTED[file], said(file)
    assert scores.good(label, found, "uitkomst"), (
        f"{found['uitkomst']} by {found['regel']}, expected {label['uitkomst']}"
    )
    assert scores.good(label, found, "sector"), f"{found['sector']}, expected {label['sector']}"
    assert scores.bodies_good(label, found), f"{found['instanties']}, expected {label['instanties']}"


@pytest.mark.parametrize("file", [file for file in MAILS if ACUUT & set(EXPECTED[file]["gevaar"])])
def test_a_sample_with_danger_reaches_a_person_now(file: str) -> None:
    found, label = said(file), EXPECTED[file]
    assert (found["uitkomst"], found["dringendheid"]) == ("escaleren", "nu")
    # Called out for the wrong danger, the person who looks is sent the wrong way.
    assert set(found["gevaar"]) & {*label["gevaar"], *label["aanvaardbaar"].get("gevaar", [])}


@pytest.mark.parametrize("file", MAILS)
def test_the_table_for_readers_says_what_the_label_says(file: str) -> None:
    label = EXPECTED[file]
    row = next((row for row in TABLE.splitlines() if row.startswith(f"| [{Path(file).stem}]({file})")), "")
    assert [cell.strip() for cell in row.split("|")[2:4]] == [label["sector"], label["uitkomst"]]
