"""Logging in a room whose connection breaks: nothing is lost, nothing is kept twice."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, Route, expect
from sqlmodel import select

from convening.i18n import Translator
from convening.vocabulary import Group, InvitationStatus, Language, VersionState
from db import transaction
from db.commands import room as commands
from db.queries import accounts
from db.tables import understanding
from db.tables.room import RoomEntry
from tests import builders
from tests.browser.conftest import settled, signed_in, visit
from tests.browser.cuttable import Site, connected
from tests.faults.long import LONG, Figure

CUTS = [5, 20, 150] if LONG else [5]  # seconds

# Buttons that are smaller than a finger, or stand outside of the screen
_OUT_OF_REACH = """() => {
  const found = [];
  const look = (root) => {
    for (const each of root.querySelectorAll("*")) {
      if (each.shadowRoot) look(each.shadowRoot);
      if (!each.matches("button, select")) continue;
      const { width, height, left, right } = each.getBoundingClientRect();
      if (!width || (Math.min(width, height) >= 44 && left >= 0 && right <= innerWidth)) continue;
      found.push(`${each.name || each.textContent} ${width} x ${height} at ${left}`);
    }
  };
  look(document.querySelector("[data-testid=stMain]"));
  return found;
}"""

pytestmark = pytest.mark.xdist_group("room_log")


class Room(Site):
    """Amal's room, open, with six stewards and a version in hand."""

    def open(self) -> None:
        with transaction.writing(self.server.engines, actor_id=None, journalled=False) as session:
            stage = builders.stage(session, self.initiative_id)
            self.id = builders.convening(session, stage)
            for number in range(6):
                person = builders.person(
                    session, self.initiative_id, f"Person {number}", Group.STEWARD
                )
                builders.invitation(session, self.id, person, InvitationStatus.ATTENDED)
            definition = understanding.Definition(
                initiative_id=self.initiative_id, title="The square"
            )
            session.add(definition)
            session.flush()
            version = understanding.DefinitionVersion(
                definition_id=definition.key, number=1, state=VersionState.IN_DISCUSSION.value
            )
            session.add(version)
            session.flush()
            self.version_id = version.key
        self.run(commands.prepare_room)
        self.run(commands.choose_version, self.version_id)
        self.run(commands.open_room)

    def run(self, command: Callable[..., Any], *args: Any) -> None:
        with transaction.writing(
            self.server.engines, actor_id=self.user_id, command=command.__name__
        ) as session:
            command(session, accounts.actor(session, self.user_id), self.id, *args)

    def statement(self, text: str) -> int:
        """An open statement that the room votes on."""
        with transaction.writing(self.server.engines, actor_id=None, journalled=False) as session:
            conversation = understanding.Conversation(
                initiative_id=self.initiative_id, title="What we heard"
            )
            session.add(conversation)
            session.flush()
            row = understanding.Statement(
                conversation_id=conversation.key, number=1, text=text, state="open"
            )
            session.add(row)
            session.flush()
            conversation_id, statement_id = conversation.key, row.key
        self.run(commands.choose_conversation, conversation_id)
        return statement_id

    def logged(self) -> list[str]:
        with transaction.reading(self.server.engines) as session:
            return list(
                session.exec(
                    select(RoomEntry.text)
                    .where(RoomEntry.convening_id == self.id)
                    .order_by(RoomEntry.id)  # type: ignore[arg-type]
                )
            )

    def views(self) -> list[str]:
        with transaction.reading(self.server.engines) as session:
            view = understanding.DissentingView
            return list(session.exec(select(view.statement).where(view.convening_id == self.id)))


class Scribe:
    """The scribe's screen."""

    def __init__(self, room: Room, page: Page, language: Language = Language.ENGLISH) -> None:
        self.room, self.page, self.t = room, page, Translator(language)
        signed_in(page, room.server, room.user_id, language=language)
        self.look()

    def look(self, view: str = "write") -> None:
        room = self.room
        query = f"initiative={room.initiative_id}&convening={room.id}&view={view}"
        visit(self.page, room.server, f"/room?{query}")
        expect(self.at("[name=group_steward]")).to_be_visible()

    def at(self, selector: str, has_text: str | None = None) -> Locator:
        return self.page.locator(f".capture {selector}", has_text=has_text)

    @property
    def words(self) -> Locator:
        return self.at("[name=text]")

    @property
    def banner(self) -> Locator:
        return self.at(".banner")

    def log(self, words: str) -> None:
        self.words.fill(words)
        self.at("[name=save]").click()
        expect(self.words).to_have_value("")

    def arrives(self, words: str) -> None:
        """The screen itself shows what was logged, once."""
        expect(self.page.locator(".st-key-room_entries").get_by_text(words)).to_have_count(1)


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Room]:
    room = Room(tmp_path_factory.mktemp("room"))
    yield room
    room.stop()


@pytest.fixture(autouse=True)
def _fresh(room: Room) -> Iterator[None]:
    room.open()
    yield
    room.proxy.mend()


def test_two_taps_and_a_sentence(room: Room, page: Page) -> None:
    scribe = Scribe(room, page)
    scribe.at("[name=group_steward]").click()
    scribe.at("[name=kind_concern]").click()
    scribe.log("The rent is not in it.")
    scribe.arrives("The rent is not in it.")
    assert room.views() == ["The rent is not in it."]


def test_an_objection_asks_for_its_reason_and_keeps_what_was_typed(room: Room, page: Page) -> None:
    scribe = Scribe(room, page)
    scribe.at("[name=group_steward]").click()
    scribe.words.fill("We were not asked.")
    scribe.at("[name=kind_objection]").click()
    scribe.at("[name=save]").click()
    expect(scribe.at(".wrong")).to_have_text(scribe.t("capture.needs_reason"))
    expect(scribe.words).to_have_value("We were not asked.")
    scribe.at("[name=reason]").fill("Nobody lives here who knew.")
    scribe.at("[name=save]").click()
    scribe.arrives("We were not asked.")
    assert room.views() == ["We were not asked."]


@pytest.mark.parametrize("seconds", CUTS)
def test_what_is_logged_while_the_connection_is_cut_arrives_once(
    room: Room, page: Page, seconds: float, figure: Figure
) -> None:
    scribe = Scribe(room, page, Language.ARABIC)
    scribe.log("before")
    scribe.arrives("before")
    room.proxy.cut()
    scribe.log("first")
    scribe.log("second")
    expect(scribe.banner).to_be_visible()
    page.wait_for_timeout(seconds * 1000)
    scribe.log("third")
    scribe.words.fill("half a sent")
    assert room.logged() == ["before"]
    room.proxy.mend()
    expect(scribe.banner).to_be_hidden()
    connected(page)
    expect(scribe.words).to_have_value("half a sent")
    scribe.arrives("third")
    assert room.logged() == ["before", "first", "second", "third"]
    figure(f"three entries out of the outbox after {seconds} s without a connection")


def test_a_killed_server_finds_everything_in_the_browser(room: Room, page: Page) -> None:
    scribe = Scribe(room, page)
    scribe.words.fill("half a sent")
    room.kill()
    scribe.log("while it was away")
    scribe.words.fill("another half")
    room.start_again()
    expect(scribe.banner).to_be_hidden()
    connected(page)
    settled(page)
    expect(scribe.words).to_have_value("another half")
    scribe.arrives("while it was away")
    assert room.logged() == ["while it was away"]


def test_a_tab_that_is_closed_without_a_connection_goes_on_where_it_was(
    room: Room, page: Page
) -> None:
    scribe = Scribe(room, page)
    room.proxy.cut()
    scribe.log("in the outbox")
    scribe.at("[name=group_steward]").click()
    scribe.words.fill("in the field")
    context = page.context
    page.close()
    room.proxy.mend()
    scribe.page = context.new_page()
    scribe.look()
    expect(scribe.words).to_have_value("in the field")
    expect(scribe.at("[name=group_steward]")).to_have_attribute("aria-pressed", "true")
    scribe.arrives("in the outbox")
    assert room.logged() == ["in the outbox"]


def test_an_entry_whose_answer_was_lost_is_sent_again_and_kept_once(room: Room, page: Page) -> None:
    scribe = Scribe(room, page)
    lost: list[int] = []

    def lose(route: Route) -> None:
        if lost:
            return route.continue_()
        lost.append(route.fetch().status)
        route.abort()

    page.route("**/room-log/*", lose)
    scribe.log("said once")
    scribe.arrives("said once")
    expect(scribe.banner).to_be_hidden()
    assert lost == [200]
    assert room.logged() == ["said once"]


def test_what_the_server_refuses_is_shown_and_can_be_mended(room: Room, page: Page) -> None:
    scribe = Scribe(room, page)
    page.route(
        "**/room-log/*",
        lambda route: route.fulfill(status=422, json={"problems": ["Not like this."]}),
        times=1,
    )
    scribe.log("to be mended")
    expect(scribe.at(".refused .wrong")).to_have_text("Not like this.")
    scribe.at(".refused .mend").click()
    expect(scribe.words).to_have_value("to be mended")
    scribe.at("[name=save]").click()
    scribe.arrives("to be mended")
    assert room.logged() == ["to be mended"]


def test_nothing_is_sent_for_somebody_who_signed_in_after_them(room: Room, page: Page) -> None:
    """A shared tablet: the outbox of one user is not that of the next."""
    scribe = Scribe(room, page)
    scribe.words.fill("Amal's half sentence")
    answer = page.evaluate(
        """async (path) => (await fetch(path, {
          method: "POST",
          body: JSON.stringify({ by: 0, what: "point", uuid: crypto.randomUUID(), text: "x" }),
        })).status""",
        f"/room-log/{room.id}",
    )
    assert answer == 403
    assert room.logged() == []


def test_one_tap_says_who_spoke(room: Room, page: Page) -> None:
    scribe = Scribe(room, page)
    scribe.look("facilitate")
    scribe.at("[name=group_steward]").click()
    scribe.arrives("Turn")
    with transaction.reading(room.server.engines) as session:
        rows = session.exec(select(RoomEntry).where(RoomEntry.convening_id == room.id)).all()
    assert [(row.kind, row.groups) for row in rows] == [("turn", ["steward"])]


def test_a_helper_takes_the_answers_of_one_person_after_the_other(room: Room, page: Page) -> None:
    statement = room.statement("The square is ours.")
    scribe = Scribe(room, page)
    scribe.look("help")
    agree = scribe.at(f"[name=choice_{statement}_agree]")
    agree.click()
    expect(scribe.at(".aloud .wrong")).to_have_text(scribe.t("capture.needs_group_or_unsaid"))
    for groups in (["steward"], ["steward", "gateway"], ["unsaid"]):
        for group in groups:
            scribe.at(f"[name=group_{group}]").click()
        agree.click()
        expect(agree).to_have_attribute("aria-pressed", "true")
        expect(scribe.at(f"[name=choice_{statement}_disagree]")).to_be_disabled()
        scribe.at("[name=next_person]").click()
        expect(agree).to_have_attribute("aria-pressed", "false")
    scribe.look("write")
    expect(page.locator(".st-key-room_entries").get_by_text("The square is ours.")).to_have_count(3)
    with transaction.reading(room.server.engines) as session:
        rows = session.exec(select(RoomEntry).where(RoomEntry.convening_id == room.id)).all()
    assert [(row.groups, row.choice, row.people, row.statement_id) for row in rows] == [
        (groups, "agree", 1, statement) for groups in (["steward"], ["steward", "gateway"], [])
    ]


@pytest.mark.parametrize(("width", "height"), [(820, 1180), (390, 844)])
@pytest.mark.parametrize("language", list(Language))
def test_a_tablet_held_upright_has_everything_within_reach_of_a_finger(
    room: Room,
    new_context: Callable[..., BrowserContext],
    width: int,
    height: int,
    language: Language,
) -> None:
    scribe = Scribe(room, new_context(width, height).new_page(), language)
    views = scribe.page.locator(".st-key-room_view [role=radio]")
    rows = {round(box["y"]) for each in views.all() if (box := each.bounding_box())}
    assert len(rows) == (1 if width > 640 else 2)
    scribe.at("[name=kind_hands]").click()
    expect(scribe.at("[name=count_steward_agree]")).to_be_visible()
    assert scribe.page.evaluate(_OUT_OF_REACH) == []
    scribe.look("facilitate")
    assert scribe.page.evaluate(_OUT_OF_REACH) == []


def test_hands_are_counted_on_a_phone(
    room: Room, new_context: Callable[..., BrowserContext]
) -> None:
    scribe = Scribe(room, new_context(width=390).new_page(), Language.ARABIC)
    scribe.at("[name=kind_hands]").click()
    scribe.words.fill("Shall we go on?")
    scribe.at("[name=count_steward_agree]").fill("12")
    scribe.at(".counter:has([name=count_gateway_pass]) .step").last.click()
    scribe.at("[name=save]").click()
    expect(scribe.at(".hands .wrong")).to_contain_text("12")
    assert room.logged() == []
    scribe.at("[name=save]").click()
    scribe.arrives("12")
    with transaction.reading(room.server.engines) as session:
        rows = session.exec(select(RoomEntry).where(RoomEntry.convening_id == room.id)).all()
    assert {(row.groups[0], row.choice, row.people, row.text) for row in rows} == {
        ("steward", "agree", 12, "Shall we go on?"),
        ("gateway", "pass", 1, "Shall we go on?"),
    }
    width = scribe.page.evaluate("document.documentElement.scrollWidth")
    assert width == 390


@pytest.mark.parametrize("attribution", ["group_only", "named"])
def test_a_code_for_paper_belongs_to_the_view(room: Room, page: Page, attribution: str) -> None:
    scribe = Scribe(room, page)
    scribe.at("[name=group_steward]").click()
    scribe.at("[name=kind_concern]").click()
    scribe.at("[name=attribution]").select_option(attribution)
    if attribution == "named":
        scribe.at("[name=person]").select_option(index=1)
        scribe.at("[name=agreed]").check()
    scribe.at("[name=paper]").check()
    code = scribe.at(".code strong").inner_text()
    scribe.log("On paper.")
    expect(scribe.at(".receipts .code strong")).to_have_text(code)
    scribe.arrives("On paper.")
    for other in ("room.view_facilitate", "room.view_write"):  # until it is written down
        page.locator(".st-key-room_view").get_by_text(scribe.t(other), exact=True).click()
        settled(page)
    expect(scribe.at(".receipts .code strong")).to_have_text(code)
    scribe.at(".receipts .done").click()
    expect(scribe.at(".receipts .code")).to_have_count(0)
    with transaction.reading(room.server.engines) as session:
        [view] = session.exec(
            select(understanding.DissentingView).where(
                understanding.DissentingView.convening_id == room.id
            )
        ).all()
    assert len(code.replace("-", "")) == 12
    assert view.receipt_hash is not None
    assert code.replace("-", "") not in view.receipt_hash
