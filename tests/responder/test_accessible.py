"""Letters in a real browser: what axe finds in them, and whether a telephone can show them."""

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, sync_playwright

from tests.console.conftest import CHROMIUM
from tests.responder.cases import GOLDEN

# One of each kind: lists and headings, numbers, numbered lists, je, a refusal, and a script from the right.
SHOWN = (
    "ontvangstbevestiging-met-afdeling",
    "veilige-tekst",
    "eerst-de-organisator",
    "ontvangstbevestiging-jongere",
    "niet-behandeld-ouder-dan-een-jaar",
    "informatie-eigen-gegevens",
    "werktaal-ar",
    "werktaal-uk",
)
axe = Axe()


# The browser's own loop would stand in the way of the asynchronous tests beside this file, so it ends here.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield chromium
        chromium.close()


@pytest.mark.parametrize("name", SHOWN)
def test_a_letter_is_accessible_and_fits_a_telephone(browser: Browser, name: str) -> None:
    page = browser.new_page(viewport={"width": 320, "height": 640})
    page.goto((GOLDEN / f"{name}.html").as_uri())
    assert [one["id"] for one in axe.run(page).response["violations"]] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    assert page.title()
    page.close()
