"""Who belongs to which groups at once: the seven combinations as an UpSet chart.

After Lex, Gehlenborg, Strobelt, Vuillemot, Pfister: "UpSet: visualization of intersecting sets",
IEEE Transactions on Visualization and Computer Graphics 20 (2014).
"""

from collections.abc import Mapping
from itertools import combinations
from typing import Any

import altair as alt
import pandas as pd

from convening.charts import theme
from convening.charts.group_shares import withheld
from convening.i18n import Translator
from convening.vocabulary import Group

NOTE = "charts.note_counts_once"
#: One group alone, then pairs, then all three; always in this order, so that charts compare.
COMBINATIONS: tuple[frozenset[Group], ...] = tuple(
    frozenset(chosen) for size in (1, 2, 3) for chosen in combinations(Group, size)
)
Overlaps = Mapping[frozenset[Group], int | None]
BARS, ROW, GUTTER = 170, 34, 116
_TOP = 22  # above the tallest bar, for its number


def chart(overlaps: Overlaps, t: Translator, *, dark: bool = False) -> alt.LayerChart:
    """A bar of heads per combination over a matrix that shows which groups it joins.

    ``overlaps`` has all seven combinations; None is withheld. The unplaced are not in it.
    """
    colours = theme.palette(dark)
    height = BARS + ROW * len(Group) + 6
    rows = _rows(overlaps, t)
    layers = [
        _bars(rows, t, height, colours),
        *_figures(rows, t, height, colours),
        *_matrix(t, height, colours),
        *_names(t, height, colours),
    ]
    return theme.configure(layers, t, dark, height, GUTTER)


def table(overlaps: Overlaps, t: Translator) -> pd.DataFrame:
    """The figures of the chart in words: a row per combination."""
    found = {
        t("charts.combination"): [_name(each, t) for each in COMBINATIONS],
        t("charts.heads"): [withheld(overlaps[each], t) for each in COMBINATIONS],
    }
    return pd.DataFrame(found, dtype=object)


def _name(combination: frozenset[Group], t: Translator) -> str:
    return t.join(t.word(group) for group in Group if group in combination)


def _key(combination: frozenset[Group]) -> str:
    return " ".join(group.value for group in Group if group in combination)


def _rows(overlaps: Overlaps, t: Translator) -> list[dict[str, Any]]:
    most = max((heads for heads in overlaps.values() if heads), default=1)
    rows = []
    for combination in COMBINATIONS:
        heads = overlaps[combination]
        figure = str(withheld(heads, t))
        top = BARS - (heads or 0) / most * (BARS - _TOP)
        row = {
            "combination": _key(combination),
            "heads": heads,
            "text": theme.embed(figure, t),
            "top": top,
            "bottom": BARS,
            "y": top - 10,
            "tip": theme.embed(t("charts.tip", what=_name(combination, t), figure=figure), t),
        }
        rows.append(row)
    return rows


def _x(t: Translator) -> alt.X:
    order = [_key(combination) for combination in COMBINATIONS]
    scale = alt.Scale(domain=order[::-1] if t.rtl else order, paddingInner=0.25, paddingOuter=0.1)
    return alt.X("combination:N", scale=scale, axis=None)


def _bars(
    rows: list[dict[str, Any]], t: Translator, height: float, colours: theme.Palette
) -> alt.Chart:
    counted = [row for row in rows if row["heads"] is not None]
    return (
        alt.Chart(theme.values(counted))
        .mark_rect(cornerRadiusTopLeft=2, cornerRadiusTopRight=2, fill=colours.muted)
        .encode(
            x=_x(t), y=theme.rows_to_y("top", height), y2="bottom:Q", **theme.told()
        )
    )


def _figures(
    rows: list[dict[str, Any]], t: Translator, height: float, colours: theme.Palette
) -> list[alt.Chart]:
    """The head count over each bar; a withheld one stands upright in the bar's place."""
    counted = [row for row in rows if row["heads"] is not None]
    hidden = [row | {"y": BARS - 8} for row in rows if row["heads"] is None]
    base = alt.Chart(theme.values([{"y": BARS}])).mark_rule(color=colours.line, aria=False)
    upright = (
        alt.Chart(theme.values(hidden))
        .mark_text(angle=270, align="left", baseline="middle", color=colours.muted, fontSize=13)
        .encode(x=_x(t), y=theme.rows_to_y("y", height), text=alt.Text("text:N"), **theme.told())
    )
    return [
        base.encode(y=theme.rows_to_y("y", height)),
        theme.texts(counted, _x(t), height, colour=colours.text, fontSize=13, fontWeight=600),
        upright,
    ]


def _middle(group: Group) -> float:
    return BARS + 6 + ROW * (list(Group).index(group) + 0.5)


def _matrix(t: Translator, height: float, colours: theme.Palette) -> list[alt.Chart]:
    """The group's symbol where it belongs to the combination, a faint dot where it does not."""
    inside, outside, joins = [], [], []
    for combination in COMBINATIONS:
        key = {"combination": _key(combination)}
        for group in Group:
            if group in combination:
                look = {"shape": theme.GROUP_SHAPES[group], "colour": colours.groups[group]}
                inside.append(key | look | {"y": _middle(group)})
            else:
                look = {"shape": "circle", "colour": colours.faint}
                outside.append(key | look | {"y": _middle(group)})
        ends = [_middle(group) for group in combination]
        joins.append(key | {"y": min(ends), "y2": max(ends)})
    lines = (
        alt.Chart(theme.values(joins))
        .mark_rule(color=colours.muted, strokeWidth=2.5, aria=False)
        .encode(x=_x(t), y=theme.rows_to_y("y", height), y2="y2:Q")
    )
    return [
        theme.shapes(outside, _x(t), height, 40),
        lines,
        theme.shapes(inside, _x(t), height, 190),
    ]


def _names(t: Translator, height: float, colours: theme.Palette) -> list[alt.Chart]:
    sides = theme.Sides(t.rtl, GUTTER)
    names = [
        line for group in Group for line in theme.stacked(t.word(group), 16, t, _middle(group))
    ]
    return [
        theme.texts(
            names, sides.at_start(), height, colour=colours.text, align=sides.start,
            limit=GUTTER - 6,
        )
    ]
