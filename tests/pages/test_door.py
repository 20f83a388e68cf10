"""The day on the screen: who is missing, the briefing, talks, check-in, and what can be changed."""

import re
from datetime import datetime, timedelta

import pytest
import streamlit as st
from sqlmodel import col, select
from streamlit.testing.v1 import AppTest

from convening.vocabulary import (
    BlockFormat,
    ConveningState,
    Group,
    InvitationStatus,
    Language,
    Need,
)
from db.tables import community, work
from db.tables.journal import Change
from tests import builders
from tests.builders import People
from tests.pages.site import Site

S = InvitationStatus
STEWARD, GATEWAY, INFLUENCER = Group
EVENING = builders.START - timedelta(hours=14)
AT_THE_DOOR = builders.START - timedelta(minutes=10)


@pytest.fixture
def people(site: Site, monkeypatch: pytest.MonkeyPatch) -> People:
    monkeypatch.setattr(st, "page_link", lambda _page, *, label, **_rest: st.markdown(label))
    with site.writing() as session:
        found = builders.people(session)
    site.sign_in(found.alice)
    return found


@pytest.fixture
def room(site: Site, people: People) -> int:
    """A workshop: two stewards, one gateway and an influencer with an invitation, one without."""
    with site.writing() as session:
        stage = builders.stage(
            session,
            people.initiative_id,
            targets={STEWARD: (0.3, 0.6), GATEWAY: (0.2, 0.5), INFLUENCER: (0.1, 0.4)},
        )
        room = builders.convening(session, stage, "Design workshop", purpose="Sketch the square")
        for name, group, status in (
            ("Noor", STEWARD, S.ACCEPTED),
            ("Rana", STEWARD, S.INVITED),
            ("Omar", GATEWAY, S.ACCEPTED),
            ("Mayor", INFLUENCER, S.DECLINED),
        ):
            person = builders.person(session, people.initiative_id, name, group)
            builders.invitation(session, room, person, status)
        builders.person(session, people.initiative_id, "Walker", STEWARD)
        session.add(
            work.AgendaBlock(
                convening_id=room,
                position=0,
                minutes=15,
                title="Arriving",
                format=BlockFormat.WELCOME.value,
            )
        )
        session.add(work.AgendaBlock(convening_id=room, position=1, minutes=60, title="Circle"))
    return room


def opened(site: Site, people: People, room: int, at: datetime = EVENING, **url: str) -> AppTest:
    site.at(at)
    return site.run("door", url=url, chosen_initiative=people.initiative_id, chosen_convening=room)


def press(test: AppTest, key: str) -> AppTest:
    test.button(key=key).click().run()
    assert not test.exception, test.exception
    return test


def send(test: AppTest, opener: str) -> AppTest:
    """Submits the form of a dialog: the run has to open the dialog again first."""
    next(each for each in test.button if each.form_id).click()
    return press(test, opener)


def everything(test: AppTest) -> str:
    """All that is said on the screen, as it is read."""
    said = [*test.markdown, *test.text, *test.caption, *test.header, *test.info, *test.subheader]
    text = "\n".join(str(each.value) for each in said)
    text = re.sub(r"&#(\d+);", lambda match: chr(int(match[1])), text)
    return re.sub(
        "[\\\\\N{FIRST STRONG ISOLATE}\N{POP DIRECTIONAL ISOLATE}\N{WORD JOINER}]", "", text
    )


def statuses(site: Site) -> dict[str, str]:
    with site.reading() as session:
        rows = session.exec(
            select(community.Stakeholder.name, work.Invitation.status).join(
                community.Stakeholder,
                col(community.Stakeholder.id) == work.Invitation.stakeholder_id,
            )
        )
        return dict(rows.all())


def test_the_night_before_it_says_who_comes_and_asks_after_the_group_that_does_not(
    site: Site, people: People, room: int
) -> None:
    said = everything(opened(site, people, room))
    assert "2 have said yes, 1 has not answered, 1 has declined." in said
    assert "1 steward has said yes, 1 has not answered" in said
    assert "0 influencers have said yes" in said
    assert "None of the influencers has said yes; 0 have not answered." in said


def test_the_briefing_names_first_timers_and_who_needs_what(
    site: Site, people: People, room: int
) -> None:
    with site.writing() as session:
        row = session.exec(select(work.Invitation)).first()
        assert row is not None
        row.needs, row.needs_note = [Need.CHILDCARE.value], "two boys"
        session.get_one(work.Convening, room).tensions = "The rents were raised in May"
    said = everything(opened(site, people, room))
    assert "Nobody who comes was in a room of this initiative before." in said
    assert "Noor: Asks for: Childcare · two boys" in said
    assert "Childcare: Noor asks for it, and it is not offered yet. Who arranges it?" in said
    assert "The rents were raised in May" in said


def test_a_talk_is_planned_ticked_off_and_removed(site: Site, people: People, room: int) -> None:
    test = opened(site, people, room)
    assert "No talk is planned yet." in everything(test)
    first = next(each.key for each in test.button if str(each.key).startswith("visit_plan_"))
    test = press(test, str(first))
    assert test.text_input[0].value == "Alice"
    test.text_area[0].set_value("Ask about the rent")
    send(test, str(first))
    with site.reading() as session:
        (visit,) = session.exec(select(work.PreparationVisit)).all()
    assert (visit.visitor, visit.note, visit.done_at) == ("Alice", "Ask about the rent", None)
    test = opened(site, people, room)
    assert "Talks held: 0 of 1." in everything(test)
    test = press(test, f"visit_tick_{visit.id}")
    test.text_area(key="visit_came_of_it").set_value("She fears for the flat")
    send(test, f"visit_tick_{visit.id}")
    test = opened(site, people, room)
    assert "Talks held: 1 of 1." in everything(test)
    assert "She fears for the flat" in everything(test)


def test_a_facilitator_ticks_off_and_does_not_plan(site: Site, people: People, room: int) -> None:
    with site.writing() as session:
        session.add(work.PreparationVisit(invitation_id=1, visitor="Alice"))
    site.sign_in(people.bob)
    test = opened(site, people, room)
    keys = {str(each.key) for each in test.button}
    assert "visit_tick_1" in keys
    assert "visit_other" not in keys
    assert not any(key.startswith("visit_plan_") for key in keys)
    assert "door_purpose" not in keys
    assert "door_retime" in keys


def test_a_tap_notes_who_is_here_and_undo_takes_it_back(
    site: Site, people: People, room: int
) -> None:
    site.sign_in(people.bob)
    test = opened(site, people, room, AT_THE_DOOR)
    assert "0 of 2 expected are here." in everything(test)
    assert [str(each.key) for each in test.button if str(each.key).startswith("guest_")] == [
        "guest_1",
        "guest_3",
        "guest_2",
    ]
    test = press(test, "guest_1")
    assert statuses(site)["Noor"] == "attended"
    said = everything(test)
    assert "✓ **Noor is here.**" in said
    assert "1 steward of 1 expected is here" in said
    assert "Not here yet" not in said  # the list of large names says it
    briefing = everything(opened(site, people, room, AT_THE_DOOR, view="before"))
    assert "Not here yet: Omar." in briefing
    test = press(test, "door_undo")
    assert statuses(site)["Noor"] == "accepted"
    with site.reading() as session:
        commands = session.exec(select(Change.command).order_by(col(Change.id))).all()
    assert list(commands) == ["check_in", "take_back_check_in"]


def test_before_the_start_it_asks_after_a_group_that_is_not_here(
    site: Site, people: People, room: int
) -> None:
    said = everything(opened(site, people, room, AT_THE_DOOR))
    assert "The one expected of the stewards is not here yet." in said
    later = builders.START + timedelta(minutes=31)
    assert "not here yet. Should" not in everything(opened(site, people, room, later))


def test_a_search_finds_everybody_and_those_here_cannot_be_tapped_twice(
    site: Site, people: People, room: int
) -> None:
    test = press(opened(site, people, room, AT_THE_DOOR), "guest_1")
    test.text_input(key="door_search").set_value("o").run()
    found = {str(each.key): each.disabled for each in test.button if "guest_" in str(each.key)}
    assert found == {"guest_1": True, "guest_3": False, "guest_4": False}


def test_absence_is_offered_after_the_start_alone(site: Site, people: People, room: int) -> None:
    test = opened(site, people, room, AT_THE_DOOR)
    assert "door_absent" not in {each.key for each in test.button}
    test = opened(site, people, room, builders.START + timedelta(minutes=40))
    test = press(test, "door_absent")
    test.button(key="confirm_yes").click()
    press(test, "door_absent")
    assert statuses(site) == {
        "Noor": "absent",
        "Rana": "invited",
        "Omar": "absent",
        "Mayor": "declined",
    }


def test_whoever_came_uninvited_is_noted_from_the_map(
    site: Site, people: People, room: int
) -> None:
    test = press(opened(site, people, room, AT_THE_DOOR), "door_walk_in")
    assert [str(each) for each in test.selectbox(key="walk_in").options] == ["Walker"]
    test.selectbox(key="walk_in").set_value(5)
    test.button(key="walk_in_yes").click()
    press(test, "door_walk_in")
    assert statuses(site)["Walker"] == "attended"


def test_somebody_new_is_put_on_the_map_at_the_door_by_an_organiser(
    site: Site, people: People, room: int
) -> None:
    test = press(opened(site, people, room, AT_THE_DOOR), "door_walk_in")
    test.radio(key="walk_in_new").set_value(True)
    test = press(test, "door_walk_in")
    test.text_input(key="walk_in_name").set_value("Stranger")
    send(test, "door_walk_in")
    assert statuses(site)["Stranger"] == "attended"


def test_the_purpose_is_changed_from_the_question(site: Site, people: People, room: int) -> None:
    test = press(opened(site, people, room), "door_purpose")
    assert test.text_area(key="door_purpose_text").value == "Sketch the square"
    test.text_area(key="door_purpose_text").set_value("Hear the tenants")
    send(test, "door_purpose")
    with site.reading() as session:
        assert session.get_one(work.Convening, room).purpose == "Hear the tenants"


def test_the_times_are_changed_from_the_question(site: Site, people: People, room: int) -> None:
    test = press(opened(site, people, room, AT_THE_DOOR), "door_retime")
    test.number_input(key="retime_wait").set_value(20)
    test = press(test, "door_retime")
    assert "- **9:35** Circle" in everything(test).replace("09:35", "9:35")
    test.button(key="retime_apply").click()
    press(test, "door_retime")
    with site.reading() as session:
        rows = session.exec(select(work.AgendaBlock).order_by(col(work.AgendaBlock.position))).all()
    assert [(row.title, row.minutes) for row in rows] == [("Arriving", 35), ("Circle", 40)]


def test_nobody_invited_yet_says_what_the_screen_is_for(site: Site, people: People) -> None:
    with site.writing() as session:
        stage = builders.stage(session, people.initiative_id)
        empty = builders.convening(session, stage)
    said = everything(opened(site, people, empty))
    assert "Nobody has been asked yet" in said
    assert "Choose people" in said


def test_it_speaks_arabic(site: Site, people: People, room: int) -> None:
    site.speak(Language.ARABIC)
    said = everything(opened(site, people, room, AT_THE_DOOR))
    assert "لم يصل أحد بعد من أصل 2 متوقَّعين." in said


def test_a_held_convening_asks_nothing_and_lets_attendance_be_mended(
    site: Site, people: People, room: int
) -> None:
    with site.writing() as session:
        session.get_one(work.Convening, room).state = ConveningState.HELD.value
    test = opened(site, people, room, builders.START + timedelta(days=2))
    assert "0 of 2 expected were here." in everything(test)
    assert "door_purpose" not in {each.key for each in test.button}
    assert statuses(site)["Noor"] == "accepted"
    press(test, "guest_1")
    assert statuses(site)["Noor"] == "attended"


@pytest.mark.parametrize("who", ["charlie", "dana"])
def test_nobody_else_sees_anything_of_it(site: Site, people: People, room: int, who: str) -> None:
    site.sign_in(getattr(people, who))
    said = everything(opened(site, people, room))
    assert "Noor" not in said
    assert "Design workshop" not in said
