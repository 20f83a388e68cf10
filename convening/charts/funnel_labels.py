"""The words beside and under the heatmap of the funnel: where its lines stand, and its legend."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from convening.charts import theme
from convening.i18n import Translator
from convening.vocabulary import FunnelStep, Group, Standing

#: Row key of the line with everybody, whatever their group.
EVERYONE = "everyone"
HEADER, HEADING, ROW, GAP, LEGEND_ROW = 40, 28, 34, 10, 20
GUTTER = 116
_LEGEND_WIDTH = 44  # characters
GLYPHS: Mapping[Standing, str] = {
    Standing.BELOW: "M0,1L-0.8,0.15L-0.3,0.15L-0.3,-1L0.3,-1L0.3,0.15L0.8,0.15Z",
    Standing.WITHIN: "M-0.9,-0.6H0.9V-0.15H-0.9ZM-0.9,0.15H0.9V0.6H-0.9Z",
    Standing.ABOVE: "M0,-1L0.8,-0.15L0.3,-0.15L0.3,1L-0.3,1L-0.3,-0.15L-0.8,-0.15Z",
}
Rows = list[dict[str, Any]]


@dataclass(frozen=True)
class Lines:
    """The top of each line in pixels by stage and group ("" is the heading), and where they end."""

    tops: Mapping[tuple[str, str], float]
    end: float

    def middle(self, stage: str, line: str) -> float:
        tall = ROW if line not in ("", EVERYONE) else HEADING
        return self.tops[stage, line] + tall / 2


def lines_of(stages: Sequence[str]) -> Lines:
    tops: dict[tuple[str, str], float] = {}
    at: float = HEADER
    for stage in stages:
        tops[stage, ""] = at
        at += HEADING
        for group in Group:
            tops[stage, group] = at
            at += ROW
        tops[stage, EVERYONE] = at
        at += HEADING + GAP
    return Lines(tops, at)


def columns(t: Translator) -> theme.Channel:
    """One column per step of the funnel, beside the labels."""
    steps = [step.value for step in FunnelStep]
    return theme.Sides(t.rtl, GUTTER).columns("step", steps, paddingInner=0.04, paddingOuter=0)


def labels(
    stages: Mapping[str, str], lines: Lines, t: Translator, height: float, colours: theme.Palette
) -> list[theme.Layer]:
    """The steps above the columns, the stages as headings, the groups beside their lines."""
    sides = theme.Sides(t.rtl, GUTTER)
    headings: Rows = []
    names: Rows = []
    marks: Rows = []
    everyone: Rows = []
    for stage, label in stages.items():
        headings.append({"text": theme.embed(label, t), "y": lines.middle(stage, "")})
        total = {"text": theme.embed(t("charts.everyone"), t), "y": lines.middle(stage, EVERYONE)}
        everyone.append(total)
        for group in Group:
            middle = lines.middle(stage, group)
            names += theme.stacked(t.word(group), 14, t, middle)
            look = {"shape": theme.GROUP_SHAPES[group], "colour": colours.groups[group]}
            marks.append(look | {"y": middle})
    strong: dict[str, Any] = {"colour": colours.text, "fontWeight": 600}
    plain: dict[str, Any] = {"align": sides.start, "limit": GUTTER - 26}
    at_name = sides.at_start(22)
    return [
        theme.texts(_steps(t), columns(t), height, **strong),
        theme.texts(
            headings,
            sides.at_start(),
            height,
            **strong,
            align=sides.start,
            fontSize=theme.NORMAL,
            limit=theme.expression("width"),
        ),
        theme.texts(names, at_name, height, colour=colours.text, **plain),
        theme.texts(everyone, at_name, height, colour=colours.muted, **plain),
        theme.shapes(marks, sides.at_start(9), height),
    ]


def _steps(t: Translator) -> Rows:
    return [
        line
        for step in FunnelStep
        for line in theme.stacked(t.word(step), 9, t, HEADER / 2 - 2, step=step.value)
    ]


@dataclass(frozen=True)
class Entry:
    """One line of the legend: a filled sample, a sign on it, and the key of its sentence."""

    key: str
    fill: str | None = None
    sign: str | None = None
    ink: str | None = None


def legend_height(entries: Sequence[Entry], t: Translator) -> float:
    return sum(_room(entry, t) for entry in entries) + 4


def legend(
    entries: Sequence[Entry], t: Translator, top: float, height: float, colours: theme.Palette
) -> list[theme.Layer]:
    sides = theme.Sides(t.rtl, GUTTER)
    boxes: Rows = []
    signs: Rows = []
    words: Rows = []
    for entry in entries:
        room = _room(entry, t)
        middle = top + room / 2
        words += theme.stacked(t(entry.key), _LEGEND_WIDTH, t, middle)
        if entry.fill:
            boxes.append({"y": middle, "shape": "square", "colour": entry.fill})
        if entry.sign:
            signs.append({"y": middle, "shape": entry.sign, "colour": entry.ink})
        top += room
    at_sample = sides.at_start(9)
    return [
        theme.shapes(boxes, at_sample, height, 220, stroke=colours.line),
        theme.shapes(signs, at_sample, height, 70),
        theme.texts(words, sides.at_start(24), height, colour=colours.muted, align=sides.start),
    ]


def _room(entry: Entry, t: Translator) -> float:
    return LEGEND_ROW + (len(theme.lines(t(entry.key), _LEGEND_WIDTH, t)) - 1) * theme.LINE_HEIGHT
