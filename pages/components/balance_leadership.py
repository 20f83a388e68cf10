"""The balance as leadership sees it: heads by stage, small counts withheld, no single rooms."""

import streamlit as st

from convening import funnel
from convening.charts import funnel_heatmap
from convening.disclosure import K
from convening.i18n import Translator
from convening.stage_balance import SuppressedBalance
from convening.vocabulary import FunnelStep
from pages.components import figure
from pages.components.markdown import escape
from pages.components.words import stage_label


def show(found: SuppressedBalance, t: Translator) -> None:
    """The one figure that leaves the team, with what was left out of it and why."""
    if not found.stages:
        with st.container(border=True, key="balance_empty"):
            st.header(t("balance.empty"), anchor=False)
            st.text(t("balance.empty_leadership"))
        return
    names = {str(stage.id): stage_label(stage, t) for stage in found.stages}
    cells = funnel_heatmap.cells(found.table)
    figure.show(
        funnel_heatmap.chart(cells, names, t, dark=figure.dark()),
        key="funnel",
        reading=_reading(found, names, t),
        table=funnel_heatmap.table(cells, names, t),
        t=t,
        note=t(funnel_heatmap.NOTE),
    )
    st.caption(escape(t("balance.withheld", smallest=K)))


def _reading(found: SuppressedBalance, names: dict[str, str], t: Translator) -> str:
    """The sentence of the figures that can be shown; it claims nothing of those withheld."""
    said = funnel.reading(found.table, {int(key): name for key, name in names.items()})
    rooms = found.table.xs(FunnelStep.IN_THE_ROOM, level="step")
    if said.code == "funnel.reading_level" and rooms.isna().to_numpy().any():
        return t("balance.level_where_shown")
    return t(said)
