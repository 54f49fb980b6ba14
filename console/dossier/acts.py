"""What every act on a dossier has in common: it holds for the dossier that the person saw, or nothing is kept."""

import re
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from datetime import date
from typing import Annotated, Any

from fastapi import Form, HTTPException, Request, Response
from fastapi.routing import APIRoute
from pydantic import BaseModel, BeforeValidator, Field
from starlette.datastructures import FormData

from console.pages import staff_page
from console.room import Room
from register import file, timeline
from register.accounts import Account
from register.clock import NoClockError
from register.dossier import Event
from register.file import UnknownDossierError
from register.page import Page
from register.record import as_text
from register.sealing import KeyMissingError
from register.treating import Treatment

Day = Annotated[date | None, BeforeValidator(lambda given: given or None)]
Short = Annotated[str, Field(max_length=300)]
Long = Annotated[str, Field(max_length=20_000)]
Words = Annotated[list[Annotated[str, Field(max_length=100)]], Field(max_length=50)]
# The register names the column that a value does not fit; a person reads the sentence after it.
_COLUMN = re.compile(r"^[a-z_]+: (?=\S)")


class Seen(BaseModel):
    """A form on a dossier, with the version that the person saw."""

    versie: int = 0


class Note(Seen):
    """A form with one text."""

    tekst: Long = ""


SeenForm = Annotated[Seen, Form()]
NoteForm = Annotated[Note, Form()]


class NotKeptError(Exception):
    """Nothing of the form was kept; the person is told why and gets back what they filled in."""

    def __init__(
        self, status: int, why: str, reference: str, meanwhile: tuple[Event, ...] = (), version: int = 0
    ) -> None:
        super().__init__(why)
        self.status, self.why, self.reference = status, why, reference
        self.meanwhile, self.version = meanwhile, version


class Act(APIRoute):
    """A form of a dossier: when it cannot be kept, the page says why and loses nothing that was typed."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The handler with the page for what was not kept around it."""
        plain = super().get_route_handler()

        async def handled(request: Request) -> Response:
            try:
                return await plain(request)
            except NotKeptError as trouble:
                return _not_kept(request, trouble, await request.form())

        return handled


@contextmanager
def at_work(here: Room, account: Account, reference: str, seen: int) -> Iterator[tuple[Page, Treatment]]:
    """One act on a dossier in one transaction. Raises NotKeptError when it changed since, or the act does not fit."""
    reference = as_text(reference).strip().upper()
    try:
        with here.book.begin() as page:
            # Whoever comes second waits here, and then sees that the version is another.
            file.row(page.connection, reference, lock=True)
            now = timeline.version(page.connection, reference)
            if now != seen:
                meanwhile = timeline.since(page.connection, reference, seen) if seen else ()
                raise NotKeptError(409, "Iemand veranderde dit dossier terwijl u keek.", reference, meanwhile, now)
            yield page, page.treat(reference, account.name)
    except UnknownDossierError:
        raise HTTPException(404, "Dit dossier is er niet.") from None
    except NoClockError:
        raise NotKeptError(409, "Voor dit dossier loopt geen termijn.", reference) from None
    except KeyMissingError:
        raise NotKeptError(409, "Namen kunnen nu niet bewaard worden: de sleutel ontbreekt.", reference) from None
    except LookupError:
        raise HTTPException(404, "Dat staat niet in dit dossier.") from None
    except ValueError as wrong:
        said = _COLUMN.sub("", str(wrong))
        raise NotKeptError(422, f"{said[:1].upper()}{said[1:].rstrip('.')}.", reference) from None


def _not_kept(request: Request, trouble: NotKeptError, form: FormData) -> Response:
    typed = [(name, value) for name, value in form.multi_items() if isinstance(value, str)]
    return staff_page(
        request,
        "dossier/niet_bewaard.html",
        status=trouble.status,
        reden=trouble.why,
        referentie=trouble.reference,
        intussen=trouble.meanwhile,
        nieuwe_versie=trouble.version if trouble.status == 409 and len(typed) == len(form.multi_items()) else 0,
        getypt=[(name, value) for name, value in typed if name not in ("bewijsje", "versie")],
        adres=request.url.path,
    )
