"""The form in which a room is logged: what it offers, what it says, and where it leaves one."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, expect
from sqlmodel import select

from convening.vocabulary import Language
from db import room_closing, transaction
from db.commands import room as commands
from db.queries import accounts
from db.tables import understanding
from tests.browser.conftest import settled
from tests.browser.test_room_log import Room, Scribe

pytestmark = pytest.mark.xdist_group("room_capture")

# Speech of a browser that has none: it tells what is spoken, and goes on until it is stopped.
_SPEECH = """
  window.spokenAloud = [];
  window.SpeechSynthesisUtterance = class { constructor(text) { this.text = text; } };
  Object.defineProperty(window, "speechSynthesis", { value: {
    getVoices: () => [],
    speak: (each) => { window.spokenAloud.push(each.text); window.speakingAloud = each; },
    cancel: () => { window.speakingAloud = null; },
  } });
"""


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Room]:
    room = Room(tmp_path_factory.mktemp("room"))
    yield room
    room.stop()


@pytest.fixture(autouse=True)
def _fresh(room: Room) -> None:
    room.open()


def test_the_kind_goes_back_to_a_point_once_a_view_is_saved(room: Room, page: Page) -> None:
    scribe = Scribe(room, page)
    scribe.at("[name=group_steward]").click()
    scribe.at("[name=kind_objection]").click()
    scribe.at("[name=reason]").fill("Nobody asked.")
    scribe.log("We were not asked.")
    expect(scribe.at("[name=kind_point]")).to_have_attribute("aria-pressed", "true")
    expect(scribe.at("[name=group_steward]")).to_have_attribute("aria-pressed", "false")
    scribe.arrives("We were not asked.")


def test_nothing_jumps_when_hands_are_counted(room: Room, page: Page) -> None:
    scribe = Scribe(room, page)
    kept = ("group_steward", "group_gateway", "kind_point", "kind_hands", "kind_turn")
    before = [scribe.at(f"[name={each}]").bounding_box() for each in kept]
    scribe.at("[name=group_steward]").click()
    scribe.at("[name=kind_hands]").click()
    expect(scribe.at("[name=count_steward_agree]")).to_be_visible()
    after = [scribe.at(f"[name={each}]").bounding_box() for each in kept]
    assert [each and each["y"] for each in after] == [each and each["y"] for each in before]
    for name in ("group_steward", "kind_turn"):
        expect(scribe.at(f"[name={name}]")).to_be_disabled()
    expect(scribe.at("[name=group_steward]")).to_have_attribute("aria-pressed", "false")
    scribe.at("[name=kind_point]").click()
    expect(scribe.at("[name=group_steward]")).to_have_attribute("aria-pressed", "true")


@pytest.mark.parametrize("language", list(Language))
def test_only_those_without_a_phone_are_counted_for_a_statement(
    room: Room, page: Page, language: Language
) -> None:
    statement = room.statement("The square is ours.")
    scribe = Scribe(room, page, language)
    scribe.at("[name=kind_hands]").click()
    expect(scribe.at("[name=text]")).to_be_visible()
    expect(scribe.at(".count-only")).to_have_count(0)
    scribe.at("[name=statement]").select_option(str(statement))
    expect(scribe.at(".count-only")).to_have_text(scribe.t("capture.count_only"))


def test_one_count_is_one_line_and_one_undo(room: Room, page: Page) -> None:
    scribe = Scribe(room, page)
    scribe.at("[name=kind_hands]").click()
    scribe.words.fill("Shall we go on?")
    for number, choice in enumerate(("agree", "disagree", "pass"), start=21):
        scribe.at(f"[name=count_steward_{choice}]").fill(str(number))
    scribe.at("[name=save]").click()
    expect(scribe.at(".hands .wrong")).to_contain_text("66 hands, and ")
    scribe.at("[name=save]").click()
    scribe.arrives("Shall we go on?")
    undo = page.locator(".st-key-room_entries button")
    expect(undo).to_have_count(1)
    undo.click()
    expect(page.locator(".st-key-room_entries del, .st-key-room_entries s")).to_have_count(1)


def test_without_a_version_the_form_says_why_and_leads_to_one(room: Room, page: Page) -> None:
    room.run(commands.choose_version, None)
    scribe = Scribe(room, page)
    expect(scribe.at("[name=kind_concern]")).to_have_count(0)
    expect(scribe.at(".unversioned")).to_contain_text(scribe.t("capture.no_version"))
    scribe.at("[name=choose_version]").click()
    expect(page.locator("[class*=st-key-room_version_]")).to_be_visible()
    settled(page)
    expect(page.get_by_test_id("stAlert")).to_have_count(0)
    page.locator(".st-key-room_view").get_by_text(scribe.t("room.view_write")).click()
    expect(scribe.at("[name=choose_version]")).to_be_visible()


def test_a_view_that_is_being_written_outlasts_its_version_and_the_room(
    room: Room, page: Page
) -> None:
    scribe = Scribe(room, page)
    scribe.at("[name=group_steward]").click()
    scribe.at("[name=kind_objection]").click()
    scribe.at("[name=text]").fill("We were not asked.")
    scribe.at("[name=reason]").fill("Nobody asked.")
    room.run(commands.choose_version, None)
    _loaded_until(page, scribe.at(".against", has_text=scribe.t("capture.version_gone")))
    expect(scribe.at("[name=kind_objection]")).to_have_attribute("aria-pressed", "true")
    scribe.at("[name=save]").click()
    expect(scribe.at(".words .wrong")).to_have_text(scribe.t("capture.no_version"))
    room.run(commands.choose_version, room.version_id)
    _loaded_until(page, scribe.at(".against", has_text="The square"))
    with transaction.reading(room.server.engines) as session:
        actor = accounts.actor(session, room.user_id)
    room_closing.close(room.server.engines, actor, room.id)
    _loaded_until(page, page.get_by_role("heading", name=scribe.t("room.afterwards")))
    expect(scribe.at("[name=reason]")).to_have_value("Nobody asked.")
    scribe.at("[name=save]").click()
    scribe.arrives("We were not asked.")
    with transaction.reading(room.server.engines) as session:
        view = understanding.DissentingView
        [row] = session.exec(select(view).where(view.convening_id == room.id)).all()
    assert (row.strength, row.reason, row.afterwards) == ("objection", "Nobody asked.", False)


def _loaded_until(page: Page, wanted: Locator) -> None:
    """What another process changed in a SQLite file is seen after a few seconds, and not told."""
    for _ in range(20):
        page.reload()
        settled(page)
        if wanted.is_visible():
            return
    expect(wanted).to_be_visible()


def test_a_closed_room_without_a_version_says_why_a_point_is_all(room: Room, page: Page) -> None:
    room.run(commands.choose_version, None)
    with transaction.reading(room.server.engines) as session:
        actor = accounts.actor(session, room.user_id)
    room_closing.close(room.server.engines, actor, room.id)
    scribe = Scribe(room, page)
    expect(scribe.at(".unversioned")).to_contain_text(scribe.t("capture.no_version"))
    expect(scribe.at("[name=choose_version]")).to_have_count(0)


def test_a_view_without_a_name_is_said_to_be_saved(room: Room, page: Page) -> None:
    scribe = Scribe(room, page)
    scribe.at("[name=kind_concern]").click()
    scribe.at("[name=attribution]").select_option("anonymous")
    scribe.log("Nobody asked us.")
    expect(scribe.at(".unlisted")).to_have_text(scribe.t("capture.unlisted"))
    with transaction.reading(room.server.engines) as session:
        note = understanding.AnonymousNote
        found = session.exec(select(note.text).where(note.convening_id == room.id)).all()
    assert found == ["Nobody asked us."]
    scribe.log("A point.")
    expect(scribe.at(".unlisted")).to_have_text("")


def test_reading_stops_where_it_was_started_and_lines_stay(room: Room, page: Page) -> None:
    statement = room.statement("The square is ours.")
    room.run(commands.set_question, "What is strong here?")
    with transaction.writing(room.server.engines, actor_id=None, journalled=False) as session:
        version = session.exec(
            select(understanding.DefinitionVersion).order_by(
                understanding.DefinitionVersion.id.desc()  # type: ignore[union-attr]
            )
        ).first()
        assert version is not None
        version.statement = "First line.\nSecond line."
    page.add_init_script(_SPEECH)
    scribe = Scribe(room, page)
    scribe.look("help")
    written = scribe.at(".spoken").get_by_text("First line.")
    assert written.evaluate("(each) => each.innerText") == "First line.\nSecond line."
    expect(scribe.at("article h3")).to_have_text(scribe.t("capture.vote"))

    read, stop = scribe.t("capture.read"), scribe.t("capture.silence")
    question, vote = (
        scribe.at("[name=read_text_0]"),
        scribe.at(f"[name=read_statement_{statement}]"),
    )
    question.click()
    expect(question).to_have_text(stop)
    vote.click()
    expect(question).to_have_text(read)
    expect(vote).to_have_text(stop)
    assert page.evaluate("window.spokenAloud") == ["What is strong here?", "The square is ours."]
    vote.click()
    expect(vote).to_have_text(read)
    assert page.evaluate("window.speakingAloud") is None
    question.click()
    page.evaluate("window.speakingAloud.onend()")
    expect(question).to_have_text(read)
