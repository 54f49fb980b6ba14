"""Forms as a browser without scripts sends them."""

import re
from typing import Any

import httpx


def fields(client: httpx.Client, path: str, action: str) -> dict[str, str]:
    """The hidden fields of the form with this action."""
    page = client.get(path).text
    form = re.search(rf'<form[^>]* action="{re.escape(action)}".*?</form>', page, re.DOTALL)
    assert form is not None, action
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', form[0]))


def act(client: httpx.Client, path: str, action: str, **more: Any) -> httpx.Response:
    return client.post(action, data=fields(client, path, action) | more)
