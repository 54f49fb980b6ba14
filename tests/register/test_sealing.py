import multiprocessing
from pathlib import Path

import pytest
from sqlalchemy import Engine

from register import sealing
from register.sealing import Key, WrongKeyError

KEY = Key(b"k" * 32)


def test_a_sealed_name_opens_with_its_key_and_field_only_and_never_looks_alike() -> None:
    sealed = KEY.seal("Zoë Peeters", "name")
    assert KEY.open(sealed, "name") == "Zoë Peeters"
    assert KEY.seal("Zoë Peeters", "name") != sealed
    for key, what, words in (
        (Key(b"x" * 32), "name", sealed),
        (KEY, "contact", sealed),
        (KEY, "name", sealed[:-1] + b"x"),
    ):
        with pytest.raises(WrongKeyError):
            key.open(words, what)


def test_a_mark_forgets_case_accents_and_blanks_and_differs_by_key_and_field() -> None:
    assert KEY.mark(" ZOE-peeters ", "name") == KEY.mark("Zoë Peeters", "name")
    assert KEY.mark("Zoë Peeters", "name") != KEY.mark("Zoë Peeters", "contact")
    assert KEY.mark("Zoë Peeters", "name") != Key(b"x" * 32).mark("Zoë Peeters", "name")


def test_a_key_never_shows_itself() -> None:
    assert "k" * 8 not in repr(KEY) and "6b6b" not in repr(KEY)


@pytest.mark.parametrize("words", ["", "kort", "!" * 44, "a2s="])
def test_what_is_no_key_is_refused_without_being_repeated(words: str) -> None:
    with pytest.raises(ValueError, match="32 bytes in base64") as caught:
        sealing.from_words(words)
    assert not words or words not in str(caught.value)


def _made(file: Path) -> bytes:
    return sealing.at(file).secret


def test_processes_that_start_at_once_agree_on_one_key_that_only_its_owner_reads(tmp_path: Path) -> None:
    file = tmp_path / "thuis" / "sleutel"
    with multiprocessing.get_context("spawn").Pool(4) as pool:
        keys = set(pool.map(_made, [file] * 8))
    assert len(keys) == 1
    assert file.stat().st_mode & 0o777 == 0o600
    assert [one.name for one in file.parent.iterdir()] == ["sleutel"]


def test_a_database_knows_its_key_again(engine: Engine) -> None:
    for _ in range(2):
        with engine.begin() as connection:
            sealing.prove(connection, KEY)
    with pytest.raises(WrongKeyError), engine.begin() as connection:
        sealing.prove(connection, Key(b"x" * 32))
