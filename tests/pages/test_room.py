"""The room on the screen: preparing it, opening it, who was heard, the time, and the end."""

from dataclasses import replace
from datetime import timedelta
from itertools import product
from typing import Any
from uuid import uuid4

import pytest
import streamlit as st
from sqlmodel import select
from streamlit.testing.v1 import AppTest

from convening.dissent_drafts import DissentDraft
from convening.problems import ConveningError
from convening.room_entries import EntryDraft, HandsDraft
from convening.vocabulary import (
    Attribution,
    Choice,
    EntryKind,
    Group,
    InvitationStatus,
    Language,
    Strength,
    VersionState,
)
from db import room_codes, transaction
from db.base import now
from db.commands import definitions, dissent, room_log
from db.commands import room as commands
from db.queries import room as queries
from db.tables import understanding, work
from pages.components import room_capture, room_desk
from tests import builders
from tests.builders import People
from tests.pages.site import Site

S, G, I = Group  # noqa: E741


class Place:
    """A convening of Alice's with two blocks, a version, and five stewards and a gateway."""

    def __init__(self, site: Site) -> None:
        self.site = site
        with site.writing() as session:
            self.people: People = builders.people(session)
            initiative = self.people.initiative_id
            self.id = builders.convening(session, builders.stage(session, initiative), "Workshop")
            for number, group in enumerate([S] * 5 + [G]):
                person = builders.person(session, initiative, f"Person {number}", group)
                builders.invitation(session, self.id, person, InvitationStatus.ATTENDED)
            blocks = [
                work.AgendaBlock(convening_id=self.id, position=n, minutes=30, title=title)
                for n, title in enumerate(["Circle", "Sketching", "Close"])
            ]
            definition = understanding.Definition(initiative_id=initiative, title="The square")
            session.add_all([*blocks, definition])
            session.flush()
            version = understanding.DefinitionVersion(
                definition_id=definition.key, number=1, state=VersionState.IN_DISCUSSION.value
            )
            session.add(version)
            session.flush()
            self.blocks = [each.key for each in blocks]
            self.version_id = version.key
        site.sign_in(self.people.bob)

    def do(self, command: Any, *args: Any) -> Any:
        with transaction.writing(
            self.site.engines, actor_id=self.people.bob.user_id, command=command.__name__
        ) as session:
            return command(session, self.people.bob, *args)

    def open(self) -> None:
        self.do(commands.prepare_room, self.id)
        self.do(commands.choose_version, self.id, self.version_id)
        self.do(commands.open_room, self.id)

    def conversation(self, title: str, convening_id: int | None) -> int:
        with self.site.writing() as session:
            row = understanding.Conversation(
                initiative_id=self.people.initiative_id, convening_id=convening_id, title=title
            )
            session.add(row)
            session.flush()
            return row.key

    def show(self, view: str = "facilitate") -> AppTest:
        return self.site.run(
            "room",
            url={"view": view},
            chosen_initiative=self.people.initiative_id,
            chosen_convening=self.id,
        )


@pytest.fixture
def place(site: Site, monkeypatch: pytest.MonkeyPatch) -> Place:
    monkeypatch.setattr(st, "page_link", lambda _page, *, label, **_rest: st.markdown(label))
    return Place(site)


def words(test: AppTest) -> str:
    shown = (*test.markdown, *test.text, *test.caption, *test.warning, *test.header, *test.code)
    return "\n".join(str(each.value) for each in shown)


def button(test: AppTest, key: str) -> Any:
    [found] = [each for each in test.button if str(each.key).endswith(key)]
    return found


def test_an_empty_screen_offers_the_first_step_and_the_next(place: Place) -> None:
    test = place.show()
    button(test, "room_prepare").click().run()
    assert "6 people are noted as here" in words(test)
    assert "shown after the room closes" in words(test)
    button(test, "room_open").click().run()
    assert "No block was started yet" in words(test)


def test_a_room_opens_with_the_only_version_and_its_own_conversation(place: Place) -> None:
    here = place.conversation("Held here", place.id)
    place.conversation("Held elsewhere", None)
    test = place.show()
    button(test, "room_prepare").click().run()
    button(test, "room_open").click().run()
    with place.site.reading() as session:
        found = queries.room(session, place.id)
    assert found is not None
    assert (found.is_open, found.version_id, found.conversation_id) == (
        True,
        place.version_id,
        here,
    )


def test_a_room_in_which_nobody_could_write_unnamed_opens_only_after_a_question(
    place: Place,
) -> None:
    with place.site.writing() as session:
        for row in session.exec(select(work.Invitation)).all()[:2]:
            row.status = InvitationStatus.ABSENT.value
    test = place.show()
    button(test, "room_prepare").click().run()
    button(test, "room_open").click().run()
    shown = words(test)
    assert "4 people are noted as here. With fewer than 5 people, notes without a name" in shown
    with place.site.reading() as session:
        found = queries.room(session, place.id)
    assert found is not None
    assert not found.is_open
    button(test, "room_open").click()
    button(test, "confirm_yes").click().run()  # in one run with what holds the dialog open
    with place.site.reading() as session:
        found = queries.room(session, place.id)
    assert found is not None
    assert found.is_open


def test_a_room_opens_with_what_stands_in_its_fields(place: Place) -> None:
    place.conversation("One", place.id)
    place.conversation("Two", place.id)
    test = place.show()
    button(test, "room_prepare").click().run()
    [version] = [each for each in test.selectbox if str(each.key).startswith("room_version")]
    version.select_index(0)
    [question] = [each for each in test.text_input if str(each.key).startswith("room_question")]
    question.input("What is strong here?")
    button(test, "room_open").click().run()
    with place.site.reading() as session:
        found = queries.room(session, place.id)
    assert found is not None
    assert (found.is_open, found.version_id, found.conversation_id, found.question) == (
        True,
        None,
        None,
        "What is strong here?",
    )
    [version] = [each for each in place.show("set_up").selectbox if "version" in str(each.key)]
    assert version.value is None


def test_one_tap_begins_the_next_block(place: Place) -> None:
    place.open()
    test = place.show()
    circle, sketching, _ = place.blocks
    button(test, f"room_next_{circle}").click().run()
    assert [each.value for each in test.header] == ["Circle"]
    assert button(test, f"room_next_{sketching}").label == "Start\\: Sketching"
    button(test, f"room_longer_{circle}").click().run()
    with place.site.reading() as session:
        assert queries.snapshot(session, place.people.bob, place.id).blocks[0].minutes == 35


def test_a_block_is_not_offered_to_be_shorter_than_a_minute(place: Place) -> None:
    place.open()
    circle = place.blocks[0]
    place.do(commands.start_block, place.id, circle)
    place.do(commands.retime_block, place.id, circle, -25)
    offered = {each.key for each in place.show().button}
    assert f"room_longer_{circle}" in offered
    assert f"room_shorter_{circle}" not in offered


@pytest.mark.parametrize(
    ("past", "said"),
    [
        (timedelta(hours=1), "At this pace it ends 150 minutes late."),
        (timedelta(days=265), "It was planned to end on "),
    ],
)
def test_a_room_that_is_open_on_another_day_says_for_when_it_was_planned(
    place: Place, past: timedelta, said: str
) -> None:
    """Three blocks of half an hour begin now, after the end of the convening."""
    place.open()
    place.do(commands.start_block, place.id, place.blocks[0])
    with place.site.writing() as session:
        session.get_one(work.Convening, place.id).ends_at = now() - past
    shown = words(place.show())
    assert said in shown
    assert ("minutes late" in shown) == (past < timedelta(hours=2))


def test_a_group_that_is_there_and_silent_is_asked_after(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    place.open()
    for number, block in enumerate(place.blocks):
        at = now() + timedelta(minutes=30 * number)
        monkeypatch.setattr(commands, "now", lambda at=at: at)
        place.do(commands.start_block, place.id, block)
        if block == place.blocks[-1]:
            continue
        draft = EntryDraft(str(uuid4()), place.id, EntryKind.TURN, frozenset({G}), block_id=block)
        place.do(room_log.log_entry, draft)
    test = place.show()
    [warning] = test.warning
    assert warning.value.startswith("Silent for 2 blocks\\: stewards\\, 5 in the room")
    assert "1 gateway\\: heard 2 times" in words(test)


def test_an_entry_can_be_taken_back_and_counts_again(place: Place) -> None:
    place.open()
    entry = place.do(
        room_log.log_entry,
        EntryDraft(str(uuid4()), place.id, text="A *point*", groups=frozenset({S})),
    )
    test = place.show("write")
    assert "A \\*point\\*" in words(test)
    button(test, f"room_undo_entry_{entry}").click().run()
    assert "~~" in words(test)
    assert button(test, f"room_undo_entry_{entry}").label == "Count it again"


def test_a_count_is_one_entry_and_is_taken_back_at_once(place: Place) -> None:
    place.open()
    for question in ("First?", "Second?"):
        counts = {
            (frozenset({group}), choice): number
            for number, (group, choice) in enumerate(product(Group, Choice), start=1)
        }
        draft = HandsDraft(str(uuid4()), place.id, counts=counts, text=question)
        place.do(room_log.record_hands, draft)
    test = place.show("facilitate")
    undo = [each for each in test.button if str(each.key).startswith("room_undo_entry_")]
    assert len(undo) == 2
    [line] = [str(each.value) for each in test.markdown if "Second" in str(each.value)]
    plain = "".join(each for each in line if each.isprintable() and each != "\\")
    assert plain.endswith(
        "Raised hands: Second? · ● Agree: 1, Disagree: 2, Pass: 3"
        " · ■ Agree: 4, Disagree: 5, Pass: 6 · ▲ Agree: 7, Disagree: 8, Pass: 9"
    )
    undo[0].click().run()
    with place.site.reading() as session:
        log = queries.snapshot(session, place.people.bob, place.id).log
    assert {each.text for each in log if each.struck} == {"Second?"}
    assert {each.text for each in log if not each.struck} == {"First?"}
    assert "~~" in words(test)


def test_a_dissenting_view_that_is_taken_back_stays_with_its_reason(place: Place) -> None:
    place.open()
    view = place.do(
        dissent.record_dissent,
        DissentDraft(
            str(uuid4()),
            place.version_id,
            Strength.CONCERN,
            "Too soon.",
            groups=frozenset({S}),
            convening_id=place.id,
        ),
    )
    test = place.show("write")
    button(test, f"room_undo_view_{view}").click().run()
    assert "~~" in words(test)
    with place.site.reading() as session:
        row = session.get_one(understanding.DissentingView, view)
    assert row.struck_at is not None
    assert row.struck_because == "Taken back by whoever logged it, right after."


@pytest.mark.parametrize("why", ["somebody else logged it", "it was a while ago"])
def test_what_is_not_ones_own_slip_has_no_undo(place: Place, why: str) -> None:
    place.open()
    draft = DissentDraft(
        str(uuid4()), place.version_id, Strength.CONCERN, "Too soon.", convening_id=place.id
    )
    view = place.do(dissent.record_dissent, replace(draft, groups=frozenset({S})))
    with place.site.writing() as session:
        row = session.get_one(understanding.DissentingView, view)
        if why == "it was a while ago":
            row.created_at = now() - timedelta(minutes=11)
        else:
            row.logged_by_id = place.people.alice.user_id
    keys = {each.key for each in place.show("write").button}
    assert f"room_undo_view_{view}" not in keys
    with pytest.raises(ConveningError) as error:
        place.do(dissent.take_back, view, "A slip")
    assert error.value.code == "not_to_take_back"


def test_what_was_sent_from_a_phone_has_no_undo(place: Place) -> None:
    place.open()
    with place.site.writing() as session:
        view = understanding.DissentingView(
            uuid=str(uuid4()),
            version_id=place.version_id,
            convening_id=place.id,
            strength=Strength.OBJECTION.value,
            statement="Nobody asked us.",
            reason="We live here.",
            attribution=Attribution.GROUP_ONLY.value,
            groups=[S.value],
        )
        session.add(view)
        session.flush()
        key = f"room_undo_view_{view.key}"
    test = place.show("write")
    assert "Nobody asked us" in words(test)
    assert key not in {each.key for each in test.button}


def test_a_version_that_opens_while_people_are_here_is_asked_about(place: Place) -> None:
    place.open()
    assert not [each for each in place.show().button if each.key == "room_take_newer"]
    with place.site.writing() as session:
        first = session.get_one(understanding.DefinitionVersion, place.version_id)
        second = understanding.DefinitionVersion(
            definition_id=first.definition_id,
            number=2,
            statement="It is a car park.",
            changed="Its use",
            why="It was said here",
        )
        session.add(second)
        session.flush()
        second_id = second.key
    with place.site.writing() as session:
        definitions.open_version(session, place.people.alice, second_id)
    test = place.show("write")
    assert "Version 2 of “The square” is in discussion now" in words(test)
    assert place.do(queries.snapshot, place.id).version.id == place.version_id  # until then
    button(test, "room_take_newer").click().run()
    assert place.do(queries.snapshot, place.id).version.id == second_id
    assert not [each for each in test.button if each.key == "room_take_newer"]


def test_what_stands_on_the_wall_is_set_and_the_room_closed(place: Place) -> None:
    place.open()
    test = place.show("set_up")
    with place.site.reading() as session:
        found = queries.room(session, place.id)
    assert found is not None
    assert room_codes.spaced(found.code) in words(test)
    [question] = [each for each in test.text_input if str(each.key).startswith("room_question")]
    question.input("What is strong here?")
    [save] = [each for each in test.button if "room_save" in str(each.key)]
    save.click().run()
    with place.site.reading() as session:
        changed = queries.room(session, place.id)
    assert changed is not None
    assert changed.question == "What is strong here?"
    button(test, "room_close").click().run()
    button(test, "room_close").click()
    button(test, "room_close_yes").click().run()
    assert "Said in the corridor" in words(place.show())


def test_the_script_gets_what_it_needs_to_be_on_its_own(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    place.open()
    shown: list[dict[str, Any]] = []
    monkeypatch.setattr(room_capture, "_capture", lambda *, data, **_rest: shown.append(data))
    place.site.speak(Language.ARABIC)
    place.show("write")
    [data] = shown
    assert (data["user"], data["convening"], data["dir"]) == (
        place.people.bob.user_id,
        place.id,
        "rtl",
    )
    assert data["version"]["id"] == place.version_id
    assert data["anonymous"] is True
    assert [each["name"] for each in data["people"]] == [f"Person {n}" for n in range(6)]
    assert "{waiting}" in data["t"]["waiting"]


def test_whoever_is_not_on_the_team_is_told_that_there_is_no_such_thing(place: Place) -> None:
    place.open()
    place.site.sign_in(place.people.charlie)
    test = place.show()
    assert [each.value for each in test.header] == []
    assert "Workshop" not in words(test)
    assert set(room_desk.VIEWS) == {"facilitate", "write", "help", "set_up"}
