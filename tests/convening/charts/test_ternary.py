"""Where convenings lie between the three corners, and where the targets do."""

from math import hypot, sqrt
from typing import Any

import pytest

from convening.balance import shares
from convening.charts.ternary import CORNERS, MixPoint, chart, project, table, target_region
from convening.vocabulary import Group, Range

S, G, I = Group  # noqa: E741
THIRDS = dict.fromkeys(Group, 1 / 3)


def point(label: str, steward: float, gateway: float, heads: tuple[int, int, int]) -> MixPoint:
    shares = {S: steward, G: gateway, I: 1 - steward - gateway}
    return MixPoint(label, shares, dict(zip(Group, heads, strict=True)), sum(heads))


POINTS = [point("Kick-off", 0.5, 0.25, (2, 1, 1)), point("Design", 0.0, 0.5, (0, 4, 4))]


def area(outline: list[tuple[float, float]]) -> float:
    pairs = zip(outline, outline[1:] + outline[:1], strict=True)
    return abs(sum(x * y2 - x2 * y for (x, y), (x2, y2) in pairs)) / 2


def test_a_single_group_lies_on_its_corner_and_thirds_in_the_middle() -> None:
    for group, corner in CORNERS.items():
        assert project({each: float(each is group) for each in Group}) == pytest.approx(corner)
    middle = project(THIRDS)
    distances = [hypot(middle[0] - x, middle[1] - y) for x, y in CORNERS.values()]
    assert distances == pytest.approx([1 / sqrt(3)] * 3)


def test_points_carry_their_place_and_the_heads_in_words(english: Any, rows_with: Any) -> None:
    rows = {row["number"]: row for row in rows_with(chart(POINTS, english), "number")}
    assert (rows[1]["x"], rows[1]["y"]) == pytest.approx((0, sqrt(3) / 4))
    assert (rows[2]["x"], rows[2]["y"]) == pytest.approx((0, 0))
    told = "1. Kick-off: stewards: 2, gateways: 1 and influencers: 1, 4 in all"
    assert rows[1]["tip"] == told


def test_points_on_each_other_share_a_label(english: Any, rows_with: Any) -> None:
    again = [*POINTS, point("Reopened", 0.5, 0.25, (4, 2, 2))]
    rows = rows_with(chart(again, english), "x", "y", "text")
    assert {row["text"] for row in rows} >= {"1, 3", "2"}


def test_a_point_comes_from_a_room_as_the_rules_count_it() -> None:
    found = MixPoint.of("Design", shares([{S, G}, {I}, set()]))
    assert found.shares == {S: 0.25, G: 0.25, I: 0.5}
    assert (found.heads, found.people) == ({S: 1, G: 1, I: 1}, 3)
    with pytest.raises(ValueError, match="add up"):
        MixPoint.of("Nobody placed", shares([set()]))


def test_shares_that_do_not_add_up_are_refused() -> None:
    with pytest.raises(ValueError, match="add up"):
        MixPoint("Empty", dict.fromkeys(Group, 0.0), dict.fromkeys(Group, 0), 0)


def test_without_limits_the_target_is_the_whole_triangle() -> None:
    everything = target_region(dict.fromkeys(Group, Range(0, 1)))
    assert area(everything) == pytest.approx(sqrt(3) / 4)
    assert area(target_region({})) == pytest.approx(sqrt(3) / 4)


def test_the_target_is_what_all_ranges_leave() -> None:
    half = target_region({S: Range(0.5, 1)})
    assert area(half) == pytest.approx(sqrt(3) / 4 / 4)  # a triangle of half the side
    hexagon = target_region(dict.fromkeys(Group, Range(0.2, 0.5)))
    # A triangle of side 0.4, less three of side 0.1 at its corners.
    assert area(hexagon) == pytest.approx(sqrt(3) / 4 * (0.4**2 - 3 * 0.1**2))
    assert len(hexagon) == 6


def test_targets_that_exclude_each_other_leave_nothing(english: Any) -> None:
    impossible = dict.fromkeys(Group, Range(0.5, 1.0))
    assert target_region(impossible) == []
    with_target = chart(POINTS, english, targets={S: Range(0.5, 1)}).to_dict()["layer"]
    without = chart(POINTS, english, targets=impossible).to_dict()["layer"]
    assert len(with_target) == len(without) + 2  # the area and its line in the legend


def test_the_triangle_keeps_its_angles_at_every_width(english: Any) -> None:
    encoding = chart(POINTS, english).to_dict()["layer"][0]["encoding"]
    x, y = encoding["x"]["scale"], encoding["y"]["scale"]
    assert x["domainMax"] == {"expr": "width / (2 * min(width * 0.94, 380))"}
    assert "min(width * 0.94, 380)" in y["domainMin"]["expr"]


def test_the_table_follows_the_order_in_time(english: Any) -> None:
    found = table(POINTS, english)
    assert list(found.columns) == [
        "No.", "Convening", "stewards", "gateways", "influencers", "everyone",
    ]  # fmt: skip
    assert found.to_numpy().tolist() == [[1, "Kick-off", 2, 1, 1, 4], [2, "Design", 0, 4, 4, 8]]
