"""docs/api.md against what runs: no route, scope or event is missing there, and none is there that is gone."""

import hmac
import re

from klachtwijzer.settings import CHECKOUT
from register.tokens import SCOPES
from register.webhooks import WORDS
from responder.call import SIGNATURE, signature
from tests.console.api.test_api import EXPECTED

TOLD = (CHECKOUT / "docs" / "api.md").read_text(encoding="utf-8")


def test_every_route_stands_there_with_its_scope() -> None:
    rows = re.findall(r"^\| `(\w+) (/[^`]*)` \| `([^`]+)` \|", TOLD, re.MULTILINE)
    assert {(method, path): scope for method, path, scope in rows} == {
        one: scope for one, scope in EXPECTED.items() if scope
    }
    assert {scope for _, _, scope in rows} == set(SCOPES)


def test_every_kind_of_event_stands_there() -> None:
    assert set(re.findall(r"`((?:bericht|oordeel|dossier|brief|escalatie)\.\w+)`", TOLD)) == set(WORDS)


def test_the_shown_check_of_a_signature_takes_ours_and_refuses_others() -> None:
    assert SIGNATURE in TOLD
    (code,) = re.findall(r"```python\n(.*?)```", TOLD, re.DOTALL)
    names: dict[str, object] = {"hmac": hmac}
    exec(code, names)
    genuine = names["genuine"]
    assert callable(genuine)
    header = signature("geheim", b'{"id":1}', 1_000)
    assert genuine("geheim", header, b'{"id":1}', 1_100)
    assert not genuine("geheim", header, b'{"id":2}', 1_100)
    assert not genuine("ander", header, b'{"id":1}', 1_100)
    assert not genuine("geheim", header, b'{"id":1}', 1_400)
