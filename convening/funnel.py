"""How far each group comes, stage by stage: on the map, invited, accepted, in the room.

Counted are distinct people: whoever comes to three convenings of a stage counts once in it, and
whoever is in two groups counts in both.
"""

from collections import defaultdict
from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from convening import balance, disclosure
from convening.invitations import REACHED
from convening.problems import Problem
from convening.vocabulary import FunnelStep, Group, InvitationStatus

PEOPLE = "people"  # the column beside the groups: all distinct people, in any group or in none


@dataclass(frozen=True, slots=True)
class Step:
    """One invitation. ``person`` is None for somebody who was erased since.

    ``groups`` are those kept when the convening was held, before that the person's own.
    """

    person: Hashable | None
    stage: Hashable
    status: InvitationStatus
    groups: Set[Group]


def funnel(
    people: Mapping[Hashable, Set[Group]], steps: Iterable[Step], stages: Sequence[Hashable]
) -> pd.DataFrame:
    """Distinct people by stage and step (the index) and group (columns, with ``PEOPLE`` last).

    ``people``: the groups of everybody on the map; ``stages`` in their order, each with all four
    steps also at 0. Counts, int64. The map is the same in every stage, and no step is wider than
    the one before it: whoever was invited in one of the stages is on the map, also in the groups
    kept from then. A person whose rows hold different groups counts in each of them, and every
    erased person counts as one.
    """
    reached = _reached(steps)
    on_the_map = {person: balance.mask(groups) for person, groups in people.items()}
    for stage in stages:
        for person, bits in reached[stage, FunnelStep.INVITED].items():
            on_the_map[person] = on_the_map.get(person, 0) | bits
    whole_map = _row(on_the_map.values())
    rows = []
    for stage in stages:
        rows.append(whole_map)
        rows += [_row(reached[stage, step].values()) for step in FunnelStep if step in REACHED]
    index = pd.MultiIndex.from_product([stages, list(FunnelStep)], names=["stage", "step"])
    columns = pd.Index([*Group, PEOPLE], dtype=object)
    return pd.DataFrame(np.reshape(rows, (len(rows), len(columns))), index, columns, dtype="int64")


def _reached(
    steps: Iterable[Step],
) -> defaultdict[tuple[Hashable, FunnelStep], dict[Hashable, int]]:
    """Who came how far in a stage, as a mask of groups per person."""
    reached: defaultdict[tuple[Hashable, FunnelStep], dict[Hashable, int]] = defaultdict(dict)
    for row in steps:
        person = object() if row.person is None else row.person
        bits = balance.mask(row.groups)
        for step, statuses in REACHED.items():
            if row.status in statuses:
                there = reached[row.stage, step]
                there[person] = there.get(person, 0) | bits
    return reached


def _row(masks: Collection[int]) -> list[int]:
    counts = np.bincount(np.fromiter(masks, int, len(masks)), minlength=balance.MASKS)
    return [*balance.heads(counts).tolist(), len(masks)]


def suppressed(table: pd.DataFrame, k: int = disclosure.K) -> pd.DataFrame:
    """The funnel as it may leave the team: Int64, NA = withheld.

    Each stage goes through ``disclosure.suppress_funnel``. The map is the same in every stage, so
    what one stage withholds of it, all do.
    """
    groups = [column for column in table.columns if column != PEOPLE]
    result = table.astype("Int64")
    for stage in table.index.unique("stage"):
        counts = table.loc[[stage]].droplevel("stage")
        safe = disclosure.suppress_funnel(counts[groups].T, counts[PEOPLE], k)
        result.loc[[stage], groups] = safe.T.to_numpy()
    result[PEOPLE] = result[PEOPLE].mask((table[PEOPLE] > 0) & (table[PEOPLE] < k))
    maps = _at(table, FunnelStep.ON_THE_MAP)
    for column in table.columns:
        if result.loc[maps, column].isna().any():
            result.loc[maps, column] = pd.NA
    return result


# -- the sentence that reads the figure -----------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Fall:
    """A group in a stage: its heads on the map and in the room, and where it was lost."""

    group: Group
    stage: Hashable
    map_heads: int
    map_people: int
    heads: int
    people: int
    invited: int | None

    @property
    def expected(self) -> float:
        """The heads that the room would hold if it were like the map."""
        return self.people * self.map_heads / self.map_people


def reading(table: pd.DataFrame, names: Mapping[Hashable, str] | None = None) -> Problem:
    """The one sentence to say first about a funnel, withheld cells (NA) left aside.

    Codes: ``funnel.reading_none`` (a group of the map of which nobody was in a stage's room, of all
    those the one that a room like the map would hold most of; ``funnel.reading_not_invited`` when
    nobody of it was asked), else ``funnel.reading_fewer`` (the group furthest below its part of the
    map), else ``funnel.reading_more`` (the group furthest above it), else ``funnel.reading_level``
    (no group is as much as one head below or above its part of the map in any room). Without a
    room: ``funnel.reading_no_room``, and ``funnel.reading_empty`` when the map is empty. Where
    people met and nothing of it can be shown: ``funnel.reading_withheld``.

    Params: group, stage (by ``names`` where given), map_heads, map_people (on the map), heads and
    count (people in the room); ``reading_level``: count, the rooms that were looked at;
    ``reading_no_room``: count, the people on the map.
    """
    falls = list(_falls(table))
    if not falls:
        return _without_room(table)
    none = [each for each in falls if each.heads == 0 and each.expected > 0]
    if none:
        worst = max(none, key=lambda each: each.expected)
        code = "not_invited" if worst.invited == 0 else "none"
        return _fact(f"funnel.reading_{code}", worst, names)
    fewer = max(falls, key=lambda each: each.expected - each.heads)
    if fewer.expected - fewer.heads >= 1:
        return _fact("funnel.reading_fewer", fewer, names)
    more = max(falls, key=lambda each: each.heads - each.expected)
    if more.heads - more.expected >= 1:
        return _fact("funnel.reading_more", more, names)
    return Problem("funnel.reading_level", {"count": len({each.stage for each in falls})})


def _falls(table: pd.DataFrame) -> Iterator[_Fall]:
    cells: dict[Any, dict[Hashable, Any]] = table.to_dict("index")
    for stage in dict.fromkeys(stage for stage, _step in cells):
        on_map, invited, room = (
            cells[stage, step]
            for step in (FunnelStep.ON_THE_MAP, FunnelStep.INVITED, FunnelStep.IN_THE_ROOM)
        )
        if pd.isna(on_map[PEOPLE]) or pd.isna(room[PEOPLE]) or not room[PEOPLE]:
            continue
        for group in Group:
            if not pd.isna(on_map[group]) and not pd.isna(room[group]):
                yield _Fall(
                    group=group,
                    stage=stage,
                    map_heads=int(on_map[group]),
                    map_people=int(on_map[PEOPLE]),
                    heads=int(room[group]),
                    people=int(room[PEOPLE]),
                    invited=None if pd.isna(invited[group]) else int(invited[group]),
                )


def _without_room(table: pd.DataFrame) -> Problem:
    rooms = table.loc[_at(table, FunnelStep.IN_THE_ROOM), PEOPLE]
    if (rooms.isna() | (rooms > 0)).any():
        return Problem("funnel.reading_withheld")
    maps = table.loc[_at(table, FunnelStep.ON_THE_MAP), PEOPLE].dropna()
    if len(maps) and maps.max() > 0:
        return Problem("funnel.reading_no_room", {"count": int(maps.max())})
    return Problem("funnel.reading_empty")


def _at(table: pd.DataFrame, step: FunnelStep) -> "np.ndarray[tuple[int, ...], np.dtype[np.bool_]]":
    return np.asarray(table.index.get_level_values("step") == step)


def _fact(code: str, fall: _Fall, names: Mapping[Hashable, str] | None) -> Problem:
    return Problem(
        code,
        {
            "group": fall.group,
            "stage": (names or {}).get(fall.stage, fall.stage),
            "map_heads": fall.map_heads,
            "map_people": fall.map_people,
            "heads": fall.heads,
            "count": fall.people,
        },
    )


# -- for the other figures ------------------------------------------------------------------------


def overlaps(shares: balance.Shares) -> pd.DataFrame:
    """The seven combinations for an UpSet chart: one row each, the largest first.

    Columns: ``overlap`` (0..6, the place in ``balance.OVERLAPS``), one bool per group, ``degree``
    (1..3 groups) and ``people``.
    """
    rows = [
        {
            "overlap": place,
            **{group: group in each for group in Group},
            "degree": len(each),
            "people": shares.overlaps[each],
        }
        for place, each in enumerate(balance.OVERLAPS)
    ]
    frame = pd.DataFrame(rows)
    return frame.sort_values("people", ascending=False, kind="stable", ignore_index=True)


def ternary(rooms: Mapping[Hashable, Iterable[Set[Group]]]) -> pd.DataFrame:
    """One point per convening: its three shares, which add up to 1.

    ``rooms``: the groups of each person by convening. Columns: ``convening``, one share per group
    (0..1), ``placed`` and ``people``. A convening with nobody placed has no point.
    """
    found = {each: balance.shares(members) for each, members in rooms.items()}
    rows = [
        {"convening": each, **shares.share, "placed": shares.placed, "people": shares.people}
        for each, shares in found.items()
        if shares.placed
    ]
    return pd.DataFrame(rows, columns=pd.Index(["convening", *Group, "placed", "people"]))
