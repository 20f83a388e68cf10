"""No screen asks another host for anything, also where people typed pictures and addresses."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlmodel import Session, select

from convening.i18n import Translator
from convening.vocabulary import Language
from db import transaction
from db.base import Table
from db.tables import community, work
from tests.browser import sampled
from tests.browser.conftest import signed_in, visit
from tests.browser.sampled import SCREENS, Sampled

BAIT = "![x](https://outside.example/x.png) https://outside.example :material/home:"
BAITED: tuple[tuple[type[Table], str], ...] = (
    (work.Initiative, "name"),
    (work.Initiative, "issue"),
    (work.Stage, "name"),
    (work.Stage, "widening"),
    (work.Convening, "title"),
    (work.Convening, "purpose"),
    (work.Convening, "place"),
    (work.AgendaBlock, "title"),
    (work.AgendaBlock, "goal"),
    (community.Organisation, "name"),
    (community.Stakeholder, "name"),
    (community.Stakeholder, "place"),
    (community.SubCircle, "name"),
    (community.GroupName, "name"),
    (community.Nomination, "name"),
)
PARTS: tuple[tuple[str, dict[str, str]], ...] = (
    ("convenings", {"edit": "facts"}),
    ("convenings", {"edit": "stakes"}),
    ("community", {"view": "place"}),
    ("community", {"view": "nominations"}),
    ("community", {"view": "duplicates"}),
)


def put_bait(session: Session) -> None:
    """Pictures of another host in whatever people type and screens show."""
    for table, column in BAITED:
        for number, row in enumerate(session.exec(select(table))):
            setattr(row, column, f"{BAIT} {number}")


@pytest.fixture(scope="module")
def baited(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sampled]:
    running = sampled.start(tmp_path_factory.mktemp("baited"), Language.ENGLISH)
    with transaction.writing(running.server.engines, actor_id=None, journalled=False) as session:
        put_bait(session)
    yield running
    running.stop()


def listen(page: Page) -> list[str]:
    """The address of every request of the page from now on, and of every websocket."""
    found: list[str] = []
    page.on("request", lambda request: found.append(request.url))
    page.on("websocket", lambda socket: found.append(socket.url))
    return found


def foreign(asked: list[str], url: str) -> list[str]:
    own = (f"{url}/", f"{url}/".replace("http", "ws", 1), "data:", f"blob:{url}/")
    return [each for each in asked if not each.startswith(own)]


def test_no_screen_asks_another_host(baited: Sampled, page: Page) -> None:
    url = baited.server.url
    asked = listen(page)
    visit(page, baited.server)
    expect(page.locator("input[type=password]")).to_be_visible()
    signed_in(page, baited.server, baited.user_id)
    t = Translator(Language.ENGLISH)
    for screen, query in (*((each, {}) for each in SCREENS), *PARTS):
        visit(page, baited.server, baited.path(screen, **query))
        expect(page.locator("h1")).to_have_text(t(f"screen.{screen}"))
        assert foreign(asked, url) == [], (screen, query)
    assert f"{url}/assets/frame.css" in {each.partition("?")[0] for each in asked}
    assert any(each.startswith("ws://") for each in asked)
    assert '"a screen failed"' not in baited.server.output


def test_a_picture_of_another_host_would_have_been_noticed(
    baited: Sampled, browser: Browser
) -> None:
    page = browser.new_page()
    asked = listen(page)
    page.route("https://outside.example/**", lambda route: route.abort())
    visit(page, baited.server)
    with page.expect_request("https://outside.example/x.png"):
        page.evaluate("new Image().src = 'https://outside.example/x.png'")
    assert foreign(asked, baited.server.url) == ["https://outside.example/x.png"]
    page.close()
