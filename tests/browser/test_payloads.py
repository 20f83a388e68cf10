"""What people type shows on every screen and in every export as they typed it, and does nothing.

Twice the same installation: in one every text that can be typed is Markdown and HTML that would
fetch, run, or draw something; in the other it is a plain word. Both show the same elements.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import httpx
import pytest
from playwright.sync_api import BrowserContext, Page, Request, expect
from sqlmodel import Session, col, select

from convening.accounts import ProfileDraft
from convening.agenda import BlockDraft
from convening.convening_drafts import ConveningDraft
from convening.i18n import Translator
from convening.initiatives import InitiativeDraft
from convening.problems import ConveningError
from convening.vocabulary import Group, InvitationStatus, Language, Theme
from db import transaction
from db.commands import account, agenda, circles, convenings, initiatives, login
from db.tables.accounts import User
from db.tables.community import Stakeholder
from db.tables.work import Convening
from pages.components.navigation import PAGES
from tests import builders, cases
from tests.browser.beacon import Beacon, beacon
from tests.browser.conftest import settled, signed_in, visit
from tests.browser.server import Server
from tests.db.text_entries import ENTRIES, World, build
from tests.websocket import Tab

assert beacon  # a fixture
T = Translator(Language.ENGLISH)
# Nine ways to bring a page to life; {b} is an address where somebody listens.
PAYLOADS = (
    "![p]({b}/1)",
    "[l]({b}/2) {b}/2",
    "<img src={b}/3 onerror=hit=1><script>hit=1</script>",
    "[j](javascript:hit=1)",
    "$\\sqrt{{x}}$",
    ":material/home: :red[x] :smile:",
    "&lt;b&gt;&#35;",
    "|a|\n|---|\n|b|",
    "```\ncode\n```",
)
WORDS = "Harbour steps market lane bridge school garden mill ferry"
NAME = (
    "# H\n# ![p]({b}/1)<img src={b}/3 onerror=hit=1>[j](javascript:hit=1) {b}/2 $x$ "
    ":red[x] :smile: &lt;<b>B</b> |a| ```c```"
)  # fits where a name does
LONG = "\n\n# H\n\n".join(("", *PAYLOADS, ""))
# Everything that Markdown or HTML could make of a text.
_MARKDOWN = "[data-testid=stMarkdownContainer]"
ELEMENTS = [
    *(f"h{level}" for level in range(1, 7)),
    *("img", "iframe", "script", "code", "pre", "blockquote", "b", "em", ".katex"),
    *(f"{_MARKDOWN} {name}" for name in ("a", "table", "ul", "ol", "[data-testid=stIconMaterial]")),
    *('a[href^="javascript:"]', 'a[href*="/1"]', 'a[href*="/2"]'),
]
COUNT = """(names) => Object.fromEntries(names.map(
    (name) => [name, document.querySelectorAll(`body ${name}`).length]))"""
ACTIONS = (b"/URI", b"/JavaScript", b"/JS ", b"/Launch", b"/OpenAction")  # what a PDF could do
PARTS = (
    ("convenings", "&edit=facts"),
    ("convenings", "&edit=stakes"),
    ("convenings", "&edit=questions"),
    ("community", "&view=place"),
    ("community", "&view=nominations"),
    ("community", "&view=duplicates"),
    ("door", "&view=before"),
    ("door", "&view=door"),
)
# Dialogs in which every field is filled in by hand: the screen, and what opens them.
DIALOGS = (
    ("agenda", "", "agenda_primary"),
    ("community", "", "community_primary"),
    ("community", "&view=nominations", "nominate"),
    ("initiatives", "", "initiatives_primary"),
)
STRICT = re.compile("e-mail|phone|age|year", re.IGNORECASE)  # fields that take no words


@dataclass(frozen=True)
class Place:
    """An installation in which every text reads alike."""

    server: Server
    world: World
    text: Callable[[bool], str]

    def path(self, screen: str, more: str = "") -> str:
        hand = f"initiative={self.world.initiative_id}&convening={self.world.convening_id}"
        name = "" if screen == "home" else screen
        return f"/{name}?{hand}{more}"


def fill(session: Session, text: Callable[[bool], str]) -> World:
    """One of everything, and the text in every field that somebody can type into."""
    world = build(session)
    for _, enter in sorted(ENTRIES.items()):
        for at_length in (True, False):
            try:
                with session.begin_nested():
                    enter(session, world, text(at_length))
            except ConveningError:
                continue  # too long for this field, or no address
            break
    name, long = text(False), text(True)
    alice, own = world.alice, world.initiative_id
    initiatives.edit_initiative(
        session, alice, InitiativeDraft(name, long, name, id=own, version=1)
    )
    meeting = session.get_one(Convening, world.convening_id)
    draft = ConveningDraft(
        own, world.stage_id, name, long, starts_local=meeting.starts_local, place=name,
        promise=long, tensions=long, id=meeting.key, version=meeting.version,
    )  # fmt: skip
    convenings.edit_convening(session, alice, draft)
    agenda.add_block(session, alice, BlockDraft(meeting.key, name, goal=long, lead=name))
    circles.name_groups(session, alice, own, dict.fromkeys(Group, name))
    user = session.get_one(User, alice.user_id)
    account.edit_profile(
        session, alice, ProfileDraft(name, Language.ENGLISH, Theme.SYSTEM, user.version)
    )
    for status in InvitationStatus:
        person = builders.person(session, own, text(False), Group.GATEWAY, place=text(False))
        builders.invitation(session, meeting.key, person, status, barriers=text(False))
    for row in session.exec(select(Stakeholder).where(col(Stakeholder.initiative_id) == own)):
        row.name = row.place = text(False)
    return world


def place(server: Server, text: Callable[[bool], str]) -> Place:
    with transaction.writing(server.engines, actor_id=None, journalled=False) as session:
        return Place(server, fill(session, text), text)


@pytest.fixture
def hostile(fresh_server: Callable[..., Server], beacon: Beacon) -> Place:
    def text(long: bool) -> str:
        return (LONG if long else NAME).format(b=beacon.address)

    return place(fresh_server(), text)


@pytest.fixture
def harmless(fresh_server: Callable[..., Server]) -> Place:
    return place(fresh_server(), lambda _long: WORDS)


class Visitor:
    """Somebody in a browser, who writes down what stands on each screen."""

    def __init__(self, page: Page, place: Place) -> None:
        self.page, self.place = page, place
        self.seen: dict[str, dict[str, int]] = {}

    def look(self, path: str) -> None:
        visit(self.page, self.place.server, path)
        self.note(path)

    def note(self, name: str) -> None:
        """The headings and whatever else could be drawn, by their number, and nothing has run."""
        self.seen[name] = self.page.evaluate(COUNT, ELEMENTS)
        assert self.page.evaluate("typeof window.hit") == "undefined", name

    def fill_in(self, screen: str, more: str, opener: str) -> None:
        """A dialog with the text in every field that takes one, and on saving it is there."""
        visit(self.page, self.place.server, self.place.path(screen, more))
        dialog = self.page.get_by_role("dialog")
        button = self.page.locator(f".st-key-{opener} button").first
        expect(button, self.page.locator("body").inner_text()).to_be_visible()
        for _ in range(3):  # a rerun on its way may close it
            button.click()
            settled(self.page)
            if dialog.count():
                break
        fields = dialog.locator("input[type=text]:not([role=combobox]), textarea")
        expect(fields.first, f"{screen} {opener}").to_be_visible()
        for field in fields.all():
            label = field.get_attribute("aria-label") or ""
            if field.is_visible() and not STRICT.search(label):
                field.fill(self.place.text(False).replace("\n", " "))
                field.press("Tab")
        settled(self.page)
        dialog.locator("button[kind^=primary]").last.click()
        expect(dialog).to_have_count(0)
        settled(self.page)
        self.note(f"{screen} after {opener}")


def walk(page: Page, place: Place) -> dict[str, dict[str, int]]:
    """The journey: every screen and part of one, dialogs filled in, and what visitors are shown."""
    visitor = Visitor(page, place)
    visitor.look(f"/?link={place.world.link_token}")
    signed_in(page, place.server, place.world.alice.user_id)
    for dialog in DIALOGS if cases.LONG else DIALOGS[:1]:
        visitor.fill_in(*dialog)
    for screen in PAGES:
        visitor.look(place.path(screen.name))
    for name, more in PARTS if cases.LONG else PARTS[::3]:
        visitor.look(place.path(name, more))
    return {
        path.replace(place.world.link_token, "TOKEN"): counts
        for path, counts in visitor.seen.items()
    }


def plain_page(page: Page, place: Place) -> dict[str, int]:
    """The page behind a personal link, which is no screen of Streamlit's."""
    page.goto(f"{place.server.url}/rsvp/{place.world.answer_token}")
    counts: dict[str, int] = page.evaluate(COUNT, ELEMENTS)
    assert page.evaluate("typeof window.hit") == "undefined"
    return counts


def files(place: Place) -> Iterator[tuple[str, bytes]]:
    """Every file that a screen offers, as the browser gets it."""
    with transaction.writing(place.server.engines, actor_id=None, journalled=False) as session:
        user = session.get_one(User, place.world.alice.user_id)
        token = login.begin_session(session, user).token
    cookies = {"halqa_login": token}
    for screen in PAGES:
        name = "" if screen.default else screen.name
        query = place.path(screen.name).partition("?")[2]
        with Tab(place.server.url, token=token, screen=name, query=query) as tab:
            tab.run()
            if screen.name == "community":
                tab.run(choose=("community_more", T("community.export")))
            for key in list(tab.files):
                address, said = tab.download(key)
                assert address, (screen.name, key, said)
                answer = httpx.get(
                    f"{place.server.url}{address}", cookies=cookies, trust_env=False, timeout=30
                )
                assert answer.status_code == 200
                yield f"{key}:{address.rpartition('.')[2]}", answer.content


def noting(asked: list[str]) -> Callable[[Request], None]:
    return lambda request: asked.append(request.url)


def differences(
    one: dict[str, dict[str, int]], other: dict[str, dict[str, int]]
) -> dict[tuple[str, str], tuple[int, int]]:
    """Where the two journeys saw another number of some element."""
    assert one.keys() == other.keys()
    return {
        (path, name): (count, other[path][name])
        for path, counts in one.items()
        for name, count in counts.items()
        if count != other[path][name]
    }


def test_texts_come_alive_on_no_screen_and_in_no_file(
    hostile: Place, harmless: Place, beacon: Beacon, new_context: Callable[..., BrowserContext]
) -> None:
    seen = []
    for place in (hostile, harmless):
        page = new_context().new_page()
        asked: list[str] = []
        page.on("request", noting(asked))
        answer = plain_page(page, place)
        seen.append({"rsvp": answer, **walk(page, place)})
        own = (f"{place.server.url}/", "data:", "blob:")
        assert [url for url in asked if not url.startswith(own)] == []
        assert '"a screen failed"' not in place.server.output
    assert differences(*seen) == {}
    kinds = set()
    for name, content in files(hostile):
        kinds.add(name.rpartition(":")[2])
        if content.startswith(b"%PDF"):
            assert not [action for action in ACTIONS if action in content], name
    assert kinds >= {"csv", "xlsx", "pdf", "png"}
    assert beacon.asked == []


def test_somebody_who_came_to_the_beacon_would_be_counted(beacon: Beacon, page: Page) -> None:
    page.set_content(f"<img src='{beacon.address}/seen'>")
    page.wait_for_load_state("networkidle")
    assert beacon.asked.pop() == "/seen"
