"""The agenda of a convening: blocks in their order, when each begins, and the questions back."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from convening import walltime
from convening.convenings import Convening
from convening.fields import checked
from convening.problems import Problem
from convening.vocabulary import BlockFormat

TITLE_LENGTH = 200
TEXT_LENGTH = 2000
LEAD_LENGTH = 200
LONGEST_BLOCK = 24 * 60  # minutes
MOST_BLOCKS = 60
STEP = 5  # minutes; what a facilitator can keep in a room

# Two hours: past it people leave the room one by one, parents and smokers first.
LONGEST_STRETCH = 120  # minutes
STAGED_FORMATS = frozenset({BlockFormat.PANEL, BlockFormat.PRESENTATION})
MOST_STAGED = 0.5  # of the working time: past half, those who came to work are an audience


@dataclass(frozen=True)
class Block:
    """One part of the agenda; ``position`` counts from 0 without gaps."""

    id: int
    convening_id: int
    position: int
    minutes: int
    title: str
    format: BlockFormat
    goal: str
    lead: str
    materials: str
    version: int


@dataclass(frozen=True)
class BlockDraft:
    """What was typed for a block; ``id`` and ``version`` are None for a new one."""

    convening_id: int
    title: str = ""
    minutes: int = 15
    format: BlockFormat = BlockFormat.PLENARY
    goal: str = ""
    lead: str = ""
    materials: str = ""
    id: int | None = None
    version: int | None = None


@dataclass(frozen=True)
class Timed:
    """A block with its time: minutes from the start, and the wall time where a start is set."""

    block: Block
    after: int
    starts_local: datetime | None
    ends_local: datetime | None


def schedule(
    blocks: Sequence[Block], starts_local: datetime | None = None, zone: str = "UTC"
) -> list[Timed]:
    """When each block begins and ends; counted in UTC, so a changed clock keeps lengths true."""
    timed = []
    after = 0
    start = None if starts_local is None else walltime.utc(starts_local, zone)
    for block in blocks:
        begins, ends = (
            None if start is None else walltime.local(start + timedelta(minutes=each), zone)
            for each in (after, after + block.minutes)
        )
        timed.append(Timed(block, after, begins, ends))
        after += block.minutes
    return timed


def total_minutes(blocks: Sequence[Block]) -> int:
    """The length of all blocks together."""
    return sum(block.minutes for block in blocks)


def available_minutes(convening: Convening) -> int | None:
    """The length from start to end of the convening, None while one of them is open."""
    if convening.starts_at is None or convening.ends_at is None:
        return None
    return round((convening.ends_at - convening.starts_at).total_seconds() / 60)


def questions(blocks: Sequence[Block], available: int | None) -> list[Problem]:
    """What the agenda is asked back; ``available`` is the convening's length in minutes.

    Codes: agenda_over, agenda_under (``count`` minutes), agenda_no_break (``count`` minutes
    without one), agenda_mostly_staged (``staged`` of ``working`` minutes). None when it is empty.
    """
    if not blocks:
        return []
    found = []
    if available is not None and (spare := available - total_minutes(blocks)):
        code = "agenda_under" if spare > 0 else "agenda_over"
        found.append(Problem(code, {"count": abs(spare)}))
    stretch = longest_stretch(blocks)
    if stretch > LONGEST_STRETCH:
        found.append(Problem("agenda_no_break", {"count": stretch}))
    working = sum(each.minutes for each in blocks if each.format is not BlockFormat.BREAK)
    staged = sum(each.minutes for each in blocks if each.format in STAGED_FORMATS)
    if staged > MOST_STAGED * working:
        found.append(Problem("agenda_mostly_staged", {"staged": staged, "working": working}))
    return found


def longest_stretch(blocks: Sequence[Block]) -> int:
    """The most minutes in a row without a break."""
    longest = stretch = 0
    for block in blocks:
        stretch = 0 if block.format is BlockFormat.BREAK else stretch + block.minutes
        longest = max(longest, stretch)
    return longest


def cleaned(draft: BlockDraft) -> tuple[BlockDraft, list[Problem]]:
    """The draft with its texts cleaned, and every problem that keeps it from being saved.

    Codes by field: required, too_long, minutes_out_of_range.
    """
    problems: list[Problem] = []
    result = replace(
        draft,
        title=checked(draft.title, "title", problems, longest=TITLE_LENGTH, required=True),
        goal=checked(draft.goal, "goal", problems, longest=TEXT_LENGTH, multiline=True),
        lead=checked(draft.lead, "lead", problems, longest=LEAD_LENGTH),
        materials=checked(
            draft.materials, "materials", problems, longest=TEXT_LENGTH, multiline=True
        ),
    )
    if not 1 <= draft.minutes <= LONGEST_BLOCK:
        problems.append(Problem("minutes_out_of_range", {"most": LONGEST_BLOCK}, "minutes"))
    return result, problems
