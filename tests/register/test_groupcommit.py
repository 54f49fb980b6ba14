import asyncio
from collections.abc import Sequence

import pytest
from sqlalchemy.exc import DataError, OperationalError

from intake.message import Envelope, Receipt
from register.book import Book
from register.groupcommit import GroupCommit
from tests.register.made import envelope, mail


class Watched(Book):
    """A book that remembers the sizes of its commits and can be told to fail."""

    def __init__(self, book: Book) -> None:
        super().__init__(book.engine)
        self.commits: list[int] = []
        self.refused = b""
        self.away = False

    def keep_many(self, mails: Sequence[tuple[bytes, Envelope]]) -> list[Receipt]:
        if self.away:
            raise OperationalError("insert", None, ConnectionError())
        if self.refused and any(self.refused in raw for raw, _ in mails):
            raise DataError("insert", None, ValueError())
        self.commits.append(len(mails))
        return super().keep_many(mails)


@pytest.fixture
def watched(book: Book) -> Watched:
    return Watched(book)


async def test_mails_that_come_together_share_a_commit_and_each_gets_its_own_receipt(watched: Watched) -> None:
    keep, mails = GroupCommit(watched), [mail(f"nummer {number}") for number in range(60)]
    receipts = await asyncio.gather(*(keep(raw, envelope()) for raw in [*mails, mails[0]]))
    keep.close()
    assert len(watched.commits) < 20
    assert [receipt.known for receipt in receipts] == [False] * 60 + [True]
    assert [watched.raw(receipt.digest) for receipt in receipts[:60]] == mails


async def test_a_mail_that_the_database_refuses_does_not_cost_the_others_their_place(watched: Watched) -> None:
    keep, watched.refused = GroupCommit(watched), b"vergif"
    outcomes = await asyncio.gather(
        *(keep(mail(words), envelope()) for words in ("een", "vergif", "twee")), return_exceptions=True
    )
    keep.close()
    assert [type(outcome) for outcome in outcomes] == [Receipt, DataError, Receipt]
    assert watched.counts().kept == 2


async def test_without_a_database_every_wait_ends_in_an_error_and_later_mails_are_kept_again(watched: Watched) -> None:
    keep, watched.away = GroupCommit(watched), True
    with pytest.raises(OperationalError):
        await keep(mail(), envelope())
    watched.away = False
    assert not (await keep(mail(), envelope())).known
    keep.close()


async def test_a_session_that_hangs_up_does_not_stop_the_writer(watched: Watched) -> None:
    keep = GroupCommit(watched)
    waiting = asyncio.create_task(keep(mail(), envelope()))
    await asyncio.sleep(0)
    waiting.cancel()
    await keep(mail(), envelope())
    keep.close()
    assert watched.counts().kept == 2


async def test_after_closing_nothing_is_promised(watched: Watched) -> None:
    keep = GroupCommit(watched)
    keep.close()
    keep.close()
    with pytest.raises(RuntimeError, match="clos"):
        await keep(mail(), envelope())
