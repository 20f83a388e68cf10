"""Who sits in a room: the organiser and the facilitator at their screens, people with phones.

Every step ends when the screen stands still.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Locator, Page, Position, TimeoutError, expect

from convening import ledger
from convening.i18n import Translator, participants
from convening.vocabulary import (
    DissentState,
    Group,
    Language,
    Outcome,
    Strength,
    VersionState,
)
from db import queries, transaction
from db.queries import accounts
from tests.browser.conftest import WAIT, settled, signed_in, visit
from tests.browser.server import Server

HEAD, ROW = 35, 72  # pixels: the heights of a heading and of a line of the ledger
TITLE = "The square"
QUESTION = "What is missing in it?"


@dataclass(frozen=True)
class Meeting:
    """A convening, and the definition that its people talk about."""

    server: Server
    organiser: int
    facilitator: int
    initiative_id: int
    convening_id: int
    definition_id: int
    people: int

    def path(self, screen: str, **more: object) -> str:
        asked = {"initiative": self.initiative_id, "convening": self.convening_id, **more}
        return f"/{screen}?" + "&".join(f"{name}={value}" for name, value in asked.items())

    def read(self, query: Callable[..., Any], *args: object) -> Any:
        """What the organiser reads."""
        with transaction.reading(self.server.engines) as session:
            return query(session, accounts.actor(session, self.organiser), *args)

    def ledger(self) -> list[ledger.Entry]:
        found: list[ledger.Entry] = self.read(queries.dissent.ledger, self.initiative_id)
        return found

    def states(self) -> dict[str, DissentState]:
        return {each.statement: each.state for each in self.ledger()}

    def versions(self) -> list[VersionState]:
        found = self.read(queries.definitions.definition, self.definition_id)
        return [each.state for each in found.versions]


class Seat:
    """One of the team at a browser."""

    def __init__(self, meeting: Meeting, page: Page, user_id: int) -> None:
        self.meeting, self.page, self.t = meeting, page, Translator(Language.ENGLISH)
        signed_in(page, meeting.server, user_id, language=Language.ENGLISH)

    def open(self, screen: str, **more: object) -> None:
        visit(self.page, self.meeting.server, self.meeting.path(screen, **more))

    def at(self, key: str) -> Locator:
        return self.page.locator(f".st-key-{key}")

    def press(self, key: str) -> None:
        self.at(key).get_by_role("button").first.click()
        settled(self.page)

    def fill(self, key: str, text: str) -> None:
        field = self.at(key).locator("input, textarea").first
        field.fill(text)
        field.press("Tab")
        settled(self.page)

    def tap(self, key: str, label: str) -> None:
        """One of a row of choices."""
        self.at(key).get_by_text(label, exact=True).click()
        settled(self.page)

    def look_at(self, words: str) -> None:
        """Opens a view by its line in the ledger, which may have been open for a while."""
        if "/dissent" not in self.page.url:
            self.open("dissent")
        line = [each.statement for each in self.meeting.ledger()].index(words)
        table = self.page.locator("[class*=st-key-dissent_table_]")
        place: Position = {"x": 16, "y": HEAD + ROW * (line + 0.5)}
        table.get_by_test_id("data-grid-canvas").click(position=place, force=True)
        expect(self.page.get_by_role("dialog")).to_contain_text(words)
        settled(self.page)

    def is_done(self) -> None:
        expect(self.page.get_by_role("dialog")).to_have_count(0)
        settled(self.page)


class Organiser(Seat):
    def write(self, number: int, statement: str, changed: str, why: str) -> None:
        """Writes the next version, and opens it for discussion."""
        self.open("definition")
        self.press("definition_primary")
        for name, text in (("statement", statement), ("changed", changed), ("why", why)):
            self.at(f"editor_{name}").locator("textarea").fill(text)
        self.press("editor_save_back")
        self.press("definition_open")
        self.press("definition_open_yes")
        self.is_done()
        expect(self.at("definition_facts")).to_contain_text(
            self.t("definition.number", number=number)
        )
        expect(self.at("definition_facts")).to_contain_text(self.t.word(VersionState.IN_DISCUSSION))
        expect(self.at("definition_text")).to_contain_text(statement)

    def answer(self, words: str, outcome: Outcome, rationale: str) -> None:
        self.look_at(words)
        self.tap("dissent_outcome", self.t(f"dissent.outcome_{outcome}"))
        self.fill("dissent_rationale", rationale)
        self.press("dissent_respond_send")
        self.is_done()

    def ask_to_adopt(self) -> Locator:
        self.open("definition")
        self.press("definition_adopt")
        return self.page.get_by_role("dialog")


class Phone:
    """Somebody in the room, with the pages that need no account."""

    def __init__(self, meeting: Meeting, page: Page, language: str) -> None:
        self.url, self.page, self.language = meeting.server.url, page, language
        self.t = participants.Translator(language)
        self.receipt = ""

    def enter(self, code: str, *groups: Group) -> None:
        self.page.goto(f"{self.url}/join?language={self.language}")
        self.page.locator("#code").fill(code)
        self.press("join.go")
        for group in groups:
            self.page.locator(f"input[value={group.value}]").check()
        self.press("join.enter")
        expect(self.page.get_by_text(QUESTION)).to_be_visible()

    def dissent(
        self, strength: Strength, text: str, reason: str = "", attribution: str = "anonymous"
    ) -> None:
        expect(self.page.locator("#strength")).to_contain_text(
            self.t("join.about_version", title=TITLE, number=2)
        )
        self.page.locator("#text").fill(text)
        self.page.locator(f"#strength input[value={strength.value}]").check()
        if reason:
            self.page.locator("#strength summary").click()
            self.page.locator("#reason").fill(reason)
        self.page.locator(f"#attribution input[value={attribution}]").check()
        self.press("join.send")
        self.receipt = self.page.locator("#receipt_code").inner_text()

    def look_up(self) -> None:
        self.page.goto(f"{self.url}/receipt?language={self.language}")
        self.page.locator("#code").fill(self.receipt)
        self.press("receipt.show")

    def reply(self, said: str) -> None:
        self.page.locator(f"#answers input[value={said}]").check()
        self.press("receipt.reply")
        expect(self.page.get_by_role("status")).to_have_text(self.t("receipt.replied"))

    def agree_to_publish(self) -> None:
        self.page.locator("#publish input[value=yes]").check()
        self.press("receipt.publish_send")
        expect(self.page.get_by_role("status")).to_have_text(self.t("receipt.publish_done"))

    def press(self, key: str) -> None:
        self.page.get_by_role("button", name=self.t(key), exact=True).click()


class Facilitator(Seat):
    def open_room(self) -> str:
        """Prepares the room for the second version, and lets people in; the code to read out."""
        self.open("room", view="set_up")
        self.press("room_prepare")
        settings = self.page.get_by_test_id("stForm")
        settings.locator("[class*=st-key-room_question_] input").fill(QUESTION)
        self.choose(settings.get_by_role("combobox").first, f"{TITLE} · 2")
        self.press("room_save")
        expect(self.at("room_before")).to_contain_text(
            self.t("room.here_now", count=self.meeting.people)
        )
        self.press("room_open")
        return self.at("room_ways_in").locator("code").inner_text()

    def choose(self, box: Locator, option: str) -> None:
        """Opens a select box until it shows the option: a rerun on its way may close it."""
        wanted = self.page.get_by_role("option", name=option, exact=True)
        for _ in range(5):
            box.click()
            try:
                wanted.click(timeout=WAIT / 5)
                break
            except TimeoutError:
                self.page.keyboard.press("Escape")
        expect(box).to_have_value(option)

    def hears(self, text: str) -> None:
        """The screen shows it by itself."""
        expect(self.page.get_by_test_id("stMain").get_by_text(text)).to_be_visible()

    def log(self, group: Group, strength: Strength, words: str) -> None:
        self.tap("room_view", self.t("room.view_write"))
        form = self.page.locator(".capture")
        form.locator(f"[name=group_{group.value}]").click()
        form.locator(f"[name=kind_{strength.value}]").click()
        form.locator("[name=text]").fill(words)
        form.locator("[name=save]").click()
        expect(self.at("room_entries").get_by_text(words)).to_have_count(1)
        settled(self.page)

    def close_room(self) -> None:
        self.tap("room_view", self.t("room.view_set_up"))
        self.press("room_close")
        self.press("room_close_yes")
        self.is_done()
        expect(self.at("room_after")).to_contain_text(self.one_note)

    @property
    def one_note(self) -> str:
        return self.t("room.notes", count=1, released=0)

    def release_note(self, words: str) -> None:
        self.open("dissent")
        notes = self.at("dissent_notes")
        notes.locator("summary").first.click()
        expect(notes.get_by_text(words)).to_be_visible()
        notes.locator("[class*=st-key-dissent_release_] button").click()
        self.page.get_by_role("dialog").get_by_role(
            "button", name=self.t("dissent.release"), exact=True
        ).click()
        expect(notes).to_have_count(0)
        settled(self.page)
