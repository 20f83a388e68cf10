"""How the mix of the three groups moved from one convening to the next: a ternary plot.

Corners are the groups; a point's nearness to a corner is the group's fractional share, a third
each in the middle. The chart projects the shares itself, onto a triangle with sides of length 1.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import hypot, sqrt
from typing import Any

import altair as alt
import pandas as pd

from convening.balance import Shares
from convening.charts import theme
from convening.i18n import Translator
from convening.vocabulary import Group, Range

NOTE = "charts.note_counts_in_parts"
Point = tuple[float, float]
Targets = Mapping[Group, Range]
TOP = sqrt(3) / 2
CORNERS: Mapping[Group, Point] = {
    Group.STEWARD: (0.0, TOP),
    Group.GATEWAY: (-0.5, 0.0),
    Group.INFLUENCER: (0.5, 0.0),
}
SIDE, ABOVE, BELOW, LINE = 380, 34, 54, 20
#: Points that are nearer to each other, in sides, share one label.
NEAR = 0.06
TOLERANCE = 1e-6


@dataclass(frozen=True)
class MixPoint:
    """One convening. ``shares`` are fractional and add up to 1, ``heads`` are what is told."""

    label: str
    shares: Mapping[Group, float]
    heads: Mapping[Group, int]
    people: int

    def __post_init__(self) -> None:
        if abs(sum(self.shares[group] for group in Group) - 1) > TOLERANCE:
            raise ValueError("the shares of the three groups add up to 1")

    @classmethod
    def of(cls, label: str, shares: Shares) -> "MixPoint":
        """The point of a room; ValueError when nobody in it is placed."""
        return cls(label, shares.share, shares.heads, shares.people)


def chart(
    points: Sequence[MixPoint],
    t: Translator,
    *,
    targets: Targets | None = None,
    dark: bool = False,
) -> alt.LayerChart:
    """The convenings in the order of time, numbered and joined; the targets as a grey area."""
    colours = theme.palette(dark)
    rows = _rows(points, t)
    region = target_region(targets) if targets else []
    height = round(ABOVE + SIDE * TOP + BELOW + LINE * (2 if region else 1))
    at = _Place(height)
    layers = [
        *([_region(region, at, colours)] if region else []),
        *_grid(at, colours),
        *_path(rows, at, colours),
        *_corners(t, at, colours),
        *_legend(bool(region), t, at, colours),
    ]
    return theme.configure(layers, dark, height)


def table(points: Sequence[MixPoint], t: Translator) -> pd.DataFrame:
    """The heads behind the chart: a row per convening, in the order of time."""
    rows = []
    for number, point in enumerate(points, 1):
        row: dict[str, Any] = {t("charts.number"): number, t("charts.convening"): point.label}
        row |= {t.word(group): point.heads[group] for group in Group}
        rows.append(row | {t("charts.everyone"): point.people})
    return pd.DataFrame(rows, dtype=object)


def project(shares: Mapping[Group, float]) -> Point:
    """Where shares that add up to 1 lie in the triangle (barycentric coordinates)."""
    x, y = (sum(shares[group] * CORNERS[group][axis] for group in Group) for axis in (0, 1))
    return x, y


def target_region(targets: Targets) -> list[Point]:
    """The corners of the area in which every group is within its target; none where it is empty.

    The triangle is cut by each end of each range in turn (Sutherland and Hodgman, 1974).
    """
    corners = [{group: float(group is corner) for group in Group} for corner in CORNERS]
    for group, target in targets.items():
        corners = _cut(corners, group, target.min, 1)
        corners = _cut(corners, group, target.max, -1)
    return [project(corner) for corner in corners]


def _cut(
    corners: list[dict[Group, float]], group: Group, end: float, sign: int
) -> list[dict[Group, float]]:
    """What is left where the group's share is at least (sign 1) or at most (-1) ``end``."""
    kept: list[dict[Group, float]] = []
    for one, other in pairwise([*corners, *corners[:1]]):
        over, next_over = ((each[group] - end) * sign for each in (one, other))
        if over >= -TOLERANCE:
            kept.append(one)
        if min(over, next_over) < -TOLERANCE and max(over, next_over) > TOLERANCE:
            part = over / (over - next_over)
            kept.append({each: one[each] + part * (other[each] - one[each]) for each in Group})
    return kept


def _rows(points: Sequence[MixPoint], t: Translator) -> list[dict[str, Any]]:
    rows = []
    for number, point in enumerate(points, 1):
        x, y = project(point.shares)
        figures = t.join(
            t("charts.tip", what=t.word(group), figure=point.heads[group]) for group in Group
        )
        told = {"number": number, "label": point.label, "people": point.people}
        tip = theme.embed(t("charts.ternary_tip", figures=figures, **told), t)
        rows.append({"number": number, "x": x, "y": y, "tip": tip})
    return rows


@dataclass(frozen=True)
class _Place:
    """Scales on which the triangle keeps its angles and its size fits the width of the chart."""

    height: int

    @property
    def _side(self) -> str:
        return f"min(width * 0.94, {SIDE})"

    def under(self, line: int) -> theme.Channel:
        """Height of a line of text under the triangle and the names of its corners."""
        return theme.expression(f"{ABOVE + BELOW + LINE * line + LINE / 2} + {self._side} * {TOP}")

    def x(self, field: str = "x") -> theme.Channel:
        half = f"width / (2 * {self._side})"
        scale = {
            "domainMin": theme.expression(f"-{half}"),
            "domainMax": theme.expression(half),
            "nice": False,
            "zero": False,
        }
        return theme.field(f"{field}:Q", scale=scale, axis=None)

    def y(self, field: str = "y") -> theme.Channel:
        scale = {
            "domainMin": theme.expression(f"{TOP} - {self.height - ABOVE} / {self._side}"),
            "domainMax": theme.expression(f"{TOP} + {ABOVE} / {self._side}"),
            "nice": False,
            "zero": False,
        }
        return theme.field(f"{field}:Q", scale=scale, axis=None)


def _outline(corners: Sequence[Point], at: _Place, style: Mapping[str, Any]) -> theme.Layer:
    rows = [{"order": order, "x": x, "y": y} for order, (x, y) in enumerate(corners)]
    closed = {"interpolate": "linear-closed", "strokeWidth": 1.5, "aria": False}
    return theme.draw("line", rows, closed | dict(style), x=at.x(), y=at.y(), order="order:Q")


def _region(region: Sequence[Point], at: _Place, colours: theme.Palette) -> theme.Layer:
    style = {"fill": colours.faint, "stroke": colours.text, "strokeDash": [4, 3]}
    return _outline(region, at, style)


def _grid(at: _Place, colours: theme.Palette) -> list[theme.Layer]:
    """The triangle, and faint lines where a group has a third and two thirds."""
    lines = []
    for group in Group:
        second, third = (each for each in Group if each is not group)
        for share in (1 / 3, 2 / 3):
            x, y = project({group: share, second: 1 - share, third: 0.0})
            x2, y2 = project({group: share, second: 0.0, third: 1 - share})
            lines.append({"x": x, "y": y, "x2": x2, "y2": y2})
    style = {"color": colours.faint, "aria": False}
    thirds = theme.draw("rule", lines, style, x=at.x(), y=at.y(), x2="x2:Q", y2="y2:Q")
    return [thirds, _outline(list(CORNERS.values()), at, {"stroke": colours.line})]


def _path(rows: list[dict[str, Any]], at: _Place, colours: theme.Palette) -> list[theme.Layer]:
    where = {"x": at.x(), "y": at.y()}
    joined = {"stroke": colours.muted, "strokeWidth": 1.5, "aria": False}
    dot = {"filled": True, "opacity": 1, "size": 90, "fill": colours.accent, "stroke": colours.text}
    label = theme.text_style(colours.text, fontSize=13, fontWeight=600, align="left", dx=8, dy=-9)
    halo = label | {"stroke": colours.background, "strokeWidth": 4}
    return [
        theme.draw("line", rows, joined, **where, order="number:Q"),
        theme.draw("point", rows, dot, **where, **theme.told()),
        theme.draw("text", _labels(rows), halo, **where, text="text:N"),
        theme.draw("text", _labels(rows), label, **where, text="text:N"),
    ]


def _labels(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """One label for points that lie on each other: "1, 4" at the first of them."""
    labels: list[dict[str, Any]] = []
    for row in rows:
        for label in labels:
            if hypot(label["x"] - row["x"], label["y"] - row["y"]) < NEAR:
                label["text"] += f", {row['number']}"
                break
        else:
            labels.append({"x": row["x"], "y": row["y"], "text": str(row["number"])})
    return labels


def _corners(t: Translator, at: _Place, colours: theme.Palette) -> list[theme.Layer]:
    """A group's symbol on its corner, its name beside it: inwards below, so that none is cut."""
    where = {"x": at.x(), "y": at.y()}
    layers = []
    for group, (x, y) in CORNERS.items():
        look = {"filled": True, "opacity": 1, "size": 170, "fill": colours.groups[group]}
        symbol = {"x": x, "y": y, "shape": theme.GROUP_SHAPES[group]}
        shape = theme.field("shape:N", scale=None)
        layers.append(theme.draw("point", [symbol], look | {"aria": False}, **where, shape=shape))
        for number, name in enumerate(theme.lines(t.word(group), 18 if y == 0 else 40, t)):
            style = theme.text_style(
                colours.text,
                fontSize=13,
                align={0.0: "center", -0.5: "left", 0.5: "right"}[x],
                dx=16 * x,
                dy=-20 if y else 20 + number * theme.LINE_HEIGHT,
            )
            place = {"x": x, "y": y, "text": name}
            layers.append(theme.draw("text", [place], style, **where, text="text:N"))
    return layers


def _legend(
    has_region: bool, t: Translator, at: _Place, colours: theme.Palette
) -> list[theme.Layer]:
    sides = theme.Sides(t.rtl)
    keys = ["charts.ternary_order", *(["charts.ternary_target"] if has_region else [])]
    style: dict[str, Any] = {"colour": colours.muted, "align": sides.start}
    return [
        theme.line(theme.embed(t(key), t), sides.at_start(), at.under(number), **style)
        for number, key in enumerate(keys)
    ]
