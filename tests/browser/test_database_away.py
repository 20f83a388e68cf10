"""Screens whose database has gone away: they wait, keep what was typed, and go on."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from convening.vocabulary import Language
from tests.browser.conftest import settled, signed_in, visit
from tests.browser.cuttable import Form, Site
from tests.faults.postgresql import Postgresql

pytestmark = pytest.mark.xdist_group("postgresql")


@pytest.fixture(scope="module")
def site(postgresql: Postgresql, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("site")
    site = Site(folder, HALQA_DATABASE_URL=postgresql.another("away"))
    yield site
    site.stop()


def test_a_form_on_the_screen_is_saved_when_the_database_is_back(
    site: Site, page: Page, postgresql: Postgresql
) -> None:
    """Nobody has to press the button again."""
    signed_in(page, site.server, site.user_id)
    visit(page, site.server, "/account")
    form = page.get_by_test_id("stForm").first
    name = form.locator("input").first
    name.fill("Amal the Patient")
    postgresql.stop()
    form.get_by_role("button").last.click()
    expect(page.get_by_test_id("stToast")).to_contain_text("The database does not answer yet.")
    expect(name).to_have_value("Amal the Patient")
    postgresql.start()
    settled(page)
    expect(page.locator(".st-key-frame_foot")).to_contain_text("Amal the Patient")


def test_so_is_a_dialog(site: Site, page: Page, postgresql: Postgresql) -> None:
    form = Form(site, page, "Farid", Language.ARABIC)
    typed = form.type_for(0.3)
    postgresql.stop()
    form.save()
    expect(page.get_by_test_id("stToast")).to_contain_text(form.t("frame.waiting"))
    assert form.reason.input_value() == typed
    postgresql.start()
    settled(page)
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert site.nominated() == [("Farid", typed.strip())]
