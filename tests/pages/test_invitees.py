"""Invitees and balance on one screen: choosing, moving, the waitlist, and what each role can do."""

import re
from datetime import timedelta

import pytest
import streamlit as st
from sqlmodel import col, select
from streamlit.testing.v1 import AppTest

from convening.vocabulary import (
    Basis,
    ConveningState,
    Group,
    InvitationStatus,
    Language,
    Part,
    Support,
)
from db.tables import work
from tests import builders, mail
from tests.builders import People
from tests.pages.site import Site

S = InvitationStatus
STEWARD, GATEWAY, INFLUENCER = Group
BEFORE = builders.START - timedelta(days=7)


@pytest.fixture
def people(site: Site, monkeypatch: pytest.MonkeyPatch) -> People:
    """Alice's initiative with three stewards, three gateways and three influencers on its map."""
    monkeypatch.setattr(st, "page_link", lambda _page, *, label, **_rest: st.markdown(label))
    site.at(BEFORE)
    with site.writing() as session:
        found = builders.people(session)
        for number in range(9):
            group = list(Group)[number % 3]
            builders.person(session, found.initiative_id, f"{group.value} {number}", group)
        builders.stage(session, found.initiative_id)
    site.sign_in(found.alice)
    return found


def convene(site: Site, **facts: object) -> int:
    with site.writing() as session:
        stage = session.exec(select(work.Stage.id)).one()
        return builders.convening(session, stage or 0, "Design workshop", **facts)  # type: ignore[arg-type]


def invited(site: Site, room: int, *people: tuple[str, InvitationStatus]) -> None:
    """Adds people by their number on the map."""
    with site.writing() as session:
        for name, status in people:
            builders.invitation(session, room, int(name.split()[1]) + 1, status)


def opened(site: Site, people: People, room: int) -> AppTest:
    return site.run("invitees", chosen_initiative=people.initiative_id, chosen_convening=room)


def everything(test: AppTest) -> str:
    """All texts of the screen, without the escapes of Markdown."""
    shown = [*test.text, *test.markdown, *test.caption, *test.header, *test.info, *test.error]
    return re.sub(r"\\(.)", r"\1", "\n".join(str(each.value) for each in shown))


def statuses(site: Site) -> list[tuple[int | None, str, str]]:
    with site.reading() as session:
        rows = session.exec(select(work.Invitation).order_by(col(work.Invitation.id))).all()
        return [(row.stakeholder_id, row.status, row.part) for row in rows]


def tick(monkeypatch: pytest.MonkeyPatch, *rows: int) -> None:
    """Ticks these rows of every table; AppTest has no way of its own to do so."""
    monkeypatch.setattr(st, "dataframe", lambda *_, **__: {"selection": {"rows": list(rows)}})


def press(test: AppTest, *keys: str) -> AppTest:
    """Presses buttons in one run: one inside a dialog with the one that holds it open."""
    for key in keys:
        test.button(key=key).click()
    test.run()
    assert not test.exception, test.exception
    return test


def test_an_empty_room_offers_the_map_and_names_the_reference(site: Site, people: People) -> None:
    test = opened(site, people, convene(site, capacity=20))
    shown = everything(test)
    assert "0 of 20 places taken." in shown
    assert "Nobody is chosen yet." in shown
    assert "the map's own shares are the reference" in shown
    assert "9 people of the map have no invitation." in shown
    assert test.button(key="invitees_add").label == "Add these 9"
    assert "would go on the waitlist" not in shown
    assert "Closes a gap: stewards. Was never invited before." in shown


def test_a_room_in_which_nobody_is_placed_is_not_said_to_be_in_its_range(
    site: Site, people: People
) -> None:
    with site.writing() as session:
        room = builders.convening(session, session.exec(select(work.Stage.id)).one() or 0)
        unplaced = builders.person(session, people.initiative_id, "Somebody")
        builders.invitation(session, room, unplaced, S.ACCEPTED)
        for number in range(9):
            builders.invitation(session, room, number + 1, S.DECLINED)
    shown = everything(opened(site, people, room))
    assert "Nobody in this room is placed in a group yet, so gaps cannot be seen." in shown
    assert "Every group is within its range." not in shown


def test_a_balanced_room_is_said_to_be_so(site: Site, people: People) -> None:
    room = convene(site)
    three = ("steward 0", "gateway 1", "influencer 2")
    invited(site, room, *((each, S.ACCEPTED) for each in three))
    assert "Every group is within its range." in everything(opened(site, people, room))


def test_who_is_chosen_is_in_the_room_only_once_they_came(site: Site, people: People) -> None:
    room = convene(site)
    invited(site, room, ("gateway 1", S.ATTENDED))
    test = opened(site, people, room)
    assert "Who is chosen" in everything(test)
    assert "the bar counts half in each." in everything(test)
    test.segmented_control(key=f"invitees_basis_{room}").set_value(Basis.ATTENDED).run()
    assert "Who is in the room" in everything(test)


def test_everybody_on_the_page_is_added_at_once_with_the_part_in_hand(
    site: Site, people: People
) -> None:
    test = opened(site, people, convene(site))
    test.selectbox(key="invitees_part").set_value(Part.CO_DESIGN).run()
    test = press(test, "invitees_add")
    assert {(status, part) for _, status, part in statuses(site)} == {("proposed", "co_design")}
    shown = everything(test)
    assert "9 people added." in shown
    assert "Of 9 people: stewards 3, gateways 3 and influencers 3." in shown
    assert "Everybody on the map has an invitation." in shown


def test_the_picker_is_searched_before_adding(site: Site, people: People) -> None:
    test = opened(site, people, convene(site))
    test.text_input(key="invitees_search").set_value("gateway 4").run()
    assert test.button(key="invitees_add").label == "Add this person"
    press(test, "invitees_add")
    assert [who for who, _, _ in statuses(site)] == [5]


def test_a_full_room_says_who_went_on_the_waitlist(site: Site, people: People) -> None:
    test = opened(site, people, convene(site, capacity=7))
    assert "7 places are free. 2 people would go on the waitlist." in everything(test)
    test = press(test, "invitees_add")
    shown = everything(test)
    assert "7 people added. The room is full: 2 people went on the waitlist." in shown
    assert "7 of 7 places taken. Whoever is added now goes on the waitlist." in shown


def test_who_closes_the_gap_is_added_by_one_tap(site: Site, people: People) -> None:
    room = convene(site)
    invited(site, room, ("gateway 1", S.ACCEPTED), ("influencer 2", S.ACCEPTED))
    test = opened(site, people, room)
    shown = everything(test)
    assert "There are fewer stewards here than their share of the map." in shown
    assert "Closes a gap: stewards, 0 of 2 so far. Was never invited before." in shown
    test = press(test, "add_1")
    assert statuses(site)[-1] == (1, "proposed", "taking_part")
    assert "Of 3 people: stewards 1, gateways 1 and influencers 1." in everything(test)


def test_a_free_place_is_offered_to_whoever_helps_the_balance_most(
    site: Site, people: People
) -> None:
    room = convene(site, capacity=3)
    invited(
        site,
        room,
        ("gateway 1", S.ACCEPTED),
        ("influencer 2", S.INVITED),
        ("gateway 4", S.WAITLISTED),
        ("steward 3", S.WAITLISTED),
    )
    test = opened(site, people, room)
    assert "A place is free. Who waits and helps the balance most?" in everything(test)
    test = press(test, "take_4")
    assert statuses(site)[-1] == (4, "invited", "taking_part")
    assert "steward 3 has come off the waitlist and is invited." in everything(test)
    assert "A place is free" not in everything(test)


def test_the_basis_changes_who_counts(site: Site, people: People) -> None:
    room = convene(site)
    invited(site, room, ("gateway 1", S.ACCEPTED), ("influencer 2", S.INVITED))
    test = opened(site, people, room)
    assert "Of 2 people" in everything(test)
    test.segmented_control(key=f"invitees_basis_{room}").set_value(Basis.ACCEPTED).run()
    assert "Of 1 person: stewards 0, gateways 1 and influencers 0." in everything(test)


def test_everybody_in_the_list_moves_together_after_a_question(site: Site, people: People) -> None:
    room = convene(site)
    invited(site, room, ("gateway 1", S.PROPOSED), ("influencer 2", S.PROPOSED))
    test = press(opened(site, people, room), "move_invited")
    assert "Invite 2 people?" in everything(test)
    assert {status for _, status, _ in statuses(site)} == {"proposed"}
    press(test, "move_invited", "confirm_yes")
    assert {status for _, status, _ in statuses(site)} == {"invited"}


def test_an_invitation_that_leaves_by_mail_is_asked_for_even_for_one_who_is_ticked(
    site: Site, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    room = convene(site)
    invited(site, room, ("gateway 1", S.PROPOSED))
    tick(monkeypatch, 0)
    mail.name_server(monkeypatch)
    test = press(opened(site, people, room), "move_invited")
    assert "Invite 1 person? An e-mail leaves at once" in everything(test)
    assert statuses(site) == [(2, "proposed", "taking_part")]
    press(test, "move_invited", "confirm_yes")
    assert statuses(site) == [(2, "invited", "taking_part")]


def test_one_person_moves_at_once_and_only_where_the_table_allows(
    site: Site, people: People
) -> None:
    room = convene(site)
    invited(site, room, ("gateway 1", S.INVITED), ("influencer 2", S.PROPOSED))
    test = opened(site, people, room)
    test.text_input(key="invitees_list_search").set_value("gateway").run()
    assert [each.key for each in test.button if str(each.key).startswith("move_")] == [
        "move_waitlisted",
        "move_accepted",
        "move_declined",
    ]
    assert "To withdraw an invitation, tick its row." in everything(test)
    test = press(test, "move_accepted")
    assert statuses(site) == [(2, "accepted", "taking_part"), (3, "proposed", "taking_part")]
    assert "1 invitation: Accepted." in everything(test)


def test_an_invitation_is_withdrawn_when_ticked_and_after_a_question(
    site: Site, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    room = convene(site)
    invited(site, room, ("gateway 1", S.INVITED), ("influencer 2", S.INVITED))
    assert "move_withdrawn" not in {each.key for each in opened(site, people, room).button}
    tick(monkeypatch, 0)
    test = press(opened(site, people, room), "move_withdrawn")
    assert statuses(site)[0][1] == "invited"
    press(test, "move_withdrawn", "confirm_yes")
    assert [status for _, status, _ in statuses(site)] == ["withdrawn", "invited"]


def test_parts_are_changed_in_the_list(site: Site, people: People) -> None:
    room = convene(site)
    invited(site, room, ("gateway 1", S.INVITED), ("gateway 4", S.INVITED))
    test = opened(site, people, room)
    test.selectbox(key="invitees_new_part").set_value(Part.PANEL).run()
    test = press(test, "save_part")
    assert {part for _, _, part in statuses(site)} == {"panel"}
    assert "All 2 gateways are to speak, sit on a panel or observe." in everything(test)
    assert "In working parts: gateways 0 of 2." in everything(test)


def test_barriers_and_support_are_kept_for_one_person(site: Site, people: People) -> None:
    room = convene(site)
    invited(site, room, ("gateway 1", S.INVITED))
    test = press(opened(site, people, room), "edit_support")
    test.text_area(key="support_barriers").set_value("No bus after eight")
    test.button_group(key="support_offered").set_value([Support.TRAVEL])
    next(each for each in test.button if each.label == "Save" and each.form_id).click()
    press(test, "edit_support")
    with site.reading() as session:
        row = session.exec(select(work.Invitation)).one()
    assert (row.barriers, row.support) == ("No bus after eight", ["travel"])


def test_attendance_is_noted_on_the_day_by_the_facilitator(site: Site, people: People) -> None:
    room = convene(site)
    invited(site, room, ("gateway 1", S.ACCEPTED))
    site.sign_in(people.bob)
    test = opened(site, people, room)
    assert [each.key for each in test.button if str(each.key).startswith(("move_", "add_"))] == []
    site.at(builders.START)
    test = opened(site, people, room)
    assert [each.key for each in test.button if str(each.key).startswith("move_")] == [
        "move_attended",
        "move_absent",
    ]
    assert "edit_support" not in {each.key for each in test.button}
    press(test, "move_attended")
    assert statuses(site) == [(2, "attended", "taking_part")]


def test_whoever_came_uninvited_is_added_to_a_held_convening(site: Site, people: People) -> None:
    room = convene(site, state=ConveningState.HELD, capacity=1)
    invited(site, room, ("gateway 1", S.ATTENDED))
    test = opened(site, people, room)
    assert "Who was missing?" in everything(test)
    assert "add_1" not in {each.key for each in test.button}
    test = press(test, "invitees_primary")
    test.text_input(key="invitees_search").set_value("steward 0").run()
    press(test, "invitees_add")
    assert statuses(site)[-1] == (1, "attended", "taking_part")


def test_a_problem_stands_in_the_way_and_nothing_is_written(site: Site, people: People) -> None:
    room = convene(site, capacity=1)
    invited(site, room, ("gateway 1", S.ACCEPTED), ("influencer 2", S.DECLINED))
    test = opened(site, people, room)
    test.text_input(key="invitees_list_search").set_value("influencer").run()
    test = press(test, "move_accepted")
    assert "Free places: 0 of 1." in everything(test)
    assert statuses(site)[1][1] == "declined"


def test_the_nominated_stand_under_the_balance(site: Site, people: People) -> None:
    with site.writing() as session:
        builders.nomination(session, people.initiative_id, "Layla *Haddad*", STEWARD)
    shown = everything(opened(site, people, convene(site)))
    assert "1 person was nominated and is not on the map yet" in shown
    assert "Layla *Haddad* · steward" in shown


def test_another_team_learns_nothing(site: Site, people: People) -> None:
    room = convene(site)
    invited(site, room, ("gateway 1", S.INVITED))
    site.sign_in(people.charlie)
    shown = everything(opened(site, people, room))
    assert "There is no such initiative here." in shown
    assert "gateway 1" not in shown
    site.sign_in(people.dana)
    test = opened(site, people, room)
    assert "gateway 1" not in everything(test)
    assert not [*test.table, *test.dataframe]


def test_the_screen_speaks_arabic(site: Site, people: People) -> None:
    room = convene(site, capacity=20)
    invited(site, room, ("gateway 1", S.ACCEPTED), ("influencer 2", S.WAITLISTED))
    site.speak(Language.ARABIC)
    shown = everything(opened(site, people, room))
    assert "المحجوز 1 من 20 مكانًا." in shown
    assert "من الغائب؟" in shown
