"""The guard against loops: a letter that would leave by itself waits for a person when a loop may be running."""

from dataclasses import replace

from sqlalchemy import Engine, text

from intake.message import Message, Party
from register import guard
from register.book import Book
from tests.register.made import assessment, decision, entered, envelope, letter, message
from tests.register.made import mail as raw_mail

LONG = "Al drie weken belt niemand van de dienst ons terug, en op onze brieven komt geen antwoord."


def heard(book: Book, words: str = LONG, sender: str = "lien@voorbeeld.example", **changed: object) -> Message:
    """A mail entered and heard, as the story does it."""
    raw = raw_mail(words, sender=sender)
    read = message(raw, words, **changed)
    read = replace(read, sender=replace(read.sender, address=sender))
    book.keep(raw, read.envelope)
    with book.begin() as page:
        page.enter(read, assessment(read.digest), decision())
        page.hear(read)
    return read


def brake(book: Book, read: Message) -> str | None:
    with book.begin() as page:
        return page.brake(read)


def test_an_ordinary_mail_is_not_braked(book: Book) -> None:
    assert brake(book, heard(book)) is None


def test_a_sender_who_writes_too_often_in_an_hour_gets_no_letter_by_itself(book: Book, engine: Engine) -> None:
    mails = [heard(book, f"{LONG} {'x' * number}") for number in range(guard.MOST_FROM_ONE + 1)]
    assert "Deze afzender" in str(brake(book, mails[-1]))
    assert brake(book, heard(book, f"Iets anders. {LONG}", "a@b.example")) is None
    with engine.begin() as connection:
        connection.execute(text("update message set entered = entered - interval '61 minutes'"))
    assert brake(book, mails[-1]) is None


def test_words_that_come_back_too_often_are_heard_from_whomever(book: Book) -> None:
    mails = [heard(book, f"{LONG}  {'!' * number}", f"a{number}@b.example") for number in range(guard.MOST_ALIKE + 1)]
    assert "Dezelfde tekst" in str(brake(book, mails[-1]))


def test_a_short_thank_you_is_no_loop(book: Book) -> None:
    mails = [heard(book, "Bedankt!", f"a{number}@b.example") for number in range(guard.MOST_ALIKE + 2)]
    assert brake(book, mails[-1]) is None


def test_after_so_many_letters_in_an_hour_the_brake_holds_the_next_ones(book: Book) -> None:
    for number in range(guard.MOST_LETTERS):
        digest, dossier = entered(book)
        assert dossier is not None
        with book.begin() as page:
            # Nobody gets two such letters in a row, so each goes to somebody else.
            leaves = letter(digest, to=Party("", f"a{number}@voorbeeld.example"))
            page.hold(dossier.reference, leaves, released=True)
    read = heard(book, sender="a@b.example")
    assert "noodrem" in str(brake(book, read))


def test_back_mail_from_a_file_is_never_answered_by_itself(book: Book) -> None:
    old = replace(heard(book), envelope=replace(envelope(), channel="file"))
    assert "uit een bestand" in str(brake(book, old))


def test_what_is_remembered_holds_no_word(book: Book, engine: Engine) -> None:
    heard(book)
    with engine.connect() as connection:
        [mark] = connection.execute(text("select words from heard")).scalars()
    assert len(mark) == 64
    assert set(mark) <= set("0123456789abcdef")
