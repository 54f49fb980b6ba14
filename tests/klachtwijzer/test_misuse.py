"""Errors of use: one clear line, exit status 2, and no traceback."""

from pathlib import Path

import pytest

from tests.klachtwijzer.command import Command, assert_misuse


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("triage",), "FILE"),
        (("triage", "--jsn", "x.eml"), "--jsn"),
        (("trieer",), "trieer"),
        (("export",), "add --json"),
        (("evaluate", "/nergens"), "/nergens/labels.jsonl: No such file"),
        (("serve", "--role", "smpt"), "unknown role 'smpt'; choose from smtp, imap, folder, worker, console, chat"),
        (("rules", "check", "/nergens"), "/nergens: no such folder"),
        (("explain",), "reference"),
    ],
    ids=lambda one: " ".join(one) if isinstance(one, tuple) else "",
)
def test_a_wrong_use_is_told_in_one_line(command: Command, arguments: tuple[str, ...], said: str) -> None:
    assert_misuse(command(*arguments), said)


def test_a_wrong_setting_is_told_in_one_line_by_every_command_that_reads_it(command: Command) -> None:
    for arguments in (("triage", "x.eml"), ("serve",), ("rules", "check")):
        assert_misuse(command(*arguments, SMTP_LISTEN="hier"), "KLACHTWIJZER_SMTP_LISTEN: must look like host:port")


def test_a_labelled_set_with_a_broken_line_says_which(command: Command, tmp_path: Path) -> None:
    (tmp_path / "labels.jsonl").write_text('\n{"file": 1\n', encoding="utf-8")
    assert_misuse(command("evaluate", tmp_path), "labels.jsonl:2: not a JSON object with `file`")
    (tmp_path / "labels.jsonl").write_text('{"file": "weg.eml"}\n', encoding="utf-8")
    assert_misuse(command("evaluate", tmp_path), "weg.eml: No such file")


def test_a_database_that_cannot_be_opened_is_told_in_one_line(command: Command) -> None:
    run = command("export", "--json", DATABASE_URL="postgresql://niemand@127.0.0.1:1/kw")
    assert_misuse(run, "the database cannot be opened")
