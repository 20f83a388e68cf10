"""The agenda of the convening in hand: minute by minute, who leads, and what for."""

import streamlit as st

from convening.roles import Action, may
from convening.vocabulary import ConveningState
from db import queries
from pages.components import (
    access,
    agenda_blocks,
    agenda_editor,
    agenda_template,
    chosen,
    heading,
    language,
    store,
    undoing,
)

viewer = access.require("agenda")
t = language.translator()
meeting = chosen.convening(t, "agenda")
cancelled = meeting.state is ConveningState.CANCELLED
may_edit = not cancelled and may(viewer.actor, Action.EDIT_AGENDA, meeting.initiative_id)

if heading.show("agenda", t, action="agenda.add" if may_edit else None):
    agenda_editor.add(meeting, t)
agenda_blocks.which(meeting, t)
if may_edit:
    undoing.offer(meeting.initiative_id, t)
if cancelled:
    st.info(t("agenda.cancelled"))

blocks = store.read(queries.agenda.blocks, meeting.id)
if not blocks:
    agenda_blocks.empty(meeting, may_edit, t)
    st.stop()

agenda_blocks.answer(blocks, meeting, t)
with st.container(horizontal=True):
    if may_edit and st.button(
        t("agenda.template"), icon=":material/library_add:", key="agenda_template"
    ):
        agenda_template.choose(meeting, blocks, t)
    agenda_blocks.run_sheet_button(blocks, meeting, t)
agenda_blocks.show(blocks, meeting, may_edit, t)
