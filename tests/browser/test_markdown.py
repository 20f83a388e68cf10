"""Text of a user shows in a browser as it was typed, and asks for nothing."""

import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from urllib.error import URLError
from urllib.parse import quote
from urllib.request import urlopen

import pytest
from playwright.sync_api import BrowserContext, expect

from tests import processes
from tests.browser.conftest import settled
from tests.browser.markdown_texts import TEXTS
from tests.browser.server import ROOT

PLACES = (
    "markdown",
    "beside our own icon",
    "caption",
    "subheader",
    "error",
    "badge",
    "label",
    "button",
    "option",
    "pill",
    "metric",
    "expander",
    "table",
)
# What Markdown could make of a text; none of it belongs to Streamlit's own widgets in these places.
HOLDS = "[data-testid=stMarkdownContainer], [data-testid=stCaptionContainer]"
ALIVE = "a, img, b, strong, em, i, del, code, pre, ul, ol, blockquote, table, h1, hr, br, .katex"


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    port = processes.free_port()
    command = ["-m", "streamlit", "run", str(ROOT / "tests" / "browser" / "markdown_places.py")]
    options = ["--server.port", str(port), "--server.address", "127.0.0.1"]
    process = subprocess.Popen(
        [sys.executable, *command, *options],
        cwd=ROOT,
        env={"PYTHONPATH": str(ROOT), "PATH": ""},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    url = f"http://127.0.0.1:{port}"
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        with suppress(URLError, ConnectionError), urlopen(f"{url}/_stcore/health", timeout=2):
            break
        time.sleep(0.1)
    yield url
    process.terminate()
    process.wait(10)


@pytest.mark.parametrize("place", PLACES)
def test_escaped_text_stays_text(
    place: str, address: str, new_context: Callable[..., BrowserContext]
) -> None:
    page = new_context().new_page()
    page.goto(f"{address}/?place={quote(place)}")
    settled(page)
    last = page.locator(f".st-key-text_{len(TEXTS) - 1}").locator(HOLDS)
    expect(last.first).to_be_attached()
    shown = page.evaluate(
        """([count, holds, alive]) => [...Array(count).keys()].map((number) => {
            const place = document.querySelector(`.st-key-text_${number}`);
            const places = [...place.querySelectorAll(holds)];
            const found = places.find((each) => each.textContent.trim()
                && !["options", "pills"].includes(each.textContent)) ?? places[0];
            return [found.textContent, [...found.querySelectorAll(alive)].map((e) => e.tagName)];
        })""",
        [len(TEXTS), HOLDS, ALIVE],
    )
    prefix = "home" if place == "beside our own icon" else ""
    as_shown = [
        [text.replace("\N{WORD JOINER}", "").removeprefix(prefix).strip(), alive]
        for text, alive in shown
    ]
    assert as_shown == [[re.sub(r"\s+", " ", text).strip(), []] for text in TEXTS]
