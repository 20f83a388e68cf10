"""An administrator takes a backup down, changes something, and puts everything back."""

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect
from sqlmodel import Session, select

from convening.vocabulary import Role
from db import transaction
from db.tables.accounts import User
from tests import builders
from tests.browser.conftest import add_user, settled, signed_in, visit
from tests.browser.server import Server


def names(server: Server) -> list[str]:
    with Session(server.engines.read) as session:
        return sorted(session.exec(select(User.name)).all())


def test_down_and_up_again(fresh_server: Callable[..., Server], page: Page, tmp_path: Path) -> None:
    server = fresh_server()
    with transaction.writing(server.engines, actor_id=None, journalled=False) as session:
        ada = add_user(session, "Ada", Role.ADMINISTRATOR, password=None)
    signed_in(page, server, ada)
    visit(page, server, "/data")
    with page.expect_download() as waiting:
        page.locator(".st-key-data_download button").click()
    file = tmp_path / waiting.value.suggested_filename
    waiting.value.save_as(file)
    assert file.name.endswith(".halqa.zip")

    with transaction.writing(server.engines, actor_id=None, journalled=False) as session:
        builders.user(session, "Later", Role.MEMBER)
    page.locator(".st-key-data_upload input[type=file]").set_input_files(file)
    word = page.locator(".st-key-data_word input")
    word.fill("RESTORE")
    word.press("Enter")
    settled(page)
    page.locator(".st-key-data_restore button").click()
    expect(page.get_by_test_id("stAlertContentSuccess")).to_contain_text("row by row")
    assert names(server) == ["Ada"]
    page.locator(".st-key-data_sign_in button").click()
    expect(page.get_by_test_id("stForm")).to_be_visible()
