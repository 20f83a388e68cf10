"""What the community screen says first: how many people, in which circles; and its views."""

import streamlit as st

from convening.community import Summary
from convening.i18n import Translator
from convening.vocabulary import Group
from db import queries
from pages.components import (
    community_export,
    community_filters,
    community_grid,
    community_names,
    community_person,
    state,
    store,
)
from pages.components.markdown import escape
from pages.components.words import group_heads, group_mark

VIEW = "community_view"


def views(initiative_id: int, summary: Summary, may_edit: bool, t: Translator) -> str:
    """Which part of the screen is open; ``?view=`` in a link opens one."""
    waiting = store.read(queries.nominations.open_count, initiative_id)
    labels = {"people": t("community.view_people")}
    if may_edit and summary.unplaced:
        labels["place"] = t("community.view_place", count=summary.unplaced)
    labels["nominations"] = t("community.view_nominations", count=waiting)
    if may_edit:
        labels["duplicates"] = t("community.view_duplicates")
        labels["import"] = t("community.view_import")
    asked = st.query_params.pop("view", None)
    if asked is not None:
        state.put(VIEW, asked)
    if state.get(VIEW) not in labels:
        state.put(VIEW, "people")
    with st.container(horizontal=True, vertical_alignment="center", key="community_views"):
        chosen = st.segmented_control(
            t("community.views"),
            list(labels),
            format_func=lambda each: labels[each],
            required=True,
            wrap=True,
            label_visibility="collapsed",
            key=VIEW,
        )
        if may_edit and summary.people:
            _more(initiative_id, t)
    return str(chosen)


def _more(initiative_id: int, t: Translator) -> None:
    """What concerns the whole map and is seldom needed."""
    dialogs = {"names": community_names.ask, "export": community_export.ask}
    chosen = st.menu_button(
        t("community.more"),
        list(dialogs),
        format_func=lambda each: t(f"community.{each}"),
        icon=":material/more_horiz:",
        key="community_more",
    )
    if chosen:
        dialogs[chosen](initiative_id, t)


def show(summary: Summary, t: Translator) -> None:
    """The head counts in one sentence."""
    heads = t.join(
        f"{group_mark(group)} {escape(group_heads(group, count, t))}"
        for group, count in summary.heads.items()
    )
    people = escape(t("common.people", count=summary.people))
    sentence = t("community.answer", people=people, heads=heads)
    if summary.unplaced:
        unplaced = escape(t("community.unplaced", count=summary.unplaced))
        sentence = t("community.answer_unplaced", people=people, heads=heads, unplaced=unplaced)
    st.markdown(sentence)
    if summary.overlapping:
        st.caption(escape(t("community.overlapping", count=summary.overlapping)))


def empty(may_edit: bool, t: Translator) -> None:
    """What the screen is for, and the first step."""
    with st.container(border=True, key="community_empty"):
        st.header(t("community.empty"), anchor=False)
        st.text(t("community.empty_help" if may_edit else "community.empty_reader"))
        st.markdown("\n".join(f"- {group_mark(each)} {escape(_meant(each, t))}" for each in Group))
        if may_edit:
            st.button(
                t("community.first_import"),
                type="primary",
                on_click=state.put,
                args=(VIEW, "import"),
                key="community_first_import",
            )


def begin_afresh() -> None:
    """After an undo: no row is chosen, nothing is typed, and the filters show everybody."""
    state.bump(community_person.TABLE)
    community_grid.begin()
    community_filters.clear()


def _meant(group: Group, t: Translator) -> str:
    return t("community.meant", group=t.word(group), who=t(f"community.who.{group}"))
