"""Changing the times of an agenda while people are waited for."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from convening.agenda import LONGEST_BLOCK, STEP, Block
from convening.problems import Problem
from convening.vocabulary import BlockFormat

LONGEST_WAIT = 60  # minutes; past it those who came have been let down
NEW = 0  # the id of a block that is not stored yet
_FIXED = frozenset({BlockFormat.WELCOME, BlockFormat.BREAK})


@dataclass(frozen=True)
class Retiming:
    """What gives way: the others begin ``wait`` minutes later, and one block comes later.

    With ``keep_end`` the longest blocks become shorter, so that it ends as was said. ``later`` is
    the id of the block that goes to the place after the block ``after``. ``title`` names the time
    of waiting where the agenda has no welcome to begin with.
    """

    convening_id: int
    wait: int = 0
    keep_end: bool = True
    later: int | None = None
    after: int | None = None
    title: str = ""


def retimed(blocks: Sequence[Block], wanted: Retiming) -> tuple[tuple[Block, ...], list[Problem]]:
    """The agenda after the change, as it was where it cannot be made, and why it cannot.

    The welcome is made longer by the time of waiting; where there is none to begin with, a block
    with the id ``NEW`` comes first. Codes: nothing_to_retime, wait_out_of_range (``most``),
    cannot_shorten (``count`` minutes that are left over), block_not_later, minutes_out_of_range.
    """
    problems = _wrong(blocks, wanted)
    if problems:
        return tuple(blocks), problems
    order = _moved(list(blocks), wanted)
    if wanted.wait and wanted.keep_end:
        order, left = shortened(order, wanted.wait)
        if left:
            return tuple(blocks), [Problem("cannot_shorten", {"count": left})]
    if wanted.wait and order[0].format is BlockFormat.WELCOME:
        order[0] = replace(order[0], minutes=order[0].minutes + wanted.wait)
    elif wanted.wait:
        order.insert(0, _waiting(wanted))
    if order[0].minutes > LONGEST_BLOCK:
        too_long = Problem("minutes_out_of_range", {"most": LONGEST_BLOCK}, "minutes")
        return tuple(blocks), [too_long]
    return tuple(replace(each, position=place) for place, each in enumerate(order)), []


def shortened(blocks: Sequence[Block], minutes: int) -> tuple[list[Block], int]:
    """The blocks with ``minutes`` less in all, and what could not be taken away.

    The longest gives way first, in steps of 5, and keeps 5 at least; the welcome and the breaks
    stay as they are.
    """
    lengths = [each.minutes for each in blocks]
    left = minutes
    while left:
        able = [
            place
            for place, each in enumerate(blocks)
            if each.format not in _FIXED and lengths[place] > STEP
        ]
        if not able:
            break
        longest = max(able, key=lambda place: lengths[place])
        step = min(STEP, left, lengths[longest] - STEP)
        lengths[longest] -= step
        left -= step
    shorter = [replace(each, minutes=n) for each, n in zip(blocks, lengths, strict=True)]
    return shorter, left


def _wrong(blocks: Sequence[Block], wanted: Retiming) -> list[Problem]:
    if not blocks or not (wanted.wait or wanted.later is not None):
        return [Problem("nothing_to_retime")]
    if not 0 <= wanted.wait <= LONGEST_WAIT:
        return [Problem("wait_out_of_range", {"most": LONGEST_WAIT}, "wait")]
    places = {each.id: place for place, each in enumerate(blocks)}
    if wanted.later is not None and (
        wanted.later not in places
        or wanted.after not in places
        or places[wanted.after] <= places[wanted.later]
    ):
        return [Problem("block_not_later", field="after")]
    return []


def _moved(order: list[Block], wanted: Retiming) -> list[Block]:
    if wanted.later is None:
        return order
    moving = next(each for each in order if each.id == wanted.later)
    order.remove(moving)
    place = next(n for n, each in enumerate(order) if each.id == wanted.after)
    order.insert(place + 1, moving)
    return order


def _waiting(wanted: Retiming) -> Block:
    return Block(
        id=NEW,
        convening_id=wanted.convening_id,
        position=0,
        minutes=wanted.wait,
        title=wanted.title,
        format=BlockFormat.WELCOME,
        goal="",
        lead="",
        materials="",
        version=1,
    )
