"""How far each group comes, stage by stage, and the sentence that reads it."""

from collections.abc import Mapping, Sequence

import pandas as pd
import pytest

from convening import balance
from convening.funnel import PEOPLE, Step, funnel, overlaps, reading, suppressed, ternary
from convening.problems import Problem
from convening.vocabulary import FunnelStep, Group, InvitationStatus

S, G, I = Group  # noqa: E741
STATUS = InvitationStatus
ALL = [*Group, PEOPLE]


def invitation(
    person: int | None, status: InvitationStatus, *groups: Group, stage: str = "design"
) -> Step:
    return Step(person, stage, status, frozenset(groups))


def rows(table: pd.DataFrame, stage: str = "design") -> list[list[int]]:
    return table.loc[stage][ALL].to_numpy().tolist()


def counts(stages: Mapping[str, Sequence[Sequence[int | None]]]) -> pd.DataFrame:
    """A funnel as it would come out of ``funnel``: by stage, four rows of four counts."""
    index = pd.MultiIndex.from_product([stages, list(FunnelStep)], names=["stage", "step"])
    cells = [row for each in stages.values() for row in each]
    return pd.DataFrame(cells, index, pd.Index(ALL, dtype=object), dtype="Int64")


def test_every_stage_has_four_steps_and_every_step_every_group() -> None:
    table = funnel({1: {S}, 2: {S, G}, 3: set()}, [], ["design", "pilot"])
    assert list(table.columns) == ["steward", "gateway", "influencer", "people"]
    assert list(table.index) == [
        (stage, step) for stage in ("design", "pilot") for step in FunnelStep
    ]
    empty = [0, 0, 0, 0]
    assert rows(table) == rows(table, "pilot") == [[2, 1, 0, 3], empty, empty, empty]


@pytest.mark.parametrize(
    ("status", "reached"),
    [
        (STATUS.PROPOSED, [1, 0, 0, 0]),
        (STATUS.WITHDRAWN, [1, 0, 0, 0]),
        (STATUS.WAITLISTED, [1, 1, 0, 0]),
        (STATUS.INVITED, [1, 1, 0, 0]),
        (STATUS.DECLINED, [1, 1, 0, 0]),
        (STATUS.ACCEPTED, [1, 1, 1, 0]),
        (STATUS.ABSENT, [1, 1, 1, 0]),
        (STATUS.ATTENDED, [1, 1, 1, 1]),
    ],
)
def test_a_status_says_how_far_a_person_came(status: STATUS, reached: list[int]) -> None:
    table = funnel({1: {S}}, [invitation(1, status, S)], ["design"])
    assert table["steward"].tolist() == table[PEOPLE].tolist() == reached


def test_whoever_comes_to_three_convenings_of_a_stage_counts_once() -> None:
    steps = [
        invitation(1, STATUS.DECLINED, S),
        invitation(1, STATUS.ATTENDED, S),
        invitation(1, STATUS.ATTENDED, S),
    ]
    assert rows(funnel({1: {S}}, steps, ["design"])) == [[1, 0, 0, 1]] * 4


def test_a_convening_counts_in_its_own_stage_alone() -> None:
    steps = [invitation(1, STATUS.ATTENDED, S), invitation(2, STATUS.INVITED, G, stage="pilot")]
    table = funnel({1: {S}, 2: {G}}, steps, ["design", "pilot"])
    assert rows(table)[1:] == [[1, 0, 0, 1]] * 3
    assert rows(table, "pilot")[1:] == [[0, 1, 0, 1], [0, 0, 0, 0], [0, 0, 0, 0]]


def test_the_groups_of_then_count_and_make_no_step_wider_than_the_one_before() -> None:
    table = funnel({1: {G}}, [invitation(1, STATUS.ATTENDED, S)], ["design", "pilot"])
    assert rows(table) == [[1, 1, 0, 1], [1, 0, 0, 1], [1, 0, 0, 1], [1, 0, 0, 1]]
    assert rows(table, "pilot")[0] == [1, 1, 0, 1]


def test_every_erased_person_counts_as_one_with_the_groups_that_were_kept() -> None:
    steps = [invitation(None, STATUS.ATTENDED, S), invitation(None, STATUS.ABSENT, S, I)]
    assert rows(funnel({}, steps, ["design"])) == [
        [2, 0, 1, 2],
        [2, 0, 1, 2],
        [2, 0, 1, 2],
        [1, 0, 0, 1],
    ]


def test_somebody_proposed_or_of_another_initiative_does_not_change_the_map() -> None:
    steps = [invitation(9, STATUS.PROPOSED, S), invitation(8, STATUS.ATTENDED, S, stage="other")]
    assert rows(funnel({1: {G}}, steps, ["design"]))[0] == [0, 1, 0, 1]


def test_no_stages_no_rows() -> None:
    assert funnel({1: {S}}, [], []).shape == (0, 4)


# -- outside the team -----------------------------------------------------------------------------


def test_small_groups_of_people_are_withheld_and_the_people_of_a_small_step_too() -> None:
    table = counts(
        {
            "design": [[30, 20, 0, 50], [20, 10, 0, 30], [4, 0, 0, 4], [0, 0, 0, 0]],
            "pilot": [[30, 20, 0, 50], [0, 0, 0, 0], [0, 0, 0, 0], [0, 0, 0, 0]],
        }
    ).astype("int64")
    hidden = suppressed(table)
    assert set(hidden.dtypes.astype(str)) == {"Int64"}
    marks = hidden.isna().to_numpy().tolist()
    assert marks[2] == [True, True, False, True]  # the gateways' 0 would leave all to the stewards
    assert marks[4:] == [[False] * 4] * 4
    assert hidden.fillna(table).astype("int64").equals(table)


def test_what_one_stage_withholds_of_the_map_all_stages_do() -> None:
    table = counts(
        {
            # Everybody of nine came along but for five: four of nine stewards are withheld, and
            # with them the nine, which would say that four at least have stayed.
            "design": [[9, 30, 0, 30], [4, 25, 0, 25], [0, 0, 0, 0], [0, 0, 0, 0]],
            "pilot": [[9, 30, 0, 30], [0, 0, 0, 0], [0, 0, 0, 0], [0, 0, 0, 0]],
        }
    ).astype("int64")
    hidden = suppressed(table)
    assert hidden.isna().to_numpy().tolist()[::4] == [[True, False, False, False]] * 2


# -- the sentence ---------------------------------------------------------------------------------


def test_a_third_of_the_map_and_none_in_the_room_is_said_first() -> None:
    table = counts(
        {
            "design": [[20, 25, 15, 60], [9, 9, 9, 27], [6, 9, 9, 24], [3, 9, 9, 21]],
            "pilot": [[20, 25, 15, 60], [4, 8, 8, 20], [2, 7, 7, 16], [0, 7, 7, 14]],
        }
    )
    assert reading(table, {"pilot": "Pilot"}) == Problem(
        "funnel.reading_none",
        {
            "group": S,
            "stage": "Pilot",
            "map_heads": 20,
            "map_people": 60,
            "heads": 0,
            "count": 14,
        },
    )


def test_whoever_was_not_even_asked_is_said_to_be_so() -> None:
    table = counts({"pilot": [[20, 25, 15, 60], [0, 8, 8, 16], [0, 7, 7, 14], [0, 7, 7, 14]]})
    found = reading(table)
    assert found.code == "funnel.reading_not_invited"
    assert found.params["stage"] == "pilot"


def test_of_two_missing_groups_the_one_that_more_were_expected_of_is_named() -> None:
    table = counts(
        {
            "design": [[20, 40, 0, 60], [5, 5, 0, 10], [5, 5, 0, 10], [0, 10, 0, 10]],
            "pilot": [[20, 40, 0, 60], [9, 9, 0, 18], [9, 9, 0, 18], [18, 0, 0, 18]],
        }
    )
    found = reading(table)
    assert (found.params["group"], found.params["stage"]) == (G, "pilot")


def test_a_group_that_is_not_on_the_map_is_not_missed_in_the_room() -> None:
    table = counts({"design": [[20, 20, 0, 40], [9, 9, 0, 18], [9, 9, 0, 18], [9, 9, 0, 18]]})
    assert reading(table) == Problem("funnel.reading_level", {"count": 1})


def test_where_every_group_came_the_one_furthest_below_its_part_is_named() -> None:
    table = counts({"design": [[30, 20, 10, 60], [9, 9, 9, 27], [8, 8, 8, 24], [2, 8, 8, 18]]})
    found = reading(table)
    assert found.code == "funnel.reading_fewer"
    assert (found.params["group"], found.params["heads"], found.params["count"]) == (S, 2, 18)


def test_where_none_is_below_its_part_the_group_furthest_above_it_is_named() -> None:
    table = counts({"design": [[55, 40, 20, 100], [9, 9, 9, 27], [9, 9, 9, 27], [22, 11, 6, 27]]})
    assert reading(table) == Problem(
        "funnel.reading_more",
        {
            "group": S,
            "stage": "design",
            "map_heads": 55,
            "map_people": 100,
            "heads": 22,
            "count": 27,
        },
    )


def test_without_a_room_there_is_nothing_to_compare() -> None:
    none = [0, 0, 0, 0]
    assert reading(counts({"design": [[3, 2, 1, 6], none, none, none]})) == Problem(
        "funnel.reading_no_room", {"count": 6}
    )
    assert reading(counts({"design": [none] * 4})) == Problem("funnel.reading_empty")
    assert reading(funnel({}, [], [])) == Problem("funnel.reading_empty")


def test_a_withheld_figure_is_never_read_out() -> None:
    table = counts(
        {
            "design": [[20, 30, 10, 60], [None, 9, 9, 18], [None, 9, 9, 18], [None, 9, 3, 18]],
            "pilot": [[20, 30, 10, 60], [0, 9, 9, 12], [0, 9, 9, 12], [0, 6, 6, None]],
        }
    )
    found = reading(table)
    assert found.code == "funnel.reading_level"
    assert found.params["count"] == 1


# -- for the other figures ------------------------------------------------------------------------


def test_the_seven_overlaps_come_with_the_largest_first() -> None:
    frame = overlaps(balance.shares([{G}, {G}, {S, I}, set()]))
    assert list(frame.columns) == [
        "overlap",
        "steward",
        "gateway",
        "influencer",
        "degree",
        "people",
    ]
    assert frame["people"].tolist() == [2, 1, 0, 0, 0, 0, 0]
    assert frame.loc[:1, [S, G, I]].to_numpy().tolist() == [
        [False, True, False],
        [True, False, True],
    ]
    assert frame["degree"].tolist() == [1, 2, 1, 1, 2, 2, 3]
    assert sorted(frame["overlap"]) == list(range(7))


def test_each_convening_is_one_point_and_none_where_nobody_is_placed() -> None:
    frame = ternary({7: [{S}, {S, G}, set()], 8: [set()], 9: []})
    assert frame.to_dict("records") == [
        {
            "convening": 7,
            "steward": 0.75,
            "gateway": 0.25,
            "influencer": 0.0,
            "placed": 2,
            "people": 3,
        }
    ]
    assert list(ternary({}).columns) == list(frame.columns)


def test_where_people_met_and_all_of_it_is_withheld_it_does_not_say_that_nobody_met() -> None:
    withheld = [None, None, None, 14]
    table = counts({"design": [[20, 30, 10, 60], withheld, withheld, withheld]})
    assert reading(table) == Problem("funnel.reading_withheld")
