"""Placing people one after another: who is it, which questions fit, and on to the next."""

from collections.abc import Sequence

import streamlit as st

from convening.community import SubCircle
from convening.i18n import Translator
from db import queries
from db.commands import community
from pages.components import (
    community_facts,
    community_list,
    community_placement,
    forms,
    state,
    store,
)
from pages.components.markdown import escape

_AFTER = "place_after"  # the person who was looked at last, by id
_PLACED = "place_count"


def show(initiative_id: int, unplaced: int, circles: Sequence[SubCircle], t: Translator) -> None:
    """The next person who is in no circle yet, with the questions that place them."""
    after: int = state.get(_AFTER, 0)
    person = store.read(queries.people.next_unplaced, initiative_id, after)
    if person is None:
        _end(unplaced, t)
        return
    placed: int = state.get(_PLACED, 0)
    st.progress(placed / (placed + unplaced), t("community.place_progress", count=unplaced))
    with st.container(border=True, key="place_card"):
        st.header(escape(person.name), anchor=False)
        community_facts.brief(person, t)
        st.caption(t("community.place_help"))
        groups = community_placement.ask({}, circles, t, key=f"place_{person.id}")
        with st.container(horizontal=True):
            save = st.button(t("community.place_next"), type="primary", key="place_next")
            st.button(
                t("community.place_skip"), on_click=_go_on, args=(person.id,), key="place_skip"
            )
            st.button(t("community.open"), on_click=_open, args=(person.id,), key="place_open")
    if not save:
        return
    if not groups:
        st.info(t("community.place_choose"))
        return
    done = forms.submit(community.place_person, person.id, groups, person.version, t=t)
    if done is not None:
        state.put(_PLACED, placed + 1)
        forms.saved(t)
        _go_on(person.id)
        st.rerun()


def begin() -> None:
    """Starts with the first unplaced person, with nobody skipped."""
    state.drop(_AFTER)
    state.drop(_PLACED)


def _open(person_id: int) -> None:
    community_list.open_person(person_id)
    state.put("community_view", "people")


def _go_on(person_id: int) -> None:
    state.put(_AFTER, person_id)


def _end(unplaced: int, t: Translator) -> None:
    with st.container(border=True, key="place_end"):
        if unplaced:
            st.text(t("community.place_skipped", count=unplaced))
            st.button(t("community.place_again"), on_click=begin, key="place_again")
        else:
            st.text(t("community.place_done"))
