"""The browser is started with our own list of what is off, and Playwright's stays within it."""

import re
from pathlib import Path

import playwright

from tests.browser import install

BUNDLE = Path(playwright.__file__).parent / "driver" / "package" / "lib" / "coreBundle.js"


def test_all_that_playwright_switches_off_stays_off() -> None:
    listed = re.search(r"disabledFeatures = \[(.*?)\]", BUNDLE.read_text(), re.DOTALL)
    assert listed
    names = set(re.findall(r'^\s*"(\w+)"', listed[1], re.MULTILINE))
    assert names
    assert names <= set(install.WITHOUT)
