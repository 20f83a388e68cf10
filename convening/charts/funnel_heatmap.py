"""Groups by stage over the whole funnel: on the map, invited, accepted, in the room."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

import altair as alt
import pandas as pd

from convening.balance import TOLERANCE
from convening.charts import funnel_labels as labels
from convening.charts import theme
from convening.charts.figures import or_withheld, standing
from convening.funnel import PEOPLE
from convening.i18n import Translator
from convening.vocabulary import FunnelStep, Group, Range, Standing

#: What stands under the figure: ``t(NOTE)``.
NOTE = "charts.note_counts_in_both"
#: Shares from which a cell takes the next stronger colour; a cell of nobody takes none.
SHADES = (1 / 6, 1 / 3, 1 / 2, 2 / 3)
Rows = list[dict[str, Any]]


@dataclass(frozen=True)
class FunnelCell:
    """Heads of one group at one step of a stage. ``stage`` is a key of the chart's ``stages``.

    ``people`` is everybody at that step. ``share`` is compared with ``target``; only the outcome
    enters the chart. Withheld: neither heads nor a share. Nothing to count yet: ``heads`` is None
    without ``withheld``.
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


def cells(
    funnel: pd.DataFrame,
    shares: Mapping[tuple[str, FunnelStep], Mapping[Group, float]] | None = None,
    targets: Mapping[str, Mapping[Group, Range]] | None = None,
) -> list[FunnelCell]:
    """The cells of a table as ``funnel.funnel`` or ``funnel.suppressed`` makes it; NA is withheld.

    ``shares`` (fractional, by stage and step) and ``targets`` (by stage) are for the comparison;
    a stage is known by the text of its key. A step that nobody reached has nothing to count.
    """
    found = []
    for place, row in funnel.iterrows():
        key, step = cast(tuple[Hashable, FunnelStep], place)
        stage = str(key)
        people = None if pd.isna(row[PEOPLE]) else int(row[PEOPLE])
        of_step = (shares or {}).get((stage, step), {})
        for group in Group:
            hidden = bool(pd.isna(row[group]))
            known = not hidden and people != 0
            cell = FunnelCell(
                stage=stage,
                group=group,
                step=FunnelStep(step),
                heads=int(row[group]) if known else None,
                people=people or None,
                withheld=hidden,
                share=of_step.get(group) if known else None,
                target=(targets or {}).get(stage, {}).get(group),
            )
            found.append(cell)
    return found


def chart(
    funnel: Sequence[FunnelCell],
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
    lines = labels.lines_of(list(stages))
    rows = [_row(cell, stages, lines, t, colours, against_targets) for cell in funnel]
    entries = _legend(rows, colours, against_targets)
    height = lines.end + labels.legend_height(entries, t)
    layers = [
        _fills(rows, t, height),
        *_figures(rows, t, height),
        _signs(rows, t, height),
        _everybody(funnel, lines, t, height, colours),
        *labels.labels(stages, lines, t, height, colours),
        *labels.legend(entries, t, lines.end, height, colours),
    ]
    return theme.configure(layers, dark, height)


def table(funnel: Sequence[FunnelCell], stages: Mapping[str, str], t: Translator) -> pd.DataFrame:
    """The figures of the chart in words: a row per stage and group, a column per step."""
    found = {(cell.stage, cell.group, cell.step): cell for cell in funnel}
    rows = []
    for stage, label in stages.items():
        for group in Group:
            row: dict[str, Any] = {t("charts.stage"): label, t("charts.group"): t.word(group)}
            of_group = {step: found.get((stage, group, step)) for step in FunnelStep}
            rows.append(row | {t.word(step): _figure(cell, t) for step, cell in of_group.items()})
        total: dict[str, Any] = {t("charts.stage"): label, t("charts.group"): t("charts.everyone")}
        people = _people(funnel, stage, t)
        nothing = t("charts.nothing")
        rows.append(total | {t.word(step): people.get(step, nothing) for step in FunnelStep})
    return pd.DataFrame(rows, dtype=object)


def _figure(cell: FunnelCell | None, t: Translator) -> int | str:
    if cell is None or (cell.heads is None and not cell.withheld):
        return t("charts.nothing")
    return or_withheld(cell.heads, t)


def _people(funnel: Sequence[FunnelCell], stage: str, t: Translator) -> dict[FunnelStep, int | str]:
    """Everybody at each step of a stage: withheld where cells are known and their sum is not."""
    totals: dict[FunnelStep, int | str] = {}
    for cell in funnel:
        if cell.stage != stage:
            continue
        if cell.people is not None:
            totals[cell.step] = cell.people
        elif cell.withheld or cell.heads is not None:
            totals[cell.step] = or_withheld(None, t)
        else:
            totals.setdefault(cell.step, t("charts.nothing"))
    return totals


def _row(
    cell: FunnelCell,
    stages: Mapping[str, str],
    lines: labels.Lines,
    t: Translator,
    colours: theme.Palette,
    against_targets: bool,
) -> dict[str, Any]:
    top = lines.tops[cell.stage, cell.group]
    fill, border = _look(cell, colours, against_targets)
    stands = cell.standing if against_targets else None
    return {
        "stage": cell.stage,
        "group": cell.group.value,
        "step": cell.step.value,
        "heads": cell.heads,
        "state": _state(cell),
        "standing": stands.value if stands else None,
        "shape": labels.GLYPHS[stands] if stands else None,
        "top": top + 1,
        "bottom": top + labels.ROW - 1,
        "y": lines.middle(cell.stage, cell.group),
        "text": theme.embed(_written(_figure(cell, t), t), t),
        "fill": fill,
        "border": border,
        "colour": theme.text_on(fill, colours),
        "tip": theme.embed(_tip(cell, stages, t, stands), t),
    }


def _written(figure: int | str, t: Translator) -> str:
    return figure if isinstance(figure, str) else t.number(figure)


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
    return colours.ramp[sum(share >= start - TOLERANCE for start in SHADES)], colours.line


def _tip(
    cell: FunnelCell, stages: Mapping[str, str], t: Translator, stands: Standing | None
) -> str:
    """One sentence: stage, step, group, figure. A withheld cell is named without any number."""
    figure = str(_figure(cell, t))
    if cell.heads is not None and cell.people is not None:
        figure = t("charts.heads_of", heads=cell.heads, people=cell.people)
    if stands is not None:
        figure = t("charts.with_standing", figure=figure, standing=stands)
    where = {"stage": stages[cell.stage], "step": cell.step, "group": cell.group}
    return t("charts.cell_tip", figure=figure, **where)


def _fills(rows: Rows, t: Translator, height: float) -> theme.Layer:
    return theme.draw(
        "rect",
        rows,
        {"cornerRadius": 3, "strokeWidth": 1},
        x=labels.columns(t),
        y=theme.rows_to_y("top", height),
        y2="bottom:Q",
        fill=theme.field("fill:N", scale=None),
        stroke=theme.field("border:N", scale=None),
        **theme.told(),
    )


def _figures(rows: Rows, t: Translator, height: float) -> list[theme.Layer]:
    """What is written in the cells: beside the sign where there is one, words smaller."""
    aside = -8 if t.rtl else 8
    where = {
        "x": labels.columns(t),
        "y": theme.rows_to_y("y", height),
        "text": "text:N",
        "color": theme.field("colour:N", scale=None),
    }
    words = [row for row in rows if row["state"] == "withheld"]
    signed = [row for row in rows if row["standing"]]
    plain = [row for row in rows if row["state"] != "withheld" and not row["standing"]]
    style = {"baseline": "middle", "fontSize": 13, "fontWeight": 600, "aria": False}
    return [
        theme.draw("text", plain, style, **where),
        theme.draw("text", signed, style | {"xOffset": aside}, **where),
        theme.draw("text", words, style | {"fontSize": 11, "fontWeight": 400}, **where),
    ]


def _signs(rows: Rows, t: Translator, height: float) -> theme.Layer:
    signed = [row for row in rows if row["standing"]]
    return theme.shapes(signed, labels.columns(t), height, 90, xOffset=12 if t.rtl else -12)


def _everybody(
    funnel: Sequence[FunnelCell],
    lines: labels.Lines,
    t: Translator,
    height: float,
    colours: theme.Palette,
) -> theme.Layer:
    totals = [
        {
            "step": step.value,
            "people": people if isinstance(people, int) else None,
            "y": lines.middle(stage, labels.EVERYONE),
            "text": theme.embed(_written(people, t), t),
        }
        for stage in dict.fromkeys(cell.stage for cell in funnel)
        for step, people in _people(funnel, stage, t).items()
    ]
    return theme.texts(totals, labels.columns(t), height, colour=colours.muted)


def _legend(rows: Rows, colours: theme.Palette, against_targets: bool) -> list[labels.Entry]:
    """What the looks that occur in the chart mean."""
    entries = []
    states = {row["state"] for row in rows}
    for each in Standing:
        look = next((row for row in rows if row["standing"] == each), None)
        if look:
            key = f"standing.{each.value}"
            entries.append(labels.Entry(key, look["fill"], labels.GLYPHS[each], look["colour"]))
    if against_targets and any(not row["standing"] for row in rows if row["state"] == "counted"):
        entries.append(labels.Entry("charts.no_target_meaning"))
    if not against_targets and any(row["heads"] for row in rows):
        entries.append(labels.Entry("charts.shade", colours.ramp[-1]))
    if "withheld" in states:
        entries.append(labels.Entry("charts.withheld_meaning", colours.faint))
    if "nothing" in states:
        entries.append(labels.Entry("charts.nothing_meaning"))
    return entries
