"""Group shares: the figures that a browser receives, and how they are worded."""

from typing import Any

import pytest

from convening.balance import shares
from convening.charts.group_shares import GroupBar, bars, chart, table
from convening.vocabulary import Group, Range, Standing

BARS = [
    GroupBar(Group.STEWARD, 4, 4, Range(7.7, 9)),
    GroupBar(Group.GATEWAY, 8, 8, Range(6, 9)),
    GroupBar(Group.INFLUENCER, 14, 14),
]
WITHHELD = [GroupBar(Group.STEWARD, None, None, Range(7, 9)), *BARS[1:]]


def figures(rows: list[dict[str, Any]], *fields: str) -> list[tuple[Any, ...]]:
    unique = {row["group"]: tuple(row[field] for field in fields) for row in rows}
    return [unique[group.value] for group in Group]


def test_bars_are_the_heads_and_bands_the_targets(english: Any, rows_with: Any) -> None:
    rows = rows_with(chart(BARS, 23, english), "group", "heads")
    assert figures(rows, "heads", "value", "low", "high") == [
        (4, 4, 7.7, 9),
        (8, 8, 6, 9),
        (14, 14, None, None),
    ]


def test_the_head_count_is_written_in_full(english: Any, arabic: Any, rows_with: Any) -> None:
    rows = rows_with(chart(BARS, 23, english), "group", "count")
    assert figures(rows, "count") == [("4 of 23",), ("8 of 23",), ("14 of 23",)]
    rows = rows_with(chart(BARS, 23, arabic), "group", "count")
    assert figures(rows, "count")[0] == ("\u20674 من 23\u2069",)


def test_each_group_says_how_it_stands_against_its_target(english: Any, rows_with: Any) -> None:
    rows = rows_with(chart(BARS, 23, english), "group", "under")
    assert figures(rows, "under") == [
        ("Below the target: 7.7 to 9",),
        ("Within the target: 6 to 9",),
        ("",),
    ]
    assert [bar.standing for bar in BARS] == [Standing.BELOW, Standing.WITHIN, None]


def test_both_ends_of_a_target_belong_to_it() -> None:
    third = Range(1 / 3, 0.4)
    standings = [
        GroupBar(Group.STEWARD, 1, value, third).standing for value in (0.33, 1 - 2 / 3, 0.4, 0.41)
    ]
    assert standings == [Standing.BELOW, Standing.WITHIN, Standing.WITHIN, Standing.ABOVE]


def test_shares_are_told_in_per_cent(english: Any, rows_with: Any) -> None:
    bars = [GroupBar(Group.STEWARD, 4, 0.152, Range(0.3, 0.4))]
    (row, *_) = rows_with(chart(bars, 23, english, unit="share"), "group", "under")
    assert (row["value"], row["count"]) == (0.152, "4 of 23")
    assert row["under"] == "Below the target: 30% to 40%"


def test_a_withheld_group_carries_no_number(t: Any, rows_with: Any) -> None:
    rows = rows_with(chart(WITHHELD, 23, t), "group", "heads")
    withheld = [row for row in rows if row["group"] == "steward"]
    assert {(row["heads"], row["value"]) for row in withheld} == {(None, None)}
    for row in withheld:
        assert t("charts.withheld") in row["count"]
        assert not any(digit in row["count"] + row["tip"] for digit in "0123456789")
    assert not [row for row in rows_with(chart(WITHHELD, 23, t), "zero") if row in withheld]


def test_a_withheld_group_with_a_value_is_refused() -> None:
    with pytest.raises(ValueError, match="neither"):
        GroupBar(Group.STEWARD, None, 0.1)


def test_bars_grow_from_where_lines_begin(english: Any, arabic: Any) -> None:
    def reversed_scales(t: Any) -> set[bool]:
        layers = chart(BARS, 23, t).to_dict()["layer"]
        scales = [layer["encoding"]["x"].get("scale") for layer in layers]
        return {scale["reverse"] for scale in scales if scale}

    assert reversed_scales(english) == {False}
    assert reversed_scales(arabic) == {True}


def test_a_group_has_its_colour_and_its_shape(dark: bool, t: Any, rows_with: Any) -> None:
    rows = rows_with(chart(BARS, 23, t, dark=dark), "group", "shape")
    assert [shape for _, shape in figures(rows, "colour", "shape")] == [
        "circle",
        "square",
        "triangle-up",
    ]


def test_the_table_says_the_same(english: Any) -> None:
    found = table(WITHHELD, 23, english)
    assert list(found.columns) == ["Group", "People", "Out of", "Target", "Against the target"]
    assert found.to_numpy().tolist() == [
        ["stewards", "withheld", 23, "7 to 9", ""],
        ["gateways", 8, 23, "6 to 9", "Within the target"],
        ["influencers", 14, 23, "", ""],
    ]


def test_where_the_map_stands_in_for_targets_the_words_say_so(english: Any, rows_with: Any) -> None:
    rows = rows_with(chart(WITHHELD, 23, english, yardstick="map"), "under")
    assert figures(rows, "under") == [("On the map: 7 to 9",), ("As on the map: 6 to 9",), ("",)]
    found = table(BARS, 23, english, yardstick="map")
    assert list(found.columns) == ["Group", "People", "Out of", "On the map"]


def test_bars_come_from_a_room_as_the_rules_count_it() -> None:
    room = shares([{Group.STEWARD}, {Group.STEWARD, Group.GATEWAY}, {Group.INFLUENCER}, set()])
    assert bars(room, {Group.STEWARD: Range(0.5, 1)}) == [
        GroupBar(Group.STEWARD, 2, 0.5, Range(0.5, 1)),
        GroupBar(Group.GATEWAY, 1, 1 / 6),
        GroupBar(Group.INFLUENCER, 1, 1 / 3),
    ]
