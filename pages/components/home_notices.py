"""What should not be overlooked: people who are to be erased, a backup that failed."""

import streamlit as st

from convening import settings
from convening.accounts import SignedIn
from convening.i18n import Translator
from convening.problems import ConveningError
from convening.retention import NOTICE_DAYS, Due
from convening.roles import Action, may
from db import backup_folder, erasure
from db.queries import retention
from pages.components import forms, going, state, store
from pages.components.markdown import bold, escape

_ASKED = "home_erase"


def show(viewer: SignedIn, t: Translator) -> None:
    """Both kinds of notice, for whoever they concern."""
    if may(viewer.actor, Action.BACK_UP):
        _backup(t)
    if may(viewer.actor, Action.EDIT_INITIATIVE):
        for each in store.read(retention.due):
            _due(each, t)


def _backup(t: Translator) -> None:
    how = backup_folder.state(store.engines(), settings.current().backup_keep)
    if how.problem:
        with st.container(border=True, key="home_backup"):
            st.markdown(bold(t("home.backup_failed")))
            going.link("data", t("home.to_data"), icon=":material/database:")


def _due(each: Due, t: Translator) -> None:
    with st.container(border=True, key=f"due_{each.initiative_id}"):
        st.markdown(bold(each.name))
        st.text(t("home.due", count=each.people, day=each.ended_on))
        if each.erased_on is None:
            st.text(t("home.due_soon", days=NOTICE_DAYS))
        else:
            st.text(t("home.due_on", day=each.erased_on))
        with st.container(horizontal=True, vertical_alignment="center"):
            going.link("initiatives", t("home.keep_longer"), initiative=each.initiative_id)
            if each.may_erase:
                st.button(
                    t("home.erase_now"),
                    on_click=state.put,
                    args=(_ASKED, each.initiative_id),
                    key=f"erase_now_{each.initiative_id}",
                )
        if each.may_erase and state.get(_ASKED) == each.initiative_id:
            _confirm(each, t)


def _confirm(each: Due, t: Translator) -> None:
    st.warning(escape(t("home.erase_question", count=each.people)))
    st.caption(t("personal.erase_limits"))
    word = t("personal.erase_word")
    typed = st.text_input(t("personal.type_word", word=word), key="due_word")
    with st.container(horizontal=True):
        sure = st.button(t("personal.erase"), type="primary", key="due_erase")
        st.button(t("common.cancel"), on_click=state.drop, args=(_ASKED,), key="due_cancel")
    if sure and typed.strip() != word:
        st.error(escape(t("personal.word_differs", word=word)))
    elif sure:
        _erase(each, t)


def _erase(each: Due, t: Translator) -> None:
    try:
        with st.spinner(t("personal.erasing")):
            store.run(erasure.whole_map, settings.current().backup_dir, each.initiative_id)
    except ConveningError as error:
        forms.problems(error.problems, t)
        return
    state.drop(_ASKED)
    forms.saved(t, "home.erased")
    st.rerun()
