"""Waiting for people: what gives way, which block comes later, and what cannot be done."""

from dataclasses import replace

import pytest

from convening.agenda import Block
from convening.problems import Problem
from convening.retiming import NEW, Retiming, retimed, shortened
from convening.vocabulary import BlockFormat


def block(number: int, minutes: int, form: BlockFormat = BlockFormat.CIRCLE) -> Block:
    return Block(
        id=number,
        convening_id=1,
        position=number - 1,
        minutes=minutes,
        title=f"Block {number}",
        format=form,
        goal="",
        lead="",
        materials="",
        version=1,
    )


AGENDA = (
    block(1, 10, BlockFormat.WELCOME),
    block(2, 60),
    block(3, 15, BlockFormat.BREAK),
    block(4, 40),
)


def lengths(blocks: tuple[Block, ...]) -> list[tuple[int, int, int]]:
    return [(each.id, each.position, each.minutes) for each in blocks]


def test_the_longest_blocks_give_way_and_it_ends_as_announced() -> None:
    blocks, problems = retimed(AGENDA, Retiming(1, wait=30))
    assert problems == []
    assert lengths(blocks) == [(1, 0, 40), (2, 1, 35), (3, 2, 15), (4, 3, 35)]
    assert sum(each.minutes for each in blocks) == sum(each.minutes for each in AGENDA)


def test_without_a_welcome_a_block_of_waiting_comes_first_and_it_ends_later() -> None:
    wanted = Retiming(1, wait=15, keep_end=False, title="Waiting")
    blocks, problems = retimed(AGENDA[1:], wanted)
    assert problems == []
    assert lengths(blocks) == [(NEW, 0, 15), (2, 1, 60), (3, 2, 15), (4, 3, 40)]
    assert (blocks[0].title, blocks[0].format) == ("Waiting", BlockFormat.WELCOME)


def test_the_block_that_needs_them_comes_later() -> None:
    blocks, problems = retimed(AGENDA, Retiming(1, later=2, after=4))
    assert problems == []
    assert [each.id for each in blocks] == [1, 3, 4, 2]


@pytest.mark.parametrize(
    ("wanted", "problem"),
    [
        (Retiming(1), Problem("nothing_to_retime")),
        (Retiming(1, wait=61), Problem("wait_out_of_range", {"most": 60}, "wait")),
        (Retiming(1, later=4, after=2), Problem("block_not_later", field="after")),
        (Retiming(1, later=4, after=9), Problem("block_not_later", field="after")),
    ],
)
def test_what_cannot_be_done_leaves_the_agenda(wanted: Retiming, problem: Problem) -> None:
    assert retimed(AGENDA, wanted) == (AGENDA, [problem])


def test_blocks_that_are_short_already_cannot_give_way() -> None:
    short = (AGENDA[0], block(2, 10), AGENDA[2])
    assert retimed(short, Retiming(1, wait=20)) == (
        short,
        [Problem("cannot_shorten", {"count": 15})],
    )


def test_what_is_no_multiple_of_five_is_taken_to_the_minute() -> None:
    found, left = shortened([block(1, 23), block(2, 20)], 7)
    assert ([each.minutes for each in found], left) == ([18, 18], 0)


def test_an_empty_agenda_has_nothing_to_retime() -> None:
    assert retimed((), Retiming(1, wait=5)) == ((), [Problem("nothing_to_retime")])


def test_a_welcome_of_a_whole_day_is_not_made_longer() -> None:
    long = (replace(AGENDA[0], minutes=24 * 60),)
    _, problems = retimed(long, Retiming(1, wait=5, keep_end=False))
    assert [each.code for each in problems] == ["minutes_out_of_range"]
