"""Answers on the invitees screen: who has answered, what they need, the telephone, the reminder."""

from datetime import timedelta

import pytest
import streamlit as st
from sqlmodel import select
from streamlit.testing.v1 import AppTest

from convening.vocabulary import AnswerChannel, Group, InvitationStatus, Need
from db.base import now
from db.tables import community, work
from tests import builders
from tests.builders import People
from tests.pages.site import Site
from tests.pages.test_invitees import everything, opened, press, tick

S = InvitationStatus
ANSWERED = builders.START - timedelta(days=9)


@pytest.fixture
def people(site: Site, monkeypatch: pytest.MonkeyPatch) -> People:
    """Alice's initiative with Umm Laith, who is a steward, on its map."""
    monkeypatch.setattr(st, "page_link", lambda _page, *, label, **_rest: st.markdown(label))
    site.at(builders.START - timedelta(days=7))
    with site.writing() as session:
        found = builders.people(session)
        builders.person(session, found.initiative_id, "Umm Laith", Group.STEWARD)
    site.sign_in(found.alice)
    return found


@pytest.fixture
def room(site: Site, people: People) -> int:
    with site.writing() as session:
        stage = builders.stage(session, people.initiative_id)
        return builders.convening(session, stage, "Workshop", capacity=5)


def invited(site: Site, people: People, room: int, *statuses: S) -> list[int]:
    """Umm Laith, and further people for the further statuses."""
    with site.writing() as session:
        ids = [
            1 if n == 0 else builders.person(session, people.initiative_id, f"Person {n}")
            for n in range(len(statuses))
        ]
        return [
            builders.invitation(session, room, who, status)
            for who, status in zip(ids, statuses, strict=True)
        ]


def save(test: AppTest) -> None:
    """Presses the button of the dialog of an answer, which a press on its opener shows."""
    found = next(each for each in test.button if each.label == "Save" and "answer" in str(each.key))
    test.button(key="record_answer").click()
    found.click().run()


def answered(site: Site, invitation: int, **values: object) -> None:
    with site.writing() as session:
        row = session.get_one(work.Invitation, invitation)
        row.answered_at, row.answered_by = ANSWERED, "link"
        for name, value in values.items():
            setattr(row, name, value)


def test_it_says_how_many_have_answered_and_who_would_still_come(
    site: Site, people: People, room: int
) -> None:
    ids = invited(site, people, room, S.ACCEPTED, S.INVITED, S.PROPOSED, S.WAITLISTED)
    answered(site, ids[0])
    answered(site, ids[3], wants_place=True)
    shown = everything(opened(site, people, room))
    assert "2 of 3 people asked have answered." in shown
    assert "One person would come if a place were free." in shown


def test_before_anybody_is_asked_nothing_is_said_of_answers(
    site: Site, people: People, room: int
) -> None:
    invited(site, people, room, S.PROPOSED)
    test = opened(site, people, room)
    assert "answered" not in everything(test)
    assert "remind" not in [each.key for each in test.button]


def test_the_row_and_the_detail_tell_the_answer(site: Site, people: People, room: int) -> None:
    (invitation,) = invited(site, people, room, S.DECLINED)
    answered(
        site,
        invitation,
        needs=["childcare", "diet"],
        needs_note="no nuts",
        declined_because="No bus",
    )
    test = opened(site, people, room)
    line = "By the personal link, Sat 21 Feb 2026 · Reason: No bus"
    table = test.dataframe[0].value
    assert (table["Answer"][0], table["Needs"][0]) == (
        line,
        "Childcare and Special diet · no nuts",
    )
    shown = everything(test)
    assert line in shown
    assert "Needs: Childcare and Special diet · no nuts" in shown


def test_an_answer_by_telephone_is_recorded(
    site: Site, people: People, room: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    (invitation,) = invited(site, people, room, S.INVITED)
    tick(monkeypatch, 0)
    test = press(opened(site, people, room), "record_answer")
    test.segmented_control(key="answer_accept").set_value(True)
    test.pills(key="answer_needs").set_value([Need.CHILDCARE])
    test.text_input(key="answer_needs_note").set_value("two children")
    test.checkbox(key="answer_groups_asked").set_value(True)
    test.pills(key="answer_groups").set_value([Group.GATEWAY])
    save(test)
    assert not test.exception
    with site.reading() as session:
        row = session.get_one(work.Invitation, invitation)
        assert (row.status, row.answered_by, row.needs, row.needs_note) == (
            "accepted",
            AnswerChannel.TELEPHONE,
            ["childcare"],
            "two children",
        )
        groups = session.exec(select(community.GroupMembership.group)).all()
        assert groups == ["gateway"]
    assert "Umm Laith: Accepted." in everything(test)


def test_groups_that_were_chosen_count_without_the_box(
    site: Site, people: People, room: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    invited(site, people, room, S.INVITED)
    tick(monkeypatch, 0)
    test = press(opened(site, people, room), "record_answer")
    test.segmented_control(key="answer_accept").set_value(True)
    test.pills(key="answer_groups").set_value([Group.GATEWAY])
    save(test)
    with site.reading() as session:
        assert session.exec(select(community.GroupMembership.group)).all() == ["gateway"]


def test_without_a_yes_or_no_nothing_is_recorded(
    site: Site, people: People, room: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    (invitation,) = invited(site, people, room, S.INVITED)
    tick(monkeypatch, 0)
    test = press(opened(site, people, room), "record_answer")
    save(test)
    assert "Please choose one of the two answers." in everything(test)
    with site.reading() as session:
        assert session.get_one(work.Invitation, invitation).answered_at is None


def test_those_who_are_silent_are_reminded_once(site: Site, people: People, room: int) -> None:
    invitations = invited(site, people, room, S.INVITED, S.ACCEPTED, S.INVITED)
    with site.writing() as session:
        meeting = session.get_one(work.Convening, room)
        soon = now() + timedelta(days=5)
        meeting.starts_at, meeting.starts_local = soon, soon.replace(tzinfo=None)
        meeting.ends_at, meeting.ends_local = None, None
    test = opened(site, people, room)
    assert test.button(key="remind").label == "Send 2 reminders"
    press(test, "remind")
    test = press(test, "remind", "confirm_yes")
    with site.reading() as session:
        reminded = [
            session.get_one(work.Invitation, each).reminded_at is not None for each in invitations
        ]
    assert reminded == [True, False, True]
    assert "remind" not in [each.key for each in opened(site, people, room).button]


def test_a_facilitator_reads_the_answers_and_records_none(
    site: Site, people: People, room: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    invited(site, people, room, S.INVITED)
    site.sign_in(people.bob)
    tick(monkeypatch, 0)
    test = opened(site, people, room)
    assert "0 of 1 person asked has answered." in everything(test)
    assert {"remind", "record_answer"} & {each.key for each in test.button} == set()
