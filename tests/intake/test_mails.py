"""Odd mails of every kind, each with what must be read from it beside it (tests/mails/README.md)."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from intake.message import Attachment, Message, Report
from intake.parse import parse
from tests.intake.written import arrival

MAILS = sorted((Path(__file__).parents[1] / "mails").glob("*.eml"))
FEWEST = 150


def expected(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(path.with_suffix(".yaml").read_text(encoding="utf-8"))
    return found


def read(path: Path) -> Message:
    return parse(path.read_bytes(), arrival(expected(path).get("envelop", "greet.claes@mail.example")))


def told(report: Report) -> dict[str, str]:
    return {
        "soort": report.kind,
        "ontvanger": report.recipient,
        "actie": report.action,
        "status": report.status,
        "origineel": report.original_id,
    }


def head(message: Message) -> dict[str, object]:
    """What the head says, under the keys of the expectations."""
    return {
        "onderwerp": message.subject,
        "afzender": f"{message.sender.name} <{message.sender.address}>".strip(),
        "verzonden": message.sent.isoformat() if message.sent else None,
        "bericht_id": message.message_id,
        "verwijst": list(message.references),
        "ontvangers": len(message.recipients),
        "tekst": message.text,
        "eigen": message.own.strip(),
        "bijlagen_aantal": len(message.attachments),
    }


def meets(one: Attachment, wanted: Mapping[str, str]) -> bool:
    return (
        one.name == wanted["naam"]
        and one.text == wanted.get("tekst", one.text)
        and wanted.get("tekst_bevat", "") in one.text
        and bool(one.warnings) == ("waarschuwing" in wanted)
        and any(wanted.get("waarschuwing", "") in warning for warning in (*one.warnings, ""))
    )


def test_there_are_enough_odd_mails_and_each_has_its_expectation() -> None:
    assert len(MAILS) >= FEWEST
    assert [path.name for path in MAILS if not path.with_suffix(".yaml").is_file()] == []


@pytest.mark.parametrize("path", MAILS, ids=lambda path: path.stem)
def test_each_odd_mail_is_read_as_its_expectation_says(path: Path) -> None:
    wanted, message = expected(path), read(path)
    found = head(message)
    assert {key: found[key] for key in found if key in wanted} == {key: wanted[key] for key in found if key in wanted}
    assert wanted.get("onderwerp_bevat", "") in message.subject
    assert [piece for piece in wanted.get("tekst_bevat", []) if piece not in message.text] == []
    assert [piece for piece in wanted.get("tekst_bevat_niet", []) if piece in message.text] == []
    assert (message.automatic is not None) == wanted.get("machine", False), message.automatic
    assert not message.unreadable


@pytest.mark.parametrize("path", MAILS, ids=lambda path: path.stem)
def test_staff_are_told_of_every_fault_and_of_no_other(path: Path) -> None:
    wanted, message = expected(path), read(path)
    assert [piece for piece in wanted.get("gebreken", []) if not any(piece in one for one in message.faults)] == []
    assert bool(message.faults) == ("gebreken" in wanted), message.faults


@pytest.mark.parametrize("path", MAILS, ids=lambda path: path.stem)
def test_attachments_and_reports_are_those_of_the_expectation(path: Path) -> None:
    wanted, message = expected(path), read(path)
    if "bijlagen" in wanted or not {"rapporten", "bijlagen_aantal"} & set(wanted):
        attached = wanted.get("bijlagen", [])
        if not any("te veel" in piece for piece in wanted.get("gebreken", [])):
            assert [one.name for one in message.attachments] == [one["naam"] for one in attached]
        pairs = zip(message.attachments, attached, strict=False)
        assert [one.name for one, want in pairs if not meets(one, want)] == []
    reports = [told(one) for one in message.reports]
    rows = wanted.get("rapporten", [])
    if "rapporten" in wanted:
        assert [{key: one[key] for key in row} for one, row in zip(reports, rows, strict=True)] == rows


@pytest.mark.parametrize("path", MAILS, ids=lambda path: path.stem)
def test_passages_cover_the_text_of_each_odd_mail(path: Path) -> None:
    message = read(path)
    assert "".join(message.text[one.start : one.end] for one in message.passages) == message.text
    assert "\x00" not in message.text + message.subject
