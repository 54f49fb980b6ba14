"""Who writes and how old he is, as far as form tells."""

import pytest

from intake.message import Message
from tests.triage.spoken import hits, message, own_rules


def _writer(mail: Message) -> dict[str, bool]:
    pipeline = own_rules()
    with pipeline.turn():
        return dict(pipeline.read(mail)._.writer)


def _from(name: str, body: str = "Ik klaag.") -> Message:
    return message(body, From=f'"{name}" <a@b.example>' if name else "a@b.example")


def _dates(body: str, **head: str) -> tuple[dict[str, int], str]:
    """What the dates are, and the words of the age."""
    pipeline = own_rules()
    with pipeline.turn():
        doc = pipeline.read(message(body, **head))
        found = dict(doc._.dates)
        start, end = found["plaats"]
        return found, doc._.reading.text[start:end]


@pytest.mark.parametrize(
    "name",
    ["Els Nijs", "Nijs, Els", "Dhr. Jan De Smet", "Jan O'Neill", "J. De Smet", "Éloïse Dûpont", "Jos van den Bossche"],
)
def test_a_full_name_of_the_sender_is_a_name(name: str) -> None:
    assert _writer(_from(name))["naam"]


@pytest.mark.parametrize("name", ["", "els", "jan de smet", "Mw. Smet", "info", "Mama", "els2024"])
def test_half_a_name_is_no_name(name: str) -> None:
    assert not _writer(_from(name))["naam"]


@pytest.mark.parametrize(
    "body",
    [
        "Ik ben Els De Smet en ik klaag.",
        "Mijn naam is Fatima El Amrani.",
        "Je m'appelle Marie Dupont.",
        "My name is Mary Smith.",
        "Ich heiße Karin Müller.",
        "Ik klaag.\r\n\r\nGroeten,\r\nEls Nijs\r\n",
        "Ik klaag.\r\n-- \r\nEls Nijs\r\n",
    ],
)
def test_a_name_in_the_text_or_under_it_is_a_name(body: str) -> None:
    assert _writer(_from("", body))["naam"]


@pytest.mark.parametrize(
    "body",
    [
        "Ik klaag.\r\ngroetjes,\r\nels",
        "Beste Mevrouw\r\nik klaag.",
        "Dag Mevrouw,\r\nik klaag.",
        "Geachte Heer\r\nik klaag.",
        "ik klaag.\r\nMet Vriendelijke Groeten",
        "Ik ben boos.",
    ],
)
def test_a_greeting_or_a_mood_is_no_name(body: str) -> None:
    assert not _writer(_from("", body))["naam"]


def test_a_name_that_is_only_quoted_is_not_the_writers() -> None:
    mail = message(
        "Ja.\r\n\r\nOp 1 maart schreef info:\r\n> Dag\r\n> Els Nijs\r\n", subject="Re: x", From="a@b.example"
    )
    assert not _writer(mail)["naam"]


@pytest.mark.parametrize(
    "body",
    [
        "Ik woon in de Kerkstraat 12, 9000 Gent.",
        "Ik klaag.\r\n-- \r\nEls Nijs\r\nStationsstraat 5\r\n2800 Mechelen\r\n",
    ],
)
def test_an_address_is_seen_in_the_text_and_in_the_signature(body: str) -> None:
    assert _writer(message(body))["adres"]


def test_a_signature_with_an_address_gives_no_votes() -> None:
    found = hits(own_rules(), message("Ik klaag.\r\n-- \r\nEls Nijs\r\nStationsstraat 5\r\n2800 Mechelen\r\n"))
    signed = [hit for hit in found if hit.role == "handtekening"]
    assert signed
    assert not any(hit.weight for hit in signed)


@pytest.mark.parametrize(
    "body", ["Ik woon in Gent.", "Ja.\r\n\r\nOp 1 maart schreef Jan:\r\n> Kerkstraat 12\r\n> 9000 Gent\r\n"]
)
def test_a_town_or_a_quoted_address_is_no_address(body: str) -> None:
    assert not _writer(message(body, subject="Re: x"))["adres"]


def test_a_mail_of_only_quoted_words_is_told_apart_from_one_with_a_word_of_its_own() -> None:
    quoted = "Op 1 maart schreef Jan:\r\n> Dag\r\n> Ik klaag.\r\n"
    assert _writer(message(quoted, subject="Re: x"))["alleen_aanhaling"]
    assert not _writer(message("Ja.\r\n\r\n" + quoted, subject="Re: x"))["alleen_aanhaling"]
    assert _writer(message(""))["alleen_aanhaling"]


@pytest.mark.parametrize(
    ("body", "age", "words"),
    [
        ("Hallo. Ik ben 14 jaar en ik klaag.", 14, "Ik ben 14 jaar"),
        ("ik ben pas 15, help", 15, "ik ben pas 15,"),
        ("Ik word 16 jaar.", 16, "Ik word 16 jaar"),
        ("Ik ben 14,5 jaar.", 14, "Ik ben 14,5 jaar"),
        ("😀 Ik ben 12. Help", 12, "Ik ben 12."),
        ("J’ai 13 ans.", 13, "J'ai 13 ans"),
        ("I'm 15 years old.", 15, "I'm 15 years"),
        ("I am only 12 years old.", 12, "I am only 12 years"),
        ("Ich bin 14 Jahre alt.", 14, "Ich bin 14 Jahre"),
        ("Mam 15 lat.", 15, "Mam 15 lat"),
        ("Привіт, мені 14 років.", 14, "мені 14 рок"),
        ("عمري 14 سنة", 14, "عمري 14 سنة"),
        ("Ik ben 45 jaar.", 45, "Ik ben 45 jaar"),
    ],
)
def test_the_writers_age_is_read_with_its_words(body: str, age: int, words: str) -> None:
    found, said = _dates(body)
    assert (found["leeftijd"], said) == (age, words)


@pytest.mark.parametrize(
    "body",
    [
        "Mijn zoon is 14 jaar.",
        "Ik ben 2 jaar aan het wachten.",
        "Je suis maman de 10 enfants.",
        "Ik ben om 14.30 uur langsgekomen.",
        "I am 12 minutes late.",
        "Ik ben 8 maanden zwanger.",
        "Ja.\r\n\r\nOp 1 maart schreef Jan:\r\n> Ik ben 14 jaar.\r\n",
    ],
)
def test_another_number_or_another_persons_age_is_not_the_writers(body: str) -> None:
    assert _dates(body, subject="Re: x")[0]["leeftijd"] == 0


@pytest.mark.parametrize(
    ("body", "old", "before_2014"),
    [
        ("Dat was in 2012.", True, True),
        ("Dat was in 2013 en in 2014.", True, False),
        ("Dat was in 2024.", True, False),
        ("Dat was in 2025.", False, False),
        ("Van 2010 tot 2026.", False, False),
        ("Vanaf 2031.", False, False),
        ("Dossier 12012345.", False, False),
        ("Dat was gisteren.", False, False),
    ],
)
def test_bare_years_are_set_against_the_year_of_writing(body: str, old: bool, before_2014: bool) -> None:
    found, _ = _dates(body, Date="Mon, 02 Mar 2026 10:16:00 +0100")
    assert (bool(found["ouder_dan_een_jaar"]), bool(found["voor_2014"])) == (old, before_2014)


def test_a_mail_without_a_date_is_set_against_the_moment_of_receipt() -> None:
    assert _dates("Dat was in 2024.", Date="")[0]["ouder_dan_een_jaar"]
    assert not _dates("Dat was in 2025.", Date="")[0]["ouder_dan_een_jaar"]
