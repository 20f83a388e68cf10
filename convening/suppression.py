"""Which cells of a table of counts to withhold: the search behind ``disclosure.suppress``.

The rows and columns of a table are the two sides of a bipartite graph, its cells the edges. Whoever
knows all totals and the published cells knows of the withheld ones only that they are whole, not
negative, and add up: an integer transport polytope. Its matrix is totally unimodular, so each cell
takes every whole value between its bounds, and maximum flows give the bounds exactly (Gusfield, "A
graph theoretic approach to statistical data security", SIAM J. Comput. 17, 1988). A flow that falls
short leaves a cut: any set of cells that protects the table has one more cell across that cut. On
these cuts the search branches (Fischetti and Salazar, "Models and algorithms for the 2-dimensional
cell suppression problem in statistical disclosure control", Math. Program. 84, 1999).
"""

import heapq
import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

Cell = int  # row number times number of columns, plus column number
Line = int  # rows first, then columns

EXACT_CELLS = 30  # up to this size the search runs to its end
WORK = 60_000  # above it, cells times nodes looked at: a few tenths of a second at most


@dataclass(slots=True)
class _Best:
    cells: frozenset[Cell]
    weight: int
    nodes: int = 0


@dataclass(slots=True)
class Table:
    """Counts of at least 0 (``values``, row by row) whose cells of 1..k-1 are to be withheld.

    A cell is protected when at least k values of it agree with everything published. Where every
    row and column adds up to at least 2k, withholding all cells protects each of them.
    """

    values: Sequence[int]
    columns: int
    k: int
    rows: int = field(init=False)
    small: frozenset[Cell] = field(init=False)
    ends: list[tuple[Line, Line]] = field(init=False)
    lines: list[list[Cell]] = field(init=False)
    unit: int = field(init=False)

    def __post_init__(self) -> None:
        self.rows = len(self.values) // self.columns
        self.small = frozenset(e for e, value in enumerate(self.values) if 0 < value < self.k)
        self.ends = [(e // self.columns, self.rows + e % self.columns) for e in self._all()]
        self.lines = [
            [e for e in self._all() if line in self.ends[e]]
            for line in range(self.rows + self.columns)
        ]
        self.unit = sum(self.values) + 1  # one cell more weighs more than any sum of values

    def _all(self) -> range:
        return range(len(self.values))

    def weight(self, cells: Collection[Cell]) -> int:
        """The number of cells first, then the sum of their values, in one number."""
        return self.unit * len(cells) + sum(self.values[e] for e in cells)

    # -- what an attacker can tell ------------------------------------------------------------

    def spread(self, hidden: Collection[Cell], cell: Cell) -> int:
        """How many values of a hidden cell agree with what is published; counted up to k."""
        up, *_ = self._push(hidden, cell, True, self.k - 1)
        down, *_ = self._push(hidden, cell, False, self.k - 1 - up)
        return up + down + 1

    def _push(
        self, hidden: Collection[Cell], cell: Cell, up: bool, need: int
    ) -> tuple[int, list[int], dict[Line, Cell]]:
        """Moves ``cell`` up or down, at most by ``need``, among the tables that could be true.

        Returns how far it went, the table there, and the lines still within reach (empty when
        no cut is in the way: the need is met or the cell is down at 0).
        """
        now = list(self.values)
        row, column = self.ends[cell]
        start, goal = (column, row) if up else (row, column)
        moved = 0
        while moved < need and (up or now[cell]):
            came = self._reach(hidden, now, start, goal, cell)
            if goal not in came:
                return moved, now, came
            path, line = [], goal
            while line != start:
                lowered = line < self.rows
                path.append((came[line], -1 if lowered else 1))
                line = self.ends[came[line]][1 if lowered else 0]
            step = min(now[e] for e, sign in path if sign < 0)
            step = min(step, need - moved, step if up else now[cell])
            for e, sign in [*path, (cell, 1 if up else -1)]:
                now[e] += sign * step
            moved += step
        return moved, now, {}

    def _reach(
        self, hidden: Collection[Cell], now: list[int], start: Line, goal: Line, cell: Cell
    ) -> dict[Line, Cell]:
        """The lines reached from ``start``, each with the cell that led there.

        From a row one goes on by raising a hidden cell, from a column by lowering one above 0.
        """
        came = {start: cell}
        queue = [start]
        for line in queue:
            lowering = line >= self.rows
            for e in self.lines[line]:
                if e == cell or e not in hidden or (lowering and not now[e]):
                    continue
                across = self.ends[e][0 if lowering else 1]
                if across not in came:
                    came[across] = e
                    if across == goal:
                        return came
                    queue.append(across)
        return came

    def cut(
        self, hidden: Collection[Cell], cell: Cell, allowed: Collection[Cell]
    ) -> frozenset[Cell] | None:
        """None when ``cell`` is protected, else those ``allowed`` cells of which one has to go."""
        need = self.k - 1
        up, _, above = self._push(hidden, cell, True, need)
        down, _, below = self._push(hidden, cell, False, need - up)
        if up + down >= need:
            return None
        across = set()
        for reached in filter(None, (above, below)):
            for e in allowed:
                row, column = self.ends[e]
                # Out of a row leads raising, which any cell allows; out of a column, lowering.
                if row in reached:
                    if column not in reached and e not in hidden:
                        across.add(e)
                elif column in reached and self.values[e] and e not in hidden:
                    across.add(e)
        return frozenset(across)

    # -- a first set, good but not proven -----------------------------------------------------

    def protect(self) -> frozenset[Cell]:
        """A set that protects: the cheapest cycles through each small cell, then thinned out."""
        hidden = set(self.small)
        for cell in sorted(self.small, key=lambda e: (self.values[e], e)):
            while self.spread(hidden, cell) < self.k:
                hidden |= self._cheapest(hidden, cell)
        for e in sorted(hidden - self.small, key=lambda e: (-self.values[e], e)):
            hidden.remove(e)
            if any(self.spread(hidden, cell) < self.k for cell in self.small):
                hidden.add(e)
        return frozenset(hidden)

    def _cheapest(self, hidden: Collection[Cell], cell: Cell) -> set[Cell]:
        """The cells of least weight that let ``cell`` move further in one direction."""
        row, column = self.ends[cell]
        found = []
        for up, start, goal in ((True, column, row), (False, row, column)):
            _, now, _ = self._push(hidden, cell, up, self.k - 1)
            path = self._path(hidden, now, start, goal, cell) if up or now[cell] else None
            found += [] if path is None else [path]
        return min(found, key=lambda each: (self.weight(each), sorted(each)))

    def _path(
        self, hidden: Collection[Cell], now: list[int], start: Line, goal: Line, cell: Cell
    ) -> set[Cell] | None:
        """The cells yet to be hidden on the lightest way from ``start`` to ``goal`` (Dijkstra)."""
        queue: list[tuple[int, Line, tuple[Cell, ...]]] = [(0, start, ())]
        done = set()
        while queue:
            cost, line, new = heapq.heappop(queue)
            if line == goal:
                return set(new)
            if line in done:
                continue
            done.add(line)
            lowering = line >= self.rows
            for e in self.lines[line]:
                if e == cell or (lowering and not now[e]):
                    continue
                across = self.ends[e][0 if lowering else 1]
                if e in hidden:
                    heapq.heappush(queue, (cost, across, new))
                else:
                    more = self.unit + self.values[e]
                    heapq.heappush(queue, (cost + more, across, (*new, e)))
        return None

    # -- the exact search ---------------------------------------------------------------------

    def fewest(self) -> frozenset[Cell]:
        """The cells to withhold: the fewest, and of those the smallest sum of values.

        Proven up to ``EXACT_CELLS`` cells; above, the best found within ``WORK``, which protects
        as well and may hide more than is needed. The same table gives the same cells.
        """
        first = self.protect()
        best = _Best(first, self.weight(first))
        size = len(self.values)
        limit = None if size <= EXACT_CELLS else WORK // size
        self._search(best, self.small, frozenset(self._all()), sorted(self.small), limit)
        return best.cells

    def _search(
        self,
        best: _Best,
        hidden: frozenset[Cell],
        allowed: frozenset[Cell],
        open_cells: Sequence[Cell],
        limit: int | None,
    ) -> None:
        """Looks for less weight than ``best`` among the sets of ``allowed`` that hold ``hidden``.

        ``open_cells`` are the small cells not yet known to be protected.
        """
        best.nodes += 1
        weight = self.weight(hidden)
        spare = best.weight - weight
        if spare <= 0 or (limit and best.nodes > limit) or self._needed(hidden, allowed) >= spare:
            return
        left, cuts = [], []
        for cell in open_cells:
            cut = self.cut(hidden, cell, allowed)
            if cut is not None:
                left.append(cell)
                cuts.append(cut)
        if not cuts:
            best.cells, best.weight = hidden, weight
            return
        cuts.sort(key=len)
        if not cuts[0] or self._disjoint(cuts) >= spare:
            return
        touched = {line for e in hidden for line in self.ends[e]}
        for e in sorted(cuts[0], key=lambda e: self._promise(e, touched)):
            self._search(best, hidden | {e}, allowed, left, limit)
            allowed = allowed - {e}

    def _promise(self, cell: Cell, touched: set[Line]) -> tuple[int, int, int]:
        """Cells between lines that hold hidden ones close cycles soonest: they are tried first."""
        return -sum(line in touched for line in self.ends[cell]), self.values[cell], cell

    def _disjoint(self, cuts: list[frozenset[Cell]]) -> int:
        """A lower bound: cuts that share no cell each cost a cell of their own."""
        used: set[Cell] = set()
        total = 0
        for cut in cuts:
            if used.isdisjoint(cut):
                used |= cut
                total += self.unit + min(self.values[e] for e in cut)
        return total

    def _needed(self, hidden: frozenset[Cell], allowed: frozenset[Cell]) -> float:
        """A lower bound on the weight still to be added; infinite when nothing can help."""
        free = allowed - hidden
        lack: dict[Line, int] = {}
        rows = self._side(range(self.rows), hidden, free, lack)
        columns = self._side(range(self.rows, len(self.lines)), hidden, free, lack)
        cells = sum(lack.values()) - self._meetings(free, lack)
        return max(rows[0], columns[0], self.unit * cells + max(rows[1], columns[1]))

    def _side(
        self, side: range, hidden: frozenset[Cell], free: frozenset[Cell], lack: dict[Line, int]
    ) -> tuple[float, int]:
        """Lower bounds on the weight, and on the sum of values, that all rows (columns) lack.

        ``lack`` takes how many cells each line lacks. A line with a hidden cell needs a second one,
        or the total gives it away. Where a small cell is hidden, the hidden cells of its line add
        up to k-1 or more: none of them can rise by more than the others fall. And a cycle never
        stays within one line, so one line alone calls for two cells in another.
        """
        weight, total, touched, another = 0.0, 0, 0, math.inf
        for line in side:
            here = [e for e in self.lines[line] if e in hidden]
            values = sorted(self.values[e] for e in self.lines[line] if e in free)
            if not here:
                if len(values) > 1:
                    another = min(another, 2 * self.unit + values[0] + values[1])
                continue
            touched += 1
            small = not self.small.isdisjoint(here)
            missing = self.k - 1 - sum(self.values[e] for e in here) if small else 0
            count, least = _cover(values, max(0, 2 - len(here)), missing)
            if count > len(values):
                return math.inf, 0
            if count:
                lack[line] = count
                total += least
                alone = min(value for value in values if value >= missing) if count == 1 else least
                weight += self.unit * count + alone
        return (weight + another if touched == 1 else weight), total

    def _meetings(self, free: frozenset[Cell], lack: dict[Line, int]) -> int:
        """An upper bound on the cells that serve a row and a column that both lack some."""
        meet: dict[Line, int] = {}
        for e in free:
            row, column = self.ends[e]
            if row in lack and column in lack:
                meet[row] = meet.get(row, 0) + 1
                meet[column] = meet.get(column, 0) + 1
        rows = sum(min(lack[line], n) for line, n in meet.items() if line < self.rows)
        columns = sum(min(lack[line], n) for line, n in meet.items() if line >= self.rows)
        return min(rows, columns)


def _cover(values: list[int], count: int, missing: int) -> tuple[int, int]:
    """How many of the sorted values, ``count`` or more, can add up to ``missing``, and the least
    that those or more of them add up to. More than there are when even all do not suffice."""
    while count <= len(values) and sum(values[len(values) - count :]) < missing:
        count += 1
    return count, max(missing, sum(values[:count])) if count else 0
