import pytest

from register.book import Book
from register.letters import LetterGoneError
from register.recall import recall
from tests.register.made import entered, letter


def released(book: Book) -> int:
    digest, dossier = entered(book)
    with book.begin() as page:
        return page.hold(dossier.reference if dossier else None, letter(digest), released=True)


def test_a_released_letter_waits_again_and_is_not_posted(book: Book) -> None:
    number = released(book)
    with book.begin() as page:
        recall(page.connection, number, "lien")
    with book.begin() as page:
        assert page.claim_outgoing(number) is None
    found = book.dispatch(number)
    assert found is not None
    assert found.state == "vastgehouden"
    assert ("brief vastgehouden", "lien") in [
        (event.what, event.who) for event in book.events(digest=found.outgoing.digest)
    ]


def test_a_letter_that_is_leaving_right_now_is_not_held_back(book: Book) -> None:
    number = released(book)
    with book.begin() as posting:
        assert posting.claim_outgoing(number) is not None
        with pytest.raises(LetterGoneError), book.begin() as page:
            recall(page.connection, number, "lien")
        posting.sent(number, "")
    with pytest.raises(LetterGoneError), book.begin() as page:
        recall(page.connection, number, "lien")
