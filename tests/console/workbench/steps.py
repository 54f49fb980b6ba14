"""What the tests of the rules do over and over: begin a draft, write in it, propose it."""

import html
import re
import time

import httpx

from tests.console.forms import act, fields

LIVE = "geldend"


def new_draft(client: httpx.Client) -> int:
    """A new draft of this person; its number."""
    answer = act(client, "/regels", "/regels/ontwerp")
    assert answer.status_code == 200, answer.text
    found = re.fullmatch(r"/regels/ontwerp/(\d+)", answer.url.path)
    assert found is not None
    return int(found[1])


def write(client: httpx.Client, draft: int, path: str, old: str, new: str) -> httpx.Response:
    """Put new words in the place of old ones in a file of the draft."""
    here = f"/regels/ontwerp/{draft}/bestand"
    text = written(client, draft, path)
    assert old in text
    given = fields(client, f"{here}?pad={path}", here) | {"tekst": text.replace(old, new)}
    return client.post(here, data=given)


def written(client: httpx.Client, draft: int, path: str) -> str:
    """The text of a file as it stands in the editor."""
    page = client.get(f"/regels/ontwerp/{draft}/bestand?pad={path}").text
    found = re.search(r"<textarea[^>]*>\n(.*?)</textarea>", page, re.DOTALL)
    assert found is not None, page
    return html.unescape(found[1])


def propose(client: httpx.Client, draft: int, why: str = "beter zo") -> int:
    """Lay the draft before a second person; the number of the proposal."""
    here = f"/regels/ontwerp/{draft}"
    answer = act(client, here, f"{here}/voorstel", waarom=why)
    found = re.fullmatch(r"/regels/voorstel/(\d+)", answer.url.path)
    assert found is not None, answer.text
    return int(found[1])


def run_to_its_end(client: httpx.Client, asked: httpx.Response) -> str:
    """Follow a run until it is over; what its page then says."""
    end = time.monotonic() + 60
    while time.monotonic() < end:
        page = client.get(asked.url.path, headers={"x-deel": "loop"}).text
        if 'data-staat="klaar"' in page or 'data-staat="mislukt"' in page:
            return page
        time.sleep(0.1)
    raise AssertionError("the run did not end")
