"""``make screenshots``: takes the pictures of docs/screenshots again, from the sample data."""

import os
import secrets
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, sync_playwright

from convening.vocabulary import Language, Theme
from tests.browser import sampled
from tests.browser.conftest import settled, signed_in, visit, watched_context
from tests.browser.install import ARGUMENTS, system_chromium
from tests.browser.sampled import Sampled

FOLDER = Path(__file__).parents[2] / "docs" / "screenshots"
LAPTOP = ("invitees", "balance", "definition", "dissent", "community", "convenings", "home")
PHONE = ("invitees", "community", "convenings", "home")
COLOURS = 256


def main() -> None:
    os.environ.setdefault("HALQA_SECRET_KEY", secrets.token_hex(32))
    FOLDER.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as folder:
        path = system_chromium()
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        for language in Language:
            with _running(Path(folder) / language.value, language) as running:
                _take(browser, running, LAPTOP, (1280, 800), "")
                _take(browser, running, PHONE, (390, 844), "-phone")
        browser.close()


@contextmanager
def _running(folder: Path, language: Language) -> Iterator[Sampled]:
    folder.mkdir()
    running = sampled.start(folder, language)
    try:
        yield running
    finally:
        running.stop()


def _take(
    browser: Browser,
    running: Sampled,
    screens: tuple[str, ...],
    size: tuple[int, int],
    suffix: str,
) -> None:
    context = watched_context(
        browser, viewport={"width": size[0], "height": size[1]}, reduced_motion="reduce"
    )
    page = context.new_page()
    signed_in(page, running.server, running.user_id, language=running.language, theme=Theme.LIGHT)
    for screen in screens:
        visit(page, running.server, running.path(screen))
        page.wait_for_function("document.fonts.status === 'loaded'")
        page.wait_for_load_state("networkidle")
        settled(page)
        path = FOLDER / f"{screen}-{running.language}{suffix}.png"
        _save(page.screenshot(animations="disabled"), path)
        print(f"{path.relative_to(FOLDER.parents[1])}: {path.stat().st_size // 1024} KB")
    context.close()
    if '"a screen failed"' in running.server.output:
        raise SystemExit(running.server.output)


def _save(picture: bytes, path: Path) -> None:
    """With a palette a picture is a fraction of its size; rare colours keep their place in it."""
    with Image.open(BytesIO(picture)) as image:
        palette = image.convert("RGB").quantize(
            COLOURS, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE
        )
        palette.save(path, optimize=True)


if __name__ == "__main__":
    main()
