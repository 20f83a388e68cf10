"""Choosing people from the map: search, filters, pages, and adding several at once."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from convening.i18n import Translator
from convening.invitations import Choice, ChoiceFilter, capacity
from convening.problems import NotFound
from convening.vocabulary import Group, Relationship
from db import queries
from pages.components import choices, invitees_desk, paging, state, store
from pages.components.invitees_desk import Desk

_UNPLACED = "unplaced"
_PAGES = "invitees_map"


@st.fragment
def show(desk: Desk, t: Translator) -> None:
    """Filters, the people without a place, and the button that adds them.

    A fragment, so that searching does not draw the balance again.
    """
    wanted = _filters(t)
    if wanted != state.get("invitees_wanted"):
        state.put("invitees_wanted", wanted)
        paging.to_start(_PAGES)
    page, size = paging.current(_PAGES), queries.invitations.PAGE_SIZE
    try:
        found = store.read(queries.invitations.choices, desk.facts.meeting.id, wanted, page, size)
    except NotFound:  # deleted since the screen was drawn: the whole screen says so
        st.rerun()
    if not found.people and page:
        paging.to_start(_PAGES)
        st.rerun()
    if not found.people:
        _nobody(desk, wanted, t)
        return
    st.text(t("invitees.choices", count=found.total))
    if desk.walk_ins:
        st.caption(t("invitees.walk_in_help"))
    picked = _table(found.people, t)
    _add(desk, found.people, picked, t)
    paging.buttons(found.total, _PAGES, t, size)


def _filters(t: Translator) -> ChoiceFilter:
    search = st.text_input(
        t("common.search"),
        placeholder=t("invitees.search_help"),
        max_chars=200,
        key="invitees_search",
    )
    with st.container(horizontal=True, vertical_alignment="bottom", key="invitees_map_filters"):
        with st.container(width=180):
            group = choices.one_of(
                {**{each.value: t.word(each) for each in Group}, _UNPLACED: t("invitees.unplaced")},
                t("invitees.group"),
                t,
                key="invitees_group",
            )
        with st.container(width=180):
            relationship = choices.one_or_all(
                t("invitees.relationship"), Relationship, t, key="invitees_relationship"
            )
        new_faces = st.toggle(t("invitees.only_new_faces"), key="invitees_new_faces")
    return ChoiceFilter(
        search=search,
        group=None if group in (None, _UNPLACED) else Group(group),
        unplaced=group == _UNPLACED,
        relationship=relationship,
        new_faces=new_faces,
    )


def _nobody(desk: Desk, wanted: ChoiceFilter, t: Translator) -> None:
    if wanted != ChoiceFilter():
        st.info(t("invitees.none_found"))
    elif desk.facts.on_the_map.people:
        st.info(t("invitees.all_chosen"))
    else:
        st.info(t("invitees.map_empty"))
        invitees_desk.to_community(desk, t("invitees.to_community"))


def _table(people: Sequence[Choice], t: Translator) -> list[Choice]:
    """The people of a page; returns those that are ticked."""
    rows = pd.DataFrame(
        {
            t("invitees.name"): [each.name for each in people],
            t("invitees.group"): [
                t.join(t.word(g) for g in Group if g in each.groups) for each in people
            ],
            t("invitees.organisation"): [each.organisation for each in people],
            t("invitees.place"): [each.place for each in people],
            t("invitees.times_invited"): [t.number(each.times_invited) for each in people],
            t("invitees.relationship"): [t.word(each.relationship) for each in people],
        }
    )
    chosen = st.dataframe(
        rows,
        hide_index=True,
        on_select="rerun",
        selection_mode="multi-row",
        key=invitees_desk.table_key(f"invitees_map_{paging.current(_PAGES)}"),
    )
    return [people[row] for row in chosen["selection"]["rows"] if row < len(people)]


def _add(desk: Desk, people: Sequence[Choice], picked: Sequence[Choice], t: Translator) -> None:
    """Nothing ticked means everybody on this page, and the button says so."""
    if picked:
        label = t("invitees.add_picked", count=len(picked))
    else:
        label = t("invitees.add_page", count=len(people))
    _foretell(desk, len(picked or people), t)
    if st.button(label, key="invitees_add", type="primary", icon=":material/add:"):
        invitees_desk.add(desk, [each.id for each in picked or people], t)


def _foretell(desk: Desk, people: int, t: Translator) -> None:
    """Says beforehand who would go on the waitlist; whoever came uninvited has a place."""
    free = capacity(desk.facts.invitations, desk.facts.meeting.capacity).free
    if free is None or people <= free or not desk.fills:
        return
    said = t("invitees.would_wait", count=people - free)
    st.caption(f"{t('invitees.places_free', count=free)} {said}" if free else said)
