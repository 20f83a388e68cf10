"""The wall: what it asks for first, what it hands to the browser, and to whom."""

from typing import Any

import pytest
import streamlit as st
from sqlmodel import Session, select

from convening.vocabulary import Choice, EntryKind, Group, Language, StatementState
from db.tables.room import Room, RoomDeclaration, RoomEntry
from db.tables.understanding import Statement
from pages.components import wall_board
from tests import builders, rooms
from tests.builders import People
from tests.pages.site import Site
from tests.rooms import OpenRoom

STEWARD, GATEWAY, INFLUENCER = Group


@pytest.fixture
def people(site: Site, monkeypatch: pytest.MonkeyPatch) -> People:
    monkeypatch.setattr(st, "page_link", lambda _page, *, label, **_rest: st.markdown(label))
    with site.writing() as session:
        found = builders.people(session)
    site.sign_in(found.bob)
    return found


@pytest.fixture
def room(site: Site, people: People) -> OpenRoom:
    with site.writing() as session:
        return rooms.open_room(
            session,
            people.initiative_id,
            question="Who decides?",
            statements=("Rents", "Light"),
            declared={frozenset({STEWARD}): 8, frozenset(): 3},
        )


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """What the browser is handed, with what it follows."""
    found: list[dict[str, Any]] = []

    def show(wall: dict[str, Any], follow: dict[str, Any], *, key: str) -> None:
        found.append({**wall, "follow": follow, "key": key})

    monkeypatch.setattr(wall_board, "show", show)
    return found


def of(room: OpenRoom) -> dict[str, Any]:
    return {"chosen_initiative": room.initiative_id, "chosen_convening": room.convening_id}


def reveal(session: Session, statement_id: int) -> None:
    row = session.get_one(Statement, statement_id)
    row.state, row.revealed = StatementState.CLOSED.value, True


def test_before_the_room_is_prepared_it_says_what_to_do(
    site: Site, people: People, drawn: list[dict[str, Any]]
) -> None:
    with site.writing() as session:
        meeting = builders.convening(session, builders.stage(session, people.initiative_id))
    test = site.run("wall", chosen_initiative=people.initiative_id, chosen_convening=meeting)
    assert test.header[0].value == "This room is not prepared yet"
    assert drawn == []


def test_it_follows_the_room_and_hands_over_all_of_it(
    site: Site, room: OpenRoom, drawn: list[dict[str, Any]]
) -> None:
    site.run("wall", **of(room))
    found = drawn[-1]
    assert found["follow"]["path"] == f"/events/{room.convening_id}/wall?dark=0"
    assert found["key"] == f"live_{room.convening_id}"
    assert (found["dir"], found["question"], found["now"]) == ("ltr", "Who decides?", "")
    assert found["counts"] == ["11 people joined by phone"]
    assert [each["text"] for each in found["statements"]] == ["1. Rents", "2. Light"]
    assert {each["said"] for each in found["statements"]} == {"0 votes."}
    code = room.way_in.code
    assert found["join"]["code"] == f"{code[:4]}-{code[4:]}"
    assert "127.0.0.1:8501/join" in found["join"]["how"]


def test_a_result_is_handed_over_in_words_and_shares(
    site: Site, room: OpenRoom, drawn: list[dict[str, Any]]
) -> None:
    rents = room.statement_ids[0]
    with site.writing() as session:
        builders.votes(session, rents, Choice.DISAGREE, [f"s{n}" for n in range(6)], STEWARD)
        builders.votes(session, rents, Choice.PASS, ["s6", "s7"], STEWARD)
        builders.votes(session, rents, Choice.AGREE, [f"i{n}" for n in range(8)], INFLUENCER)
        reveal(session, rents)
    site.run("wall", **of(room))
    rows = drawn[-1]["statements"][-1]["split"]["rows"]
    assert [(each["name"], each["for"], each["against"]) for each in rows] == [
        ("Everyone", 0.5, 0.375),
        ("stewards", 0.0, 0.75),
        ("influencers", 1.0, 0.0),
    ]
    assert [each.get("shape") for each in rows] == [None, "circle", "triangle-up"]
    assert rows[1]["told"] == "0 agree, 6 disagree, 2 pass"
    assert drawn[-1]["statements"][-1]["said"] == (
        "16 votes. A group is shown by itself from 8 voters on."
    )


def test_hands_of_a_group_whose_votes_are_withheld_are_told_as_hands(
    site: Site, room: OpenRoom, drawn: list[dict[str, Any]]
) -> None:
    rents = room.statement_ids[0]
    with site.writing() as session:
        builders.votes(session, rents, Choice.DISAGREE, [f"s{n}" for n in range(8)], STEWARD)
        builders.votes(session, rents, Choice.DISAGREE, ["i0"], INFLUENCER)
        builders.votes(session, rents, Choice.DISAGREE, [f"n{n}" for n in range(5)])
        reveal(session, rents)
        session.add(
            RoomEntry(
                uuid="card",
                convening_id=room.convening_id,
                kind=EntryKind.CARDS.value,
                groups=[INFLUENCER.value],
                choice=Choice.AGREE.value,
                people=1,
                statement_id=rents,
            )
        )
    site.run("wall", **of(room))
    rows = drawn[-1]["statements"][-1]["split"]["rows"]
    assert [(each["name"], each["told"]) for each in rows] == [
        ("Everyone", "1 agree, 14 disagree, 0 pass"),
        ("stewards", "0 agree, 8 disagree, 0 pass"),
        ("influencers, raised hands and cards alone", "1 agree, 0 disagree, 0 pass"),
    ]


def test_when_too_few_voted_it_says_why_nothing_shows(
    site: Site, room: OpenRoom, drawn: list[dict[str, Any]]
) -> None:
    with site.writing() as session:
        builders.votes(session, room.statement_ids[0], Choice.AGREE, ["v1"], STEWARD)
        reveal(session, room.statement_ids[0])
    site.run("wall", **of(room))
    found = drawn[-1]["statements"][-1]
    assert found["said"] == "1 vote. Too few to show how, without telling who."
    assert found["split"]["rows"] == []


def test_a_closed_room_has_no_way_in(
    site: Site, room: OpenRoom, drawn: list[dict[str, Any]]
) -> None:
    with site.writing() as session:
        row = session.get_one(Room, room.room_id)
        row.state, row.code_salt = "closed", ""
    site.speak(Language.ARABIC)
    site.run("wall", **of(room))
    found = drawn[-1]
    assert (found["dir"], found["join"], found["now"]) == ("rtl", None, "القاعة مغلقة.")


def test_a_closed_room_does_not_tell_of_nobody_as_if_they_could_still_come(
    site: Site, room: OpenRoom, drawn: list[dict[str, Any]]
) -> None:
    with site.writing() as session:
        session.get_one(Room, room.room_id).state = "closed"
        for each in session.exec(select(RoomDeclaration)):
            session.delete(each)
    site.run("wall", **of(room))
    assert drawn[-1]["counts"] == ["Nobody joined by phone"]
    site.speak(Language.ARABIC)
    site.run("wall", **of(room))
    assert drawn[-1]["counts"] == ["لم يدخل أحد بالهاتف"]
    assert {each["said"] for each in drawn[-1]["statements"]} == {"لا أصوات."}


def test_nobody_off_the_team_is_shown_anything(
    site: Site, people: People, room: OpenRoom, drawn: list[dict[str, Any]]
) -> None:
    for each in (people.charlie, people.dana):
        site.sign_in(each)
        site.run("wall", **of(room))
    assert drawn == []


def test_the_qr_code_leaves_its_border_white() -> None:
    from pages.components.wall_data import qr

    found = qr("https://halqa.example.org/join/abc")
    assert found["size"] == 29 + 2 * 4
    assert found["path"].startswith("M4 4h1v1h-1z")
    assert "M3 " not in found["path"]
    assert "M33 " not in found["path"]
