"""The heatmap of the funnel: counted, zero, withheld and not yet counted are told apart."""

from collections.abc import Hashable
from typing import Any

import pytest

from convening.charts import theme
from convening.charts.funnel_heatmap import FunnelCell, chart, table
from convening.charts.funnel_heatmap import cells as cells_of
from convening.charts.funnel_labels import GLYPHS
from convening.funnel import Step, funnel, suppressed
from convening.vocabulary import FunnelStep, Group, InvitationStatus, Range, Standing

STAGES = {"7": "Design", "9": "Pilot"}
THIRD = Range(0.3, 0.4)
MAP, INVITED, ACCEPTED, ROOM = FunnelStep
STEWARD, GATEWAY, INFLUENCER = Group
CELLS = [
    FunnelCell("7", STEWARD, MAP, 20, 60, share=1 / 3, target=THIRD),
    FunnelCell("7", GATEWAY, MAP, 10, 60, share=1 / 6, target=THIRD),
    FunnelCell("7", INFLUENCER, MAP, 40, 60, share=0.5, target=THIRD),
    FunnelCell("7", STEWARD, INVITED, 0, 14, share=0.0, target=THIRD),
    FunnelCell("7", GATEWAY, INVITED, None, 14, withheld=True, target=THIRD),
    FunnelCell("9", STEWARD, ROOM, None, None),
]


def cells(chart_rows: list[dict[str, Any]]) -> dict[tuple[str, str, str], dict[str, Any]]:
    return {(row["stage"], row["group"], row["step"]): row for row in chart_rows}


def test_cells_carry_the_heads_and_nothing_finer(english: Any, rows_with: Any) -> None:
    rows = rows_with(chart(CELLS, STAGES, english), "stage", "heads")
    assert {key: row["heads"] for key, row in cells(rows).items()} == {
        ("7", "steward", "on_the_map"): 20,
        ("7", "gateway", "on_the_map"): 10,
        ("7", "influencer", "on_the_map"): 40,
        ("7", "steward", "invited"): 0,
        ("7", "gateway", "invited"): None,
        ("9", "steward", "in_the_room"): None,
    }
    assert not [row for row in rows if {"share", "people", "target"} & row.keys()]


@pytest.mark.parametrize("against_targets", [False, True])
def test_a_withheld_cell_carries_no_number(against_targets: bool, t: Any, rows_with: Any) -> None:
    drawn = chart(CELLS, STAGES, t, against_targets=against_targets)
    found = [row for row in rows_with(drawn, "state") if row["state"] == "withheld"]
    assert found
    for row in found:
        assert (row["heads"], row["standing"], row["shape"]) == (None, None, None)
        assert t("charts.withheld") in row["text"]
        assert not any(digit in row["text"] + row["tip"] for digit in "0123456789")


def test_a_withheld_cell_with_a_number_is_refused() -> None:
    with pytest.raises(ValueError, match="no number"):
        FunnelCell("7", STEWARD, MAP, 3, 60, withheld=True)
    with pytest.raises(ValueError, match="no number"):
        FunnelCell("7", STEWARD, MAP, None, 60, withheld=True, share=0.05)


def test_zero_withheld_and_nothing_look_different(dark: bool, english: Any, rows_with: Any) -> None:
    rows = cells(rows_with(chart(CELLS, STAGES, english, dark=dark), "stage", "heads"))
    zero = rows["7", "steward", "invited"]
    withheld = rows["7", "gateway", "invited"]
    nothing = rows["9", "steward", "in_the_room"]
    assert [row["text"] for row in (zero, withheld, nothing)] == ["0", "withheld", "–"]
    colours = theme.palette(dark)
    assert (zero["fill"], zero["border"]) == (colours.background, colours.line)
    assert (withheld["fill"], withheld["border"]) == (colours.faint, colours.line)
    assert (nothing["fill"], nothing["border"]) == (colours.background, colours.background)


def test_the_colour_follows_the_share_of_heads(dark: bool, english: Any, rows_with: Any) -> None:
    rows = cells(rows_with(chart(CELLS, STAGES, english, dark=dark), "stage", "heads"))
    ramp = theme.palette(dark).ramp
    shades = [ramp.index(rows["7", group.value, "on_the_map"]["fill"]) for group in Group]
    assert shades == [2, 1, 4]  # a third, a sixth, two thirds


@pytest.mark.parametrize("against_targets", [False, True])
def test_what_is_written_in_a_cell_can_be_read(
    against_targets: bool, dark: bool, t: Any, rows_with: Any
) -> None:
    drawn = chart(CELLS, STAGES, t, against_targets=against_targets, dark=dark)
    for row in rows_with(drawn, "stage", "fill"):
        assert theme.contrast(row["colour"], row["fill"]) >= 4.5
        assert row["border"] == row["fill"] or (
            theme.contrast(row["border"], theme.palette(dark).background) >= 3
        )


def test_against_targets_a_sign_stands_beside_the_colour(english: Any, rows_with: Any) -> None:
    drawn = chart(CELLS, STAGES, english, against_targets=True)
    rows = cells(rows_with(drawn, "stage", "heads"))
    stands = {key: row["standing"] for key, row in rows.items() if row["standing"]}
    assert stands == {
        ("7", "steward", "on_the_map"): "within",
        ("7", "gateway", "on_the_map"): "below",
        ("7", "influencer", "on_the_map"): "above",
        ("7", "steward", "invited"): "below",
    }
    assert {rows[key]["shape"] for key in stands} == set(GLYPHS.values())
    assert rows["7", "gateway", "on_the_map"]["shape"] == GLYPHS[Standing.BELOW]
    fills = {rows[key]["fill"] for key in stands}
    assert len(fills) == 3
    assert not set(GLYPHS.values()) & set(theme.GROUP_SHAPES.values())


def test_a_cell_tells_itself_in_a_sentence(english: Any, rows_with: Any) -> None:
    rows = cells(rows_with(chart(CELLS, STAGES, english), "stage", "tip"))
    assert rows["7", "steward", "invited"]["tip"] == "Design, Invited: stewards, 0 of 14"
    against = chart(CELLS, STAGES, english, against_targets=True)
    rows = cells(rows_with(against, "stage", "tip"))
    told = rows["7", "steward", "invited"]["tip"]
    assert told == "Design, Invited: stewards, 0 of 14, Below the target"


def test_everybody_at_a_step_is_told_once_per_stage(english: Any, rows_with: Any) -> None:
    rows = rows_with(chart(CELLS, STAGES, english), "people")
    assert [(row["step"], row["people"], row["text"]) for row in rows] == [
        ("on_the_map", 60, "60"),
        ("invited", 14, "14"),
        ("in_the_room", None, "–"),
    ]


def test_the_funnel_runs_from_where_lines_begin(english: Any, arabic: Any) -> None:
    def domain(t: Any) -> list[str]:
        first = chart(CELLS, STAGES, t).to_dict()["layer"][0]
        found: list[str] = first["encoding"]["x"]["scale"]["domain"]
        return found

    assert domain(english) == ["on_the_map", "invited", "accepted", "in_the_room"]
    assert domain(arabic) == ["in_the_room", "accepted", "invited", "on_the_map"]


def test_the_legend_names_only_what_occurs(english: Any, rows_with: Any) -> None:
    def words(*chosen: FunnelCell, against_targets: bool) -> set[str]:
        drawn = chart(chosen, STAGES, english, against_targets=against_targets)
        return {row["text"] for row in rows_with(drawn, "text")}

    withheld = english("charts.withheld_meaning")
    assert withheld not in words(CELLS[0], against_targets=False)
    assert withheld in words(CELLS[4], against_targets=False)
    assert "Above the target" not in words(CELLS[0], against_targets=True)
    assert "Above the target" in words(CELLS[2], against_targets=True)


def test_two_stages_of_one_name_stay_two(english: Any, rows_with: Any) -> None:
    both = [FunnelCell(key, STEWARD, MAP, heads, 60) for key, heads in (("a", 3), ("b", 5))]
    rows = rows_with(chart(both, {"a": "Own stage", "b": "Own stage"}, english), "stage", "heads")
    assert {(row["stage"], row["heads"], row["top"]) for row in rows} == {
        ("a", 3, 69),
        ("b", 5, 237),
    }


def test_the_table_says_the_same(english: Any) -> None:
    found = table(CELLS, STAGES, english)
    assert list(found.columns)[2:] == ["On the map", "Invited", "Accepted", "In the room"]
    assert found.to_numpy().tolist()[:4] == [
        ["Design", "stewards", 20, 0, "–", "–"],
        ["Design", "gateways", 10, "withheld", "–", "–"],
        ["Design", "influencers", 40, "–", "–", "–"],
        ["Design", "everyone", 60, 14, "–", "–"],
    ]


PEOPLE: dict[Hashable, set[Group]] = {
    **{f"s{n}": {STEWARD} for n in range(12)},
    **{f"i{n}": {INFLUENCER} for n in range(12)},
}
CAME = [Step(f"i{n}", 7, InvitationStatus.ATTENDED, {INFLUENCER}) for n in range(11)]
CAME += [Step(f"s{n}", 7, InvitationStatus.ATTENDED, {STEWARD}) for n in range(2)]


def test_cells_come_from_the_funnel_as_the_rules_count_it() -> None:
    counted = cells_of(
        funnel(PEOPLE, CAME, [7, 9]),
        shares={("7", ROOM): {STEWARD: 2 / 13}},
        targets={"7": {STEWARD: THIRD}},
    )
    found = {(each.stage, each.group, each.step): each for each in counted}
    assert len(found) == 2 * 3 * 4
    stewards = found["7", STEWARD, ROOM]
    assert (stewards.heads, stewards.people, stewards.standing) == (2, 13, Standing.BELOW)
    gateways = found["7", GATEWAY, ROOM]
    assert (gateways.heads, gateways.people, gateways.standing) == (0, 13, None)
    nobody = found["9", STEWARD, ROOM]
    assert (nobody.heads, nobody.people, nobody.withheld) == (None, None, False)


def test_what_the_rules_withhold_stays_withheld(english: Any, rows_with: Any) -> None:
    few = CAME[:3]
    safe = suppressed(funnel(PEOPLE, few, [7]))
    hidden = {(place[1], group) for group in Group for place in safe.index[safe[group].isna()]}
    assert (ROOM, INFLUENCER) in hidden
    made = cells_of(safe, shares={("7", ROOM): {INFLUENCER: 1.0}})
    assert {(each.step, each.group) for each in made if each.withheld} == hidden
    drawn = chart(made, {"7": "Design"}, english)
    states = cells(rows_with(drawn, "stage", "heads"))
    assert states["7", "influencer", "in_the_room"]["state"] == "withheld"
    totals = {row["step"]: (row["people"], row["text"]) for row in rows_with(drawn, "people")}
    assert totals["in_the_room"] == (None, "withheld")
    assert totals["on_the_map"] == (24, "24")
