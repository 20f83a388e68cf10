"""From a second version to the adoption of the third: four browsers, one room, three dissenting
views, and what became of them."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, expect

from convening import drafts, ledger
from convening.definitions import DefinitionDraft
from convening.exports import definition as exports
from convening.exports.definition import Sheet
from convening.vocabulary import (
    DefinitionField,
    DissentState,
    Group,
    InvitationStatus,
    Outcome,
    Role,
    StageKind,
    Strength,
    VersionState,
)
from db import queries, transaction
from db.commands import definitions
from db.queries import accounts
from tests import builders
from tests.browser.conftest import settled
from tests.browser.seats import TITLE, Facilitator, Meeting, Organiser, Phone
from tests.browser.server import Server
from tests.browser.test_accessibility import PHONE

TABLET, OTHER_PHONE = (820, 1180), (360, 740)
HERE = (Group.STEWARD,) * 3 + (Group.GATEWAY,) * 2 + (Group.INFLUENCER,)
FIRST = "The square is neglected."
SECOND = "The square is neglected and dark at night."
THIRD = "The square is neglected, dark at night and too expensive for those who live there."
ADDED = "too expensive"
ANONYMOUS, REASON = "لا أحد سأل المستأجرين", "ارتفع الإيجار مرتين هذا العام"
OF_STEWARDS = "Le loyer n’y est pas."
OF_INFLUENCERS = "The market keeps it alive until ten."
ANSWERS = ("We asked two of them.", "We ask all of them in spring.")


@dataclass(frozen=True)
class Four:
    """Those at the four browsers, all open at once; ``anonymous`` has an Arabic phone on which
    scripts are turned off."""

    meeting: Meeting
    organiser: Organiser
    facilitator: Facilitator
    anonymous: Phone
    steward: Phone


@pytest.fixture
def meeting(server: Server, user: Callable[..., int]) -> Meeting:
    """Six people who have come, and a definition whose first version is open for discussion."""
    organiser, facilitator = user(Role.ORGANISER), user(Role.FACILITATOR)
    with transaction.writing(server.engines, actor_id=None, journalled=False) as session:
        initiative = builders.initiative(session, manager=organiser, team=[facilitator])
        stage = builders.stage(session, initiative, StageKind.PROBLEM_DEFINITION)
        begun = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=1)
        convening = builders.convening(session, stage, "Evening", starts_at=begun)
        for number, group in enumerate(HERE):
            person = builders.person(session, initiative, f"Person {number}", group)
            builders.invitation(session, convening, person, InvitationStatus.ATTENDED)
        actor = accounts.actor(session, organiser)
        definition = definitions.create_definition(
            session, actor, DefinitionDraft(initiative, TITLE)
        )
        (version,) = queries.definitions.definition(session, actor, definition).versions
        draft = drafts.definition_version(version)
        text = {**draft.text, DefinitionField.STATEMENT: FIRST}
        definitions.write_version(session, actor, replace(draft, text=text))
        definitions.open_version(session, actor, version.id)
    people = len(HERE)
    return Meeting(server, organiser, facilitator, initiative, convening, definition, people)


@pytest.fixture
def four(meeting: Meeting, new_context: Callable[..., BrowserContext]) -> Four:
    arabic = new_context(PHONE.width, PHONE.height, java_script_enabled=False, locale="ar")
    return Four(
        meeting,
        Organiser(meeting, new_context(timezone_id="UTC").new_page(), meeting.organiser),
        Facilitator(meeting, new_context(*TABLET).new_page(), meeting.facilitator),
        Phone(meeting, arabic.new_page(), "ar"),
        Phone(meeting, new_context(*OTHER_PHONE).new_page(), "fr"),
    )


def test_a_version_is_adopted_once_everybody_was_answered(four: Four, tmp_path: Path) -> None:
    organiser, states = four.organiser, four.meeting.states
    organiser.write(2, SECOND, "The night is in it", "We walked there after dark")
    three_dissent(four)
    organiser.write(3, THIRD, "The rent is in it", "The stewards said so")
    all_are_answered(four)
    owners_reply(four)
    assert states() == {
        OF_STEWARDS: DissentState.CONFIRMED,
        OF_INFLUENCERS: DissentState.CONFIRMED,
        ANONYMOUS: DissentState.REOPENED,
    }

    refused = organiser.ask_to_adopt()
    expect(refused).to_contain_text(organiser.t("definition.adopt_blocked", count=1))
    expect(refused).to_contain_text(ANONYMOUS)
    expect(organiser.at("definition_adopt_yes")).to_have_count(0)
    answered_again(four)
    assert states()[ANONYMOUS] is DissentState.STILL_NO

    adopting = organiser.ask_to_adopt()
    expect(adopting).to_contain_text(organiser.t("definition.adopt_published", count=2))
    organiser.press("definition_adopt_yes")
    organiser.is_done()
    superseded, adopted = VersionState.SUPERSEDED, VersionState.ADOPTED
    assert four.meeting.versions() == [superseded, superseded, adopted]
    standing = organiser.at("definition_standing")
    for words in (OF_INFLUENCERS, ANONYMOUS, organiser.t("definition.said_no")):
        expect(standing).to_contain_text(words)
    on_paper(organiser, tmp_path / "definition.pdf")


def three_dissent(four: Four) -> None:
    """Two by phone, one of them without a name, and one whose words the facilitator writes down."""
    facilitator, anonymous, steward = four.facilitator, four.anonymous, four.steward
    code = facilitator.open_room()
    facilitator.tap("room_view", facilitator.t("room.view_facilitate"))
    anonymous.enter(code, Group.STEWARD, Group.GATEWAY)
    expect(anonymous.page.locator("html")).to_have_attribute("dir", "rtl")
    steward.enter(code, Group.STEWARD)
    anonymous.dissent(Strength.OBJECTION, ANONYMOUS, REASON)
    steward.dissent(Strength.CONCERN, OF_STEWARDS, attribution="group_only")
    facilitator.hears(OF_STEWARDS)
    expect(facilitator.page.get_by_text(facilitator.one_note)).to_have_count(0)
    four.organiser.open("dissent")
    expect(four.organiser.page.get_by_test_id("stMain")).to_contain_text(
        four.organiser.t("dissent.raised", count=1)
    )
    expect(four.organiser.at("dissent_notes")).to_have_count(0)
    facilitator.log(Group.INFLUENCER, Strength.DISAGREEMENT, OF_INFLUENCERS)
    views = dict.fromkeys((OF_STEWARDS, OF_INFLUENCERS), DissentState.UNANSWERED)
    assert four.meeting.states() == views

    facilitator.close_room()
    anonymous.page.reload()  # sends the note once more, which has arrived already
    expect(anonymous.page.locator("#receipt_code")).to_have_text(anonymous.receipt)
    steward.page.get_by_role("link", name=steward.t("join.back")).click()
    expect(steward.page.get_by_text(steward.t("join.over"))).to_be_visible()
    facilitator.release_note(ANONYMOUS)
    assert four.meeting.states() == views | {ANONYMOUS: DissentState.UNANSWERED}


def all_are_answered(four: Four) -> None:
    """One is taken up, and leads to the words that changed because of it; two stand."""
    organiser = four.organiser
    organiser.answer(OF_STEWARDS, Outcome.INCORPORATED, "It belongs in it.")
    organiser.answer(OF_INFLUENCERS, Outcome.STANDS, "It closes at eight now.")
    organiser.answer(ANONYMOUS, Outcome.STANDS, ANSWERS[0])
    organiser.look_at(OF_STEWARDS)
    label = organiser.t("dissent.changed_in", number=3)
    organiser.page.get_by_role("dialog").get_by_text(label).click()
    settled(organiser.page)
    added = organiser.at("definition_changes").locator("ins").filter(has_text=ADDED)
    expect(added).to_be_visible()


def owners_reply(four: Four) -> None:
    """By receipt, and to the facilitator; the one without a name is not answered."""
    steward, facilitator, anonymous = four.steward, four.facilitator, four.anonymous
    steward.look_up()
    expect(steward.page.locator("ins").filter(has_text=ADDED)).to_be_visible()
    steward.reply("yes")
    for said in ("reply_yes", "publish_yes"):
        facilitator.look_at(OF_INFLUENCERS)
        facilitator.press(f"dissent_{said}")
        facilitator.is_done()
    anonymous.look_up()
    expect(anonymous.page.get_by_text(ANSWERS[0])).to_be_visible()
    anonymous.reply("no")


def answered_again(four: Four) -> None:
    """Still not, says the one without a name; with two signatures it stands."""
    four.organiser.answer(ANONYMOUS, Outcome.STANDS, ANSWERS[1])
    four.anonymous.look_up()
    expect(four.anonymous.page.get_by_text(ANSWERS[1])).to_be_visible()
    four.anonymous.reply("no")
    four.anonymous.agree_to_publish()
    for seat in (four.organiser, four.facilitator):
        seat.look_at(ANONYMOUS)
        seat.press("dissent_sign")
        seat.is_done()


def on_paper(organiser: Organiser, file: Path) -> None:
    """The PDF to publish is that of the adopted version, with both views that stand."""
    organiser.press("definition_pdf")
    organiser.tap("pdf_copy", organiser.t("definition.pdf_public"))
    with organiser.page.expect_download() as download:
        organiser.press("pdf_make")
    download.value.save_as(file)
    meeting = organiser.meeting
    definition = meeting.read(queries.definitions.definition, meeting.definition_id)
    standing = ledger.standing(meeting.ledger(), datetime.now(UTC))
    sheet = Sheet("Renewal", definition, definition.versions[-1], standing, public=True)
    printed = exports.content(sheet, organiser.t)["standing"]
    words = {organiser.t.isolated(each) for each in (OF_INFLUENCERS, ANONYMOUS)}
    assert {each["statement"] for each in printed} == words
    assert file.read_bytes() == exports.write(sheet, organiser.t)
