"""Changing an agenda on both databases: order without gaps, who may, and a second editor."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlmodel import Session, select

from convening.agenda import Block, BlockDraft
from convening.problems import ConveningError, Invalid, NotFound, Problem
from convening.retiming import Retiming
from convening.roles import Actor
from convening.vocabulary import BlockFormat, ConveningState
from db.commands import agenda as commands
from db.queries import agenda as queries
from db.tables import work
from db.tables.accounts import AuditEvent
from tests import builders
from tests.builders import People


@pytest.fixture
def people(session: Session) -> People:
    return builders.people(session)


@pytest.fixture
def meeting_id(session: Session, people: People) -> int:
    return builders.convening(session, builders.stage(session, people.initiative_id))


@pytest.fixture
def ids(session: Session, people: People, meeting_id: int) -> list[int]:
    """Three blocks: Arriving, Circle, Closing."""
    return [
        commands.add_block(session, people.bob, BlockDraft(meeting_id, title, minutes))
        for title, minutes in (("Arriving", 15), ("Circle", 40), ("Closing", 10))
    ]


def order(session: Session, people: People, meeting_id: int) -> list[tuple[int, str]]:
    found = queries.blocks(session, people.bob, meeting_id)
    return [(each.position, each.title) for each in found]


def test_a_block_is_stored_as_it_was_typed(
    session: Session, people: People, meeting_id: int
) -> None:
    draft = BlockDraft(
        meeting_id,
        title=" Stress test ",
        minutes=45,
        format=BlockFormat.STRESS_TEST,
        goal="Find\n\n\nfaults",
        lead="Noor and Sami",
        materials="Cards",
    )
    block_id = commands.add_block(session, people.alice, draft)
    assert queries.blocks(session, people.alice, meeting_id) == [
        Block(
            id=block_id,
            convening_id=meeting_id,
            position=0,
            minutes=45,
            title="Stress test",
            format=BlockFormat.STRESS_TEST,
            goal="Find\n\nfaults",
            lead="Noor and Sami",
            materials="Cards",
            version=1,
        )
    ]


def test_a_new_block_comes_last(
    session: Session, people: People, meeting_id: int, ids: list[int]
) -> None:
    assert len(ids) == 3
    assert order(session, people, meeting_id) == [(0, "Arriving"), (1, "Circle"), (2, "Closing")]
    assert [each.id for each in queries.blocks(session, people.bob, meeting_id)] == ids


@pytest.mark.parametrize(
    ("index", "by", "expected"),
    [
        (1, -1, ["Circle", "Arriving", "Closing"]),
        (1, 1, ["Arriving", "Closing", "Circle"]),
        (0, -1, ["Arriving", "Circle", "Closing"]),
        (2, 1, ["Arriving", "Circle", "Closing"]),
        (0, 2, ["Circle", "Closing", "Arriving"]),
        (2, -9, ["Closing", "Arriving", "Circle"]),
    ],
)
def test_moving_keeps_positions_dense(
    session: Session,
    people: People,
    meeting_id: int,
    ids: list[int],
    index: int,
    by: int,
    expected: list[str],
) -> None:
    commands.move_block(session, people.bob, ids[index], by)
    assert order(session, people, meeting_id) == list(enumerate(expected))


def test_a_copy_stands_right_after_its_block(
    session: Session, people: People, meeting_id: int, ids: list[int]
) -> None:
    commands.duplicate_block(session, people.bob, ids[0])
    assert order(session, people, meeting_id) == list(
        enumerate(["Arriving", "Arriving", "Circle", "Closing"])
    )


def test_those_after_a_deleted_block_move_up(
    session: Session, people: People, meeting_id: int, ids: list[int]
) -> None:
    commands.delete_block(session, people.bob, ids[0])
    assert order(session, people, meeting_id) == [(0, "Circle"), (1, "Closing")]


def test_an_edit_keeps_the_place(
    session: Session, people: People, meeting_id: int, ids: list[int]
) -> None:
    draft = BlockDraft(meeting_id, "Round", 50, BlockFormat.CIRCLE, id=ids[1], version=1)
    commands.edit_block(session, people.bob, draft)
    found = queries.blocks(session, people.bob, meeting_id)[1]
    assert (found.position, found.title, found.minutes, found.version) == (1, "Round", 50, 2)


def test_a_second_editor_is_noticed(
    session: Session, people: People, meeting_id: int, ids: list[int]
) -> None:
    draft = BlockDraft(meeting_id, "First", id=ids[1], version=1)
    commands.edit_block(session, people.bob, draft)
    with pytest.raises(ConveningError) as caught:
        commands.edit_block(session, people.alice, replace(draft, title="Second"))
    assert caught.value.code == "changed_meanwhile"


def test_moving_a_block_does_not_disturb_who_edits_it(
    session: Session, people: People, meeting_id: int, ids: list[int]
) -> None:
    commands.move_block(session, people.alice, ids[1], -1)
    draft = BlockDraft(meeting_id, "Edited", id=ids[1], version=1)
    assert commands.edit_block(session, people.bob, draft) == ids[1]


def test_a_block_with_problems_is_refused(
    session: Session, people: People, meeting_id: int
) -> None:
    with pytest.raises(Invalid) as caught:
        commands.add_block(session, people.bob, BlockDraft(meeting_id, " ", 0))
    assert [(each.code, each.field) for each in caught.value.problems] == [
        ("required", "title"),
        ("minutes_out_of_range", "minutes"),
    ]
    assert session.exec(select(work.AgendaBlock)).all() == []


def test_a_template_is_added_after_what_is_there_or_put_in_its_place(
    session: Session, people: People, meeting_id: int, ids: list[int]
) -> None:
    drafts = [BlockDraft(meeting_id, "One"), BlockDraft(meeting_id, "Two")]
    assert commands.apply_template(session, people.bob, meeting_id, drafts) == 2
    assert [title for _, title in order(session, people, meeting_id)] == [
        "Arriving",
        "Circle",
        "Closing",
        "One",
        "Two",
    ]
    commands.apply_template(session, people.bob, meeting_id, drafts, replace=True)
    assert order(session, people, meeting_id) == [(0, "One"), (1, "Two")]
    assert ids


def test_a_template_lands_in_the_convening_that_was_asked_for(
    session: Session, people: People, meeting_id: int
) -> None:
    foreign = builders.convening(session, builders.stage(session, people.foreign_id))
    commands.apply_template(session, people.bob, meeting_id, [BlockDraft(foreign, "One")])
    assert session.exec(select(work.AgendaBlock.convening_id)).all() == [meeting_id]


def test_an_agenda_has_a_limit(session: Session, people: People, meeting_id: int) -> None:
    many = [BlockDraft(meeting_id, f"Block {n}", 5) for n in range(60)]
    commands.apply_template(session, people.bob, meeting_id, many)
    last = queries.blocks(session, people.bob, meeting_id)[-1]
    attempts = [
        lambda: commands.add_block(session, people.bob, BlockDraft(meeting_id, "61")),
        lambda: commands.duplicate_block(session, people.bob, last.id),
        lambda: commands.apply_template(session, people.bob, meeting_id, many[:1]),
    ]
    for attempt in attempts:
        with pytest.raises(Invalid) as caught:
            attempt()
        assert caught.value.problems == (Problem("too_many_blocks", {"most": 60}),)
    assert len(queries.blocks(session, people.bob, meeting_id)) == 60


def test_the_agenda_of_a_cancelled_convening_stays_as_it_is(
    session: Session, people: People, meeting_id: int, ids: list[int]
) -> None:
    session.get_one(work.Convening, meeting_id).state = ConveningState.CANCELLED
    session.flush()
    attempts = [
        lambda: commands.add_block(session, people.bob, BlockDraft(meeting_id, "More")),
        lambda: commands.delete_block(session, people.bob, ids[0]),
    ]
    for attempt in attempts:
        with pytest.raises(ConveningError) as caught:
            attempt()
        assert caught.value.code == "convening_cancelled"


@pytest.mark.parametrize("who", ["charlie", "dana"])
def test_outsiders_neither_read_nor_change_it(
    session: Session, people: People, meeting_id: int, ids: list[int], who: str
) -> None:
    actor: Actor = getattr(people, who)
    draft = BlockDraft(meeting_id, "Taken over", id=ids[0])
    attempts: dict[str, list[Callable[[], object]]] = {
        "convening": [
            lambda: queries.blocks(session, actor, meeting_id),
            lambda: commands.add_block(session, actor, draft),
            lambda: commands.apply_template(session, actor, meeting_id, [draft]),
        ],
        "block": [
            lambda: commands.edit_block(session, actor, draft),
            lambda: commands.move_block(session, actor, ids[0], 1),
            lambda: commands.duplicate_block(session, actor, ids[0]),
            lambda: commands.delete_block(session, actor, ids[0]),
        ],
    }
    for what, each in attempts.items():
        for attempt in each:
            with pytest.raises(NotFound) as caught:
                attempt()
            assert caught.value.params == {"what": what}
    assert order(session, people, meeting_id) == [(0, "Arriving"), (1, "Circle"), (2, "Closing")]
    assert [each.id for each in queries.blocks(session, people.bob, meeting_id)] == ids


def test_a_missing_block_answers_like_a_foreign_one(session: Session, people: People) -> None:
    with pytest.raises(NotFound) as caught:
        commands.delete_block(session, people.alice, 999_999)
    assert caught.value.params == {"what": "block"}


def test_the_audit_log_holds_ids_and_no_words(
    session: Session, people: People, meeting_id: int, ids: list[int]
) -> None:
    commands.delete_block(session, people.bob, ids[2])
    events = session.exec(select(AuditEvent).order_by(AuditEvent.id)).all()  # type: ignore[arg-type]
    assert [(each.action, each.subject_id, each.details) for each in events] == [
        *(("add_block", block_id, {"convening_id": meeting_id}) for block_id in ids),
        ("delete_block", ids[2], {"convening_id": meeting_id}),
    ]


def test_waiting_brings_a_block_and_shortens_the_longest_in_one_change(
    session: Session, people: People, meeting_id: int, ids: list[int]
) -> None:
    wanted = Retiming(meeting_id, wait=10, later=ids[1], after=ids[2], title="Waiting")
    assert commands.retime(session, people.bob, wanted) == 3
    found = queries.blocks(session, people.bob, meeting_id)
    assert [(each.position, each.title, each.minutes, each.version) for each in found] == [
        (0, "Waiting", 10, 1),
        (1, "Arriving", 15, 1),
        (2, "Closing", 10, 1),
        (3, "Circle", 30, 2),
    ]


def test_times_that_cannot_be_changed_leave_the_agenda_and_others_may_not(
    session: Session, people: People, meeting_id: int, ids: list[int]
) -> None:
    with pytest.raises(Invalid) as caught:
        commands.retime(session, people.alice, Retiming(meeting_id))
    assert caught.value.problems == (Problem("nothing_to_retime"),)
    with pytest.raises(NotFound):
        commands.retime(session, people.charlie, Retiming(meeting_id, wait=5))
    assert order(session, people, meeting_id) == [(0, "Arriving"), (1, "Circle"), (2, "Closing")]
    assert [each.id for each in queries.blocks(session, people.bob, meeting_id)] == ids
