"""Who is in a room, against the targets of its stage."""

import math
from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from convening import balance
from convening.balance import Parts
from convening.problems import Problem
from convening.vocabulary import Group, Part, Range

S, G, I = Group  # noqa: E741
members = st.lists(st.frozensets(st.sampled_from(list(Group))), max_size=30)
patient = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # a busy machine


def room(*people: set[Group]) -> balance.Shares:
    return balance.shares(people)


def codes(problems: list[Problem]) -> list[str]:
    return [each.code for each in problems]


# -- counting -------------------------------------------------------------------------------------


def test_a_person_in_two_groups_is_a_head_in_both_and_half_a_person_in_each_share() -> None:
    counted = room({S}, {S, G}, {S, G, I}, set())
    assert (counted.people, counted.placed, counted.unplaced) == (4, 3, 1)
    assert counted.heads == {S: 3, G: 2, I: 1}
    assert counted.share == pytest.approx({S: 11 / 18, G: 5 / 18, I: 2 / 18}, abs=1e-15)
    assert counted.overlaps == {
        frozenset({S}): 1,
        frozenset({G}): 0,
        frozenset({I}): 0,
        frozenset({S, G}): 1,
        frozenset({S, I}): 0,
        frozenset({G, I}): 0,
        frozenset({S, G, I}): 1,
    }


def test_an_empty_room_has_every_key_at_nought() -> None:
    counted = room()
    assert (counted.people, counted.placed, counted.unplaced) == (0, 0, 0)
    assert counted.heads == dict.fromkeys(Group, 0)
    assert counted.share == dict.fromkeys(Group, 0.0)
    assert counted.overlaps == dict.fromkeys(balance.OVERLAPS, 0)
    assert len(balance.OVERLAPS) == 7


def test_people_in_no_group_have_no_share() -> None:
    assert room(set(), set()).share == dict.fromkeys(Group, 0.0)
    assert room(set(), {I}).share == {S: 0.0, G: 0.0, I: 1.0}


@settings(patient)
@given(members)
def test_shares_add_up_to_one_and_overlaps_to_the_placed(people: list[frozenset[Group]]) -> None:
    counted = balance.shares(people)
    assert counted.placed + counted.unplaced == counted.people == len(people)
    assert sum(counted.overlaps.values()) == counted.placed
    assert sum(counted.share.values()) == pytest.approx(1 if counted.placed else 0)


@settings(patient)
@given(members, st.frozensets(st.sampled_from(list(Group))))
def test_one_more_person_counts_as_if_they_had_been_there(
    people: list[frozenset[Group]], groups: frozenset[Group]
) -> None:
    assert balance.joined(balance.shares(people), groups) == balance.shares([*people, groups])


def test_a_mask_holds_a_bit_per_group_and_gives_the_groups_back() -> None:
    assert [balance.mask({group}) for group in Group] == [1, 2, 4]
    every = [frozenset(each) for size in range(4) for each in combinations(Group, size)]
    assert [balance.groups_of(balance.mask(each)) for each in every] == every


def test_people_counted_by_mask_are_the_same_room() -> None:
    assert balance.from_counts({0: 2, 1: 3, 3: 1}) == room(set(), set(), {S}, {S}, {S}, {S, G})


# -- targets --------------------------------------------------------------------------------------


def test_a_third_each_leaves_five_points_either_way() -> None:
    targets = balance.thirds()
    assert list(targets) == [S, G, I]
    for wanted in targets.values():
        assert wanted == pytest.approx((1 / 3 - 0.05, 1 / 3 + 0.05))
    assert balance.check_targets(targets) == []


def test_the_reference_is_the_share_on_the_map_and_never_makes_a_group_optional() -> None:
    on_the_map = room(*[{S}] * 48, *[{G}] * 50, *[{I}] * 2)
    targets = balance.reference(on_the_map)
    assert targets[S] == pytest.approx((0.43, 0.53))
    assert targets[G] == pytest.approx((0.45, 0.55))
    assert targets[I] == pytest.approx((0.01, 0.07))


def test_the_reference_stays_within_nought_and_one() -> None:
    assert balance.reference(room({S})) == {
        S: Range(0.95, 1.0),
        G: Range(0.0, 0.05),
        I: Range(0.0, 0.05),
    }


def test_a_map_with_nobody_placed_is_no_reference() -> None:
    assert balance.reference(room(set())) == {}


@settings(patient)
@given(members)
def test_the_map_itself_always_meets_its_own_reference(people: list[frozenset[Group]]) -> None:
    counted = balance.shares(people)
    assert balance.check(counted, balance.reference(counted)) == []


def test_a_range_outside_nought_and_one_is_named_with_its_group() -> None:
    targets = {S: Range(-0.1, 0.5), G: Range(0.2, 1.1), I: Range(math.nan, 0.5)}
    found = balance.check_targets(targets, {S: "a reason"})
    assert [(each.code, each.field) for each in found] == [
        ("target_out_of_bounds", "steward"),
        ("target_out_of_bounds", "gateway"),
        ("target_out_of_bounds", "influencer"),
    ]
    assert found[0].params == {"group": S, "min": -0.1, "max": 0.5}


def test_a_range_that_ends_before_it_starts_is_reversed() -> None:
    found = balance.check_targets({G: Range(0.5, 0.4)})
    assert found == [Problem("target_reversed", {"group": G, "min": 0.5, "max": 0.4}, "gateway")]


def test_a_range_from_nought_needs_a_reason_that_says_something() -> None:
    targets = {S: Range(0.0, 0.4), G: Range(0.3, 0.6), I: Range(0.3, 0.6)}
    missing = [Problem("target_reason_missing", {"group": S}, "steward")]
    assert balance.check_targets(targets) == missing
    assert balance.check_targets(targets, {S: "  "}) == missing
    assert balance.check_targets(targets, {G: "another group's"}) == missing
    assert balance.check_targets(targets, {S: "They meet on their own first."}) == []


def test_ranges_that_no_room_can_meet_are_refused() -> None:
    high = dict.fromkeys(Group, Range(0.4, 0.6))
    assert codes(balance.check_targets(high)) == ["targets_too_high"]
    low = dict.fromkeys(Group, Range(0.1, 0.3))
    assert codes(balance.check_targets(low)) == ["targets_too_low"]
    assert balance.check_targets(dict.fromkeys(Group, Range(1 / 3, 1 / 3))) == []


def test_a_group_without_a_range_may_fill_what_the_others_leave() -> None:
    assert balance.check_targets({S: Range(0.1, 0.2), G: Range(0.1, 0.2)}) == []


# -- a room against its targets -------------------------------------------------------------------


def test_each_group_outside_its_range_is_a_problem_with_its_numbers() -> None:
    counted = room({S}, *[{G}] * 4, *[{I}] * 5)
    targets = {I: Range(0.2, 0.4), S: Range(0.3, 0.5), G: Range(0.3, 0.5)}
    assert balance.check(counted, targets) == [
        Problem("below_target", {"group": S, "share": 0.1, "min": 0.3, "max": 0.5}),
        Problem("above_target", {"group": I, "share": 0.5, "min": 0.2, "max": 0.4}),
    ]


def test_both_ends_of_a_range_are_in_it_rounding_errors_included() -> None:
    counted = room({S}, {G}, {I})
    for end in (1 / 3, 1 / 3 + 5e-10, 1 / 3 - 5e-10):
        assert balance.check(counted, dict.fromkeys(Group, Range(end, end))) == []
    assert codes(balance.check(counted, {S: Range(1 / 3 + 1e-8, 1)})) == ["below_target"]
    assert codes(balance.check(counted, {S: Range(0, 1 / 3 - 1e-8)})) == ["above_target"]


def test_a_group_without_a_target_is_never_a_problem() -> None:
    assert balance.check(room({I}), {}) == []


def test_an_empty_room_is_below_every_target_above_nought() -> None:
    targets = {S: Range(0.2, 1), G: Range(0, 1), I: Range(0.1, 1)}
    assert [each.params["group"] for each in balance.check(room(), targets)] == [S, I]


def test_the_gap_adds_up_how_far_each_share_is_from_its_range() -> None:
    counted = room({S}, *[{G}] * 4, *[{I}] * 5)
    targets = {S: Range(0.3, 0.5), G: Range(0.3, 0.5), I: Range(0.2, 0.4)}
    assert balance.gap(counted, targets) == pytest.approx(0.2 + 0.1)
    assert balance.gap(room({S}, {G}, {I}), balance.thirds()) == 0
    assert balance.gap(room(set()), targets) == 2
    assert balance.gap(room(), {}) == 0


def test_the_index_is_the_part_of_the_target_mix_that_is_in_the_room() -> None:
    thirds = balance.thirds()
    assert balance.index(room({S}, {G}, {I}), thirds) == pytest.approx(1)
    assert balance.index(room({S, G, I}), thirds) == pytest.approx(1)
    assert balance.index(room({I}), thirds) == pytest.approx(1 / 3)
    assert balance.index(room({S}, {I}), thirds) == pytest.approx(2 / 3)


def test_the_index_scales_the_midpoints_to_one() -> None:
    targets = {S: Range(0.2, 0.4), G: Range(0.0, 0.2), I: Range(0.0, 0.2)}  # 0.3, 0.1, 0.1
    assert balance.index(room({S}, {G}), targets) == pytest.approx(0.5 + 0.2)


def test_the_index_takes_a_group_without_a_range_for_not_wanted() -> None:
    assert balance.index(room({S}, {I}), {S: Range(0.5, 1)}) == pytest.approx(0.5)


def test_the_index_of_a_room_with_nobody_placed_is_nought() -> None:
    assert balance.index(room(set()), balance.thirds()) == 0


@pytest.mark.parametrize("targets", [{}, dict.fromkeys(Group, Range(0, 0))])
def test_without_a_midpoint_above_nought_there_is_no_index(targets: dict[Group, Range]) -> None:
    for counted in (room({S}), room()):
        with pytest.raises(ValueError):
            balance.index(counted, targets)


# -- what else an organiser should know -----------------------------------------------------------


def test_three_of_one_organisation_among_ten_are_many_and_two_are_not() -> None:
    names = ["Mayor's office"] * 3 + ["Tenants"] * 2 + [None] * 5
    assert balance.organisations(names) == [
        Problem(
            "organisation_over_represented",
            {"organisation": "Mayor's office", "count": 3, "people": 10},
        )
    ]
    assert balance.organisations(["Tenants"] * 2) == []


def test_a_fifth_of_the_room_is_not_yet_too_many() -> None:
    tenants, others = ["Tenants"] * 3, [None] * 12
    assert balance.organisations([*tenants, *others]) == []
    assert codes(balance.organisations([*tenants, *others[1:]])) == [
        "organisation_over_represented"
    ]


def test_the_largest_organisation_is_named_first_and_people_without_one_are_not_one() -> None:
    found = balance.organisations([1] * 3 + [2] * 4 + [None] * 5)
    assert [each.params["organisation"] for each in found] == [2, 1]


def test_one_person_for_a_whole_group_is_pointed_out() -> None:
    assert balance.lone(room({S}, {G, I}, {G}, set())) == [
        Problem("lone_person", {"group": S, "people": 4}),
        Problem("lone_person", {"group": I, "people": 4}),
    ]
    assert balance.lone(room({S})) == []


def test_people_in_no_group_yet_are_counted() -> None:
    assert balance.unplaced(room({S}, set(), set())) == [
        Problem("unplaced", {"count": 2, "people": 3})
    ]
    assert balance.unplaced(room({S})) == []


def test_a_full_room_is_no_problem_and_one_more_is() -> None:
    assert balance.over_capacity(20, 20) == []
    assert balance.over_capacity(20, None) == []
    assert balance.over_capacity(1, 0) == [
        Problem("over_capacity", {"people": 1, "capacity": 0, "count": 1}, "capacity")
    ]


def test_working_parts_are_told_from_staged_ones() -> None:
    found = balance.parts(
        [
            ({S}, Part.TAKING_PART),
            ({S, I}, Part.PANEL),
            ({I}, Part.SPEAKING),
            (set(), Part.CO_DESIGN),
        ]
    )
    assert found == {S: Parts(1, 1), G: Parts(0, 0), I: Parts(0, 2)}
    assert balance.staged(found) == [Problem("staged_only", {"group": I, "count": 2})]


@pytest.mark.parametrize("part", list(Part))
def test_every_part_is_either_work_or_staged(part: Part) -> None:
    work = {"co_design", "taking_part", "facilitating", "keeping_the_record"}
    assert balance.parts([({G}, part)])[G] == (Parts(1, 0) if part.value in work else Parts(0, 1))


def test_new_faces_were_never_invited_before() -> None:
    assert balance.new_faces([0, 3, 0, 1]) == 2
    assert balance.new_faces([]) == 0


# -- many people ----------------------------------------------------------------------------------


def test_people_are_counted_by_stage_and_mask() -> None:
    stage = np.array([0, 0, 2, 2, 2, 0])
    mask = np.array([1, 1, 7, 0, 3, 4])
    assert balance.tabulate(stage, mask).tolist() == [
        [0, 2, 0, 0, 1, 0, 0, 0],
        [0, 0, 0, 0, 0, 0, 0, 0],
        [1, 0, 0, 1, 0, 0, 0, 1],
    ]


def test_stages_that_nobody_came_to_have_a_row_where_their_number_is_given() -> None:
    nobody = np.array([], dtype=np.int64)
    assert balance.tabulate(nobody, nobody).shape == (0, 8)
    assert balance.tabulate(nobody, nobody, stages=6).shape == (6, 8)
    assert balance.tabulate(np.array([1]), np.array([2]), stages=3).sum(axis=1).tolist() == [
        0,
        1,
        0,
    ]


@pytest.mark.parametrize("kind", [np.int8, np.uint8, np.int32, np.uint64])
def test_any_whole_numbers_count_as_a_group_by_does(kind: type[np.integer]) -> None:
    random = np.random.default_rng(1)
    stage = random.integers(0, 100, 2000).astype(kind)
    mask = random.integers(0, 8, 2000).astype(kind)
    expected = pd.crosstab(stage.astype(int), mask.astype(int)).to_numpy()
    assert (balance.tabulate(stage, mask) == expected).all()


@pytest.mark.parametrize(
    ("stage", "mask", "stages"),
    [
        pytest.param([0], [8], None, id="a mask beyond three groups"),
        pytest.param([0], [-1], None, id="a negative mask"),
        pytest.param([-1], [1], None, id="a negative stage"),
        pytest.param([0, 1], [1], None, id="two lengths"),
        pytest.param([3], [1], 3, id="a stage that is not there"),
        pytest.param([[0]], [[1]], None, id="not a list of people"),
    ],
)
def test_numbers_that_mean_nothing_are_refused(
    stage: list[int], mask: list[int], stages: int | None
) -> None:
    with pytest.raises(ValueError):
        balance.tabulate(np.array(stage), np.array(mask), stages)


@settings(patient)
@given(members)
def test_heads_of_a_table_are_the_heads_of_the_room(people: list[frozenset[Group]]) -> None:
    mask = np.array([balance.mask(each) for each in people], dtype=np.int64)
    table = balance.tabulate(np.zeros(len(people), dtype=np.int64), mask, stages=1)
    assert balance.heads(table).tolist() == [list(balance.shares(people).heads.values())]
