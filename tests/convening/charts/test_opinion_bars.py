"""Opinion bars: the figures that a browser receives, and how they are worded."""

from typing import Any

import pytest

from convening.charts.opinion_bars import StatementBars, chart, table
from convening.tallies import Tally
from convening.vocabulary import Group

BARS = [
    StatementBars(
        3,
        "Tenants cannot afford to stay",
        Tally(12, 8, 0),
        {Group.STEWARD: Tally(2, 6, 2), Group.INFLUENCER: Tally(9, 0, 1)},
        0.21,
    ),
    StatementBars(7, "Nobody said anything", Tally(0, 0, 3)),
]


def test_lengths_are_shares_and_figures_are_heads(english: Any, rows_with: Any) -> None:
    rows = rows_with(chart(BARS, english), "group", "left", "right")
    found = {
        (row["statement"], row["group"]): (row["left"], row["right"], row["agree"]) for row in rows
    }
    assert found == {
        (3, ""): (-0.4, 0.6, 12),
        (3, "steward"): (-0.6, 0.2, 2),
        (3, "influencer"): (0, 0.9, 9),
    }


def test_every_figure_is_written(english: Any, rows_with: Any) -> None:
    rows = rows_with(chart(BARS, english), "text", "at")
    at_zero = {row["text"] for row in rows if row["at"] == 0}
    heads = {"agree", "disagree", "pass"}
    assert at_zero == {"0", *heads}
    assert {row["text"] for row in rows} == {"12", "8", "2", "6", "9", "0", *heads}


def test_a_group_is_told_by_sign_name_and_sentence(english: Any, rows_with: Any) -> None:
    rows = rows_with(chart(BARS, english), "tip", "shape")
    found = {row["group"]: (row["shape"], row["tip"]) for row in rows if row["statement"] == 3}
    assert found == {
        "": (None, "All votes: 12 agree, 8 disagree, 0 pass"),
        "steward": ("circle", "stewards: 2 agree, 6 disagree, 2 pass"),
        "influencer": ("triangle-up", "influencers: 9 agree, 0 disagree, 1 pass"),
    }


def test_the_agreement_of_all_groups_stands_under_its_statement(
    english: Any, rows_with: Any
) -> None:
    rows = rows_with(chart(BARS, english), "text", "y")
    assert [row["text"] for row in rows if "Agreement" in row["text"]] == [
        "Agreement of all groups: 21%"
    ]


def test_disagreement_is_hollow_and_agreement_filled(english: Any) -> None:
    layers = chart(BARS, english).to_dict(validate=True)["layer"]
    filled, hollow = (each for each in layers if each["mark"]["type"] == "rect")
    assert (filled["encoding"]["x2"], hollow["encoding"]["x2"]) == (
        {"field": "right"},
        {"field": "left"},
    )
    assert "fill" in filled["encoding"]
    assert hollow["mark"]["fill"].startswith("#")


def test_the_whole_statement_is_written_however_long(english: Any, rows_with: Any) -> None:
    text = " ".join(f"word{number}" for number in range(60))
    rows = rows_with(chart([StatementBars(1, text, Tally(1))], english), "text", "y")
    assert " ".join(row["text"] for row in rows if "word" in row["text"]) == f"1. {text}"


@pytest.mark.parametrize("group", list(Group))
def test_the_same_in_both_languages_and_themes(
    t: Any, dark: bool, group: Group, rows_with: Any
) -> None:
    rows = rows_with(
        chart([StatementBars(1, "نص", Tally(1), {group: Tally(1)})], t, dark=dark), "left", "right"
    )
    assert {row["group"] for row in rows} == {"", group.value}
    assert all(row["tip"].startswith("\u2067") is t.rtl for row in rows)


def test_agreement_runs_to_where_lines_end(english: Any, arabic: Any) -> None:
    def ends(t: Any) -> Any:
        layers = chart(BARS, t).to_dict(validate=True)["layer"]
        return next(each for each in layers if each["mark"]["type"] == "rect")["encoding"]["x"][
            "scale"
        ]["range"]

    assert ends(english) == [112, {"expr": "width - 44"}]
    assert ends(arabic) == [{"expr": "width - 112"}, 44]


def test_the_table_holds_every_figure(english: Any) -> None:
    assert table(BARS, english).to_numpy().tolist() == [
        [3, "Tenants cannot afford to stay", "All votes", 12, 8, 0, "21%"],
        [3, "Tenants cannot afford to stay", "stewards", 2, 6, 2, ""],
        [3, "Tenants cannot afford to stay", "influencers", 9, 0, 1, ""],
        [7, "Nobody said anything", "All votes", 0, 0, 3, ""],
    ]


def test_a_group_of_which_hands_alone_are_counted_says_so(english: Any) -> None:
    split = {Group.STEWARD: Tally(6), Group.INFLUENCER: Tally(1)}
    bars = StatementBars(1, "Rents", Tally(7), split, hands_alone=frozenset({Group.INFLUENCER}))
    assert list(table([bars], english)["Group"]) == [
        "All votes",
        "stewards",
        "hands alone: influencers",
    ]
