"""The dialogs that add a block to the agenda and change one."""

from dataclasses import replace

import streamlit as st

from convening import drafts
from convening.agenda import (
    LONGEST_BLOCK,
    STEP,
    Block,
    BlockDraft,
)
from convening.convenings import Convening
from convening.i18n import Translator
from convening.vocabulary import BlockFormat
from db import queries
from db.commands import agenda
from pages.components import conflicts, forms


def add(meeting: Convening, t: Translator) -> None:
    """Asks for a new block, which comes last."""

    @st.dialog(t("agenda.new_title"))
    def ask() -> None:
        draft, pressed = _form(BlockDraft(meeting.id), "block_new", t)
        if pressed and forms.submit(agenda.add_block, draft, t=t) is not None:
            forms.saved(t)
            st.rerun()

    ask()


def edit(block: Block, t: Translator) -> None:
    """Changes what a block says; the version is the one that was read."""
    editor = conflicts.listed(
        "block",
        "agenda_block",
        block,
        drafts.block,
        queries.agenda.blocks,
        block.convening_id,
        what="block",
    )

    @st.dialog(t("agenda.edit_title"), width="medium", on_dismiss=conflicts.closing(editor.key))
    def ask() -> None:
        with conflicts.fields(editor):
            draft, pressed = _form(editor.hold(), f"block_form_{block.id}", t)
        if conflicts.submit(editor, pressed, agenda.edit_block, draft, t=t) is not None:
            forms.saved(t)
            st.rerun()

    ask()


def _form(opened: BlockDraft, key: str, t: Translator) -> tuple[BlockDraft, bool]:
    """The fields as a draft, and whether it is to be saved."""
    formats = list(BlockFormat)
    with st.form(key=key, border=False):
        draft = replace(
            opened,
            title=st.text_input(t("agenda.title"), opened.title, key="block_title"),
            minutes=st.number_input(
                t("agenda.minutes"),
                min_value=1,
                max_value=LONGEST_BLOCK,
                value=opened.minutes,
                step=STEP,
                key="block_minutes",
            ),
            format=st.selectbox(
                t("agenda.format"),
                formats,
                index=formats.index(opened.format),
                format_func=t.word,
                key="block_format",
            ),
            goal=st.text_area(
                t("agenda.goal"),
                opened.goal,
                height=90,
                key="block_goal",
                help=t("agenda.goal_help"),
            ),
            lead=st.text_input(
                t("agenda.lead"),
                opened.lead,
                key="block_lead",
                help=t("agenda.lead_help"),
            ),
            materials=st.text_area(
                t("agenda.materials"),
                opened.materials,
                height=70,
                key="block_materials",
            ),
        )
        return draft, st.form_submit_button(t("common.save"), type="primary")
