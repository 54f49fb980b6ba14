"""The running product, as another program meets it: a message in by the API, and the news of it out by a webhook."""

import json
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from register import sealing, tokens, webhooks
from register.book import Book
from tests.klachtwijzer.started import Processes, until
from tests.klachtwijzer.test_webhooks import listening

KEY = "a" * 43 + "="
TERMS = {"issuer": "https://inloggen.example", "client_id": "wij", "name": "Vlaanderen", "roles": {"kw": "lezer"}}


@pytest.mark.timeout(300)
def test_what_comes_in_by_the_api_is_treated_and_told_by_the_webhook(
    book: Book, url: str, processes: Processes, tmp_path: Path
) -> None:
    with listening() as listener:
        with book.begin() as page:
            end = book.now() + timedelta(days=1)
            word = tokens.make(page.connection, "loket", tokens.SCOPES, end, "an")
            key = sealing.from_words(KEY)
            webhooks.make(page.connection, listener.url, ["bericht.ingeschreven"], key, "an")
        given = {"HOME": str(tmp_path), "KEY": KEY, "DATABASE_URL": url, "ADDRESS": "https://klachten.example"}
        given |= {"WEBHOOKS_INSIDE": "true", "OPENID": json.dumps(TERMS), "SECOND_STEP": "beheerder"}
        process = processes.start("serve", "--role", "worker", "--role", "console", **given)
        console = f"http://{process.addresses()['console']}"
        headers = {"authorization": f"Bearer {word}"}
        with httpx.Client(base_url=f"{console}/api/v1", headers=headers, timeout=60) as program:
            told = {"tekst": "De begeleidster van pleegzorg komt haar afspraken niet na.\n\nLien Vermeer"}
            kept = program.post("/berichten", json=told | {"adres": "lien@voorbeeld.example"})
            assert kept.status_code == 202
            until(lambda: len(listener.told) == 1)
            news = json.loads(listener.told[0][0])
            assert (news["digest"], news["soort"]) == (kept.json()["digest"], "bericht.ingeschreven")
            assert news["pagina"] == f"https://klachten.example/bericht/{news['digest']}"
            dossier = program.get(f"/dossiers/{news['referentie']}").json()
            assert dossier["afzender"]["adres"] == "lien@voorbeeld.example"
        assert "Log in met Vlaanderen" in httpx.get(f"{console}/inloggen", timeout=60).text
        # The provider does not exist: whoever tries to go there reads so, and the console goes on.
        assert httpx.get(f"{console}/inloggen/organisatie", timeout=60).status_code == 502
        book.create_account("an", None, ["beheerder"])
        with httpx.Client(base_url=console, follow_redirects=True, timeout=60) as keeper:
            assert keeper.get(f"/inloggen/{book.login_link('an')}").url.path == "/inloggen/instellen"
        assert process.stop() == 0
        assert not [line for line in process.log() if line["level"] == "error"]
