import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from console.desk import Answer, Signpost, glossary
from console.public import public
from tests.console.conftest import running
from tests.console.made import MadeChat
from triage import rulebook


@pytest.fixture
def citizen(page_of_public: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=page_of_public) as client:
        yield client


def test_the_numbers_for_danger_come_before_anything_else(citizen: httpx.Client) -> None:
    page = citizen.get("/").text
    places = [page.index(f"tel:{number}") for number in (112, 101, 1712, 1813, 102)]
    assert max(places) < page.index("<textarea")


def test_the_page_needs_neither_cookie_nor_script_and_is_light(citizen: httpx.Client) -> None:
    answer = citizen.get("/")
    assert "set-cookie" not in answer.headers
    assert "<script" not in answer.text
    parts = re.findall(r'(?:href|src)="(/static/[^"]+)"', answer.text)
    assert len(parts) == 3
    assert len(answer.content) + sum(len(citizen.get(part).content) for part in parts) < 100_000


def test_the_address_of_the_street_becomes_words_of_the_person(citizen: httpx.Client, chat: MadeChat) -> None:
    citizen.post("/", data={"verhaal": "Iets.", "adres": "Dorpsstraat 3, Gent"})
    assert [turn.text for turn in chat.told[0][0] if turn.who == "persoon"] == [
        "Iets.",
        "Mijn adres: Dorpsstraat 3, Gent",
    ]


def test_a_second_click_is_the_same_conversation(citizen: httpx.Client, chat: MadeChat) -> None:
    number = re.search(r'name="gesprek" value="([^"]+)"', citizen.get("/").text)
    other = re.search(r'name="gesprek" value="([^"]+)"', citizen.get("/").text)
    assert number is not None
    assert other is not None
    for _ in range(2):
        citizen.post("/", data={"verhaal": "Iets.", "gesprek": number[1]})
    assert [told[1] for told in chat.told] == [number[1]] * 2
    assert number[1] != other[1]


def test_an_empty_story_is_asked_for_again_and_what_was_filled_in_stays(citizen: httpx.Client) -> None:
    answer = citizen.post("/", data={"verhaal": "  ", "naam": "Lien <b>"})
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert 'value="Lien &lt;b&gt;"' in answer.text


def test_when_it_cannot_be_kept_the_writer_hears_so_and_keeps_the_words(citizen: httpx.Client, chat: MadeChat) -> None:
    chat.broken = True
    answer = citizen.post("/", data={"verhaal": "Een lang verhaal."})
    assert answer.status_code == 503
    assert "nog niet bewaard" in answer.text
    assert "Een lang verhaal.</textarea>" in answer.text


@pytest.mark.parametrize("size", [20_001, 400_000])
def test_a_story_that_is_too_long_is_refused(citizen: httpx.Client, chat: MadeChat, size: int) -> None:
    assert citizen.post("/", data={"verhaal": "a" * size}).status_code in (413, 422)
    assert not chat.told


def test_who_sends_too_much_must_wait(chat: MadeChat) -> None:
    with running(public(chat, each_hour=2)) as address:
        answers = [httpx.post(address, data={"verhaal": f"{number}"}) for number in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert int(answers[2].headers["retry-after"]) > 3500


def test_another_site_cannot_send_the_form(citizen: httpx.Client, chat: MadeChat) -> None:
    for headers in ({"origin": "https://elders.example"}, {"sec-fetch-site": "cross-site"}, {"origin": "null"}):
        assert citizen.post("/", data={"verhaal": "x"}, headers=headers).status_code == 403
    assert not chat.told


def test_danger_shows_the_numbers_first_and_promises_nothing(citizen: httpx.Client, chat: MadeChat) -> None:
    chat.answer = Answer("KW-2026-00008", "escaleren", danger=True, bodies=(Signpost("X", "y", {}),))
    page = citizen.post("/", data={"verhaal": "x"}).text
    assert page.index("tel:112") < page.index("<h1>")
    assert "Uiterlijk" not in page
    assert "iemand anders" not in page


def test_a_story_that_nobody_read_yet_shows_the_numbers_first_for_it_may_be_danger(
    citizen: httpx.Client, chat: MadeChat
) -> None:
    chat.answer = Answer(None, "")
    page = citizen.post("/", data={"verhaal": "x"}).text
    assert page.index("tel:112") < page.index("<h1>")
    assert "Uw bericht is bewaard" in page


def test_bodies_beside_a_complaint_that_we_treat_ourselves_are_no_referral(
    citizen: httpx.Client, chat: MadeChat
) -> None:
    chat.answer = Answer("KW-2026-00008", "registreren", bodies=(Signpost("Awel", "Luistert.", {"telefoon": "102"}),))
    page = citizen.post("/", data={"verhaal": "x"}).text
    assert "Awel</h3>" in page
    assert "iemand anders" not in page


def test_a_referral_shows_only_what_it_was_given(citizen: httpx.Client, chat: MadeChat) -> None:
    body = Signpost("Awel", "Luistert.", {"telefoon": "102", "web": "awel.be"})
    chat.answer = Answer("KW-2026-00008", "doorverwijzen", bodies=(body,))
    page = citizen.post("/", data={"verhaal": "x", "mail": "a@b.example"}).text
    assert 'href="https://awel.be"' in page
    assert "U gaf geen e-mailadres" not in page
    assert "<dt>Adres" not in page


def test_the_glossary_names_what_the_rules_name() -> None:
    names = glossary(rulebook.load(Path(__file__).parents[2] / "rules"))
    assert names.sectors["pleegzorg"] == "Pleegzorg"
    assert names.bodies["awel"] == "Awel"
    assert "al_aangesproken" in names.signs
    assert "taal_gedekt" not in names.signs
