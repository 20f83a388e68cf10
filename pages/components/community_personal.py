"""What is held about one person: to take along, and to erase for good."""

from functools import partial

import streamlit as st

from convening import settings
from convening.community import Stakeholder
from convening.i18n import Translator
from convening.mentions import Mention
from convening.problems import ConveningError
from convening.roles import Action, Actor, may
from db import erasure, transaction
from db.commands import erasure as commands
from db.commands import personal
from pages.components import forms, state, store
from pages.components.markdown import bold, escape

_TABLE = "community_table"
_SHOWN = 30  # mentions: beyond that nobody reads them one by one


def show(person: Stakeholder, t: Translator) -> None:
    """The file for the person, and for who manages the team the way to erase them."""
    with st.expander(t("personal.title")):
        st.caption(t("personal.export_help"))
        st.download_button(
            t("personal.export"),
            data=store.later(
                store.permitted,
                partial(_exported, person.id),
                Action.EDIT_COMMUNITY,
                person.initiative_id,
            ),
            file_name=f"person-{person.id}.zip",
            mime="application/zip",
            icon=":material/download:",
            on_click="ignore",
            key="person_export",
        )
        if store.read(lambda _, actor: may(actor, Action.ERASE_PERSON, person.initiative_id)):
            _erase(person, t)


def _erase(person: Stakeholder, t: Translator) -> None:
    st.divider()
    st.markdown(bold(t("personal.erase_title", name=person.name)))
    st.text(t("personal.erase_help"))
    st.caption(t("personal.erase_limits"))
    if not st.toggle(t("personal.erase_begin"), key="person_erase_begin"):
        return
    found = store.read(commands.mentions, person.id)
    in_texts = _mentioned(found, t)
    word = t("personal.erase_word")
    typed = st.text_input(t("personal.type_word", word=word), key="person_erase_word")
    if st.button(t("personal.erase"), type="primary", key="person_erase"):
        if typed.strip() != word:
            st.error(escape(t("personal.word_differs", word=word)))
            return
        _done(person, in_texts, t)


def _done(person: Stakeholder, in_texts: bool, t: Translator) -> None:
    try:
        with st.spinner(t("personal.erasing")):
            done = store.run(
                erasure.person, settings.current().backup_dir, person.id, in_texts=in_texts
            )
    except ConveningError as error:
        forms.problems(error.problems, t)
        return
    forms.saved(t, "personal.erased" if done.settled else "personal.erased_for_now")
    state.bump(_TABLE)
    state.drop("person_erase_begin")
    st.rerun()


def _mentioned(found: list[Mention], t: Translator) -> bool:
    """Where others wrote the name; whether a gap is to stand there instead."""
    if not found:
        st.text(t("personal.no_mentions"))
        return True
    st.text(t("personal.mentions", count=len(found)))
    st.dataframe(
        {
            t("personal.column_where"): [_place(each, t) for each in found[:_SHOWN]],
            t("personal.column_text"): [each.excerpt for each in found[:_SHOWN]],
        },
        hide_index=True,
        key="person_mentions",
        alt=t("personal.mentions", count=len(found)),
    )
    return st.checkbox(t("personal.in_texts"), True, key="person_erase_texts")


def _place(each: Mention, t: Translator) -> str:
    return t("personal.place", thing=t(f"personal_place.{each.table}"), title=each.title)


def _exported(stakeholder_id: int, actor: Actor) -> bytes:
    with transaction.writing(store.engines(), actor_id=actor.user_id, journalled=False) as session:
        return personal.export_person(session, actor, stakeholder_id)
