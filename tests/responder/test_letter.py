"""Letters are read as a whole, and every mistake is told with its file and line."""

from pathlib import Path

import pytest

from responder.language import LANGUAGES
from responder.letter import LettersError, load
from tests.responder.cases import letters

HEADING = "---\nid: {id}\nonderwerp: Iets\naanspreking: u\nnagekeken_op: 2026-11-23\n---\n"
OURS = Path(__file__).parents[2] / "responder/letters"
WORDS = (OURS / "nl/woorden.yaml").read_text(encoding="utf-8")
BESIDE = {f"nl/{name}.yaml": (OURS / f"nl/{name}.yaml").read_text("utf-8") for name in ("samenvatting", "gewone-taal")}


def folder(tmp_path: Path, files: dict[str, str], *, words: str = WORDS) -> Path:
    for name, text in {"nl/woorden.yaml": words, **BESIDE, **files}.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return tmp_path


def mistakes(tmp_path: Path, files: dict[str, str], *, words: str = WORDS) -> list[tuple[str, int, str]]:
    with pytest.raises(LettersError) as refused:
        load(folder(tmp_path, files, words=words))
    return [(one.file, one.line, one.name) for one in refused.value.mistakes]


def letter(id: str, text: str, heading: str = HEADING) -> dict[str, str]:
    return {f"nl/{id}.md": heading.format(id=id) + text}


def test_the_letters_of_the_product_load() -> None:
    assert letters().ids >= {"ontvangstbevestiging", "doorverwijzing", "veilige-tekst"}


def test_a_letter_is_found_by_id_and_language_and_nowhere_else() -> None:
    found = letters().find("werktaal", "fr")
    assert found is not None
    assert found.language == "fr"
    assert letters().find("werktaal", "nl") is None
    assert letters().find("ontvangstbevestiging", "fr") is None


def test_courtesies_are_no_letters_that_a_rule_may_name() -> None:
    assert "werktaal" not in letters().ids


def test_a_letter_for_minors_stands_in_for_those_it_names_and_for_itself() -> None:
    for id in ("ontvangstbevestiging", "ontvangstbevestiging-met-afdeling", "ontvangstbevestiging-jongere"):
        young = letters().for_minor(id)
        assert young is not None
        assert young.id == "ontvangstbevestiging-jongere"
    assert letters().for_minor("bestaat-niet") is None


def test_a_letter_without_heading_is_a_mistake(tmp_path: Path) -> None:
    assert mistakes(tmp_path, {"nl/los.md": "Beste,\n\nTot later.\n"}) == [("nl/los.md", 1, "geen-kop")]
    assert mistakes(tmp_path, {"nl/los.md": "---\nid: los\n"}) == [("nl/los.md", 1, "geen-kop")]
    assert mistakes(tmp_path, {"nl/los.md": ""}) == [("nl/los.md", 1, "geen-kop")]


def test_a_missing_key_of_the_heading_is_a_mistake(tmp_path: Path) -> None:
    found = mistakes(tmp_path, letter("a", "Tekst\n", HEADING.replace("onderwerp: Iets\n", "")))
    assert found == [("nl/a.md", 2, "ontbrekende-sleutel")]


def test_wrong_keys_and_values_of_the_heading_stand_at_their_own_lines(tmp_path: Path) -> None:
    heading = HEADING.replace("aanspreking: u", "aanspreking: gij\nuitkomst: doorsturen\nkleur: rood")
    found = mistakes(tmp_path, letter("a", "Tekst\n", heading))
    assert ("nl/a.md", 4, "onbekende-waarde") in found
    assert ("nl/a.md", 5, "onbekende-waarde") in found
    assert ("nl/a.md", 6, "onbekende-sleutel") in found


def test_an_unknown_variable_is_told_at_its_line_with_the_nearest_known_one(tmp_path: Path) -> None:
    with pytest.raises(LettersError) as refused:
        load(folder(tmp_path, letter("a", "Beste\n\nUw dossier is {{ referntie }}.\n")))
    (mistake,) = refused.value.mistakes
    assert (mistake.file, mistake.line, mistake.name) == ("nl/a.md", 9, "onbekend-veld")
    assert "`referentie`" in mistake.hint
    assert str(mistake).startswith("nl/a.md:9:1: onbekend-veld — ")


def test_an_unknown_attribute_of_a_body_is_a_mistake(tmp_path: Path) -> None:
    text = "{% for instantie in instanties %}\n{{ instantie.naem }}\n{% endfor %}\n"
    assert mistakes(tmp_path, letter("a", text)) == [("nl/a.md", 8, "onbekend-veld")]


def test_a_number_that_the_heading_does_not_name_is_a_mistake(tmp_path: Path) -> None:
    assert mistakes(tmp_path, letter("a", 'Bel {{ nummers["awel"] }}\n')) == [("nl/a.md", 7, "niet-genoemd")]
    assert mistakes(tmp_path, letter("a", "Bel {{ nummers.awel }}\n")) == [("nl/a.md", 7, "niet-genoemd")]


def test_a_number_that_a_part_needs_and_its_letter_does_not_name_is_a_mistake(tmp_path: Path) -> None:
    files = {"nl/_nood.md": 'Bel {{ nummers["politie"] }}\n', **letter("a", '{% include "_nood" %}\n')}
    assert [(file, name) for file, _, name in mistakes(tmp_path, files)] == [("nl/a.md", "proefbrief")]


def test_broken_jinja_and_unknown_filters_and_parts_are_mistakes(tmp_path: Path) -> None:
    files = {
        **letter("a", "Een regel\n{% if naam %}\n"),
        **letter("b", "{{ naam | groter }}\n"),
        **letter("c", '\n{% include "_weg" %}\n'),
        **letter("d", "{{ instanties.naam }}\n"),
    }
    found = mistakes(tmp_path, files)
    assert [(file, name) for file, _, name in found] == [
        ("nl/a.md", "jinja"),
        ("nl/b.md", "jinja"),
        ("nl/c.md", "onbekend-stuk"),
        ("nl/d.md", "proefbrief"),
    ]
    assert {file: line for file, line, _ in found}["nl/c.md"] == 8


def test_a_letter_cannot_reach_the_inside_of_python(tmp_path: Path) -> None:
    found = mistakes(tmp_path, letter("a", "{{ naam.__class__.__mro__ }}\n"))
    assert {name for _, _, name in found} == {"onbekend-veld"}
    found = mistakes(tmp_path, letter("b", '{{ naam["__class__"].mro() }}\n') | letter("a", "Tekst\n"))
    assert [file for file, _, _ in found] == ["nl/b.md"] * len(found)


def test_two_letters_with_one_id_are_a_mistake(tmp_path: Path) -> None:
    files = {"nl/a.md": HEADING.format(id="a"), "nl/b.md": HEADING.format(id="a")}
    assert mistakes(tmp_path, files) == [("nl/b.md", 2, "dubbele-brief")]


def test_a_letter_bears_the_name_of_its_file(tmp_path: Path) -> None:
    assert mistakes(tmp_path, {"nl/a.md": HEADING.format(id="b")}) == [("nl/a.md", 2, "andere-naam")]


def test_an_unknown_language_is_a_mistake(tmp_path: Path) -> None:
    files = {**letter("a", "Tekst\n"), "vls/a.md": HEADING.format(id="a")}
    assert mistakes(tmp_path, files) == [("vls", 1, "onbekende-taal")]
    assert "nl" in LANGUAGES


def test_a_letter_that_stands_in_for_one_that_does_not_exist_is_a_mistake(tmp_path: Path) -> None:
    heading = HEADING.replace("aanspreking: u", "aanspreking: je\nin_plaats_van: [brif]")
    assert mistakes(tmp_path, letter("brief", "Tekst\n") | letter("j", "Tekst\n", heading))[0][2] == "onbekende-brief"


def test_missing_words_are_mistakes(tmp_path: Path) -> None:
    found = mistakes(tmp_path, letter("a", "Tekst\n"), words=WORDS.replace("    naam: je voornaam en je naam\n", ""))
    assert found == [("nl/woorden.yaml", 1, "ontbrekende-sleutel")]
    folder(tmp_path, {})
    for name in ("woorden", "samenvatting", "gewone-taal"):
        path = tmp_path / f"nl/{name}.yaml"
        kept = path.read_text(encoding="utf-8")
        path.unlink()
        with pytest.raises(LettersError, match=f"{name}.yaml:1:1: ontbrekend-bestand"):
            load(tmp_path)
        path.write_text(kept, encoding="utf-8")


def test_a_slip_in_the_lists_beside_the_letters_is_told_at_its_line(tmp_path: Path) -> None:
    bad = BESIDE["nl/gewone-taal.yaml"].replace("  zin: 25", "  zin: veel")
    worse = BESIDE["nl/samenvatting.yaml"].replace("meeste_ervaringen: 3", "meeste: 3")
    found = mistakes(tmp_path, {"nl/gewone-taal.yaml": bad, "nl/samenvatting.yaml": worse})
    assert found == [("nl/gewone-taal.yaml", 4, "verkeerde-waarde"), ("nl/samenvatting.yaml", 5, "onbekende-sleutel")]


def test_a_refusal_on_an_unknown_ground_is_a_mistake(tmp_path: Path) -> None:
    heading = HEADING.replace("aanspreking: u", "aanspreking: u\ngronden: [geen-belangen]")
    assert mistakes(tmp_path, letter("a", "Tekst\n", heading)) == [("nl/a.md", 1, "onbekende-grond")]


def test_a_person_is_offered_what_fits_and_refusals_on_suggested_grounds_first() -> None:
    offered = [one.id for one in letters().offered("registreren", ["beroep-open"])]
    assert offered[0] == "niet-behandeld-beroep-open"
    assert {"ontvangstbevestiging", "eindantwoord", "verlenging", "bemiddelingsaanbod"} <= set(offered)
    assert "veilige-tekst" not in offered
    assert not [one for one in offered if one.endswith("-jongere")]
    young = [one.heading.aanspreking for one in letters().offered("registreren", minor=True)]
    assert set(young) == {"je"}


def test_a_letter_that_is_no_utf8_is_a_mistake(tmp_path: Path) -> None:
    folder(tmp_path, letter("a", "Tekst\n"))
    (tmp_path / "nl/b.md").write_bytes(b"---\nid: b\xe9\n")
    with pytest.raises(LettersError, match="geen-utf8"):
        load(tmp_path)


def test_all_mistakes_are_told_at_once(tmp_path: Path) -> None:
    files = {
        **letter("a", "{{ een }} en {{ twee }}\n\n{{ drie }}\n"),
        **letter("b", "{{ vier }}\n"),
        "nl/c.md": "geen kop\n",
    }
    assert [(file, line) for file, line, _ in mistakes(tmp_path, files)] == [
        ("nl/a.md", 7),
        ("nl/a.md", 7),
        ("nl/a.md", 9),
        ("nl/b.md", 7),
        ("nl/c.md", 1),
    ]


def test_a_folder_that_is_not_there_is_a_mistake(tmp_path: Path) -> None:
    with pytest.raises(LettersError, match="geen-map"):
        load(tmp_path / "weg")
