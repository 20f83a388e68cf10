"""Where each initiative stands, stage by stage; and its stages with dates and targets."""

import streamlit as st

from convening.roles import Action, may
from db import queries
from pages.components import (
    access,
    chosen,
    heading,
    initiatives_edit,
    initiatives_list,
    initiatives_stages,
    language,
    store,
)

viewer = access.require("initiatives")
t = language.translator()

may_create = may(viewer.actor, Action.CREATE_INITIATIVE)
if heading.show("initiatives", t, action="initiatives.new" if may_create else None):
    initiatives_edit.create(t)

with st.container(horizontal=True, vertical_alignment="center"):
    archived = st.toggle(t("initiatives.show_archived"), key="initiatives_archived")
    if may(viewer.actor, Action.RESTORE_DELETED) or may_create:
        initiatives_list.trash_button(t)

found = store.read(queries.initiatives.overview, archived=archived)
if not found:
    initiatives_list.empty(t, may_create)
    st.stop()

in_hand = next((each for each in found if each.initiative.id == chosen.initiative_id()), None)
initiatives_list.show(found, in_hand, viewer, t)
if in_hand is not None:
    names = store.read(queries.community.group_names, in_hand.initiative.id)
    initiatives_stages.show(in_hand, viewer, t.with_groups(names))
