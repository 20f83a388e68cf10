"""Logging in a room: kept once, never deleted, and told from what was said afterwards."""

from dataclasses import replace
from uuid import uuid4

import pytest

from convening.problems import ConveningError, Forbidden, Invalid, NotFound
from convening.room_entries import EntryDraft, HandsDraft
from convening.vocabulary import Choice, EntryKind, Group
from db import room_closing, transaction
from db.commands import room as commands
from db.commands import room_log
from db.engine import Engines
from tests import builders
from tests.db.commands.test_room import Place, refused

S, G, I = Group  # noqa: E741


@pytest.fixture
def place(engines: Engines) -> Place:
    return Place(engines)


def point(place: Place, text: str = "The lamps are broken.", **values: object) -> EntryDraft:
    draft = EntryDraft(str(uuid4()), place.id, text=text, groups=frozenset({S}))
    return replace(draft, **values)  # type: ignore[arg-type]


def test_an_entry_that_is_sent_twice_is_kept_once(place: Place) -> None:
    place.opened()
    draft = point(place, block_id=place.blocks[1])
    first = place.write(room_log.log_entry, draft)
    assert place.write(room_log.log_entry, replace(draft, text="Other words")) == first
    [entry] = place.see().log
    assert (entry.text, entry.groups, entry.block_id, entry.by) == (
        "The lamps are broken.",
        {S},
        place.blocks[1],
        "Bob",
    )


def test_a_point_needs_words_and_a_turn_a_group(place: Place) -> None:
    place.opened()
    assert refused(place, room_log.log_entry, point(place, " ")) == "required"
    turn = point(place, "", kind=EntryKind.TURN, groups=frozenset())
    assert refused(place, room_log.log_entry, turn) == "required"
    place.write(room_log.log_entry, replace(turn, groups=frozenset({G, S})))
    assert place.see().log[0].groups == {G, S}


def test_an_id_that_is_none_is_refused(place: Place) -> None:
    place.opened()
    assert refused(place, room_log.log_entry, point(place, uuid="1")) == "uuid_not_valid"


def test_hands_are_no_entry_that_somebody_writes(place: Place) -> None:
    place.opened()
    assert refused(place, room_log.log_entry, point(place, kind=EntryKind.HANDS)) == "not_an_entry"


def test_nothing_is_logged_before_the_room_opens(place: Place) -> None:
    assert refused(place, room_log.log_entry, point(place)) == "room_not_open"
    place.write(commands.prepare_room, place.id)
    assert refused(place, room_log.log_entry, point(place)) == "room_not_open"


def test_what_waited_for_the_connection_is_taken_after_the_room_closed(place: Place) -> None:
    place.opened()
    room_closing.close(place.engines, place.people.bob, place.id)
    place.write(room_log.log_entry, point(place))
    place.write(room_log.log_entry, point(place, "In the corridor.", afterwards=True))
    assert [(each.text, each.afterwards) for each in place.see().log] == [
        ("In the corridor.", True),
        ("The lamps are broken.", False),
    ]


def test_an_entry_outlives_its_block(place: Place) -> None:
    place.opened()
    place.write(room_log.log_entry, point(place, block_id=4711))
    assert place.see().log[0].block_id is None


def test_an_id_of_another_convening_is_not_taken_for_this_one(place: Place) -> None:
    place.opened()
    draft = point(place)
    place.write(room_log.log_entry, draft)
    with transaction.writing(place.engines, actor_id=None) as session:
        stage = builders.stage(session, place.people.initiative_id)
        other = builders.convening(session, stage)
    place.write(commands.prepare_room, other)
    place.write(commands.open_room, other)
    elsewhere = replace(draft, convening_id=other)
    assert refused(place, room_log.log_entry, elsewhere) == "sent_elsewhere"


def test_hands_are_kept_once_for_the_groups_and_the_choice(place: Place) -> None:
    place.opened()
    counts = {
        (frozenset({S}), Choice.AGREE): 4,
        (frozenset({S}), Choice.PASS): 0,
        (frozenset({G}), Choice.DISAGREE): 2,
        (frozenset({S, G}), Choice.DISAGREE): 1,
        (frozenset[Group](), Choice.DISAGREE): 1,
    }
    draft = HandsDraft(str(uuid4()), place.id, EntryKind.CARDS, counts, text="Shall we stay?")
    assert place.write(room_log.record_hands, draft) == 5
    assert place.write(room_log.record_hands, draft) == 5
    found = {
        (each.groups, each.choice, each.people, each.kind, each.text) for each in place.see().log
    }
    assert found == {
        (groups, choice, people, EntryKind.CARDS, "Shall we stay?")
        for (groups, choice), people in counts.items()
    }


@pytest.mark.parametrize(
    ("counts", "code"),
    [({}, "required"), ({(frozenset({S}), Choice.AGREE): -1}, "hands_out_of_range")],
)
def test_hands_that_were_not_counted_are_refused(
    place: Place, counts: dict[tuple[frozenset[Group], Choice], int], code: str
) -> None:
    place.opened()
    draft = HandsDraft(str(uuid4()), place.id, counts=counts)
    assert refused(place, room_log.record_hands, draft) == code


def test_a_struck_entry_stays_and_can_count_again(place: Place) -> None:
    place.opened()
    entry = place.write(room_log.log_entry, point(place))
    place.write(room_log.strike_entry, entry)
    assert [each.struck for each in place.see().log] == [True]
    place.write(room_log.strike_entry, entry)
    assert [each.struck for each in place.see().log] == [False]


def test_a_count_is_struck_with_all_its_groups_in_one_command(place: Place) -> None:
    place.opened()
    counts = {(frozenset({each}), choice): 2 for each in Group for choice in Choice}
    for text in ("First?", "Second?"):
        draft = HandsDraft(str(uuid4()), place.id, counts=counts, text=text)
        place.write(room_log.record_hands, draft)
    wrong = [each for each in place.see().log if each.text == "Second?"]
    place.write(room_log.strike_entry, wrong[4].id)
    assert {each.id for each in place.see().log if each.struck} == {each.id for each in wrong}
    place.write(room_log.strike_entry, wrong[0].id)
    assert not any(each.struck for each in place.see().log)


def test_nobody_from_elsewhere_logs_or_strikes(place: Place) -> None:
    place.opened()
    entry = place.write(room_log.log_entry, point(place))
    for stranger in (place.people.charlie, place.people.dana):
        with pytest.raises((NotFound, Forbidden)):
            place.write(room_log.log_entry, point(place), as_=stranger)
        with pytest.raises((NotFound, Forbidden)):
            place.write(room_log.strike_entry, entry, as_=stranger)
    with pytest.raises(NotFound):
        place.write(room_log.strike_entry, 4711)


def test_words_that_are_too_long_are_refused_by_name(place: Place) -> None:
    place.opened()
    with pytest.raises(Invalid) as caught:
        place.write(room_log.log_entry, point(place, "x" * 2001))
    assert [(each.code, each.field) for each in caught.value.problems] == [("too_long", "text")]
    assert isinstance(caught.value, ConveningError)
