"""What we hold the problem to be, and who sees it otherwise."""

import streamlit as st

from convening.roles import Action, may
from db import queries
from pages.components import (
    access,
    chosen,
    definition_card,
    definition_changes,
    definition_desk,
    definition_editor,
    definition_evidence,
    definition_history,
    definition_manage,
    definition_text,
    heading,
    language,
    store,
)
from pages.components.markdown import escape

viewer = access.require("definition")
t = language.translator()
initiative = chosen.initiative(t, "definition")
may_edit = may(viewer.actor, Action.EDIT_DEFINITION, initiative.id)

found = store.read(queries.definitions.listing, initiative.id)
if not found:
    heading.show("definition", t)
    definition_manage.empty(initiative.id, may_edit, t)
    st.stop()

t = t.with_groups(store.read(queries.community.group_names, initiative.id))
definition = definition_desk.in_hand(found)
draft = definition_editor.asked(definition) if may_edit else None
if draft is not None:
    heading.show("definition", t)
    definition_editor.show(definition, draft, t)
    st.stop()

desk = definition_desk.Desk(
    initiative=initiative,
    definition=definition,
    version=definition_desk.version_of(definition),
    entries=tuple(store.read(queries.dissent.of_definition, definition.id)),
    may_edit=may_edit,
    may_adopt=may(viewer.actor, Action.ADOPT_DEFINITION, initiative.id),
)
primary = "definition.go_on" if definition.draft is not None else "definition.next_version"
if heading.show("definition", t, action=primary if may_edit else None):
    definition_manage.next_version(desk, t)

definition_desk.filters(found, desk, t)
st.header(escape(definition.title), anchor=False)
definition_desk.answer(desk, t)
definition_card.actions(desk, t)

if definition_desk.mode() == definition_desk.CHANGES:
    definition_changes.show(desk, t)
elif definition_desk.mode() == definition_desk.HISTORY:
    definition_history.show(desk, t)
else:
    words, beside = st.columns([7, 5], gap="large")
    with words:
        definition_text.show(desk, t)
    with beside:
        definition_card.show(desk.version, t)
        definition_evidence.show(desk, t)
