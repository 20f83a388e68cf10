"""The search for the cells to withhold, apart from tables and labels."""

import pytest

from convening.suppression import Table

SQUARE = [2, 10, 10, 20]


def test_a_cell_rises_by_what_its_line_gives_and_falls_to_nothing() -> None:
    table = Table([2, 3, 8, 20], columns=2, k=30)
    # From 0 (the two can fall to nothing) to 5 (the three beside it can give all it has).
    assert table.spread({0, 1, 2, 3}, 0) == 6


def test_the_values_of_a_cell_are_counted_no_further_than_the_threshold() -> None:
    assert Table(SQUARE, columns=2, k=5).spread({0, 1, 2, 3}, 0) == 5


@pytest.mark.parametrize("hidden", [{0}, {0, 1}, {0, 1, 2}, {0, 3}])
def test_without_a_cycle_a_cell_has_the_one_value_that_the_totals_give(hidden: set[int]) -> None:
    assert Table(SQUARE, columns=2, k=5).spread(hidden, 0) == 1


def test_a_protected_cell_has_no_cut() -> None:
    assert Table(SQUARE, columns=2, k=5).cut({0, 1, 2, 3}, 0, range(4)) is None


def test_a_cut_names_the_cells_of_which_one_has_to_go() -> None:
    table = Table([2, 10, 12, 10, 20, 8, 9, 7, 30], columns=3, k=5)
    # Two, ten beside it and ten below it: only the rest of their lines closes a cycle.
    assert table.cut({0, 1, 3}, 0, range(9)) == {2, 4, 5, 6, 7}
    assert table.cut({0, 1, 3}, 0, {4, 8}) == {4}


@pytest.mark.parametrize("k", [2, 5, 9])
def test_the_first_set_protects_and_the_best_one_is_no_heavier(k: int) -> None:
    values = [(7 * each * each + 3 * each) % 23 for each in range(30)]
    table = Table(values, columns=6, k=k)
    first, best = table.protect(), table.fewest()
    for chosen in (first, best):
        assert table.small <= chosen
        assert all(table.spread(chosen, cell) == k for cell in table.small)
    assert table.weight(best) <= table.weight(first)


def test_the_same_table_gives_the_same_cells() -> None:
    values = [each % 7 + (each % 3) * 9 for each in range(48)]
    assert Table(values, 6, 5).fewest() == Table(tuple(values), 6, 5).fewest()


def test_nothing_small_nothing_withheld() -> None:
    assert Table([10, 0, 0, 10], columns=2, k=5).fewest() == frozenset()
