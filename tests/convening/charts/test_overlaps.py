"""The seven combinations, each in its place, also when nobody is in it."""

from typing import Any

from convening.balance import OVERLAPS
from convening.charts.overlaps import chart, table
from convening.vocabulary import Group

S, G, I = Group  # noqa: E741
HEADS = dict(zip(OVERLAPS, (14, 9, 17, 3, 0, None, 2), strict=True))


def test_the_combinations_are_the_seven_in_a_fixed_order() -> None:
    assert [set(combination) for combination in OVERLAPS] == [
        {S},
        {G},
        {I},
        {S, G},
        {S, I},
        {G, I},
        {S, G, I},
    ]


def test_each_bar_carries_its_heads(english: Any, rows_with: Any) -> None:
    rows = {row["combination"]: row for row in rows_with(chart(HEADS, english), "heads")}
    assert {key: row["heads"] for key, row in rows.items()} == {
        "steward": 14,
        "gateway": 9,
        "influencer": 17,
        "steward gateway": 3,
        "steward influencer": 0,
        "gateway influencer": None,
        "steward gateway influencer": 2,
    }
    assert rows["steward gateway"]["tip"] == "stewards and gateways: 3"
    tall = {key: row["bottom"] - row["top"] for key, row in rows.items()}
    assert tall["steward influencer"] == 0
    assert round(tall["influencer"] / tall["steward gateway"], 6) == round(17 / 3, 6)


def test_a_withheld_combination_has_no_bar_and_no_number(t: Any, rows_with: Any) -> None:
    drawn = chart(HEADS, t)
    (row,) = [row for row in rows_with(drawn, "heads") if row["heads"] is None]
    assert row["combination"] == "gateway influencer"
    assert t("charts.withheld") in row["text"]
    assert not any(digit in row["text"] + row["tip"] for digit in "0123456789")
    counted = drawn.to_dict()["layer"][0]["data"]["values"]
    assert row["combination"] not in [each["combination"] for each in counted]


def test_a_symbol_stands_where_a_group_belongs(english: Any, dark: bool, rows_with: Any) -> None:
    rows = rows_with(chart(HEADS, english, dark=dark), "combination", "shape")
    all_three = [row for row in rows if row["combination"] == "steward gateway influencer"]
    assert [row["shape"] for row in all_three] == ["circle", "square", "triangle-up"]
    assert len(rows) == 21
    assert len({row["colour"] for row in rows}) == 4  # the groups' three and the faint dot


def test_nobody_placed_is_a_chart_of_zeros(english: Any, rows_with: Any) -> None:
    drawn = chart(dict.fromkeys(OVERLAPS, 0), english)
    rows = rows_with(drawn, "heads")
    assert [row["text"] for row in rows[:7]] == ["0"] * 7
    assert {row["bottom"] - row["top"] for row in rows} == {0}


def test_the_order_turns_round_in_arabic(english: Any, arabic: Any) -> None:
    def domain(t: Any) -> list[str]:
        found: list[str] = chart(HEADS, t).to_dict()["layer"][0]["encoding"]["x"]["scale"]["domain"]
        return found

    assert domain(english)[0] == "steward"
    assert domain(arabic) == domain(english)[::-1]


def test_the_table_says_the_same(english: Any) -> None:
    assert table(HEADS, english).to_numpy().tolist() == [
        ["stewards", 14],
        ["gateways", 9],
        ["influencers", 17],
        ["stewards and gateways", 3],
        ["stewards and influencers", 0],
        ["gateways and influencers", "withheld"],
        ["stewards, gateways and influencers", 2],
    ]
