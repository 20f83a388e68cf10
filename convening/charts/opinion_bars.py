"""Agree and disagree by declared group, statement by statement, as bars to two sides."""

import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import altair as alt
import pandas as pd

from convening.charts import theme
from convening.i18n import Translator
from convening.tallies import Tally
from convening.vocabulary import Group

#: What stands under the figure: ``t(NOTE)``.
NOTE = "opinion.note"
LINE, BAR, SPACE, TOP = 19, 26, 20, 22
GUTTER = 112  # pixels for the names of groups
PASSES = 44  # pixels for the column of passes
WIDTH = 46  # characters of a statement in one line: what a phone shows
SPAN = 1.3  # a bar of everybody is 1 long; the rest is room for its number
Rows = list[dict[str, Any]]


@dataclass(frozen=True)
class StatementBars:
    """A statement with the tally of all votes and of each group that may be shown, and with the
    group-informed consensus, 0 to 1, where it may be told. Of the groups in ``hands_alone`` no
    vote is counted, only raised hands and cards."""

    number: int
    text: str
    everyone: Tally
    split: Mapping[Group, Tally] = field(default_factory=dict)
    consensus: float | None = None
    hands_alone: frozenset[Group] = frozenset()

    def name(self, group: Group | None, t: Translator) -> str:
        """What a row is called: of one group, or of everybody."""
        if group is None:
            return t("opinion.everyone")
        return t("opinion.hands_alone", group=group) if group in self.hands_alone else t.word(group)


def chart(
    statements: Sequence[StatementBars], t: Translator, *, dark: bool = False
) -> alt.LayerChart:
    """Under each statement a row for all votes and one for each group.

    Agreement runs from the middle to where lines end, as a filled bar; disagreement to where they
    begin, as a hollow one. Lengths are shares of the row's votes, what is written are heads.
    """
    colours = theme.palette(dark)
    words, quiet, rows, height = _placed(statements, t, colours)
    sides = theme.Sides(t.rtl)
    layers = [
        _middle(rows, t, height, colours),
        *_bars(rows, t, height, colours),
        _numbers(rows, "agree", t, height, colours),
        _numbers(rows, "disagree", t, height, colours),
        *_rows(rows, t, height, colours),
        theme.texts(
            words,
            sides.at_start(),
            height,
            colour=colours.text,
            align=sides.start,
            fontSize=theme.NORMAL,
            fontWeight=600,
        ),
        theme.texts(quiet, sides.at_start(), height, colour=colours.muted, align=sides.start),
        *_head(t, height, colours),
    ]
    return theme.configure(layers, dark, height)


def table(statements: Sequence[StatementBars], t: Translator) -> pd.DataFrame:
    """The figures of the chart in words: a row per statement and group, all votes first."""
    rows = []
    for each in statements:
        found = [(each.name(None, t), each.everyone)]
        found += [
            (each.name(group, t), each.split[group]) for group in Group if group in each.split
        ]
        for place, (name, tally) in enumerate(found):
            consensus = "" if place or each.consensus is None else t.percent(each.consensus)
            rows.append([each.number, each.text, name, *_figures(tally), consensus])
    names = ("number", "statement", "group", "agree", "disagree", "pass", "consensus")
    return pd.DataFrame(rows, columns=[t(f"opinion.column_{name}") for name in names], dtype=object)


def _figures(tally: Tally) -> tuple[int, int, int]:
    return tally.agree, tally.disagree, tally.pass_


def _placed(
    statements: Sequence[StatementBars], t: Translator, colours: theme.Palette
) -> tuple[Rows, Rows, Rows, float]:
    """The lines of the statements, how far all groups agree, and the rows under them at their
    heights, and the whole one."""
    words: Rows = []
    quiet: Rows = []
    rows: Rows = []
    y: float = TOP
    for each in statements:
        lines = textwrap.wrap(each.text, WIDTH, break_on_hyphens=False)
        for place, line in enumerate(lines):
            text = t.isolated(line) if place else f"{each.number}. {t.isolated(line)}"
            words.append({"text": theme.embed(text, t), "y": y + LINE / 2})
            y += LINE
        if each.consensus is not None:
            said = t("opinion.agreement", share=t.percent(each.consensus))
            quiet.append({"text": theme.embed(said, t), "y": y + LINE / 2})
            y += LINE
        rows.append(_row(each, None, each.everyone, y, t, colours))
        y += BAR
        for group in Group:
            if group in each.split:
                rows.append(_row(each, group, each.split[group], y, t, colours))
                y += BAR
        y += SPACE
    return words, quiet, rows, y - SPACE / 2


def _row(
    statement: StatementBars,
    group: Group | None,
    tally: Tally,
    top: float,
    t: Translator,
    colours: theme.Palette,
) -> dict[str, Any]:
    name = statement.name(group, t)
    agree, disagree, passed = _figures(tally)
    voted = max(tally.votes, 1)
    tip = t("opinion.bar_tip", who=name, agree=agree, disagree=disagree, passed=passed)
    return {
        "statement": statement.number,
        "group": group.value if group else "",
        "agree": agree,
        "disagree": disagree,
        "pass_": passed,
        "right": agree / voted,
        "left": -disagree / voted,
        "zero": 0,
        "y": top + BAR / 2,
        "top": top + 4,
        "bottom": top + BAR - 4,
        "name": theme.lines(name, 15, t),
        "shape": theme.GROUP_SHAPES[group] if group else None,
        "colour": colours.groups[group] if group else colours.muted,
        "tip": theme.embed(tip, t),
    }


def _x(name: str, t: Translator) -> theme.Channel:
    """From full disagreement, beside the names, to full agreement, beside the passes."""
    start, end = theme.expression(f"width - {GUTTER}"), PASSES
    ends = [start, end] if t.rtl else [GUTTER, theme.expression(f"width - {PASSES}")]
    scale = {"domain": [-SPAN, SPAN], "range": ends, "nice": False, "zero": False}
    return theme.field(f"{name}:Q", scale=scale, axis=None)


def _bars(rows: Rows, t: Translator, height: float, colours: theme.Palette) -> list[theme.Layer]:
    where = {
        "x": _x("zero", t),
        "y": theme.rows_to_y("top", height),
        "y2": "bottom:Q",
        "stroke": theme.field("colour:N", scale=None),
        **theme.told(),
    }
    hollow = {"strokeWidth": 2, "fill": colours.background}
    return [
        theme.draw(
            "rect",
            [row for row in rows if row["agree"]],
            {"strokeWidth": 2},
            x2="right:Q",
            fill=theme.field("colour:N", scale=None),
            **where,
        ),
        theme.draw("rect", [row for row in rows if row["disagree"]], hollow, x2="left:Q", **where),
    ]


def _middle(rows: Rows, t: Translator, height: float, colours: theme.Palette) -> theme.Layer:
    return theme.draw(
        "rule",
        [{"at": 0, "y": row["top"] - 3, "y2": row["bottom"] + 3} for row in rows],
        {"color": colours.text, "strokeWidth": 1, "aria": False},
        x=_x("at", t),
        y=theme.rows_to_y("y", height),
        y2="y2:Q",
    )


def _numbers(
    rows: Rows, side: str, t: Translator, height: float, colours: theme.Palette
) -> theme.Layer:
    """How many agree behind the end of their bar, or disagree before it."""
    sides = theme.Sides(t.rtl)
    outwards = side == "agree"
    texts = [
        {
            "text": theme.embed(t.number(row[side]), t),
            "at": row["right" if outwards else "left"],
            "y": row["y"],
        }
        for row in rows
    ]
    style = {
        "align": sides.start if outwards else sides.end,
        "xOffset": (7 if outwards else -7) * (-1 if t.rtl else 1),
        "fontWeight": 600,
    }
    return theme.texts(texts, _x("at", t), height, colour=colours.text, **style)


def _rows(rows: Rows, t: Translator, height: float, colours: theme.Palette) -> list[theme.Layer]:
    """Names with the groups' signs where lines begin, passes where they end."""
    sides = theme.Sides(t.rtl)
    single = [{"text": row["name"][0], "y": row["y"]} for row in rows if len(row["name"]) == 1]
    double = [
        {"text": text, "y": row["y"] + offset}
        for row in rows
        if len(row["name"]) == 2
        for text, offset in zip(row["name"], (-6, 6), strict=True)
    ]
    style: dict[str, Any] = {"colour": colours.text, "align": sides.start}
    passes = [{"text": theme.embed(t.number(row["pass_"]), t), "y": row["y"]} for row in rows]
    return [
        theme.shapes([row for row in rows if row["shape"]], sides.at_start(8), height, 90),
        theme.texts(single, sides.at_start(20), height, **style),
        theme.texts(double, sides.at_start(20), height, fontSize=11, **style),
        theme.texts(passes, sides.at_end(4), height, colour=colours.muted, align=sides.end),
    ]


def _head(t: Translator, height: float, colours: theme.Palette) -> list[theme.Layer]:
    """What the two sides and the last column are, above everything."""
    sides = theme.Sides(t.rtl)
    gap = 12
    inwards = gap * (-1 if t.rtl else 1)
    quiet: dict[str, Any] = {"colour": colours.muted}

    def said(name: str) -> Rows:
        return [{"text": theme.embed(t(f"opinion.axis_{name}"), t), "at": 0, "y": 8}]

    middle = _x("at", t)
    return [
        theme.texts(said("agree"), middle, height, align=sides.start, xOffset=inwards, **quiet),
        theme.texts(said("disagree"), middle, height, align=sides.end, xOffset=-inwards, **quiet),
        theme.texts(said("pass"), sides.at_end(4), height, align=sides.end, **quiet),
    ]
