"""Who is in a room: heads, shares and overlaps of the three groups, against the targets of a stage.

A person in two groups counts as a head in both, and as half a person in the share of each: heads
are what a screen says, shares are what the arithmetic uses.
"""

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import cache
from itertools import combinations
from typing import Any

import numpy as np
import numpy.typing as npt

from convening.problems import Problem
from convening.vocabulary import WORKING_PARTS, Group, Part, Range

TOLERANCE = 1e-9
# Shares move in steps of one head: in a room of twenty, five points each way are one person.
TARGET_MARGIN = 0.05
# Two colleagues are a pair. From three on, and more than a fifth of the room, an organisation can
# carry a small-group discussion and often the vote.
ORGANISATION_HEADS = 3
ORGANISATION_SHARE = 0.2

BITS: dict[Group, int] = {group: 1 << place for place, group in enumerate(Group)}
OVERLAPS: tuple[frozenset[Group], ...] = tuple(
    frozenset(each) for size in (1, 2, 3) for each in combinations(Group, size)
)
MASKS = 1 << len(BITS)


@dataclass(frozen=True, slots=True)
class Shares:
    """Who is in a room. Every group and every overlap has its key, also at 0.

    ``heads`` may add up to more than ``people``; ``share`` (fractional: half in each of two groups)
    adds up to 1 over the placed, and is 0 throughout when nobody is placed; ``overlaps`` are the
    seven combinations, each person in one.
    """

    people: int
    placed: int
    unplaced: int
    heads: Mapping[Group, int]
    share: Mapping[Group, float]
    overlaps: Mapping[frozenset[Group], int]


def mask(groups: Set[Group]) -> int:
    """A set of groups as a number of 0..7, one bit per group in the order of ``Group``."""
    return sum(BITS[group] for group in groups)


@cache
def groups_of(bits: int) -> frozenset[Group]:
    """The set of groups that ``mask`` made a number of."""
    return frozenset(group for group, bit in BITS.items() if bits & bit)


def shares(members: Iterable[Set[Group]]) -> Shares:
    """Counts people; ``members`` holds one set of groups per person, possibly empty."""
    return from_counts(Counter(mask(each) for each in members))


def from_counts(counts: Mapping[int, int]) -> Shares:
    """The same from the number of people of each ``mask``, as a database counts them."""
    overlaps = {each: counts.get(mask(each), 0) for each in OVERLAPS}
    placed = sum(overlaps.values())
    people = placed + counts.get(0, 0)
    # In sixths of a person, so that halves and thirds add up without a rounding error.
    sixths = {
        group: sum(6 // len(each) * n for each, n in overlaps.items() if group in each)
        for group in Group
    }
    return Shares(
        people=people,
        placed=placed,
        unplaced=people - placed,
        heads={group: sum(n for each, n in overlaps.items() if group in each) for group in Group},
        share={group: sixths[group] / (6 * placed) if placed else 0.0 for group in Group},
        overlaps=overlaps,
    )


def joined(shares: Shares, groups: Set[Group]) -> Shares:
    """The same room with one more person, who is in these groups."""
    counts = {mask(each): n for each, n in shares.overlaps.items()} | {0: shares.unplaced}
    return from_counts(counts | {mask(groups): counts[mask(groups)] + 1})


# -- targets --------------------------------------------------------------------------------------


def thirds() -> dict[Group, Range]:
    """A third each, give or take ``TARGET_MARGIN``."""
    third = 1 / len(Group)
    return {group: Range(third - TARGET_MARGIN, third + TARGET_MARGIN) for group in Group}


def reference(shares: Shares) -> dict[Group, Range]:
    """The map's own shares as targets, until a team sets its own: give or take ``TARGET_MARGIN``.

    A group that is on the map is never optional: its range starts no lower than half its share.
    Empty when nobody on the map is placed, since then there is nothing to refer to.
    """
    if not shares.placed:
        return {}
    return {
        group: Range(max(share - TARGET_MARGIN, share / 2), min(share + TARGET_MARGIN, 1.0))
        for group, share in shares.share.items()
    }


def check_targets(
    targets: Mapping[Group, Range], reasons: Mapping[Group, str] | None = None
) -> list[Problem]:
    """What keeps a set of target ranges from being saved; a group left out may have any share.

    ``reasons`` say why a range starts at 0. Codes, the first three with the group's value as field:
    ``target_out_of_bounds`` (an end is outside 0..1), ``target_reversed``,
    ``target_reason_missing``, ``targets_too_high`` (the lower ends add up to more than 1: no room
    can meet them), ``targets_too_low`` (the upper ends add up to less than 1).
    """
    problems = []
    for group, wanted in _in_order(targets):
        params = {"group": group, "min": wanted.min, "max": wanted.max}
        if not all(-TOLERANCE <= end <= 1 + TOLERANCE for end in wanted):
            problems.append(Problem("target_out_of_bounds", params, group.value))
        elif wanted.min > wanted.max + TOLERANCE:
            problems.append(Problem("target_reversed", params, group.value))
        elif wanted.min <= TOLERANCE and not (reasons or {}).get(group, "").strip():
            problems.append(Problem("target_reason_missing", {"group": group}, group.value))
    if sum(wanted.min for wanted in targets.values()) > 1 + TOLERANCE:
        problems.append(Problem("targets_too_high"))
    if len(targets) == len(Group) and sum(each.max for each in targets.values()) < 1 - TOLERANCE:
        problems.append(Problem("targets_too_low"))
    return problems


def _in_order(targets: Mapping[Group, Range]) -> list[tuple[Group, Range]]:
    return [(group, targets[group]) for group in Group if group in targets]


# -- a room against its targets -------------------------------------------------------------------


BELOW, ABOVE = ("below_target", "below_map"), ("above_target", "above_map")


def check(
    shares: Shares, targets: Mapping[Group, Range], *, from_the_map: bool = False
) -> list[Problem]:
    """Which groups are outside their target range of ``shares.share``, in the order of ``Group``.

    Codes ``below_target`` and ``above_target``, ``below_map`` and ``above_map`` where the map
    stands in for targets; params group, share, min, max.
    """
    below, above = BELOW[from_the_map], ABOVE[from_the_map]
    problems = []
    for group, wanted in _in_order(targets):
        share = shares.share[group]
        params = {"group": group, "share": share, "min": wanted.min, "max": wanted.max}
        if share < wanted.min - TOLERANCE:
            problems.append(Problem(below, params))
        elif share > wanted.max + TOLERANCE:
            problems.append(Problem(above, params))
    return problems


def gap(shares: Shares, targets: Mapping[Group, Range]) -> float:
    """How far a room is from its target ranges: the distances of the shares from them, added up.

    0 when every range is met, at most 2; 2 when nobody is placed and there is a range to meet.
    """
    if not shares.placed:
        return 2.0 if targets else 0.0
    return sum(
        max(0.0, wanted.min - shares.share[group], shares.share[group] - wanted.max)
        for group, wanted in targets.items()
    )


def index(shares: Shares, targets: Mapping[Group, Range]) -> float:
    """How much of the target mix is in the room: Σ min(share, target) over the groups, in 0..1.

    The target of a group is the midpoint of its range, scaled so that all add up to 1 (0 for a
    group without a range); the measure is 1 minus the total variation distance between the two
    distributions. 0 when nobody is placed. It orders changes to one room; teams are never ranked
    by it. ValueError when all midpoints are 0.
    """
    middles = {group: (wanted.min + wanted.max) / 2 for group, wanted in targets.items()}
    total = sum(middles.values())
    if total <= 0:
        raise ValueError("a target is above 0 for at least one group")
    if not shares.placed:
        return 0.0
    return sum(min(shares.share[group], middle / total) for group, middle in middles.items())


def organisations(members: Sequence[Hashable | None]) -> list[Problem]:
    """Organisations over-represented: ``ORGANISATION_HEADS`` people or more, and more than
    ``ORGANISATION_SHARE`` of the room.

    ``members``: the organisation of each person, None for somebody without. Code
    ``organisation_over_represented``, params organisation, count and people; the largest first,
    the others in the order in which they were met.
    """
    counts = Counter(each for each in members if each is not None)
    return [
        Problem(
            "organisation_over_represented",
            {"organisation": each, "count": count, "people": len(members)},
        )
        for each, count in counts.most_common()
        if count >= ORGANISATION_HEADS and count > ORGANISATION_SHARE * len(members) + TOLERANCE
    ]


def lone(shares: Shares) -> list[Problem]:
    """Groups that a single person stands for among others: code ``lone_person``, params group and
    people. One voice for a whole group is easily overheard, or taken for all of them."""
    return [
        Problem("lone_person", {"group": group, "people": shares.people})
        for group in Group
        if shares.heads[group] == 1 and shares.people > 1
    ]


def unplaced(shares: Shares) -> list[Problem]:
    """People in no group yet: code ``unplaced``, params count and people."""
    if not shares.unplaced:
        return []
    return [Problem("unplaced", {"count": shares.unplaced, "people": shares.people})]


def over_capacity(people: int, capacity: int | None) -> list[Problem]:
    """More people than seats: code ``over_capacity``, params people, capacity and count, how many
    too many. No capacity, no limit."""
    if capacity is None or people <= capacity:
        return []
    params = {"people": people, "capacity": capacity, "count": people - capacity}
    return [Problem("over_capacity", params, "capacity")]


@dataclass(frozen=True, slots=True)
class Parts:
    """Heads of a group by what they do in the room: see ``vocabulary.WORKING_PARTS``."""

    working: int
    staged: int


def parts(members: Iterable[tuple[Set[Group], Part]]) -> dict[Group, Parts]:
    """Working and staged heads of every group, from the groups and the part of each person."""
    counts: Counter[tuple[Group, bool]] = Counter()
    for groups, part in members:
        counts.update((group, part in WORKING_PARTS) for group in groups)
    return {group: Parts(counts[group, True], counts[group, False]) for group in Group}


def staged(by_group: Mapping[Group, Parts]) -> list[Problem]:
    """Groups that are in the room with staged parts alone: code ``staged_only``, params group and
    count. To speak or sit on a panel is not to work on the matter."""
    return [
        Problem("staged_only", {"group": group, "count": by_group[group].staged})
        for group in Group
        if group in by_group and by_group[group].staged and not by_group[group].working
    ]


def new_faces(times: Iterable[int]) -> int:
    """How many were never invited before, from the number of earlier invitations of each."""
    return sum(each == 0 for each in times)


# -- many people ----------------------------------------------------------------------------------


def tabulate(
    stage: npt.NDArray[np.integer[Any]],
    mask: npt.NDArray[np.integer[Any]],
    stages: int | None = None,
) -> npt.NDArray[np.int64]:
    """Stage by overlap counts: row = stage (0, 1, ...), column = mask (0..7, see ``mask``).

    ``stage`` and ``mask`` hold one number per person. The result has ``stages`` rows, or as many
    as occur. ValueError when the lengths differ or a number is out of range.
    """
    if stage.shape != mask.shape or stage.ndim != 1:
        raise ValueError("stage and mask are two arrays of one length")
    if stage.size and (mask.min() < 0 or mask.max() >= MASKS or stage.min() < 0):
        raise ValueError("a stage or a mask is out of range")
    rows = int(stage.max()) + 1 if stage.size else 0
    if stages is not None:
        if rows > stages:
            raise ValueError(f"stage {rows - 1} is not among the {stages}")
        rows = stages
    places = stage.astype(np.intp) * MASKS + mask.astype(np.intp)
    return np.bincount(places, minlength=rows * MASKS).reshape(rows, MASKS)


def heads(table: npt.NDArray[np.integer[Any]]) -> npt.NDArray[np.int64]:
    """Stage by group, from stage by overlap: whoever is in two groups counts in both."""
    return np.asarray(table @ _IN_GROUP, dtype=np.int64)


_IN_GROUP = np.array([[bool(bits & bit) for bit in BITS.values()] for bits in range(MASKS)], int)
