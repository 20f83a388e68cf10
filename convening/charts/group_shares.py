"""How many of the people belong to each group, against the targets of the stage."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import altair as alt
import pandas as pd

from convening.balance import Shares
from convening.charts import theme
from convening.charts.figures import or_withheld, standing
from convening.i18n import Translator
from convening.vocabulary import Group, Range, Standing

Unit = Literal["heads", "share"]
Yardstick = Literal["target", "map"]
#: What stands under the figure in heads: ``t(NOTE)``; under shares ``t(SHARE_NOTE)``.
NOTE = "charts.note_counts_in_both"
SHARE_NOTE = "charts.note_bar_counts_in_parts"
ROW = 80


@dataclass(frozen=True)
class GroupBar:
    """``heads`` is what is written. ``value`` is how long the bar is and ``target`` its band, both
    in the chart's unit: people, or a share from 0 to 1. Withheld: ``heads`` and ``value`` are None.
    """

    group: Group
    heads: int | None
    value: float | None
    target: Range | None = None

    def __post_init__(self) -> None:
        if (self.heads is None) != (self.value is None):
            raise ValueError("a withheld group has neither heads nor a value")

    @property
    def standing(self) -> Standing | None:
        if self.value is None or self.target is None:
            return None
        return standing(self.value, self.target)


def bars(shares: Shares, targets: Mapping[Group, Range]) -> list[GroupBar]:
    """The bars of a room, for ``unit="share"``: targets are ranges of the fractional share."""
    return [
        GroupBar(group, shares.heads[group], shares.share[group], targets.get(group))
        for group in Group
    ]


def chart(
    room: Sequence[GroupBar],
    people: int,
    t: Translator,
    *,
    unit: Unit = "heads",
    yardstick: Yardstick = "target",
    dark: bool = False,
) -> alt.LayerChart:
    """A bar per group under its name and head count ("4 of 23"), the target as a framed band.

    ``people`` is everybody who counts, the unplaced included. With ``unit="share"`` bars and
    targets are shares of the placed. With ``yardstick="map"`` the map stands in for targets that
    nobody has set, and the words say so.
    """
    colours = theme.palette(dark)
    height = ROW * len(room) + (22 if any(bar.target for bar in room) else 4)
    rows = [_row(bar, number, people, t, unit, yardstick, dark) for number, bar in enumerate(room)]
    sides = theme.Sides(t.rtl)
    longest = _longest(room, people, unit)
    layers = [
        _bands(rows, longest, t, height, colours),
        _bars(rows, longest, t, height),
        _edges(rows, longest, t, height, colours),
        theme.shapes([row | {"y": row["top"] + 12} for row in rows], sides.at_start(9), height),
        *_words(rows, t, height, colours),
    ]
    return theme.configure(layers, dark, height)


def table(
    room: Sequence[GroupBar],
    people: int,
    t: Translator,
    *,
    unit: Unit = "heads",
    yardstick: Yardstick = "target",
) -> pd.DataFrame:
    """The figures of the chart in words: a row per group."""
    targets = [_range(bar.target, t, unit) if bar.target else "" for bar in room]
    found = {
        t("charts.group"): [t.word(bar.group) for bar in room],
        t("charts.heads"): [or_withheld(bar.heads, t) for bar in room],
        t("charts.of_people"): [people for _ in room],
        t(f"charts.{yardstick}"): targets,
    }
    if yardstick == "target":
        standings = [t.word(bar.standing) if bar.standing else "" for bar in room]
        found[t("charts.standing")] = standings
    return pd.DataFrame(found, dtype=object)


def _row(
    bar: GroupBar,
    number: int,
    people: int,
    t: Translator,
    unit: Unit,
    yardstick: Yardstick,
    dark: bool,
) -> dict[str, Any]:
    count = _count(bar, people, t)
    under = _under(bar, t, unit, yardstick)
    return {
        "group": bar.group.value,
        "heads": bar.heads,
        "value": bar.value,
        "low": bar.target.min if bar.target else None,
        "high": bar.target.max if bar.target else None,
        "top": number * ROW,
        "name": theme.lines(t.word(bar.group), 26, t, most=1)[0],
        "count": theme.embed(count, t),
        "under": theme.embed(under, t),
        "tip": theme.embed(t("charts.tip", what=t.word(bar.group), figure=count), t),
        "colour": theme.palette(dark).groups[bar.group],
        "shape": theme.GROUP_SHAPES[bar.group],
    }


def _count(bar: GroupBar, people: int, t: Translator) -> str:
    if bar.heads is None:
        return str(or_withheld(None, t))
    return t("charts.heads_of", heads=bar.heads, people=people)


def _under(bar: GroupBar, t: Translator, unit: Unit, yardstick: Yardstick) -> str:
    if bar.target is None:
        return ""
    return t(f"charts.{yardstick}_{bar.standing or 'is'}", target=_range(bar.target, t, unit))


def _range(target: Range, t: Translator, unit: Unit) -> str:
    low, high = (_amount(end, t, unit) for end in target)
    return low if low == high else t("charts.range", low=low, high=high)


def _amount(value: float, t: Translator, unit: Unit) -> str:
    if unit == "share":
        return t.percent(value)
    return t.number(value, 0 if abs(value - round(value)) < 0.05 else 1)


def _longest(room: Sequence[GroupBar], people: int, unit: Unit) -> float:
    ends = [bar.value or 0 for bar in room] + [bar.target.max for bar in room if bar.target]
    return max(1.0 if unit == "share" else people, *ends, 0.01)


def _x(field: str, longest: float, t: Translator) -> theme.Channel:
    scale = {"domain": [0, longest], "nice": False, "reverse": t.rtl}
    return theme.field(f"{field}:Q", scale=scale, axis=None)


def _bars(rows: list[dict[str, Any]], longest: float, t: Translator, height: float) -> theme.Layer:
    shown = [
        row | {"zero": 0, "y": row["top"] + 28, "y2": row["top"] + 46}
        for row in rows
        if row["value"] is not None
    ]
    return theme.draw(
        "rect",
        shown,
        {"cornerRadius": 2},
        x=_x("zero", longest, t),
        x2="value:Q",
        y=theme.rows_to_y("y", height),
        y2="y2:Q",
        color=theme.field("colour:N", scale=None),
        **theme.told(),
    )


def _bands(
    rows: list[dict[str, Any]],
    longest: float,
    t: Translator,
    height: float,
    colours: theme.Palette,
) -> theme.Layer:
    shown = [
        row | {"y": row["top"] + 23, "y2": row["top"] + 51}
        for row in rows
        if row["low"] is not None
    ]
    return theme.draw(
        "rect",
        shown,
        {"fill": colours.faint, "aria": False},
        x=_x("low", longest, t),
        x2="high:Q",
        y=theme.rows_to_y("y", height),
        y2="y2:Q",
    )


def _edges(
    rows: list[dict[str, Any]],
    longest: float,
    t: Translator,
    height: float,
    colours: theme.Palette,
) -> theme.Layer:
    """The two ends of each target over the bar, and the line that the bars start from."""
    starts = [{"at": 0, "y": row["top"] + 28, "y2": row["top"] + 46} for row in rows]
    ends = [
        {"at": row[end], "y": row["top"] + 23, "y2": row["top"] + 51}
        for row in rows
        for end in ("low", "high")
        if row[end] is not None
    ]
    return theme.draw(
        "rule",
        starts + ends,
        {"color": colours.text, "strokeWidth": 2, "aria": False},
        x=_x("at", longest, t),
        y=theme.rows_to_y("y", height),
        y2="y2:Q",
    )


def _words(
    rows: list[dict[str, Any]], t: Translator, height: float, colours: theme.Palette
) -> list[theme.Layer]:
    sides = theme.Sides(t.rtl)

    def at(field: str, offset: float) -> list[dict[str, Any]]:
        return [{"text": row[field], "y": row["top"] + offset} for row in rows if row[field]]

    strong: dict[str, Any] = {"fontSize": theme.NORMAL, "fontWeight": 600, "colour": colours.text}
    quiet: dict[str, Any] = {"colour": colours.muted, "align": sides.start}
    layers = [
        theme.texts(at("name", 12), sides.at_start(20), height, align=sides.start, **strong),
        theme.texts(at("count", 12), sides.at_end(), height, align=sides.end, **strong),
        theme.texts(at("under", 61), sides.at_start(), height, **quiet),
    ]
    if any(row["low"] is not None for row in rows):
        band = theme.embed(t("charts.band"), t)
        layers.append(theme.line(band, sides.at_start(), height - 9, **quiet))
    return layers
