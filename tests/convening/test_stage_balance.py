"""Balance by stage as records: the table from counts by mask, and what a stage is held against."""

from convening.balance import mask, reference, shares
from convening.funnel import PEOPLE
from convening.initiatives import Stage
from convening.stage_balance import StageBalance, table, targets
from convening.vocabulary import FunnelStep, Group, Range, StageKind

STEWARD, GATEWAY, INFLUENCER = Group
MAP, INVITED, ACCEPTED, ROOM = FunnelStep


def stage(number: int, wanted: dict[Group, Range] | None = None) -> Stage:
    return Stage(
        id=number,
        initiative_id=1,
        kind=StageKind.PILOT,
        name="",
        position=number,
        starts_on=None,
        ends_on=None,
        widening="",
        version=1,
        targets=wanted or {},
    )


def test_a_person_in_two_groups_counts_in_both_and_once_among_everybody() -> None:
    counts = {mask({STEWARD, GATEWAY}): 2, mask({STEWARD}): 3, 0: 4}
    found = table([stage(7), stage(9)], {(9, MAP): counts, (9, INVITED): {mask({GATEWAY}): 1}})
    nobody = [0, 0, 0, 0]
    assert found.to_numpy().tolist() == [
        *[nobody] * 4,
        [5, 2, 0, 9],
        [0, 1, 0, 1],
        nobody,
        nobody,
    ]
    assert list(found.columns) == [STEWARD, GATEWAY, INFLUENCER, PEOPLE]
    assert found.index.tolist() == [(s, step) for s in (7, 9) for step in FunnelStep]


def test_a_table_without_stages_is_empty() -> None:
    assert table([], {}).shape == (0, 4)


def test_a_stage_is_held_against_its_targets_and_until_then_against_the_map() -> None:
    on_the_map = shares([{STEWARD}, {GATEWAY}])
    own = {STEWARD: Range(0.5, 0.7)}
    assert targets(stage(1, own), on_the_map) == own
    assert targets(stage(1), on_the_map) == reference(on_the_map)


def test_the_map_of_a_balance_is_that_of_any_stage() -> None:
    everybody = shares([{STEWARD}, set()])
    steps = {(1, MAP): everybody, (1, INVITED): shares([])}
    assert StageBalance((stage(1),), steps, table([stage(1)], {}), ()).map == everybody
    assert StageBalance((), {}, table([], {}), ()).map.people == 0
