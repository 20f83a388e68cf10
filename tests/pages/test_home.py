"""Home: what needs each role, and what to do first."""

import re
from datetime import timedelta

import pytest
import streamlit as st

from convening.vocabulary import ConveningState, Group, InvitationStatus, Language, Role
from db.queries import accounts, home
from tests import builders
from tests.builders import People
from tests.pages.site import Site

STEWARD, GATEWAY, INFLUENCER = Group
NOW = builders.START - timedelta(days=3)


@pytest.fixture
def links(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, dict[str, str]]]:
    """Where the screen's links lead, in their order."""
    found: list[tuple[str, dict[str, str]]] = []

    def link(page: str, *, label: str, query_params: dict[str, str], **_rest: object) -> None:
        found.append((page, query_params))
        st.markdown(label)

    monkeypatch.setattr(st, "page_link", link)
    return found


@pytest.fixture
def people(site: Site, links: list[object], monkeypatch: pytest.MonkeyPatch) -> People:
    assert links == []
    monkeypatch.setattr(home, "now", lambda: NOW)
    site.at(NOW)
    with site.writing() as session:
        found = builders.people(session)
    site.sign_in(found.alice)
    return found


def shown(site: Site) -> str:
    test = site.run("home")
    texts = [*test.text, *test.markdown, *test.caption, *test.header]
    return re.sub(r"\\(.)", r"\1", "\n".join(str(each.value) for each in texts))


def test_the_next_convening_stands_first_with_its_gap_and_the_way_to_close_it(
    site: Site, people: People, links: list[tuple[str, dict[str, str]]]
) -> None:
    with site.writing() as session:
        stage = builders.stage(session, people.initiative_id, targets={STEWARD: (0.4, 0.6)})
        room = builders.convening(session, stage, "Pilot *test*")
        amal = builders.person(session, people.initiative_id, "Amal", GATEWAY)
        builders.invitation(session, room, amal, InvitationStatus.INVITED)
    said = shown(site)
    assert "Next: Pilot *test*, in 3 days." in said
    assert "Of 1 person: stewards 0, gateways 1 and influencers 0." in said
    assert "There are fewer stewards here than this stage asks for." in said
    assert "1 invitation waits for an answer." in said
    own = {"initiative": str(people.initiative_id), "convening": str(room)}
    assert links == [("invitees.py", own)]


def test_a_convening_whose_time_has_passed_asks_whether_it_was_held(
    site: Site, people: People, links: list[tuple[str, dict[str, str]]]
) -> None:
    with site.writing() as session:
        stage = builders.stage(session, people.initiative_id)
        builders.convening(session, stage, starts_at=NOW - timedelta(days=2))
        builders.person(session, people.initiative_id, "Amal", GATEWAY)
    said = shown(site)
    assert "No convening is planned." in said
    assert "Was it held?" in said
    assert links[0][0] == "convenings.py"


def test_drafts_unplaced_people_and_nominations_wait_with_links(
    site: Site, people: People, links: list[tuple[str, dict[str, str]]]
) -> None:
    with site.writing() as session:
        stage = builders.stage(session, people.initiative_id)
        builders.convening(session, stage, "Sketch", state=ConveningState.DRAFT, starts_at=None)
        builders.person(session, people.initiative_id, "Amal")
        builders.nomination(session, people.initiative_id, "Chadi")
    said = shown(site)
    assert "A draft that lacks its purpose or its date" in said
    assert "Sketch · Renewal" in said
    assert "1 person is in no group yet" in said
    assert "1 nomination is open" in said
    assert [page for page, _ in links] == ["convenings.py", "community.py", "community.py"]


def test_an_initiative_without_stage_people_or_convening_names_the_next_step(
    site: Site, people: People
) -> None:
    assert "Add its first stage" in shown(site)
    with site.writing() as session:
        builders.stage(session, people.initiative_id)
    assert "Bring in the people of its community" in shown(site)
    with site.writing() as session:
        builders.person(session, people.initiative_id, "Amal", GATEWAY)
    assert "Plan its first convening" in shown(site)


def test_a_facilitator_is_not_asked_to_do_what_organisers_do(site: Site, people: People) -> None:
    site.sign_in(people.bob)
    assert "Add its first stage" not in shown(site)


def test_an_organiser_without_initiatives_is_told_how_to_start(site: Site, people: People) -> None:
    with site.writing() as session:
        newcomer = accounts.actor(session, builders.user(session, "Eve", Role.ORGANISER))
    site.sign_in(newcomer)
    said = shown(site)
    assert "Three steps to a balanced room" in said
    assert "Create an initiative" in said
    assert "Renewal" not in said
    assert people.alice.user_id != newcomer.user_id


def test_leadership_is_led_to_every_balance(
    site: Site, people: People, links: list[tuple[str, dict[str, str]]]
) -> None:
    with site.writing() as session:
        stage = builders.stage(session, people.initiative_id)
        builders.convening(session, stage, "Behind closed doors")
    site.sign_in(people.dana)
    said = shown(site)
    assert "How open the initiatives are" in said
    assert "Behind closed doors" not in said
    assert links == [
        ("balance.py", {"initiative": str(people.foreign_id)}),
        ("balance.py", {"initiative": str(people.initiative_id)}),
    ]


def test_an_administrator_alone_is_asked_to_invite(
    site: Site, links: list[tuple[str, dict[str, str]]]
) -> None:
    with site.writing() as session:
        admin = accounts.actor(session, builders.user(session, "Eve", Role.ADMINISTRATOR))
    site.sign_in(admin)
    assert "Nobody else can sign in yet" in shown(site)
    assert links == [("people_and_access.py", {})]
    with site.writing() as session:
        builders.user(session, "Gail", Role.MEMBER)
    assert "2 users" in shown(site)


@pytest.mark.parametrize(
    ("role", "said"),
    [
        (Role.FACILITATOR, "An organiser who manages an initiative can add you to its team."),
        (Role.LEADERSHIP, "There is no initiative yet. Organisers create them."),
        (Role.MEMBER, "Your own account is what you find here today."),
    ],
)
def test_whoever_has_nothing_in_hand_is_told_what_the_role_is_for(
    site: Site, links: list[tuple[str, dict[str, str]]], role: Role, said: str
) -> None:
    with site.writing() as session:
        newcomer = accounts.actor(session, builders.user(session, "Eve", role))
    site.sign_in(newcomer)
    assert said in shown(site)
    assert links == [("account.py", {})]


def test_a_room_in_which_nobody_is_placed_is_not_called_balanced(
    site: Site, people: People
) -> None:
    with site.writing() as session:
        stage = builders.stage(session, people.initiative_id)
        room = builders.convening(session, stage)
        unplaced = builders.person(session, people.initiative_id, "Amal")
        builders.invitation(session, room, unplaced, InvitationStatus.ACCEPTED)
    said = shown(site)
    assert "Nobody in this room is placed in a group yet" in said
    assert "Every group is within its range." not in said


@pytest.mark.usefixtures("links")
def test_somebody_without_a_role_is_told_so(site: Site) -> None:
    with site.writing() as session:
        nobody = accounts.actor(session, builders.user(session, "Eve"))
    site.sign_in(nobody)
    assert "You have no role here yet." in shown(site)


def test_the_screen_speaks_arabic(site: Site, people: People) -> None:
    with site.writing() as session:
        builders.stage(session, people.initiative_id)
    site.speak(Language.ARABIC)
    assert "إضافة أشخاص مجتمعها" in shown(site)
