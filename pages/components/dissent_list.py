"""The ledger, one line for each view; a chosen line opens."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from convening.exports.definition import who
from convening.i18n import Translator
from convening.ledger import DissentId, Entry
from convening.vocabulary import NoteState
from pages.components import chosen, paging, state
from pages.components.dissent_filters import PAGES
from pages.components.markdown import escape

_ROW = 72  # pixels, from which lines break: a view is known by more than its first words
_WIDTHS = {  # pixels: together they fit beside the menu of a laptop
    "statement": 225,
    "state": 120,
    "strength": 115,
    "who": 120,
    "on": 65,
    "convening": 115,
    "raised_on": 90,
}
TABLE = "dissent_table"  # bumped, the list forgets which line was chosen


def show(entries: Sequence[Entry], t: Translator) -> DissentId | None:
    """One page of the list; the id of the view that was chosen."""
    if not entries:
        st.info(t("dissent.none_found"))
        return None
    first, last = paging.slice_of(len(entries), PAGES)
    page = entries[first:last]
    st.caption(escape(t("dissent.open_help")))
    picked = st.dataframe(
        _table(page, t),
        hide_index=True,
        row_height=_ROW,
        on_select="rerun",
        selection_mode="single-row",
        column_config={
            t(f"dissent.column_{name}"): st.column_config.TextColumn(width=width)
            for name, width in _WIDTHS.items()
        },
        key=f"{TABLE}_{state.counter(TABLE)}_{paging.current(PAGES)}",
    )
    paging.buttons(len(entries), PAGES, t)
    lines = picked["selection"]["rows"]
    return page[lines[0]].id if lines and lines[0] < len(page) else None


def asked(entries: Sequence[Entry], t: Translator) -> DissentId | None:
    """The view that a link leads to; it opens once, and the address forgets it."""
    wanted = st.query_params.pop("entry", None)
    if wanted is None:
        return None
    found = next((each.id for each in entries if str(each.id) == wanted), None)
    if found is None:
        chosen.missing(t, "dissent")
    return found


def forget() -> None:
    """No line is chosen any more, so that the list does not open its view again."""
    state.bump(TABLE)


def words(entry: Entry, t: Translator) -> str:
    """What was said; of what is hidden or struck, that it is."""
    if entry.note_state is NoteState.HIDDEN:
        return t("dissent.hidden", reason=entry.struck_because)
    return entry.statement


def _table(entries: Sequence[Entry], t: Translator) -> pd.DataFrame:
    several = len({each.definition_id for each in entries}) > 1
    columns = {
        t("dissent.column_statement"): [words(each, t) for each in entries],
        t("dissent.column_state"): [t.word(each.state) for each in entries],
        t("dissent.column_strength"): [t.word(each.strength) for each in entries],
        t("dissent.column_who"): [who(each, t) for each in entries],
        t("dissent.column_on"): [
            f"{t.number(each.number)} · {each.definition}" if several else t.number(each.number)
            for each in entries
        ],
        t("dissent.column_convening"): [each.convening for each in entries],
        t("dissent.column_raised_on"): [
            t.date(each.raised_on) if each.raised_on else "" for each in entries
        ],
    }
    return pd.DataFrame(columns)
