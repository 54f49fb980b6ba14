from datetime import date

import pytest

from register import directory, events, parts
from register.book import Book
from register.directory import UnknownEntryError
from register.law import shipped
from tests.register.made import entered


def test_a_former_name_is_found_and_a_sign_of_the_search_is_only_a_sign(book: Book) -> None:
    with book.begin() as page:
        here = page.connection
        one = directory.add_organiser(here, "an", "De Bij 100%", "kinderopvang", shipped())
        directory.rename(here, "an", one, "Zoem")
        directory.rename(here, "an", one, "Zoem")
        place = directory.add_location(here, "an", "Villa", one)
        directory.rename_location(here, "an", place, "Huis")
        found = {words: directory.find(here, words) for words in ("bij 100%", "_", "vill", "zzz")}
    assert [one.name for one in found["bij 100%"][0]] == ["Zoem"] and found["bij 100%"][0][0].former == ("De Bij 100%",)
    assert [one.name for one in found["vill"][1]] == ["Huis"]
    assert found["_"] == found["zzz"] == ((), ())


def test_merging_moves_dossiers_and_locations_tells_each_dossier_and_happens_once(book: Book) -> None:
    _, dossier = entered(book)
    assert dossier is not None
    with book.begin() as page:
        here = page.connection
        kept = directory.add_organiser(here, "an", "De Bij", "kinderopvang", shipped())
        lost = directory.add_organiser(here, "an", "Bij", "kinderopvang", shipped(), number="K1")
        place = directory.add_location(here, "an", "Villa", lost, since=date(2020, 1, 1))
        twin = directory.add_location(here, "an", "De Villa", kept)
        (part,) = parts.of(here, dossier.reference)
        parts.change(here, part.id, "an", shipped(), organiser=lost, location=place)
        directory.merge(here, "bert", lost, kept)
        directory.merge_locations(here, "bert", place, twin)
        (part,) = parts.of(here, dossier.reference)
        assert (part.organiser, part.location) == (kept, twin)
        assert [one.reference for one in directory.history(here, organiser_=kept)] == [dossier.reference]
        assert [one.reference for one in directory.history(here, location_=twin)] == [dossier.reference]
        one = directory.one_organiser(here, kept)
        assert (one.number, one.former, directory.one_organiser(here, lost).merged) == ("K1", ("Bij",), kept)
        with pytest.raises(ValueError, match="al samengevoegd"):
            directory.merge(here, "bert", lost, kept)
        with pytest.raises(ValueError, match="kies een andere"):
            directory.merge(here, "bert", kept, kept)
        with pytest.raises(UnknownEntryError):
            directory.merge(here, "bert", kept, 99)
    told = [(event.who, event.what) for event in book.events(reference=dossier.reference)]
    assert told.count(("bert", events.PART_CHANGED)) == 2
