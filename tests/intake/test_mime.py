"""Trees of parts: whatever is sound comes out again, whatever is damaged costs nothing but itself."""

import ast
import sysconfig
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings

from intake import mime, parameters
from intake.parse import parse
from intake.understand import understand
from tests.intake.trees import TREES, Grown, damaged
from tests.intake.written import arrival

STANDARD = Path(sysconfig.get_path("stdlib")) / "test" / "test_email"


def standard_mails() -> Iterator[tuple[str, bytes]]:
    """The test mails of Python's own library: its files, and every text in its tests, most of which are mails."""
    for path in sorted((STANDARD / "data").iterdir()):
        if path.is_file():
            yield path.name, path.read_bytes()
    for path in sorted(STANDARD.glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str | bytes):
                text = node.value
                yield f"{path.name}:{node.lineno}", text if isinstance(text, bytes) else text.encode("utf-8", "replace")


@settings(max_examples=300, deadline=None)
@given(TREES)
def test_the_words_of_a_sound_tree_come_out_in_their_order(grown: Grown) -> None:
    message = understand(b"From: els@x.example\r\nMIME-Version: 1.0\r\n" + grown.raw, arrival())
    assert [words.strip() for words in message.text.split("\n\n")] == list(grown.words)
    assert message.faults == ()


@settings(max_examples=500, deadline=None)
@given(damaged())
def test_a_damaged_tree_gives_a_message_without_an_unforeseen_error(raw: bytes) -> None:
    message = understand(raw, arrival())
    assert not any("kon niet gelezen worden" in fault for fault in message.faults)
    assert "".join(message.text[one.start : one.end] for one in message.passages) == message.text


@pytest.mark.timeout(120)
@pytest.mark.skipif(not STANDARD.is_dir(), reason="this Python was installed without the tests of its library")
def test_every_test_mail_of_the_standard_library_is_read() -> None:
    count = 0
    for name, raw in standard_mails():
        message = parse(raw, arrival())
        count += 1
        assert not message.unreadable, name
        assert not any("beschadigd en kon niet" in fault for fault in message.faults), name
    assert count > 500


@pytest.mark.parametrize("depth", [5, 400])
def test_nesting_is_read_so_deep_and_no_deeper(depth: int) -> None:
    heads = [b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n) for n in range(depth)]
    found = mime.tree(b"".join(heads) + b"\r\nbinnen\r\n")
    assert found.parts <= mime.DEPTH + 2
    assert bool(found.faults) == (depth > mime.DEPTH)


def test_an_endless_head_is_cut_and_the_body_still_read() -> None:
    raw = b"Subject: x\r\n" + b"X-Lang: " + b"y" * 3_000_000 + b"\r\n\r\nDe tekst."
    message = parse(raw, arrival())
    assert (message.subject, message.text) == ("x", "De tekst.")
    assert "onredelijk lang" in message.faults[0]


@pytest.mark.parametrize(
    ("raw", "main", "values"),
    [
        ("text/plain", "text/plain", {}),
        ('Text/Plain; Charset="UTF-8"', "text/plain", {"charset": "UTF-8"}),
        ('a/b; name="x\\"y;z"; c=d', "a/b", {"name": 'x"y;z', "c": "d"}),
        ("a/b; name=een twee.txt; c=d (e)", "a/b", {"name": "een twee.txt", "c": "d"}),
        ("a/b; name*1*=%C3%A9; name*0*=utf-8''a%20", "a/b", {"name": "a é"}),
        ("a/b; name*=iso-8859-1'nl'%E9; name=e", "a/b", {"name": "é"}),
        ('a/b; name="open', "a/b", {"name": "open"}),
        (";;;=", "", {}),
        ("", "", {}),
    ],
)
def test_parameters_are_read_however_they_are_written(raw: str, main: str, values: dict[str, str]) -> None:
    assert parameters.split(raw) == (main, values)


@pytest.mark.parametrize("unit", [';a="', ";a*0*=%", '\\"', "=", ";", "a=b;", '=""'])
@pytest.mark.timeout(2)
def test_hostile_parameters_take_no_more_than_their_length_asks(unit: str) -> None:
    assert parameters.split("a/b" + unit * 50_000)[0]
