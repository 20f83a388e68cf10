"""The dialog in which a team names its groups and divides them into sub-circles."""

from collections.abc import Sequence

import streamlit as st

from convening.community import NAME_LENGTH, SubCircle
from convening.i18n import Translator
from convening.vocabulary import Group
from db import queries
from db.commands import circles
from pages.components import forms, state, store
from pages.components.markdown import escape
from pages.components.words import group_mark

_NEW = "circle_new"


def ask(initiative_id: int, t: Translator) -> None:
    """Opens the dialog."""
    usual = t.with_groups({})

    @st.dialog(t("community.names"), width="medium", on_dismiss="rerun")
    def names() -> None:
        own = store.read(queries.community.group_names, initiative_id)
        found = store.read(queries.community.sub_circles, initiative_id)
        st.caption(t("community.names_help"))
        typed = {}
        for group in Group:
            typed[group] = st.text_input(
                f"{group_mark(group)} {escape(usual.word(group))}",
                own.get(group, ""),
                max_chars=NAME_LENGTH,
                placeholder=t("community.names_usual"),
                key=f"names_{group}",
            )
            _circles(initiative_id, group, [each for each in found if each.group is group], t)
        save = st.button(t("common.save"), type="primary", key="names_save")
        if save and forms.submit(circles.name_groups, initiative_id, typed, t=t) is not None:
            forms.saved(t)
            st.rerun()

    names()


def _circles(initiative_id: int, group: Group, found: Sequence[SubCircle], t: Translator) -> None:
    with st.expander(t("community.sub_circles", count=len(found)), key=f"circles_{group}"):
        for each in found:
            _circle(each, t)
        with st.container(horizontal=True, vertical_alignment="bottom"):
            name = st.text_input(
                t("community.circle_new"),
                max_chars=NAME_LENGTH,
                key=f"{_NEW}_{group}_{state.counter(f'{_NEW}_{group}')}",
            )
            add = st.button(t("common.add"), key=f"circle_add_{group}")
    if not add:
        return
    if forms.submit(circles.add_sub_circle, initiative_id, group, name, t=t) is not None:
        state.bump(f"{_NEW}_{group}")
        st.rerun(scope="fragment")


def _circle(each: SubCircle, t: Translator) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        name = st.text_input(
            t("community.circle_people", count=each.people),
            each.name,
            max_chars=NAME_LENGTH,
            key=f"circle_{each.id}_{each.version}",
        )
        rename = name != each.name and st.button(t("common.save"), key=f"circle_save_{each.id}")
        remove = st.button(t("common.delete"), key=f"circle_delete_{each.id}")
    if rename:
        done = forms.submit(circles.rename_sub_circle, each.id, name, each.version, t=t)
    elif remove:
        done = forms.submit(circles.remove_sub_circle, each.id, t=t)
    else:
        return
    if done:
        st.rerun(scope="fragment")
