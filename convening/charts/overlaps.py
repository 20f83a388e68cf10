"""Who belongs to which groups at once: the seven combinations as an UpSet chart.

After Lex, Gehlenborg, Strobelt, Vuillemot, Pfister: "UpSet: visualization of intersecting sets",
IEEE Transactions on Visualization and Computer Graphics 20 (2014).
"""

from collections.abc import Mapping
from typing import Any

import altair as alt
import pandas as pd

from convening.balance import OVERLAPS
from convening.charts import theme
from convening.charts.figures import or_withheld
from convening.i18n import Translator
from convening.vocabulary import Group

NOTE = "charts.note_counts_once"
Overlaps = Mapping[frozenset[Group], int | None]
BARS, ROW, GUTTER = 170, 34, 116
_TOP = 22  # above the tallest bar, for its number


def chart(overlaps: Overlaps, t: Translator, *, dark: bool = False) -> alt.LayerChart:
    """A bar of heads per combination over a matrix that shows which groups it joins.

    ``overlaps`` are those of ``balance.Shares``, all seven; None is withheld. Their order is fixed
    (one group alone, then pairs, then all three), so that charts compare.
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
    return theme.configure(layers, dark, height)


def table(overlaps: Overlaps, t: Translator) -> pd.DataFrame:
    """The figures of the chart in words: a row per combination."""
    found = {
        t("charts.combination"): [_name(each, t) for each in OVERLAPS],
        t("charts.heads"): [or_withheld(overlaps[each], t) for each in OVERLAPS],
    }
    return pd.DataFrame(found, dtype=object)


def _name(combination: frozenset[Group], t: Translator) -> str:
    return t.join(t.word(group) for group in Group if group in combination)


def _key(combination: frozenset[Group]) -> str:
    return " ".join(group.value for group in Group if group in combination)


def _rows(overlaps: Overlaps, t: Translator) -> list[dict[str, Any]]:
    most = max((heads for heads in overlaps.values() if heads), default=1)
    rows = []
    for combination in OVERLAPS:
        heads = overlaps[combination]
        figure = str(or_withheld(heads, t))
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


def _x(t: Translator) -> theme.Channel:
    order = [_key(combination) for combination in OVERLAPS]
    sides = theme.Sides(t.rtl, GUTTER)
    return sides.columns("combination", order, paddingInner=0.25, paddingOuter=0.1)


def _bars(
    rows: list[dict[str, Any]], t: Translator, height: float, colours: theme.Palette
) -> theme.Layer:
    counted = [row for row in rows if row["heads"] is not None]
    style = {"cornerRadiusTopLeft": 2, "cornerRadiusTopRight": 2, "fill": colours.muted}
    where = {"x": _x(t), "y": theme.rows_to_y("top", height), "y2": "bottom:Q"}
    return theme.draw("rect", counted, style, **where, **theme.told())


def _figures(
    rows: list[dict[str, Any]], t: Translator, height: float, colours: theme.Palette
) -> list[theme.Layer]:
    """The head count over each bar; a withheld one stands upright in the bar's place."""
    counted = [row for row in rows if row["heads"] is not None]
    hidden = [row | {"y": BARS - 8} for row in rows if row["heads"] is None]
    base = theme.draw(
        "rule",
        [{"y": BARS}],
        {"color": colours.line, "aria": False},
        y=theme.rows_to_y("y", height),
    )
    style = {"angle": 270, "align": "left", "baseline": "middle", "color": colours.muted}
    where = {"x": _x(t), "y": theme.rows_to_y("y", height), "text": "text:N"}
    upright = theme.draw("text", hidden, style | {"fontSize": 13}, **where, **theme.told())
    numbers = theme.texts(counted, _x(t), height, colour=colours.text, fontSize=13, fontWeight=600)
    return [base, numbers, upright]


def _middle(group: Group) -> float:
    return BARS + 6 + ROW * (list(Group).index(group) + 0.5)


def _matrix(t: Translator, height: float, colours: theme.Palette) -> list[theme.Layer]:
    """The group's symbol where it belongs to the combination, a faint dot where it does not."""
    inside: list[dict[str, Any]] = []
    outside: list[dict[str, Any]] = []
    joins: list[dict[str, Any]] = []
    for combination in OVERLAPS:
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
    style = {"color": colours.muted, "strokeWidth": 2.5, "aria": False}
    where = {"x": _x(t), "y": theme.rows_to_y("y", height), "y2": "y2:Q"}
    lines = theme.draw("rule", joins, style, **where)
    return [
        theme.shapes(outside, _x(t), height, 40),
        lines,
        theme.shapes(inside, _x(t), height, 190),
    ]


def _names(t: Translator, height: float, colours: theme.Palette) -> list[theme.Layer]:
    sides = theme.Sides(t.rtl, GUTTER)
    names = [
        line for group in Group for line in theme.stacked(t.word(group), 16, t, _middle(group))
    ]
    return [
        theme.texts(
            names,
            sides.at_start(),
            height,
            colour=colours.text,
            align=sides.start,
            limit=GUTTER - 6,
        )
    ]
