"""What became of one's view, in a real browser: on a phone, without scripts, in Arabic."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from sqlmodel import select

from convening.definitions import DefinitionDraft
from convening.dissent_drafts import ResponseDraft
from convening.i18n.participants import Translator, languages
from convening.vocabulary import (
    Group,
    Outcome,
    Role,
    Strength,
    VersionState,
)
from db import room_codes, tokens, transaction
from db.commands import definitions, responses
from db.queries import accounts
from db.tables.room import AfterLink
from db.tables.understanding import (
    AnonymousNote,
    DefinitionVersion,
    DissentResponse,
)
from tests import builders
from tests.browser.server import Server
from tests.browser.test_accessibility import PHONE, overflow, violations

AR = Translator("ar")


@dataclass(frozen=True)
class Writer:
    """Somebody who left a note, with its code and the link to what became of it."""

    code: str
    note_id: str
    became: str


@pytest.fixture
def writer(server: Server, user: Callable[..., int]) -> Writer:
    """Version 1 says that the square is neglected; because of the note version 2 does not."""
    manager = user(Role.ORGANISER)
    code, link = room_codes.new_receipt(), tokens.new()
    with transaction.writing(server.engines, actor_id=None, journalled=False) as session:
        initiative = builders.initiative(session, "تجديد حي القنطرة", manager=manager)
        meeting = builders.convening(session, builders.stage(session, initiative), "أمسية")
        actor = accounts.actor(session, manager)
        text = definitions.create_definition(session, actor, DefinitionDraft(initiative, "الساحة"))
        first = session.exec(
            select(DefinitionVersion).where(DefinitionVersion.definition_id == text)
        ).one()
        first.state, first.statement = VersionState.SUPERSEDED.value, "الساحة مهملة كلها."
        second = DefinitionVersion(
            definition_id=text,
            number=2,
            state=VersionState.IN_DISCUSSION.value,
            statement="الساحة غالية كلها.",
        )
        session.add(second)
        session.flush()
        note = AnonymousNote(
            id=f"note-{code}",
            convening_id=meeting,
            version_id=first.key,
            strength=Strength.CONCERN.value,
            text="لا أحد سأل المستأجرين.",
            groups=[Group.STEWARD.value],
            receipt_hash=room_codes.keyed(code),
            state="released",
        )
        session.add(note)
        session.flush()
        draft = ResponseDraft(Outcome.INCORPORATED, "هذا صحيح.", second.key)
        responses.respond(session, actor, note.id, draft)
        session.add(AfterLink(convening_id=meeting, salt=link.salt, token_hash=link.token_hash))
    return Writer(code, note.id, f"/became/{link.token}")


@pytest.fixture
def phone(new_context: Callable[..., BrowserContext]) -> Page:
    """A phone on which scripts are turned off."""
    return new_context(PHONE.width, PHONE.height, java_script_enabled=False).new_page()


def look_up(page: Page, server: Server, code: str, language: str = "ar") -> None:
    page.goto(f"{server.url}/receipt?language={language}")
    page.locator("#code").fill(code)
    page.get_by_role("button", name=Translator(language)("receipt.show")).click()


def test_a_code_is_looked_up_replied_to_and_added_to_in_arabic_without_a_script(
    phone: Page, server: Server, writer: Writer
) -> None:
    look_up(phone, server, "2222-3333-4444")
    expect(phone.get_by_role("alert")).to_have_text(AR("receipt.unknown"))
    expect(phone.locator("html")).to_have_attribute("dir", "rtl")

    look_up(phone, server, room_codes.spaced(writer.code).lower())
    expect(phone.get_by_text("لا أحد سأل المستأجرين.")).to_be_visible()
    expect(phone.locator("ins")).to_contain_text("غالية")
    expect(phone.locator("del")).to_contain_text("مهملة")
    assert writer.code not in phone.url.upper()

    phone.get_by_role("button", name=AR("receipt.reply")).click()
    expect(phone.get_by_role("alert")).to_contain_text(AR("problem.reply_missing"))
    phone.get_by_label(AR("receipt.no")).check()
    phone.get_by_role("button", name=AR("receipt.reply")).click()
    expect(phone.get_by_role("status")).to_have_text(AR("receipt.replied"))

    phone.locator("#addition").fill("والمحال أيضًا.")
    phone.get_by_role("button", name=AR("receipt.add_send"), exact=True).click()
    expect(phone.get_by_role("status")).to_have_text(AR("receipt.add_done"))
    phone.reload()
    expect(phone.get_by_role("listitem").filter(has_text="والمحال أيضًا.")).to_have_count(1)

    with transaction.reading(server.engines) as session:
        response = session.exec(
            select(DissentResponse).where(DissentResponse.note_id == writer.note_id)
        ).one()
        added = session.exec(
            select(AnonymousNote.text).where(AnonymousNote.adds_to_note_id == writer.note_id)
        ).all()
    assert (response.answers, response.answered_by, added) == (
        False,
        "receipt",
        ["والمحال أيضًا."],
    )


def test_the_language_is_changed_without_typing_the_code_again(
    phone: Page, server: Server, writer: Writer
) -> None:
    look_up(phone, server, writer.code)
    phone.get_by_role("button", name="Español").click()
    expect(phone.locator("html")).to_have_attribute("lang", "es")
    expect(phone.get_by_text("لا أحد سأل المستأجرين.")).to_be_visible()


def test_a_view_is_withdrawn_in_two_steps(phone: Page, server: Server, writer: Writer) -> None:
    look_up(phone, server, writer.code, "en")
    withdraw = phone.get_by_role("button", name="Yes, withdraw my view")
    expect(withdraw).to_be_hidden()
    phone.get_by_text("Withdraw your view").click()
    withdraw.click()
    expect(phone.get_by_role("status")).to_have_text("Your view is withdrawn.")
    phone.goto(f"{server.url}{writer.became}?language=en")
    expect(phone.get_by_text("Withdrawn by whoever said it.")).to_be_visible()


@pytest.mark.parametrize("language", languages())
def test_the_pages_are_clear_to_everybody(
    new_context: Callable[..., BrowserContext], server: Server, writer: Writer, language: str
) -> None:
    """The form, the view with a mistake, and what became of it; light and dark, on a phone."""
    t = Translator(language)
    for scheme in ("light", "dark"):
        context = new_context(PHONE.width, PHONE.height, color_scheme=scheme, bypass_csp=True)
        page = context.new_page()
        look_up(page, server, "", language)
        assert (violations(page), overflow(page)) == ([], 0)
        look_up(page, server, writer.code, language)
        page.get_by_text(t("receipt.withdraw"), exact=True).click()
        page.get_by_role("button", name=t("receipt.reply"), exact=True).click()
        expect(page.get_by_role("alert")).to_be_visible()
        assert (violations(page), overflow(page)) == ([], 0)
        page.goto(f"{server.url}{writer.became}?language={language}")
        assert (violations(page), overflow(page)) == ([], 0)
