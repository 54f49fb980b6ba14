"""What can happen to a file, in one list of words, and how it is written down."""

from collections.abc import Mapping

from sqlalchemy import Connection, insert

from register import tables
from register.record import storable

PROGRAM = "klachtwijzer"

ENTERED = "ingeschreven"
OPENED = "dossier geopend"
ADDED = "bericht toegevoegd"
LINKED = "verband gezien"
SUGGESTED = "verband voorgesteld"
RETURNED = "automatisch bericht ontvangen"
CORRECTED = "oordeel verbeterd"
LEFT = "bericht verplaatst"
CLOCK_SET = "termijnen bepaald"
LAPSED = "dossier vervallen"
SHUNTED = "vastgelopen"
SETTLED = "afgehandeld"
REOPENED = "heropend"
NOTED = "notitie"
COMPOSED = "brief opgesteld"
REVISED = "brief gewijzigd"
WITHDRAWN = "brief ingetrokken"
RELEASED = "brief vrijgegeven"
SENT = "brief verzonden"
FAILED = "brief mislukt"
EXTENDED = "termijn verlengd"
PAUSED = "termijn stilgezet"
RESUMED = "termijn hervat"
ANSWERED = "beantwoord"
CLOSED = "dossier gesloten"
TURNED_OPEN = "dossier heropend"
CHANGED = "dossier gewijzigd"
REGISTERED = "dossier met de hand geopend"
HANDLED_BY = "behandelaar aangeduid"
PART_ADDED = "deel toegevoegd"
PART_CHANGED = "deel gewijzigd"
PARTY_ADDED = "betrokkene toegevoegd"
PARTY_REMOVED = "betrokkene geschrapt"
TASK_SET = "taak gezet"
TASK_DONE = "taak gedaan"
ASKED = "bijdrage gevraagd"
CONTRIBUTED = "bijdrage gegeven"
ADMITTED = "ontvankelijkheid beslist"
MEDIATED = "bemiddeling"
CONCLUDED = "eindbevinding"
IMPROVED = "verbeteractie"
IMPROVED_DONE = "verbeteractie uitgevoerd"
SATISFIED = "tevredenheid"
BOUND = "dossiers verbonden"
DOCUMENTED = "document toegevoegd"
HELD = "bewaren opgelegd"
UNHELD = "bewaren opgeheven"
PROPOSED = "wissen voorgesteld"
APPROVED = "wissen goedgekeurd"
REFUSED = "wissen geweigerd"
ERASED = "personen gewist"
EXTRACTED = "afschrift gemaakt"
LEARNED = "leerbestand gemaakt"
VERIFIED = "journaal nagekeken"
DIRECTORY = "adresboek gewijzigd"


def line(
    what: str, *, who: str = PROGRAM, dossier: str | None = None, digest: str | None = None, **detail: object
) -> dict[str, object]:
    """An event, ready to be written."""
    return {"who": who, "what": what, "dossier": dossier, "digest": digest, "detail": storable(detail)}


def told(what: str, who: str, dossier: str, detail: Mapping[str, object]) -> dict[str, object]:
    """An event on a dossier whose details are at hand as a mapping."""
    return {"who": who, "what": what, "dossier": dossier, "digest": None, "detail": storable(detail)}


def write(connection: Connection, *lines: dict[str, object]) -> None:
    """Add events in this order; nothing that was written is ever changed."""
    if lines:
        connection.execute(insert(tables.event), list(lines))


def write_reading(connection: Connection, account: str, digest: str, dossier: str = "") -> None:
    """Add a line to the record of who read what."""
    connection.execute(insert(tables.reading).values(account=account, digest=digest, dossier=dossier))
