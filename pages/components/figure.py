"""A chart as every screen shows it: the answer, the picture, its table, and both to take along."""

from collections.abc import Callable, Mapping, Sequence

import altair as alt
import pandas as pd
import pyarrow as pa
import streamlit as st

from convening.charts import png
from convening.exports.tables import write_csv
from convening.i18n import Translator
from pages.components import markdown, store


def dark() -> bool:
    """Whether the browser shows the dark theme, for the charts' ``dark``."""
    return st.context.theme.type == "dark"


def show(
    chart: alt.LayerChart,
    *,
    key: str,
    reading: str,
    table: pd.DataFrame,
    t: Translator,
    note: str | None = None,
    files: bool = True,
) -> None:
    """Shows a chart under the sentence that reads it; ``reading`` and ``note`` are plain text.

    ``table`` holds the same figures in words and whole numbers. Screen readers hear the sentence
    in place of the picture; ``key`` names the elements and the files. Without ``files`` the figures
    stay on the screen, because their small numbers are the team's alone.
    """
    with st.container(key=f"figure_{key}"):
        st.text(reading)
        st.altair_chart(chart, width="stretch", theme=None, key=f"{key}_chart", alt=reading)
        if note:
            st.caption(markdown.escape(note))
        with st.expander(t("charts.show_table"), key=f"{key}_table"):
            as_table(_as_text(table, t))
        if not files:
            return
        with st.container(horizontal=True, key=f"{key}_downloads"):
            _download("png", "image/png", lambda: png.png(chart), key, t)
            _download("csv", "text/csv", lambda: _csv(table), key, t)


def as_table(columns: Mapping[str, Sequence[str]]) -> None:
    """A few lines of plain texts under their heads, which begin at the right in Arabic: a grid
    has its first column at the left in every language."""
    # Arrow is what the browser receives; making it from a data frame takes Streamlit ten times as
    # long as from lists of texts.
    cells = {markdown.escape(name): map(markdown.escape, each) for name, each in columns.items()}
    st.table(pa.table({name: list(each) for name, each in cells.items()}), hide_index=True)


def _download(kind: str, mime: str, data: Callable[[], bytes], key: str, t: Translator) -> None:
    """A button whose file is made when it is pressed, without a rerun of the screen."""
    st.download_button(
        t(f"common.download_{kind}"),
        data=store.later(store.nothing, lambda _: data()),
        file_name=f"{key}.{kind}",
        mime=mime,
        on_click="ignore",
        key=f"{key}_{kind}",
    )


def _csv(table: pd.DataFrame) -> bytes:
    cells = table.astype(object).where(table.notna(), None)
    return write_csv([[str(name) for name in table.columns], *cells.to_numpy().tolist()])


def _as_text(table: pd.DataFrame, t: Translator) -> dict[str, list[str]]:
    """Numbers as we write them."""
    return {
        str(name): [t.number(cell) if isinstance(cell, int) else str(cell) for cell in cells]
        for name, cells in table.items()
    }
