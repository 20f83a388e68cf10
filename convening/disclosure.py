"""Small numbers: what may leave the team that invited people by name.

Whoever reads a table can subtract. So a small count is withheld together with as many other cells
as it takes to keep it from being computed, and every withheld cell shows the same mark (``NA``).
Two limits are deliberate. The promise is about arithmetic, not about guessing why a cell was
chosen. And it holds for each table by itself: two tables about the same people are not shown side
by side outside the team, unless the one follows from the other.
"""

import itertools
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from convening.suppression import Table

K = 5  # counts of 1 to 4 point at people who can be guessed
PERCENT_FROM = 10  # below, one person moves a percentage by more than ten points

Place = tuple[int, int]  # row (group) and column (step)


def withhold(count: int, k: int = K) -> int | None:
    """The count, or None where it is 1..k-1. For single figures that no total explains."""
    return None if 0 < count < k else count


def percent(part: int | None, whole: int | None) -> float | None:
    """``part`` of ``whole`` in per cent (0..100); None below ten people or for a withheld figure.

    ValueError when the part is negative or more than the whole.
    """
    if part is None or whole is None or whole < PERCENT_FROM:
        return None
    if not 0 <= part <= whole:
        raise ValueError(f"{part} is not a part of {whole}")
    return 100 * part / whole


def suppress(counts: pd.DataFrame, k: int = K) -> pd.DataFrame:
    """A table of people, each counted in one cell, without the cells that would tell on somebody.

    ``counts`` has no margins. Its row, column and grand totals are taken as public, and have to be
    at least 2k. Result: the same labels, dtype Int64, NA = withheld; a zero may stay, or be
    withheld to cover a neighbour. For somebody who knows the totals, all published cells and that
    no cell is negative, each withheld cell of 1..k-1 still has at least k possible values. As few
    cells as possible are withheld, and of those choices the one whose values add up to least;
    proven up to 30 cells, above that a good choice that protects as well.

    ValueError when a cell is missing, negative or no whole number, when a total is below 2k, or
    when k is below 1.
    """
    values = _whole(counts)
    if k < 1:
        raise ValueError("k is at least 1")
    totals = [*values.sum(axis=0), *values.sum(axis=1), values.sum()]
    if min(totals) < 2 * k:
        raise ValueError(f"a total of {min(totals)} is public, and below {2 * k}")
    table = Table(values.ravel().tolist(), values.shape[1], k)
    hidden = np.isin(np.arange(values.size), list(table.fewest())).reshape(values.shape)
    return _masked(counts, values, hidden)


def suppress_funnel(counts: pd.DataFrame, people: "pd.Series[int]", k: int = K) -> pd.DataFrame:
    """Group by nested step, without the cells that would tell on somebody.

    ``counts``: one row per group, one column per step from the widest to the narrowest; distinct
    people, so nobody reaches a step without the one before. ``people``: all distinct people per
    step, by the same columns; public, and where ``withhold`` withholds them taken as known all the
    same. Result: as of ``suppress``.

    This is no table with margins: a person in two groups counts in both, and each step holds the
    next. Withheld is a cell of 1..k-1, and one that leaves 1..k-1 people of a public total outside
    the group ("all but two are ..."). Whoever guesses which of the two it is still cannot tell any
    of 0..k-1 people inside (or outside) from the others, even knowing that everybody is in some
    group; where they could, the fewest further cells of any group are withheld, and of those the
    smallest. Where the number of people in no group is shown as well, ``people`` is without them.

    A difference between two published steps may be small: how many people in all went no further
    is public with the totals, and to withhold a group's share in it would leave next to nothing of
    the figure that shows where a group falls away.

    ValueError when a cell is missing, negative or no whole number, when a step has more people
    than the one before, or a group more than all.
    """
    values = _whole(counts)
    totals = _whole(people.reindex(counts.columns).to_frame()).ravel()
    drops = np.abs(np.diff(np.vstack([values, totals]), append=0))
    if (np.diff(np.vstack([values, totals])) > 0).any() or (values > totals).any():
        raise ValueError("each step is a part of the one before, each group a part of all")
    if (drops[:-1] > drops[-1]).any():
        raise ValueError("more people of a group than of all went no further")
    funnel = _Funnel(values.tolist(), totals.tolist(), k)
    hidden = np.zeros(values.shape, dtype=bool)
    for cell in funnel.withheld():
        hidden[cell] = True
    return _masked(counts, values, hidden)


@dataclass(slots=True)
class _Funnel:
    """People by group and step, and what follows from the cells that are published.

    Whoever goes no further than a step is counted there once, and in a group or more: of a group at
    most all of them, of all groups together at least as many as there are. Between two published
    steps of a group the sum is known. This is a transport problem again (published stretches of a
    group against steps), so by Hall's condition a figure is possible when, for every set of steps,
    the stretches can supply the people of that set.
    """

    values: list[list[int]]
    people: list[int]
    k: int
    drops: list[int] = field(init=False)  # people who go no further than a step
    placed: list[int] = field(init=False)  # the same where all of them are in some group, else 0
    sets: list[tuple[int, ...]] = field(init=False)

    def __post_init__(self) -> None:
        self.drops = _no_further(self.people)
        heads = [sum(each) for each in zip(*map(_no_further, self.values), strict=True)]
        # A single group tells nothing by being some group; and where not all are in one, nobody
        # can take it for granted.
        self.placed = [
            drop if drop <= head and len(self.values) > 1 else 0
            for drop, head in zip(self.drops, heads, strict=True)
        ]
        steps = range(len(self.people))
        sizes = range(1, len(steps) + 1)
        self.sets = [each for size in sizes for each in itertools.combinations(steps, size)]

    def withheld(self) -> set[Place]:
        """The cells to withhold, by row and column."""
        everywhere = list(itertools.product(range(len(self.values)), range(len(self.people))))
        secret = [place for place in everywhere if self._alike(place)]
        others = sorted(
            set(everywhere) - set(secret), key=lambda place: (self._value(place), place)
        )
        for extra in range(len(others) + 1):
            for chosen in sorted(itertools.combinations(others, extra), key=self._sum):
                known = {place: self._value(place) for place in others if place not in chosen}
                if all(
                    self._possible({**known, place: end})
                    for place in secret
                    for end in self._alike(place)
                ):
                    return {*secret, *chosen}
        raise AssertionError("with every cell withheld nothing is known but the people of a step")

    def _value(self, place: Place) -> int:
        return self.values[place[0]][place[1]]

    def _sum(self, places: tuple[Place, ...]) -> int:
        return sum(map(self._value, places))

    def _alike(self, place: Place) -> list[int]:
        """The ends of what a withheld cell must be able to be; empty where it may be published."""
        inside, people = self._value(place), self.people[place[1]]
        most = min(self.k - 1, people)
        ends = [0, most] if 0 < inside < self.k else []
        if people >= self.k and 0 < people - inside < self.k:
            ends += [people - most, people]
        return ends

    def _possible(self, known: Mapping[Place, int]) -> bool:
        """Whether there is a funnel with these cells and the public totals."""
        steps = len(self.people)
        stretches: list[tuple[range, int]] = []
        for group in range(len(self.values)):
            marks = [step for step in range(steps) if (group, step) in known]
            before = range(marks[0] if marks else steps)
            stretches.append((before, sum(self.drops[step] for step in before)))
            for start, end in itertools.pairwise([*marks, steps]):
                amount = known[group, start] - known.get((group, end), 0)
                if not 0 <= amount <= sum(self.drops[start:end]):
                    return False
                stretches.append((range(start, end), amount))
        return all(
            sum(self.placed[step] for step in chosen) <= self._supply(stretches, chosen)
            for chosen in self.sets
        )

    def _supply(self, stretches: list[tuple[range, int]], chosen: tuple[int, ...]) -> int:
        return sum(
            min(amount, sum(self.drops[step] for step in chosen if step in stretch))
            for stretch, amount in stretches
        )


def _no_further(reached: list[int]) -> list[int]:
    """How many reach each step and none after it."""
    return [here - after for here, after in itertools.pairwise([*reached, 0])]


def _whole(counts: pd.DataFrame) -> "np.ndarray[tuple[int, int], np.dtype[np.int64]]":
    """The cells as whole numbers of at least 0; ValueError for anything else and for no cells."""
    if counts.empty:
        raise ValueError("a table has at least one row and one column")
    if counts.isna().to_numpy().any():
        raise ValueError("a cell is missing: a combination that nobody is in counts 0")
    try:
        given = counts.to_numpy(dtype=np.float64)
    except (TypeError, ValueError):
        raise ValueError("a count is a number") from None
    if not (given >= 0).all() or (given != np.floor(given)).any() or not np.isfinite(given).all():
        raise ValueError("a count is a whole number of at least 0")
    return given.astype(np.int64)


def _masked(
    counts: pd.DataFrame,
    values: "np.ndarray[tuple[int, int], np.dtype[np.int64]]",
    hidden: "np.ndarray[tuple[int, int], np.dtype[np.bool_]]",
) -> pd.DataFrame:
    result = pd.DataFrame(values, index=counts.index, columns=counts.columns, dtype="Int64")
    return result.mask(hidden)
