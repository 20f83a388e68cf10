"""The people of the map as a table, in pages, and what can be done with those who are chosen."""

from collections.abc import Sequence
from typing import Any, Literal

import pandas as pd
import streamlit as st

from convening.community import ListedPerson, PersonFilter, SubCircle
from convening.i18n import Translator
from convening.vocabulary import Consent, Group, Money, Relationship
from db import queries
from pages.components import (
    community_bulk,
    community_filters,
    community_grid,
    community_person,
    paging,
    state,
    store,
)
from pages.components.community_filters import LIST
from pages.components.words import GROUP_COLOURS, group_label

ROW_HEIGHT = 35  # pixels, Streamlit's own
_GROUPS_WIDTH = 250  # pixels: two groups side by side
_OPEN = "community_open"


def show(initiative_id: int, circles: Sequence[SubCircle], may_edit: bool, t: Translator) -> None:
    """Filters, how many they find, the page in hand, and the dialog of a chosen person."""
    wanted = community_filters.show(initiative_id, circles, t)
    page = store.read(
        queries.community.people,
        initiative_id,
        wanted,
        page=paging.current(LIST) + 1,
        size=paging.PAGE,
    )
    if not page.rows and page.total:  # the list has become shorter than the page in hand
        paging.to_start(LIST)
        page = store.read(queries.community.people, initiative_id, wanted, size=paging.PAGE)
    if not page.total:
        _nobody(t)
        return
    grid = _help_and_mode(may_edit, t)
    if grid:
        community_grid.show(initiative_id, page.rows, t)
    else:
        _table(initiative_id, wanted, page.rows, page.total, circles, may_edit, t)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.text(t("community.found", count=page.total), width="content")
        paging.buttons(page.total, LIST, t)
    opened: int | None = state.take(_OPEN)
    if opened is not None:
        community_person.show(opened, may_edit, t)


def _help_and_mode(may_edit: bool, t: Translator) -> bool:
    """What can be done with the rows; True when they are a grid now."""
    with st.container(horizontal=True, vertical_alignment="center"):
        words = st.container()
        grid = may_edit and community_grid.toggle(t)
    mode = "grid_help" if grid else "table_help" if may_edit else "table_help_reader"
    words.caption(t(f"community.{mode}"))
    return grid


def open_person(stakeholder_id: int) -> None:
    """The list shows this person's dialog when it is drawn next."""
    state.put(_OPEN, stakeholder_id)


def _nobody(t: Translator) -> None:
    with st.container(border=True, key="people_nobody"):
        st.text(t("community.found_nobody"))
        st.button(t("community.clear"), on_click=community_filters.clear, key="people_clear")


def _table(
    initiative_id: int,
    wanted: PersonFilter,
    rows: Sequence[ListedPerson],
    total: int,
    circles: Sequence[SubCircle],
    may_edit: bool,
    t: Translator,
) -> None:
    bar = st.container(key="people_bar")
    modes: list[Literal["multi-row", "single-cell"]] = ["single-cell"]
    if may_edit:
        modes.append("multi-row")
    selected = st.dataframe(
        _frame(rows, circles, t),
        hide_index=True,
        height=ROW_HEIGHT * (min(len(rows), 15) + 1) + 3,
        column_config=_columns(t),
        on_select="rerun",
        selection_mode=modes,
        alt=t("community.found", count=total),
        key=_table_key(rows),
    )["selection"]
    chosen = [rows[each].id for each in selected["rows"] if each < len(rows)]
    if may_edit:
        with bar:
            community_bulk.bar(initiative_id, wanted, chosen, total, circles, t)
    if selected["cells"] and not chosen:
        at = selected["cells"][0][0]
        if at < len(rows):
            open_person(rows[at].id)


def _table_key(rows: Sequence[ListedPerson]) -> str:
    """Another one for other people: row numbers that were chosen must never stand for them."""
    shown = hash(tuple(each.id for each in rows)) % 2**32
    return f"{community_person.TABLE}_{state.counter(community_person.TABLE)}_{shown}"


def _frame(
    rows: Sequence[ListedPerson], circles: Sequence[SubCircle], t: Translator
) -> pd.DataFrame:
    names = {each.id: each.name for each in circles}
    table = {
        "name": [each.name for each in rows],
        "groups": [
            [group_label(group, t) for group in Group if group in each.groups] for each in rows
        ],
        "sub_circle": [_circle_names(each, names) for each in rows],
        "organisation": [each.organisation for each in rows],
        "place": [each.place for each in rows],
        "relationship": [_unless(each.relationship, Relationship.NONE, t) for each in rows],
        "money": [_unless(each.money, Money.NONE, t) for each in rows],
        "consent": [_consent(each, t) for each in rows],
    }
    if not circles:
        del table["sub_circle"]
    return pd.DataFrame(table)


def _circle_names(person: ListedPerson, names: dict[int, str]) -> str:
    found = (placement.sub_circle_id for placement in person.groups.values())
    return ", ".join(names[each] for each in found if each in names)


def _unless(value: Relationship | Money, usual: Relationship | Money, t: Translator) -> str:
    return "" if value is usual else t.word(value)


def _consent(person: ListedPerson, t: Translator) -> str:
    word = "" if person.consent is Consent.UNKNOWN else t.word(person.consent)
    return " · ".join(filter(None, (t("community.under_18") if person.minor else "", word)))


def _columns(t: Translator) -> dict[str, Any]:
    texts = ("organisation", "place", "relationship", "money", "consent", "sub_circle")
    columns: dict[str, Any] = {
        name: st.column_config.TextColumn(t(f"community.column_{name}")) for name in texts
    }
    columns["name"] = st.column_config.TextColumn(t("community.name"))
    columns["groups"] = st.column_config.MultiselectColumn(
        t("community.circles"),
        options=[group_label(group, t) for group in Group],
        color=[GROUP_COLOURS[group] for group in Group],
        width=_GROUPS_WIDTH,
    )
    return columns
