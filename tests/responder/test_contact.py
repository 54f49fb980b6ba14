"""A letter shows what somebody checked, and nothing else."""

from datetime import date

from responder.contact import listing
from tests.responder.cases import letters
from triage.shapes import Body, Contact, Source, Weg

LABELS = letters().words.contact


def checked(value: str) -> Contact:
    return Contact(value, nagekeken=True)


def body(contact: dict[Weg, Contact]) -> Body:
    return Body("x", "X", "X doet iets.", Source("bron"), date(2026, 11, 23), contact=contact)


def test_unchecked_contacts_do_not_exist_for_a_letter() -> None:
    shown = listing(body({"telefoon": Contact("1234"), "web": checked("x.example")}), LABELS)
    assert shown.telefoon == ""
    assert shown.regels == ("Website: [x.example](https://x.example)",)


def test_hours_stand_behind_the_number_they_are_for() -> None:
    shown = listing(body({"uren": checked("dag en nacht"), "telefoon": checked("0800 12 345")}), LABELS)
    assert shown.telefoon == "0800 12 345"
    assert shown.regels == ("Telefoon: [0800 12 345](tel:080012345) (dag en nacht)",)


def test_hours_alone_are_no_way_to_reach_anybody() -> None:
    assert listing(body({"uren": checked("dag en nacht")}), LABELS).regels == ()


def test_ways_come_from_the_quickest_to_the_slowest() -> None:
    ways: tuple[Weg, ...] = ("vindplaats", "adres", "mail", "web", "chat", "telefoon")
    shown = listing(body({way: checked(f"{way}.x") for way in ways}), LABELS)
    firsts = [line.split(":")[0] for line in shown.regels]
    assert firsts == ["Telefoon", "Chat", "Website", "Mail", "Adres", "vindplaats.x"]
