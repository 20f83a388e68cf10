"""Small numbers that leave the team: tables, funnels, single figures."""

import itertools
from collections.abc import Iterator

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st

from convening.disclosure import percent, suppress, suppress_funnel, withhold

Cells = list[list[int]]
Places = frozenset[tuple[int, int]]
X = None  # withheld, in the expected tables
patient = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # a busy machine


def table(rows: Cells) -> pd.DataFrame:
    return pd.DataFrame(rows)


def shown(frame: pd.DataFrame) -> list[list[int | None]]:
    return [[None if pd.isna(each) else int(each) for each in row] for row in frame.to_numpy()]


def withheld(frame: pd.DataFrame) -> Places:
    return frozenset((int(i), int(j)) for i, j in np.argwhere(frame.isna().to_numpy()))


# -- a reader who tries every table, as the yardstick ---------------------------------------------


def parts_of(total: int, most: list[int]) -> Iterator[list[int]]:
    """Every way to write ``total`` as whole numbers, the n-th at most ``most[n]``."""
    if not most:
        if total == 0:
            yield []
        return
    for first in range(min(total, most[0]) + 1):
        for rest in parts_of(total - first, most[1:]):
            yield [first, *rest]


def possible_tables(rows: Cells, hidden: Places) -> Iterator[dict[tuple[int, int], int]]:
    """The hidden cells of every table with the same totals and the same published cells."""

    def fill(row: int, left: list[int]) -> Iterator[dict[tuple[int, int], int]]:
        if row == len(rows):
            if not any(left):
                yield {}
            return
        mine = [column for column in range(len(left)) if (row, column) in hidden]
        total = sum(rows[row][column] for column in mine)
        for values in parts_of(total, [left[column] for column in mine]):
            after = list(left)
            for column, value in zip(mine, values, strict=True):
                after[column] -= value
            for rest in fill(row + 1, after):
                yield {(row, c): v for c, v in zip(mine, values, strict=True)} | rest

    columns = range(len(rows[0]))
    yield from fill(
        0, [sum(rows[i][j] for i in range(len(rows)) if (i, j) in hidden) for j in columns]
    )


def small_cells(rows: Cells, k: int) -> Places:
    return frozenset(
        (i, j) for i, row in enumerate(rows) for j, value in enumerate(row) if 0 < value < k
    )


def keeps_its_promise(rows: Cells, hidden: Places, k: int) -> bool:
    open_cells: dict[tuple[int, int], set[int]] = {place: set() for place in small_cells(rows, k)}
    for possible in possible_tables(rows, hidden):
        for place in open_cells:
            open_cells[place].add(possible[place])
        if all(len(values) >= k for values in open_cells.values()):
            return True
    return all(len(values) >= k for values in open_cells.values())


def cost(rows: Cells, hidden: Places) -> tuple[int, int]:
    return len(hidden), sum(rows[i][j] for i, j in hidden)


def cheapest_cost(rows: Cells, k: int) -> tuple[int, int]:
    small = small_cells(rows, k)
    others = [(i, j) for i in range(len(rows)) for j in range(len(rows[0])) if (i, j) not in small]
    for size in range(len(others) + 1):
        choices = [small | frozenset(each) for each in itertools.combinations(others, size)]
        for hidden in sorted(choices, key=lambda each: cost(rows, each)):
            if keeps_its_promise(rows, hidden, k):
                return cost(rows, hidden)
    raise AssertionError("all cells withheld protect every table with totals of 2k")


@st.composite
def tables(
    draw: st.DrawFn, k: int, rows: tuple[int, int], columns: tuple[int, int], most: int
) -> Cells:
    shape = draw(st.integers(*rows)), draw(st.integers(*columns))
    few = st.one_of(st.just(0), st.integers(0, k), st.integers(0, most))
    cells = draw(st.lists(few, min_size=shape[0] * shape[1], max_size=shape[0] * shape[1]))
    grid = np.array(cells).reshape(shape)
    # Public totals are at least 2k: what a line lacks goes where it counts for two lines.
    for i in range(max(shape)):
        row, column = min(i, shape[0] - 1), min(i, shape[1] - 1)
        grid[row, column] += max(0, 2 * k - min(grid[row].sum(), grid[:, column].sum()))
    assume(min(*grid.sum(axis=0), *grid.sum(axis=1)) >= 2 * k)
    return grid.tolist()


@settings(patient, max_examples=60)
@given(tables(k=2, rows=(2, 3), columns=(2, 3), most=6))
def test_as_few_and_as_small_cells_are_withheld_as_any_choice_that_protects(rows: Cells) -> None:
    hidden = withheld(suppress(table(rows), 2))
    assert keeps_its_promise(rows, hidden, 2)
    assert cost(rows, hidden) == cheapest_cost(rows, 2)


@settings(patient, max_examples=40)
@given(tables(k=3, rows=(2, 2), columns=(2, 5), most=8))
@example([[1, 5, 0, 6], [5, 1, 6, 0]])
def test_two_rows_of_any_length_are_withheld_as_sparingly_as_can_be(rows: Cells) -> None:
    assert cost(rows, withheld(suppress(table(rows), 3))) == cheapest_cost(rows, 3)


@settings(patient, max_examples=60)
@given(tables(k=5, rows=(2, 3), columns=(2, 3), most=9))
def test_five_values_stay_open_for_each_withheld_small_cell(rows: Cells) -> None:
    hidden = withheld(suppress(table(rows)))
    assert small_cells(rows, 5) <= hidden
    assert keeps_its_promise(rows, hidden, 5)


@settings(patient, max_examples=40)
@given(tables(k=4, rows=(4, 7), columns=(4, 7), most=30))
def test_what_is_published_is_true_and_what_is_small_is_withheld(rows: Cells) -> None:
    result = suppress(table(rows), 4)
    for row, cells in zip(shown(result), rows, strict=True):
        for value, true in zip(row, cells, strict=True):
            assert value is None or (value == true and not 0 < true < 4)


def values_by_gale(rows: Cells, hidden: Places, place: tuple[int, int]) -> int:
    """How many values a hidden cell may have, by Gale's theorem: what is left for the hidden cells
    of some rows must fit into the columns that these cells stand in, for every choice of rows."""
    rest = hidden - {place}
    left_rows = [
        sum(rows[i][j] for j in range(len(rows[0])) if (i, j) in hidden) for i in rows_of(rows)
    ]
    left_columns = [
        sum(rows[i][j] for i in rows_of(rows) if (i, j) in hidden) for j in range(len(rows[0]))
    ]

    def fits(value: int) -> bool:
        need, room = list(left_rows), list(left_columns)
        need[place[0]] -= value
        room[place[1]] -= value
        for size in range(1, len(rows) + 1):
            for chosen in itertools.combinations(rows_of(rows), size):
                reach = {j for i, j in rest if i in chosen}
                if sum(need[i] for i in chosen) > sum(room[j] for j in reach):
                    return False
        return True

    most = min(left_rows[place[0]], left_columns[place[1]])
    return sum(fits(value) for value in range(most + 1))


def rows_of(rows: Cells) -> range:
    return range(len(rows))


@settings(patient, max_examples=25)
@given(tables(k=5, rows=(6, 7), columns=(6, 8), most=15))
def test_a_table_of_more_than_thirty_cells_keeps_its_promise_too(rows: Cells) -> None:
    hidden = withheld(suppress(table(rows)))
    assert all(values_by_gale(rows, hidden, place) >= 5 for place in small_cells(rows, 5))


THIRTY = [
    [1, 0, 2, 20, 0, 0],
    [0, 0, 10, 0, 7, 4],
    [10, 20, 5, 5, 2, 5],
    [5, 7, 5, 0, 7, 7],
    [10, 2, 7, 5, 10, 0],
]


def test_no_eleven_cells_protect_a_table_of_thirty_for_which_twelve_are_withheld() -> None:
    result = suppress(table(THIRTY))
    hidden = withheld(result)
    assert cost(THIRTY, hidden) == (12, 60)
    small = small_cells(THIRTY, 5)
    assert all(values_by_gale(THIRTY, hidden, place) >= 5 for place in small)
    others = [(i, j) for i in range(5) for j in range(6) if (i, j) not in small]
    for size in range(11 - len(small) + 1):
        for extra in itertools.combinations(others, size):
            choice = small | frozenset(extra)
            if may_close(choice):
                assert any(values_by_gale(THIRTY, choice, place) < 5 for place in small)


def may_close(hidden: Places) -> bool:
    """No row and no column holds just one hidden cell, which its total would give away."""
    return all(
        sum(place[axis] == line for place in hidden) != 1 for axis in (0, 1) for line in range(6)
    )


# -- tables worked out by hand --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        pytest.param([[9, 5], [7, 8]], [[9, 5], [7, 8]], id="nothing small, nothing withheld"),
        pytest.param([[10, 0], [0, 10]], [[10, 0], [0, 10]], id="zeros may stay"),
        pytest.param(
            [[2, 10, 12], [10, 20, 8], [9, 7, 30]],
            [[X, X, 12], [10, 20, 8], [X, X, 30]],
            id="the square with the smallest sum (2+10+9+7) covers the two",
        ),
        pytest.param(
            [[2, 10, 12], [0, 6, 9], [9, 7, 30]],
            [[X, X, 12], [0, 6, 9], [X, X, 30]],
            id="with the zero below it the two could only fall: three values are too few",
        ),
        pytest.param(
            [[4, 6, 9], [6, 0, 9], [9, 9, 9]],
            [[X, X, 9], [X, X, 9], [9, 9, 9]],
            id="a zero on the far corner covers, since the four may rise to ten",
        ),
        pytest.param([[12, 10]], [[12, 10]], id="a single row is its column totals"),
    ],
)
def test_a_small_table_is_withheld_as_worked_out_by_hand(
    rows: Cells, expected: list[list[int | None]]
) -> None:
    assert shown(suppress(table(rows))) == expected


def test_labels_stay_and_every_withheld_cell_shows_the_same_mark() -> None:
    counts = pd.DataFrame(
        [[2, 10], [10, 20]],
        index=pd.Index(["pilot", "design"], name="stage"),
        columns=pd.Index(["steward", "gateway"], name="group"),
    )
    result = suppress(counts)
    assert result.index.equals(counts.index)
    assert result.index.name == "stage"
    assert result.columns.name == "group"
    assert set(result.dtypes.astype(str)) == {"Int64"}
    assert all(each is pd.NA for each in result.to_numpy().ravel())
    assert counts.loc["pilot", "steward"] == 2


def test_the_same_label_twice_does_no_harm() -> None:
    counts = pd.DataFrame([[2, 10], [10, 20]], index=["a", "a"], columns=["b", "b"])
    assert shown(suppress(counts)) == [[X, X], [X, X]]


def test_the_kind_of_number_makes_no_difference() -> None:
    rows = [[2, 10, 12], [10, 20, 8], [9, 7, 30]]
    expected = shown(suppress(table(rows)))
    for kind in ("int8", "uint16", "float64", "Int64", "object"):
        assert shown(suppress(table(rows).astype(kind))) == expected


def test_a_threshold_of_one_withholds_nothing() -> None:
    assert shown(suppress(table([[1, 1], [1, 1]]), 1)) == [[1, 1], [1, 1]]


@pytest.mark.parametrize(
    "rows",
    [
        pytest.param([[4, 5], [20, 20]], id="a row below ten"),
        pytest.param([[4, 20], [5, 20]], id="a column below ten"),
        pytest.param([[0, 0], [20, 20]], id="an empty row"),
        pytest.param([[9]], id="the grand total below ten"),
        pytest.param([[-1, 20], [20, 20]], id="a negative count"),
        pytest.param([[10.5, 20], [20, 20]], id="half a person"),
        pytest.param([[None, 20], [20, 20]], id="a missing cell"),
        pytest.param([[float("inf"), 20], [20, 20]], id="no number of people"),
        pytest.param([["many", 20], [20, 20]], id="a word"),
        pytest.param([], id="no cells at all"),
    ],
)
def test_a_table_that_cannot_be_protected_is_refused(rows: list[list[object]]) -> None:
    with pytest.raises(ValueError):
        suppress(pd.DataFrame(rows))


def test_a_threshold_below_one_is_refused() -> None:
    with pytest.raises(ValueError):
        suppress(table([[10, 10], [10, 10]]), 0)


# -- the funnel -----------------------------------------------------------------------------------

STEPS = ["on_the_map", "invited", "accepted", "in_the_room"]


def funnel(people: list[int], **groups: list[int]) -> tuple[pd.DataFrame, "pd.Series[int]"]:
    steps = STEPS[: len(people)]
    return pd.DataFrame(groups.values(), list(groups), steps), pd.Series(people, steps)


def test_a_funnel_of_large_groups_stays_whole() -> None:
    counts, people = funnel([90, 60, 50, 40], steward=[50, 30, 20, 10], gateway=[60, 40, 30, 30])
    assert shown(suppress_funnel(counts, people)) == counts.to_numpy().tolist()


def test_a_group_that_falls_away_completely_may_be_named() -> None:
    counts, people = funnel([90, 60, 50, 40], steward=[30, 10, 0, 0], gateway=[70, 55, 50, 40])
    assert shown(suppress_funnel(counts, people))[0] == [30, 10, 0, 0]


def test_one_to_four_people_are_withheld_and_so_are_all_but_one_to_four() -> None:
    counts, people = funnel([90, 60, 39, 30], steward=[50, 30, 9, 4], gateway=[60, 55, 36, 27])
    assert shown(suppress_funnel(counts, people)) == [[50, 30, 9, X], [60, 55, X, X]]


def test_what_the_other_groups_leave_over_is_withheld_with_a_further_cell() -> None:
    counts, people = funnel([20], steward=[4], gateway=[10], influencer=[6])
    # Everybody is in a group, so 20 - 10 - 6 would be the stewards.
    assert shown(suppress_funnel(counts, people)) == [[X], [10], [X]]


def test_a_figure_that_the_step_before_gives_away_takes_it_along() -> None:
    counts, people = funnel([30, 12], steward=[12, 4], gateway=[30, 12])
    assert shown(suppress_funnel(counts, people)) == [[12, X], [30, 12]]
    # Only five left in all: of nine stewards four at least have stayed.
    counts, people = funnel([30, 25], steward=[9, 4], gateway=[30, 25])
    assert shown(suppress_funnel(counts, people)) == [[X, X], [30, 25]]


def possible_funnels(
    people: list[int], published: dict[tuple[int, int], int], groups: int
) -> Iterator[list[list[int]]]:
    """Every funnel with these published cells, in which everybody is in a group."""
    gone = [here - after for here, after in itertools.pairwise([*people, 0])]
    leaving = [
        [each for each in itertools.product(range(most + 1), repeat=groups) if sum(each) >= most]
        for most in gone
    ]
    for choice in itertools.product(*leaving):
        rows = [
            [sum(step[group] for step in choice[start:]) for start in range(len(people))]
            for group in range(groups)
        ]
        if all(rows[i][j] == value for (i, j), value in published.items()):
            yield rows


@st.composite
def small_funnels(draw: st.DrawFn) -> tuple[list[int], Cells]:
    gone = draw(st.lists(st.integers(0, 4), min_size=2, max_size=3))
    members = [[(draw(st.booleans()), draw(st.booleans())) for _ in range(each)] for each in gone]
    members = [[(a or not b, b) for a, b in step] for step in members]
    people = [sum(gone[start:]) for start in range(len(gone))]
    rows = [
        [
            sum(each[group] for step in members[start:] for each in step)
            for start in range(len(gone))
        ]
        for group in (0, 1)
    ]
    return people, rows


@settings(patient, max_examples=80)
@given(small_funnels(), st.integers(2, 3))
def test_withheld_figures_of_a_funnel_stay_open_and_no_more_is_withheld_than_that_takes(
    drawn: tuple[list[int], Cells], k: int
) -> None:
    people, rows = drawn
    places = list(itertools.product(range(2), range(len(people))))
    secret = {
        (i, j)
        for i, j in places
        if 0 < rows[i][j] < k or (people[j] >= k and 0 < people[j] - rows[i][j] < k)
    }

    def protects(hidden: Places) -> bool:
        published = {(i, j): rows[i][j] for i, j in places if (i, j) not in hidden}
        seen: dict[tuple[int, int], set[int]] = {place: set() for place in secret}
        for each in possible_funnels(people, published, 2):
            for i, j in secret:
                seen[i, j].add(each[i][j])
        for i, j in secret:
            few = set(range(min(k, people[j] + 1)))
            left_over = {people[j] - each for each in few}
            if 0 < rows[i][j] < k and not few <= seen[i, j]:
                return False
            if 0 < people[j] - rows[i][j] < k <= people[j] and not left_over <= seen[i, j]:
                return False
        return True

    steps = [str(step) for step in range(len(people))]
    result = suppress_funnel(pd.DataFrame(rows, columns=steps), pd.Series(people, steps), k)
    hidden = withheld(result)
    assert secret <= hidden
    assert protects(hidden)
    others = [place for place in places if place not in secret]
    choices = [
        frozenset(secret) | set(each)
        for size in range(len(others) + 1)
        for each in itertools.combinations(others, size)
    ]
    assert cost(rows, hidden) == min(cost(rows, each) for each in choices if protects(each))


@pytest.mark.parametrize(
    ("people", "group"),
    [
        pytest.param([20, 10], [5, 6], id="a step wider than the one before"),
        pytest.param([20, 21], [5, 5], id="more people than before"),
        pytest.param([20, 10], [12, 11], id="a group of more than everybody"),
        pytest.param([20, 19], [12, 10], id="more left the group than left at all"),
        pytest.param([20, 19], [12, None], id="a missing cell"),
    ],
)
def test_a_funnel_that_contradicts_itself_is_refused(
    people: list[int], group: list[int | None]
) -> None:
    counts = pd.DataFrame([group], columns=["a", "b"])
    with pytest.raises(ValueError):
        suppress_funnel(counts, pd.Series(people, ["a", "b"]))


def test_the_people_of_a_funnel_are_found_by_the_name_of_the_step() -> None:
    counts = pd.DataFrame([[30, 10]], ["steward"], ["invited", "in_the_room"])
    people = pd.Series({"in_the_room": 12, "invited": 60})
    assert shown(suppress_funnel(counts, people)) == [[30, X]]
    with pytest.raises(ValueError):
        suppress_funnel(counts, people.drop("invited"))


# -- single figures -------------------------------------------------------------------------------


def test_one_to_four_are_withheld_and_nobody_is_not() -> None:
    assert [withhold(count) for count in (0, 1, 4, 5, 100)] == [0, None, None, 5, 100]
    assert withhold(2, k=2) == 2


def test_a_percentage_needs_ten_people_and_two_figures_that_are_shown() -> None:
    assert percent(4, 10) == 40
    assert percent(0, 12) == 0
    assert percent(9, 9) is None
    assert percent(0, 0) is None
    assert percent(None, 40) is None
    assert percent(4, None) is None


@pytest.mark.parametrize("part", [-1, 21])
def test_a_percentage_of_more_than_everybody_is_refused(part: int) -> None:
    with pytest.raises(ValueError):
        percent(part, 20)
