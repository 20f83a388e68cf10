"""An evening at the door on a tablet: a tap, a slip, a search, a code, and who is still missing."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import BrowserContext, expect
from sqlmodel import select

from convening.i18n import Translator
from convening.vocabulary import Group, InvitationStatus, Language, Role
from db import tokens, transaction
from db.tables import community, work
from tests import builders
from tests.browser.conftest import settled, signed_in, visit
from tests.browser.server import Server

TABLET = (820, 1180)
THUMB = 48  # pixels: the least height of what is tapped
S = InvitationStatus
NAMES = {
    Language.ENGLISH: ("Noor Haddad", "Omar Odeh"),
    Language.ARABIC: ("نور حداد", "عمر عودة"),
}


def evening(server: Server, host: int, language: Language) -> tuple[int, int, str]:
    """A convening that starts in ten minutes, with a steward and a gateway who said yes.

    Just before midnight it starts at once, because attendance is noted from its day on.
    """
    now = datetime.now(UTC).replace(microsecond=0)
    soon = now + timedelta(minutes=10)
    start = soon if soon.date() == now.date() else now
    with transaction.writing(server.engines, actor_id=None, journalled=False) as session:
        initiative = builders.initiative(session, "Renewal", manager=host)
        stage = builders.stage(session, initiative)
        room = builders.convening(session, stage, "Evening", starts_at=start)
        for name, group in zip(NAMES[language], Group, strict=False):
            person = builders.person(session, initiative, name, group)
            invitation = builders.invitation(session, room, person, S.ACCEPTED)
        link = tokens.new()
        session.add(
            work.PersonalLink(invitation_id=invitation, salt=link.salt, token_hash=link.token_hash)
        )
    return initiative, room, link.token


def attended(server: Server, room: int) -> list[str]:
    with transaction.reading(server.engines) as session:
        return list(
            session.exec(
                select(community.Stakeholder.name)
                .join(work.Invitation, work.Invitation.stakeholder_id == community.Stakeholder.id)  # type: ignore[arg-type]
                .where(work.Invitation.convening_id == room, work.Invitation.status == S.ATTENDED)
            )
        )


@pytest.mark.parametrize("language", Language)
def test_people_are_noted_as_they_come(
    server: Server,
    new_context: Callable[..., BrowserContext],
    user: Callable[..., int],
    language: Language,
) -> None:
    t, (first, second) = Translator(language), NAMES[language]
    host = user(Role.ORGANISER, Role.FACILITATOR)
    initiative, room, token = evening(server, host, language)
    page = new_context(*TABLET).new_page()
    signed_in(page, server, host, language=language)
    visit(page, server, f"/door?initiative={initiative}&convening={room}")
    answer, people = page.locator(".st-key-door_answer"), page.locator(".st-key-door_people button")
    expect(answer).to_contain_text(t("door.are_here", count=0, expected=2))
    expect(page.locator(".st-key-door_questions")).to_be_visible()
    expect(people).to_have_count(2)
    targets = page.locator(".st-key-door_desk :is(button, [data-testid=stTextInputRootElement])")
    assert min(box["height"] for each in targets.all() if (box := each.bounding_box())) >= THUMB

    people.filter(has_text=first).click()
    expect(answer).to_contain_text(t("door.are_here", count=1, expected=2))
    assert attended(server, room) == [first]
    page.locator(".st-key-door_undo button").click()
    expect(answer).to_contain_text(t("door.are_here", count=0, expected=2))
    assert attended(server, room) == []

    page.locator(".st-key-door_search input").fill(second.split()[1])
    expect(people).to_have_count(1)
    people.filter(has_text=second).click()
    expect(answer).to_contain_text(t("door.are_here", count=1, expected=2))
    settled(page)

    page.goto(f"{server.url}/check-in/{token}")
    expect(page.locator("h1")).to_have_text(second)
    page.get_by_role("button", name=t("check_in.take_back")).click()
    here = page.get_by_role("button", name=t("check_in.is_here"))
    box = here.bounding_box()
    assert box is not None
    assert box["height"] >= THUMB
    here.click()
    expect(page.locator(".said")).to_be_visible()
    assert attended(server, room) == [second]
