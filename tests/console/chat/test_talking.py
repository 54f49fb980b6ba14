"""Conversations over plain forms: what is asked, what is kept, and what reaches a person."""

import re
from datetime import UTC, datetime

import httpx
import pytest

from console.chat.phrases import phrases
from intake.chat import Turn
from klachtwijzer.conversation import COPY, Conversations
from register.book import Book
from register.chat import Talk
from tests.console.chat.citizen import (
    DANGER,
    STORY,
    conversations,
    digests,
    entered,
    question,
    say,
    send,
    tell,
)


def test_the_numbers_come_first_and_the_page_says_that_it_is_a_machine(citizen: httpx.Client) -> None:
    page = citizen.get("/").text
    places = [page.index(f"tel:{number}") for number in (112, 101, 1712, 1813, 102)]
    assert max(places) < page.index("<textarea")
    assert page.index("automatische assistent, geen mens") < page.index("<textarea")
    assert "Dan wissen we het gesprek na 7 dagen" in page


def test_the_first_page_sets_no_cookie_and_weighs_less_than_a_hundred_kilobytes(citizen: httpx.Client) -> None:
    answer = citizen.get("/")
    assert "set-cookie" not in answer.headers
    parts = re.findall(r'(?:href|src)="(/static/[^"]+)"', answer.text)
    assert len(parts) == 4
    assert len(answer.content) + sum(len(citizen.get(part).content) for part in parts) < 100_000


def test_only_what_the_decision_misses_is_asked_and_nothing_is_entered_before_the_end(
    citizen: httpx.Client, book: Book
) -> None:
    page = tell(citizen, STORY)
    asked = []
    while (name := question(page)) != "meer":
        asked.append(name)
        answers = {
            "wanneer": {"antwoord": "Sinds september."},
            "gesproken": {"keuze": "ja"},
            "naam": {"naam": "Lien Vermeer", "adres": "Dorpsstraat 3, 9000 Gent"},
            "contact": {"mail": "lien@voorbeeld.example"},
        }
        page = say(citizen, page, **answers[name])
    assert sorted(asked) == ["contact", "gesproken", "naam", "wanneer"]
    assert entered(book) == []
    end = send(citizen, mail="lien@voorbeeld.example")
    (line,) = entered(book)
    assert (line["uitkomst"], line["ontbreekt"]) == ("registreren", [])
    assert str(line["referentie"]) in end
    assert "uiterlijk op" in end
    record = book.record(digests(book)[0])
    assert record is not None
    assert "Sinds september." in record.message.own
    assert "Wanneer gebeurde het" not in record.message.own
    assert record.message.sender.name == "Lien Vermeer"


def test_every_question_can_be_skipped_and_is_not_asked_again(citizen: httpx.Client, book: Book) -> None:
    page = tell(citizen, "Het is een schande!")
    asked = []
    while (name := question(page)) != "meer":
        asked.append(name)
        page = say(citizen, page, sla_over="ja")
    assert asked[:2] == ["feiten", "betrokkene"]
    assert len(set(asked)) == len(asked) <= 6
    send(citizen)
    assert entered(book)[0]["uitkomst"] == "opvragen"


def test_what_a_person_told_already_is_not_asked(citizen: httpx.Client) -> None:
    story = f"{STORY} Ik sprak de dienst al aan in maart maar dat hielp niet. Lien Vermeer, Dorpsstraat 3, 9000 Gent"
    page = tell(citizen, story)
    assert question(page) in ("naam", "contact")


def test_a_referral_asks_neither_name_nor_address(citizen: httpx.Client, book: Book) -> None:
    page = tell(citizen, "De juf op school pest mijn kind en de directeur doet niets.")
    assert question(page) == "contact"
    say(citizen, page, sla_over="ja")
    end = send(citizen)
    assert entered(book)[0]["uitkomst"] == "doorverwijzen"
    assert "sneller helpen" in end
    assert 'class="vel wegwijzer"' in end


def test_danger_reaches_a_person_at_once_though_the_conversation_never_ends(citizen: httpx.Client, book: Book) -> None:
    page = tell(citizen, DANGER)
    (line,) = entered(book)
    assert (line["uitkomst"], line["dringendheid"]) == ("escaleren", "nu")
    assert page.index("tel:112") < page.index('id="vraag"')
    assert str(line["referentie"]) in page
    assert question(page) == "meer"
    assert "Uiterlijk" not in page


def test_danger_in_a_later_answer_reaches_a_person_at_once_too(citizen: httpx.Client, book: Book) -> None:
    page = tell(citizen, STORY)
    assert entered(book) == []
    say(citizen, page, antwoord=f"Sinds september. {DANGER}")
    assert [line["uitkomst"] for line in entered(book)] == ["escaleren"]


def test_calm_words_after_danger_are_added_to_the_same_dossier(citizen: httpx.Client, book: Book) -> None:
    page = tell(citizen, DANGER)
    say(citizen, page, antwoord="Mijn telefoonnummer is 0470 12 34 56.")
    first, second = entered(book)
    assert (second["uitkomst"], second["referentie"]) == ("toevoegen", first["referentie"])
    send(citizen)
    assert len(entered(book)) == 2


def test_who_says_that_a_child_is_not_safe_is_escalated(citizen: httpx.Client, book: Book) -> None:
    page = tell(citizen, "Ik ben 15 en in mijn leefgroep nemen ze mijn gsm af. Niemand luistert.")
    assert question(page) == "veilig"
    assert "Ben je nu veilig?" in page
    page = say(citizen, page, keuze="twijfel")
    assert [line["uitkomst"] for line in entered(book)] == ["escaleren"]
    assert page.index("tel:102") < page.index('id="vraag"')


@pytest.mark.parametrize("language", ["nl", "fr", "en"])
@pytest.mark.parametrize("form", ["u", "je"])
@pytest.mark.parametrize("choice", ["nee", "twijfel"])
def test_each_fixed_answer_that_denies_safety_is_danger_under_the_rules(
    desk_of_chat: Conversations, language: str, form: str, choice: str
) -> None:
    words = phrases(language, young=form == "je")
    at = datetime(2026, 11, 23, 9, tzinfo=UTC)
    said = Talk(turns=(Turn("persoon", STORY, at), Turn("persoon", words[f"veilig_{choice}"], at)))
    assert desk_of_chat.weigh(said).danger
    calm = Talk(turns=(Turn("persoon", STORY, at), Turn("persoon", words["veilig_ja"], at)))
    assert not desk_of_chat.weigh(calm).danger


def test_what_cannot_be_weighed_reaches_a_person(
    citizen: httpx.Client, book: Book, desk_of_chat: Conversations, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desk_of_chat, "weigh", lambda talk: 1 / 0)
    tell(citizen, STORY)
    assert len(entered(book)) == 1


def test_the_same_story_sent_twice_is_one_conversation(citizen: httpx.Client, book: Book) -> None:
    som = re.search(r'name="som" value="([^"]+)"', citizen.get("/").text)
    assert som is not None
    for _ in range(2):
        assert citizen.post("/", data={"verhaal": STORY, "som": som[1]}).url.path == "/gesprek"
        citizen.cookies.clear()
    assert conversations(book) == 1


def test_the_same_answer_sent_twice_counts_once(citizen: httpx.Client) -> None:
    page = tell(citizen, STORY)
    for _ in range(2):
        answer = say(citizen, page, antwoord="Sinds september.")
    assert answer.count("Sinds september.") == 1


def test_corrections_of_the_summary_are_what_is_entered(citizen: httpx.Client, book: Book) -> None:
    tell(citizen, STORY)
    page = citizen.get("/gesprek/overzicht").text
    place = re.search(r'name="(beurt-\d+)"', page)
    assert place is not None
    assert "Je schrijft" not in page
    assert "U schrijft over de begeleiding" in page or "We vatten het nog niet samen" in page
    better = {place[1]: "De begeleider van pleegzorg belt niet."}
    kept = citizen.post("/gesprek/overzicht", data={"daad": "bewaar"} | better)
    assert "begeleider van pleegzorg belt niet" in kept.text
    send(citizen, fout="Het gaat over Pleegzorg Gent.", **better)
    record = book.record(digests(book)[0])
    assert record is not None
    assert "komt haar afspraken" not in record.message.text
    assert record.message.own.count("belt niet") == 1
    assert "Pleegzorg Gent" in record.message.own


def test_a_copy_is_laid_ready_and_waits_for_a_person(citizen: httpx.Client, book: Book) -> None:
    tell(citizen, STORY)
    send(citizen, mail="lien@voorbeeld.example", kopie="ja")
    (copy,) = [one for one in book.dispatches() if one.outgoing.letter == COPY]
    assert copy.state == "vastgehouden"
    assert copy.outgoing.to.address == "lien@voorbeeld.example"
    assert STORY in copy.outgoing.text
    own = citizen.get("/gesprek/kopie.txt")
    assert STORY in own.text
    assert "attachment" in own.headers["content-disposition"]
