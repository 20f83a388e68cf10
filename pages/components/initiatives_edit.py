"""The dialogs that create an initiative and change what it is called."""

from dataclasses import replace

import streamlit as st

from convening import drafts
from convening.i18n import Translator
from convening.initiatives import (
    PRESET_STAGES,
    Initiative,
    InitiativeDraft,
)
from convening.retention import MONTHS, NOTICE_DAYS
from convening.vocabulary import StageKind
from db import queries
from db.commands import initiatives
from pages.components import chosen, conflicts, forms, store


def create(t: Translator) -> None:
    """Asks for a name, the issue, the place, and which stages it will have."""

    @st.dialog(t("initiatives.new"))
    def ask() -> None:
        with st.form(key="initiative_new", border=False):
            name, issue, place = _fields(t, "", "", "")
            stages = st.pills(
                t("initiatives.stages"),
                PRESET_STAGES,
                selection_mode="multi",
                default=PRESET_STAGES,
                format_func=t.word,
                key="initiative_stages",
                help=t("initiatives.stages_help"),
            )
            if st.form_submit_button(t("initiatives.create"), type="primary"):
                ordered = tuple(kind for kind in StageKind if kind in stages)
                draft = InitiativeDraft(name, issue, place, ordered)
                made = forms.submit(initiatives.create_initiative, draft, t=t)
                if made is not None:
                    chosen.choose_initiative(made)
                    forms.saved(t)
                    st.rerun()

    ask()


def edit(initiative: Initiative, t: Translator) -> None:
    """Changes name, issue and place of an initiative, and how long its people are kept."""

    editor = conflicts.Editor(
        f"initiative_{initiative.id}",
        "initiative",
        initiative.id,
        drafts.initiative(initiative),
        lambda: drafts.initiative(store.read(queries.initiatives.initiative, initiative.id)),
        what="initiative",
    )

    @st.dialog(t("initiatives.edit"), on_dismiss=conflicts.closing(editor.key))
    def ask() -> None:
        with conflicts.fields(editor), st.form(key="initiative_edit", border=False):
            name, issue, place = _fields(t, initiative.name, initiative.issue, initiative.place)
            months = st.number_input(
                t("initiatives.keep_months"),
                min_value=MONTHS[0],
                max_value=MONTHS[-1],
                value=initiative.keep_months,
                step=1,
                placeholder=t("initiatives.keep_for_good"),
                help=t("initiatives.keep_help", days=NOTICE_DAYS),
                key="initiative_keep",
            )
            pressed = st.form_submit_button(t("common.save"), type="primary")
        draft = replace(editor.fresh, name=name, issue=issue, place=place, keep_months=months)
        if conflicts.submit(editor, pressed, initiatives.edit_initiative, draft, t=t) is not None:
            forms.saved(t)
            st.rerun()

    ask()


def _fields(t: Translator, name: str, issue: str, place: str) -> tuple[str, str, str]:
    return (
        st.text_input(t("initiatives.name"), name, key="initiative_name"),
        st.text_area(
            t("initiatives.issue"),
            issue,
            key="initiative_issue",
            help=t("initiatives.issue_help"),
        ),
        st.text_input(t("initiatives.place"), place, key="initiative_place"),
    )
