"""Doors for the tests of intake."""

from collections.abc import AsyncIterator

import pytest

from intake.smtp import SmtpDoor
from tests.intake.door import SECOND, Opener, Shelf
from tests.intake.written import OURS


@pytest.fixture
def shelf() -> Shelf:
    return Shelf()


@pytest.fixture
async def opened(shelf: Shelf) -> AsyncIterator[Opener]:
    doors: list[SmtpDoor] = []

    async def start(**options: object) -> SmtpDoor:
        settings: dict[str, object] = {"recipients": (OURS, SECOND), "size_limit": 100_000, **options}
        door = SmtpDoor(shelf.keep, host="127.0.0.1", port=0, **settings)  # type: ignore[arg-type]
        await door.start()
        doors.append(door)
        return door

    yield start
    for door in doors:
        await door.stop()
