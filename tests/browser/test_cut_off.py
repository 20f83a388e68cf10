"""A browser whose connection breaks while somebody types, a server that goes, a database at work.

Between browser and server stands a network that is really cut.
"""

import signal
import sqlite3
import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from convening.vocabulary import Language
from tests.browser.conftest import settled, signed_in, visit
from tests.browser.cuttable import Form, Site, connected
from tests.faults.long import LONG, Figure

CUTS = [5, 20, 150] if LONG else [5]  # seconds

pytestmark = pytest.mark.xdist_group("cut_off")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    site = Site(tmp_path_factory.mktemp("site"))
    yield site
    site.stop()


@pytest.fixture(autouse=True)
def _mended(site: Site) -> Iterator[None]:
    yield
    site.proxy.mend()


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("seconds", CUTS)
def test_typing_goes_on_while_the_connection_is_cut(
    site: Site, page: Page, language: Language, seconds: float, figure: Figure
) -> None:
    if not LONG and language is Language.ENGLISH:
        seconds = 1  # long enough for the line to appear
    form = Form(site, page, f"Mariam {seconds} {language}", language)
    typed = form.type_for(0.5)
    site.proxy.cut()
    typed += form.type_for(seconds, len(typed))
    expect(form.banner).to_have_text(form.t("frame.offline"))
    assert form.reason.input_value() == typed
    expect(page.get_by_text("Connection error")).to_have_count(0)
    expect(page.get_by_test_id("stConnectionStatus")).to_be_attached()
    expect(page.get_by_test_id("stConnectionStatus")).to_be_hidden()
    site.proxy.mend()
    begun = time.monotonic()
    connected(page)
    back = time.monotonic() - begun
    typed += form.type_for(0.5, len(typed))
    expect(form.banner).to_be_hidden()
    assert form.reason.input_value() == typed
    form.saved()
    assert (form.name, typed.strip()) in site.nominated()
    figure(f"{len(typed)} characters kept, connected again after {back:.1f} s")


def test_what_was_typed_comes_back_when_the_server_was_killed(site: Site, page: Page) -> None:
    """The new server knows of no open dialog, so the person opens it once more."""
    form = Form(site, page, "Salma", Language.ENGLISH)
    typed = form.type_for(0.5)
    site.kill()
    typed += form.type_for(1, len(typed))
    expect(form.banner).to_have_text(form.t("frame.offline"))
    site.start_again()
    connected(page)
    expect(form.banner).to_have_text(form.t("frame.back"))
    form.at("community_views button").nth(1).click()
    settled(page)
    form.open()
    expect(form.at("nomination_new_name input")).to_have_value("Salma")
    expect(form.reason).to_have_value(typed)
    expect(form.banner).to_be_hidden()
    form.saved()
    assert ("Salma", typed.strip()) in site.nominated()


def test_a_form_on_the_screen_itself_is_saved_by_a_new_server(site: Site, page: Page) -> None:
    signed_in(page, site.server, site.user_id)
    visit(page, site.server, "/account")
    name = page.get_by_test_id("stForm").locator("input").first
    name.fill("Amal the")
    site.kill()
    expect(page.locator("#connection")).to_be_visible()
    name.press("End")
    page.keyboard.type(" Second")
    site.start_again()
    connected(page)
    page.get_by_test_id("stFormSubmitButton").first.get_by_role("button").click()
    settled(page)
    expect(page.locator(".st-key-frame_foot")).to_contain_text("Amal the Second")


def test_what_was_acknowledged_is_there_after_a_restart_in_the_middle_of_work(
    site: Site, page: Page, figure: Figure
) -> None:
    form = Form(site, page, "Nadia", Language.ENGLISH)
    form.page.keyboard.type("first")
    form.saved()
    form.open()
    form.at("nomination_new_name input").fill("Huda")
    form.save()
    begun = time.monotonic()
    assert site.kill(signal.SIGTERM) in (0, -signal.SIGTERM)  # by itself, nobody had to kill it
    figure(f"the server ended {time.monotonic() - begun:.1f} s after it was told to")
    site.start_again()
    there = [name for name, _ in site.nominated()]
    assert there.count("Nadia") == 1
    assert there.count("Huda") <= 1
    connected(page)


@pytest.mark.parametrize("language", [Language.ARABIC])
def test_a_locked_database_is_told_in_five_seconds_and_keeps_what_was_typed(
    site: Site, page: Page, language: Language, figure: Figure
) -> None:
    form = Form(site, page, "Rania", language)
    typed = form.type_for(0.3)
    form.at("nomination_new_name input").click()
    settled(page)
    before = site.nominated()
    other = sqlite3.connect(site.server.engines.write.url.database or "", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    form.save()
    begun = time.monotonic()
    expect(form.told).to_have_text(form.t("problem.database_busy"))
    figure(f"told after {time.monotonic() - begun:.1f} s")
    assert time.monotonic() - begun < 5
    settled(page)
    assert form.reason.input_value() == typed
    other.execute("ROLLBACK")
    other.close()
    assert site.nominated() == before
    form.saved()
    assert site.nominated() == [*before, ("Rania", typed.strip())]


def test_the_tests_wait_for_an_answer_that_takes_its_time(site: Site, page: Page) -> None:
    """The helper ``settled`` does not mistake the quiet before the answer for the end of it."""
    form = Form(site, page, "Zaki", Language.ENGLISH)
    site.proxy.delay = 0.3
    try:
        form.save()
        settled(page)
        assert page.get_by_role("dialog").count() == 0
        form.open()
        assert page.get_by_role("dialog").count() == 1
    finally:
        site.proxy.delay = 0
