"""A server that browsers reach by a network that can be cut, and a form of its screens."""

import signal
import time
from pathlib import Path

from playwright.sync_api import Locator, Page, expect
from sqlmodel import select

from convening.i18n import Translator
from convening.vocabulary import Language, Role
from db import transaction
from db.tables.community import Nomination
from tests import builders, processes
from tests.browser import server as servers
from tests.browser.conftest import add_user, settled, signed_in, visit
from tests.browser.proxy import Proxy
from tests.browser.server import Server

_KEY_MS = 100.0  # from one character to the next


class Site:
    """An organiser, Amal, with an initiative; ``environ`` are settings of the server."""

    def __init__(self, folder: Path, **environ: str) -> None:
        self.proxy = Proxy()
        self._folder = folder
        self._environ = environ
        self.server = self._start()
        with transaction.writing(self.server.engines, actor_id=None, journalled=False) as session:
            self.user_id = add_user(session, "Amal", Role.ORGANISER, password=None)
            self.initiative_id = builders.initiative(session, manager=self.user_id)

    def kill(self, how: signal.Signals = signal.SIGKILL) -> int | None:
        """Ends the server; its exit code."""
        self.server.engines.dispose()
        processes.stop(self.server.process, how)
        return self.server.process.exitcode

    def start_again(self) -> None:
        self.server = self._start()

    def stop(self) -> None:
        self.server.stop()
        self.proxy.stop()

    def nominated(self) -> list[tuple[str, str]]:
        """Who is nominated in the database, and why."""
        with transaction.reading(self.server.engines) as session:
            return [(row.name, row.reason) for row in session.exec(select(Nomination)).all()]

    def _start(self) -> Server:
        settings = {"HALQA_BASE_URL": self.proxy.url, **self._environ}
        server = servers.start(self._folder, **settings)
        self.proxy.lead_to(server.url)
        server.url = self.proxy.url
        return server


class Form:
    """The dialog in which somebody is nominated, open in a browser."""

    def __init__(self, site: Site, page: Page, name: str, language: Language) -> None:
        self.page = page
        self.name = name
        self.t = Translator(language)
        signed_in(page, site.server, site.user_id, language=language)
        visit(page, site.server, f"/community?initiative={site.initiative_id}&view=nominations")
        self.open()
        self.at("nomination_new_name input").fill(name)
        self.reason.click()

    def at(self, key: str) -> Locator:
        return self.page.locator(f".st-key-{key}")

    @property
    def reason(self) -> Locator:
        return self.at("nomination_new_reason textarea")

    @property
    def banner(self) -> Locator:
        return self.page.locator("#connection")

    @property
    def told(self) -> Locator:
        """The problem that the dialog shows."""
        return self.page.get_by_role("dialog").get_by_test_id("stAlert")

    def open(self) -> None:
        self.at("nominate button").click()
        settled(self.page)

    def type_for(self, seconds: float, start: int = 0) -> str:
        """Types numbers at a person's pace, ``start`` characters on; what was typed."""
        typed = ""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            piece = f"{start + len(typed)} "
            self.page.keyboard.type(piece)
            typed += piece
            self.page.wait_for_timeout(_KEY_MS * len(piece))
        return typed

    def save(self) -> None:
        self.at("nomination_save button").click()

    def saved(self) -> None:
        self.save()
        settled(self.page)
        expect(self.page.get_by_role("dialog")).to_have_count(0)


def connected(page: Page) -> None:
    page.wait_for_selector("[data-test-connection-state=CONNECTED]", state="attached")
