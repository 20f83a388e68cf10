"""Groups by stage over the whole funnel: on the map, invited, accepted, in the room."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt
import pandas as pd

from convening.charts import theme
from convening.charts.group_shares import standing, withheld
from convening.i18n import Translator
from convening.vocabulary import FunnelStep, Group, Range, Standing

NOTE = "charts.note_counts_in_both"
#: Row key of the line with everybody, whatever their group.
EVERYONE = "everyone"
HEADER, HEADING, ROW, GAP, LEGEND_ROW = 40, 28, 34, 10, 20
GUTTER = 116
#: Beginnings of the shades after the first; a zero stands on no shade at all.
SHADES = (1 / 6, 1 / 3, 1 / 2, 2 / 3)
GLYPHS: Mapping[Standing, str] = {
    Standing.BELOW: "M0,1L-0.8,0.15L-0.3,0.15L-0.3,-1L0.3,-1L0.3,0.15L0.8,0.15Z",
    Standing.WITHIN: "M-0.9,-0.6L0.9,-0.6L0.9,-0.15L-0.9,-0.15ZM-0.9,0.15L0.9,0.15L0.9,0.6L-0.9,0.6Z",
    Standing.ABOVE: "M0,-1L0.8,-0.15L0.3,-0.15L0.3,1L-0.3,1L-0.3,-0.15L-0.8,-0.15Z",
}


@dataclass(frozen=True)
class FunnelCell:
    """Heads of one group at one step of a stage. ``stage`` is a key of the chart's ``stages``.

    ``people`` is everybody at that step, ``share`` the group's share of them for the comparison
    with ``target``; only how it stands enters the chart. Withheld: neither heads nor a share.
    Nothing to count yet: ``heads`` is None without ``withheld``.
    """

    stage: str
    group: Group
    step: FunnelStep
    heads: int | None
    people: int | None
    withheld: bool = False
    share: float | None = None
    target: Range | None = None

    def __post_init__(self) -> None:
        if self.withheld and not (self.heads is None and self.share is None):
            raise ValueError("a withheld cell carries no number")

    @property
    def standing(self) -> Standing | None:
        if self.heads is None or self.share is None or self.target is None:
            return None
        return standing(self.share, self.target)


def chart(
    cells: Sequence[FunnelCell],
    stages: Mapping[str, str],
    t: Translator,
    *,
    against_targets: bool = False,
    dark: bool = False,
) -> alt.LayerChart:
    """A block per stage with a row per group and a column per step, heads written in the cells.

    ``stages`` maps keys to labels, in order. The colour is the group's share of the heads, or with
    ``against_targets`` how the group stands against its target, told by a sign as well.
    """
    colours = theme.palette(dark)
    tops, bottom = _tops(stages)
    rows = [_cell(cell, stages, tops, t, colours, against_targets) for cell in cells]
    legend = _legend(rows, t, colours, against_targets, bottom)
    height = bottom + sum(entry["room"] for entry in legend) + 4
    layers = [
        _fills(rows, t, height),
        *_numbers(rows, cells, tops, t, height, colours),
        *_labels(stages, tops, t, height, dark),
        *_legend_layers(legend, t, height, colours),
    ]
    if against_targets:
        layers.append(_signs(rows, t, height))
    return theme.configure(layers, t, dark, height, GUTTER)


def table(cells: Sequence[FunnelCell], stages: Mapping[str, str], t: Translator) -> pd.DataFrame:
    """The figures of the chart in words: a row per stage and group, a column per step."""
    found = {(cell.stage, cell.group, cell.step): cell for cell in cells}
    rows = []
    for stage, label in stages.items():
        for group in Group:
            line: dict[str, Any] = {t("charts.stage"): label, t("charts.group"): t.word(group)}
            for step in FunnelStep:
                line[t.word(step)] = _figure(found.get((stage, group, step)), t)
            rows.append(line)
        total: dict[str, Any] = {t("charts.stage"): label, t("charts.group"): t("charts.everyone")}
        totals = _totals(cells, stage)
        rows.append(total | {t.word(step): _total(totals, step, t) for step in FunnelStep})
    return pd.DataFrame(rows, dtype=object)


def _figure(cell: FunnelCell | None, t: Translator) -> int | str:
    if cell is None or (cell.heads is None and not cell.withheld):
        return t("charts.nothing")
    return withheld(cell.heads, t)


def _totals(cells: Sequence[FunnelCell], stage: str) -> dict[FunnelStep, int | None]:
    return {cell.step: cell.people for cell in cells if cell.stage == stage}


def _total(totals: Mapping[FunnelStep, int | None], step: FunnelStep, t: Translator) -> int | str:
    found = totals.get(step)
    return t("charts.nothing") if found is None else found


def _tops(stages: Mapping[str, str]) -> tuple[dict[tuple[str, str], float], float]:
    """The top of each line in pixels, by stage and group (the heading's group is ""), and the end."""
    tops: dict[tuple[str, str], float] = {}
    at: float = HEADER
    for stage in stages:
        tops[stage, ""] = at
        at += HEADING
        for line in (*(group.value for group in Group), EVERYONE):
            tops[stage, line] = at
            at += ROW if line != EVERYONE else HEADING
        at += GAP
    return tops, at


def _cell(
    cell: FunnelCell,
    stages: Mapping[str, str],
    tops: Mapping[tuple[str, str], float],
    t: Translator,
    colours: theme.Palette,
    against_targets: bool,
) -> dict[str, Any]:
    top = tops[cell.stage, cell.group]
    fill, border = _look(cell, colours, against_targets)
    return {
        "stage": cell.stage,
        "group": cell.group.value,
        "step": cell.step.value,
        "heads": cell.heads,
        "state": _state(cell),
        "standing": cell.standing.value if against_targets and cell.standing else None,
        "top": top + 1,
        "bottom": top + ROW - 1,
        "y": top + ROW / 2,
        "text": theme.embed(str(_figure(cell, t)), t),
        "fill": fill,
        "border": border,
        "ink": colours.text if fill == colours.background else theme.text_on(fill, colours),
        "tip": theme.embed(_tip(cell, stages, t, against_targets), t),
    }


def _state(cell: FunnelCell) -> str:
    if cell.withheld:
        return "withheld"
    return "nothing" if cell.heads is None else "counted"


def _look(cell: FunnelCell, colours: theme.Palette, against_targets: bool) -> tuple[str, str]:
    """Fill and border. A withheld cell is grey, one with nothing to count has no border."""
    if cell.withheld:
        return colours.faint, colours.line
    if cell.heads is None:
        return colours.background, colours.background
    if against_targets:
        filled = {Standing.BELOW: colours.accent, Standing.ABOVE: colours.muted}
        return filled.get(cell.standing or Standing.WITHIN, colours.background), colours.line
    if not cell.heads or not cell.people:
        return colours.background, colours.line
    share = cell.heads / cell.people
    return colours.ramp[sum(share >= start - 1e-9 for start in SHADES)], colours.line


def _tip(
    cell: FunnelCell, stages: Mapping[str, str], t: Translator, against_targets: bool
) -> str:
    """One sentence: stage, step, group, figure. A withheld cell is named without any number."""
    figure = str(_figure(cell, t))
    if cell.heads is not None and cell.people is not None:
        figure = t("charts.heads_of", heads=cell.heads, people=cell.people)
    if against_targets and cell.standing is not None:
        figure = t("charts.with_standing", figure=figure, standing=cell.standing)
    where = {"stage": stages[cell.stage], "step": t.word(cell.step), "group": t.word(cell.group)}
    return t("charts.cell_tip", figure=figure, **where)


def _x(t: Translator) -> alt.X:
    steps = [step.value for step in FunnelStep]
    scale = alt.Scale(domain=steps[::-1] if t.rtl else steps, paddingInner=0.04, paddingOuter=0)
    return alt.X("step:N", scale=scale, axis=None)


def _fills(rows: list[dict[str, Any]], t: Translator, height: float) -> alt.Chart:
    return (
        alt.Chart(theme.values(rows))
        .mark_rect(cornerRadius=3, strokeWidth=1)
        .encode(
            x=_x(t),
            y=theme.rows_to_y("top", height),
            y2="bottom:Q",
            fill=alt.Fill("fill:N", scale=None),
            stroke=alt.Stroke("border:N", scale=None),
            **theme.told(),
        )
    )


def _numbers(
    rows: list[dict[str, Any]],
    cells: Sequence[FunnelCell],
    tops: Mapping[tuple[str, str], float],
    t: Translator,
    height: float,
    colours: theme.Palette,
) -> list[alt.Chart]:
    """The figures in the cells, beside the sign where there is one, and everybody's underneath."""
    step_aside = 9 * (1 if t.rtl else -1)
    layers = [
        theme.texts(
            [row for row in rows if bool(row["standing"]) is signed],
            _x(t),
            height,
            colour=colours.text,
            fontSize=theme.NORMAL if signed else 13,
            fontWeight=600,
            xOffset=-step_aside if signed else 0,
            limit=alt.ExprRef("width / 4 - 4"),
        ).encode(color=alt.Color("ink:N", scale=None))
        for signed in (False, True)
    ]
    totals = [
        {"step": step.value, "people": people, "y": tops[stage, EVERYONE] + HEADING / 2}
        | {"text": theme.embed(str(_total({step: people}, step, t)), t)}
        for stage in dict.fromkeys(cell.stage for cell in cells)
        for step, people in _totals(cells, stage).items()
    ]
    return [*layers, theme.texts(totals, _x(t), height, colour=colours.muted)]


def _labels(
    stages: Mapping[str, str],
    tops: Mapping[tuple[str, str], float],
    t: Translator,
    height: float,
    dark: bool,
) -> list[alt.Chart]:
    colours, sides = theme.palette(dark), theme.Sides(t.rtl, GUTTER)
    headings, names, marks, everyone = [], [], [], []
    for stage, label in stages.items():
        headings.append({"text": theme.embed(label, t), "y": tops[stage, ""] + HEADING / 2})
        middle = tops[stage, EVERYONE] + HEADING / 2
        everyone.append({"text": theme.embed(t("charts.everyone"), t), "y": middle})
        for group in Group:
            middle = tops[stage, group] + ROW / 2
            names += theme.stacked(t.word(group), 14, t, middle)
            look = {"shape": theme.GROUP_SHAPES[group], "colour": colours.groups[group]}
            marks.append(look | {"y": middle})
    steps = [
        line
        for step in FunnelStep
        for line in theme.stacked(t.word(step), 9, t, HEADER / 2 - 2, step=step.value)
    ]
    room = alt.ExprRef(f"width + {GUTTER}")
    side = {"align": sides.start, "colour": colours.text}
    return [
        theme.texts(steps, _x(t), height, colour=colours.text, fontWeight=600),
        theme.texts(
            headings, sides.at_start(), height, fontSize=theme.NORMAL, fontWeight=600, limit=room,
            **side,
        ),
        theme.texts(names, sides.at_start(22), height, limit=GUTTER - 26, **side),
        theme.texts(everyone, sides.at_start(22), height, **(side | {"colour": colours.muted})),
        theme.shapes(marks, sides.at_start(9), height),
    ]


def _legend(
    rows: list[dict[str, Any]],
    t: Translator,
    colours: theme.Palette,
    against_targets: bool,
    top: float,
) -> list[dict[str, Any]]:
    """What the looks that occur mean: a line each, of a sample and a sentence."""
    entries: list[dict[str, Any]] = []

    def add(key: str, fill: str, ink: str, shape: str | None = None) -> None:
        wrapped = theme.stacked(t(key), 44, t, 0)
        room = LEGEND_ROW + (len(wrapped) - 1) * theme.LINE_HEIGHT
        start = top + sum(entry["room"] for entry in entries)
        placed = [line | {"y": line["y"] + start + room / 2} for line in wrapped]
        sample = {"y": start + room / 2, "fill": fill, "ink": ink, "shape": shape}
        entries.append(sample | {"room": room, "lines": placed})

    if against_targets:
        looks = {Standing.BELOW: colours.accent, Standing.WITHIN: colours.background}
        looks[Standing.ABOVE] = colours.muted
        for each, fill in looks.items():
            ink = colours.text if fill == colours.background else theme.text_on(fill, colours)
            if any(row["standing"] == each for row in rows):
                add(f"standing.{each}", fill, ink, GLYPHS[each])
    elif any(row["heads"] for row in rows):
        add("charts.shade", colours.ramp[-1], colours.ramp[-1])
    if any(row["state"] == "withheld" for row in rows):
        add("charts.withheld_meaning", colours.faint, colours.faint)
    if any(row["state"] == "nothing" for row in rows):
        add("charts.nothing_meaning", colours.background, colours.background)
    return entries


def _legend_layers(
    legend: list[dict[str, Any]], t: Translator, height: float, colours: theme.Palette
) -> list[alt.Chart]:
    sides = theme.Sides(t.rtl, GUTTER)
    lines = [line for entry in legend for line in entry["lines"]]
    boxes = [{"y": each["y"], "shape": "square", "colour": each["fill"]} for each in legend]
    signs = [
        {"y": each["y"], "shape": each["shape"], "colour": each["ink"]}
        for each in legend
        if each["shape"]
    ]
    framed = theme.shapes(boxes, sides.at_start(9), height, 220).encode(
        stroke=alt.value(colours.line)
    )
    words = theme.texts(
        lines, sides.at_start(24), height, colour=colours.muted, align=sides.start
    )
    return [framed, theme.shapes(signs, sides.at_start(9), height, 70), words]


def _signs(rows: list[dict[str, Any]], t: Translator, height: float) -> alt.Chart:
    shown = [
        row | {"shape": GLYPHS[Standing(row["standing"])], "colour": row["ink"]}
        for row in rows
        if row["standing"]
    ]
    step_aside = 11 * (1 if t.rtl else -1)
    return theme.shapes(shown, _x(t), height, 90, xOffset=step_aside)
