"""The main job from an empty database: bring people, plan a convening, see who is missing."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import (
    BrowserContext,
    Locator,
    Page,
    Position,
    TimeoutError,
    expect,
)
from sqlmodel import func, select

from convening.i18n import Translator
from convening.vocabulary import (
    QUESTION_GROUP,
    ConveningQuestion,
    Group,
    GuidingQuestion,
    InvitationStatus,
    Language,
    Openness,
)
from db import transaction
from db.tables import community, work
from tests.browser.conftest import PASSWORD, WAIT, settled, sign_in_by_form, visit
from tests.browser.server import Server

RESPONDENTS = Path(__file__).parents[1] / "data" / "selection" / "opendlp-respondents.csv"
TOWNS = {
    "Pioneerton": (6, GuidingQuestion.MOST_AFFECTED),
    "Steelton": (5, GuidingQuestion.LIFE_SHAPED),
    "Hammerford": (5, GuidingQuestion.SERVES_DIRECTLY),
    "Gearford": (5, GuidingQuestion.WORKS_INDIRECTLY),
    "Innovara": (6, GuidingQuestion.MEANS_TO_CHANGE),
    "Ventura": (6, GuidingQuestion.SOCIAL_CAPITAL),
}
ROW = 35  # pixels: the height of a table's row, its heading included
EMAIL = "ada@example.org"


class Journey:
    """One person at one browser; every step ends when the screen stands still."""

    def __init__(self, page: Page, server: Server, language: Language) -> None:
        self.page, self.server = page, server
        self.t = Translator(language)
        self.invited = 0

    def open(self, path: str) -> None:
        visit(self.page, self.server, path)

    def at(self, key: str) -> Locator:
        return self.page.locator(f".st-key-{key}").locator("visible=true").first

    def press(self, key: str) -> None:
        self.at(key).get_by_role("button").first.click()
        settled(self.page)

    def fill(self, key: str, text: str) -> None:
        field = self.at(key).locator("input, textarea").first
        field.fill(text)
        field.press("Tab")
        settled(self.page)

    def choose(self, key: str, option: str) -> None:
        """Opens a select box until it shows the option: a rerun on its way may close it."""
        wanted = self.page.get_by_role("option", name=option, exact=True)
        for _ in range(5):
            self.at(key).get_by_role("combobox").first.click()
            try:
                wanted.click(timeout=WAIT / 5)
                break
            except TimeoutError:
                self.page.keyboard.press("Escape")
        expect(self.at(key).get_by_role("combobox").first).to_have_value(option)
        settled(self.page)

    def tick(self, first: int, last: int) -> None:
        """Ticks the rows of the map's list from the first to the last, counted from 0."""
        canvas = self.page.locator("[class*=st-key-invitees_map_]").get_by_test_id(
            "data-grid-canvas"
        )
        held: list[Literal["Shift"]] = []
        for row in (first, last):  # forced: the table's own scroller lies over its canvas
            middle: Position = {"x": 16, "y": ROW * (row + 1.5)}
            canvas.click(position=middle, modifiers=held, force=True)
            settled(self.page)
            held = ["Shift"]

    def first_start(self) -> None:
        """Creates the administrator with the code from the terminal, and signs in."""
        self.open("/")
        self.fill("setup_code", self.server.setup_code)
        self.fill("setup_name", "Ada")
        self.fill("setup_email", EMAIL)
        self.fill("setup_password", PASSWORD)
        self.fill("setup_again", PASSWORD)
        self.at("setup_samples").locator("label").first.click()
        self.page.get_by_test_id("stFormSubmitButton").get_by_role("button").click()
        expect(self.page.get_by_test_id("stForm").locator("input[type=password]")).to_have_count(1)
        sign_in_by_form(self.page, EMAIL)
        expect(self.page.locator(".st-key-sign_out")).to_be_attached()
        settled(self.page)

    def create_initiative(self) -> None:
        self.open("/initiatives")
        self.press("initiatives_first")
        dialog = self.page.get_by_role("dialog")
        dialog.locator(".st-key-initiative_name input").fill("Harbour")
        dialog.get_by_test_id("stFormSubmitButton").get_by_role("button").click()
        expect(self.page.locator(".st-key-stage_1")).to_be_visible()

    def import_people(self) -> None:
        self.open("/community?initiative=1&view=import")
        self.page.locator("input[type=file]").set_input_files(RESPONDENTS)
        expect(self.at("import_now")).to_be_visible()
        settled(self.page)
        self.press("import_now")
        expect(self.at("import_done")).to_be_visible()

    def place_a_town(self, town: str, count: int, question: GuidingQuestion) -> None:
        """Everybody of a town by one guiding question."""
        self.fill("people_search", town)
        expect(self.at("people_chosen")).to_contain_text(self.t("community.all_found", count=count))
        everybody = self.at("people_chosen")
        if not everybody.get_by_role("checkbox").is_checked():
            everybody.locator("label").first.click()
            settled(self.page)
        self.press("bulk_place")
        group = self.t.word(QUESTION_GROUP[question])
        self.choose("bulk_question", f"{group}: {self.t.word(question)}")
        self.press("bulk_save")
        expect(self.page.get_by_role("dialog")).to_have_count(0)

    def place_the_next(self) -> None:
        """The one who is unplaced, by tapping the question that fits, as on a phone."""
        self.open("/community?initiative=1&view=place")
        card = self.at("place_card")
        name = card.get_by_role("heading").first.inner_text()
        card.get_by_test_id("stButtonGroup").first.locator("button").first.click()
        settled(self.page)
        self.press("place_next")
        expect(self.at("place_card").get_by_role("heading").first).not_to_have_text(name)

    def plan_a_convening(self, day: date) -> None:
        self.open("/convenings?initiative=1")
        self.press("convenings_first")
        self.fill("convening_title_None", "First circle")
        for question in ConveningQuestion:
            self.at(f"answer_{question.value}_None").get_by_role("radio").first.click()
            settled(self.page)
        self.press("editor_next")
        expect(self.at("convening_purpose_1")).to_be_visible()
        self.fill("convening_purpose_1", "Hear what the harbour means to those who live there")
        self.choose("convening_stage_1", self.t("stage_kind.problem_definition"))
        self.pick_day("convening_date_1", day)
        self.fill("convening_capacity_1", "40")
        self.page.get_by_text(self.t.word(Openness.EVERYTHING_OPEN)).first.click()
        settled(self.page)
        self.press("editor_finish")
        expect(self.at("convening_1")).to_contain_text("First circle")

    def pick_day(self, key: str, day: date) -> None:
        """Types a day into the segments of a date field: day, month, year."""
        segments = self.at(key).get_by_role("spinbutton")
        segments.first.click()
        self.page.keyboard.type(f"{day:%d%m%Y}")
        self.page.keyboard.press("Tab")
        settled(self.page)

    def invite(self, group: Group, count: int) -> None:
        """The first of a group, ticked in the list of the map."""
        self.choose("invitees_group", self.t.word(group))
        self.tick(0, count - 1)
        expect(self.at("invitees_add")).to_contain_text(str(count))
        self.press("invitees_add")
        self.seen_on_the_list(count)

    def close_the_gap(self, group: Group, count: int) -> None:
        """Adds whom the list of the missing proposes first, until enough have come."""
        for _ in range(count):
            first = self.page.locator("[class*=st-key-missing_]").first
            expect(first).to_contain_text(self.t(f"group.{group.value}.of_person"))
            key = next(
                name
                for name in (first.get_attribute("class") or "").split()
                if name.startswith("st-key-missing_")
            )
            first.get_by_role("button").click()
            expect(self.page.locator(f".{key}")).to_have_count(0)
            self.seen_on_the_list(1)

    def seen_on_the_list(self, more: int) -> None:
        """Waits until the list of invitations counts those who were just added."""
        self.invited += more
        label = self.t("invitees.side_list", count=self.invited)
        expect(self.page.get_by_role("radio", name=label)).to_be_visible()
        settled(self.page)


@pytest.mark.parametrize(
    ("language", "width"), [(Language.ENGLISH, 1280), (Language.ARABIC, 390)], ids=["en", "ar-390"]
)
def test_from_an_empty_database_to_a_room_without_a_gap(
    fresh_server: Callable[..., Server],
    new_context: Callable[..., BrowserContext],
    language: Language,
    width: int,
) -> None:
    server = fresh_server()
    context = new_context(width, 844 if width < 500 else 900)
    context.add_cookies([{"name": "halqa_language", "value": language, "url": server.url}])
    page = context.new_page()
    journey = Journey(page, server, language)
    journey.first_start()
    journey.create_initiative()
    journey.import_people()
    journey.open("/community?initiative=1&view=people")
    for town, (count, question) in TOWNS.items():
        journey.place_a_town(town, count, question)
    journey.place_the_next()
    journey.plan_a_convening(date.today() + timedelta(days=10))

    journey.open("/invitees?initiative=1&convening=1")
    journey.invite(Group.GATEWAY, 10)
    journey.invite(Group.INFLUENCER, 10)
    expect(page.locator(".st-key-invitees_questions")).to_be_visible()
    journey.close_the_gap(Group.STEWARD, 3)
    journey.invite(Group.STEWARD, 7)
    expect(page.get_by_text(journey.t("invitees.nobody_missing"))).to_be_visible()

    with transaction.reading(server.engines) as session:
        people = session.exec(select(func.count()).select_from(community.Stakeholder)).one()
        invited = session.exec(select(work.Invitation.status)).all()
    assert people == 100
    assert invited == [InvitationStatus.PROPOSED] * 30
