"""Signing out of a shared tablet: what was typed in a room goes, what was logged is never lost."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from uuid import uuid4

import pytest
from playwright.sync_api import Locator, Page, expect
from sqlmodel import select

from convening.i18n import Translator
from convening.vocabulary import Language, Role
from db import transaction
from db.tables.room import RoomEntry
from tests import builders, rooms
from tests.browser.conftest import settled, signed_in, visit
from tests.browser.server import Server
from tests.browser.test_accessibility import violations
from tests.rooms import OpenRoom

WORDS = "The rent rises, and nobody was asked."
DRAFT = '{"text": "half a sent"}'
_PUT = "([name, value]) => localStorage.setItem(name, value)"
_NAMES = "() => Object.keys(localStorage).filter((each) => each.startsWith('halqa-')).sort()"


@dataclass(frozen=True)
class Tablet:
    """Signed in outside of the room, with half a sentence and an entry that was not sent."""

    server: Server
    page: Page
    user_id: int
    room: OpenRoom
    t: Translator

    @property
    def draft(self) -> str:
        return f"halqa-draft-{self.user_id}-{self.room.convening_id}"

    @property
    def out(self) -> str:
        return f"halqa-out-{self.user_id}-{self.room.convening_id}-1"

    @property
    def dialog(self) -> Locator:
        return self.page.locator("dialog")

    def put(self, name: str, value: str) -> None:
        self.page.evaluate(_PUT, [name, value])

    def names(self) -> list[str]:
        found: list[str] = self.page.evaluate(_NAMES)
        return found

    def press(self, key: str) -> None:
        self.dialog.get_by_role("button", name=self.t(f"signing_out.{key}"), exact=True).click()

    def sign_out(self) -> None:
        self.page.locator(".st-key-sign_out button").click()

    def is_out(self) -> None:
        expect(self.page.get_by_test_id("stForm").locator("input[type=password]")).to_be_visible()
        settled(self.page)

    def logged(self) -> list[str]:
        with transaction.reading(self.server.engines) as session:
            own = RoomEntry.convening_id == self.room.convening_id
            return list(session.exec(select(RoomEntry.text).where(own)).all())


@pytest.fixture(params=list(Language), ids=lambda each: each.value)
def tablet(
    request: pytest.FixtureRequest, server: Server, page: Page, user: Callable[..., int]
) -> Tablet:
    user_id = user(Role.ORGANISER)
    with transaction.writing(server.engines, actor_id=None, journalled=False) as session:
        room = rooms.open_room(session, builders.initiative(session, manager=user_id))
    signed_in(page, server, user_id, language=request.param)
    visit(page, server, "/account")
    tablet = Tablet(server, page, user_id, room, Translator(request.param))
    entry = {
        "uuid": str(uuid4()),
        "by": user_id,
        "convening": room.convening_id,
        "what": "point",
        "groups": ["steward"],
        "text": WORDS,
        "said": WORDS,
        "at": 1,
    }
    tablet.put(tablet.out, json.dumps(entry))
    tablet.put(tablet.draft, DRAFT)
    return tablet


def test_what_waits_is_sent_before_anybody_signs_out(tablet: Tablet) -> None:
    tablet.sign_out()
    tablet.is_out()
    assert (tablet.names(), tablet.logged()) == ([], [WORDS])


def test_what_cannot_be_sent_is_shown_before_it_is_left_behind(tablet: Tablet) -> None:
    tablet.page.route("**/room-log/*", lambda route: route.abort())
    tablet.sign_out()
    expect(tablet.dialog.get_by_role("listitem")).to_have_text([WORDS])
    assert violations(tablet.page) == []
    tablet.press("stay")
    expect(tablet.dialog).to_have_count(0)
    assert tablet.names() == [tablet.draft, tablet.out]
    tablet.sign_out()
    tablet.press("keep")
    tablet.is_out()
    assert (tablet.names(), tablet.logged()) == ([tablet.out], [])


def test_whoever_wants_nothing_left_on_the_tablet_deletes_it(tablet: Tablet) -> None:
    tablet.page.route("**/room-log/*", lambda route: route.fulfill(status=503, json={}))
    tablet.sign_out()
    tablet.press("drop")
    tablet.is_out()
    assert (tablet.names(), tablet.logged()) == ([], [])


def test_the_next_person_finds_no_draft_of_somebody_whose_login_ended(
    tablet: Tablet, user: Callable[..., int]
) -> None:
    """And what they logged still waits for them."""
    own = tablet.draft.replace(f"-{tablet.user_id}-", "-0-")
    tablet.put(own, DRAFT)
    tablet.page.reload()
    settled(tablet.page)
    tablet.page.wait_for_function(f"() => localStorage.getItem('{own}') === null")
    assert tablet.names() == [tablet.draft, tablet.out]
    signed_in(tablet.page, tablet.server, user(Role.ORGANISER))
    tablet.page.reload()
    settled(tablet.page)
    tablet.page.wait_for_function(f"() => localStorage.getItem('{tablet.draft}') === null")
    assert tablet.names() == [tablet.out]
