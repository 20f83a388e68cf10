"""What comes next and whether it should be held at all; then planning it, step by step."""

import streamlit as st

from convening.roles import Action, may
from db import queries
from pages.components import (
    access,
    chosen,
    convenings_editor,
    convenings_list,
    heading,
    language,
    store,
)

viewer = access.require("convenings")
t = language.translator()
initiative = chosen.initiative(t, "convenings")
may_plan = may(viewer.actor, Action.PLAN_CONVENING, initiative.id)

if may_plan and convenings_editor.is_open():
    heading.show("convenings", t)
    convenings_editor.show(initiative, t)
    st.stop()

stages = store.read(queries.initiatives.stages, initiative.id)
can_start = may_plan and bool(stages)
if heading.show("convenings", t, action="convenings.new" if can_start else None):
    convenings_editor.open_new()
if may_plan and not stages:
    st.info(t("convenings.needs_stage"))

used = store.read(queries.overviews.stages_in_use, initiative.id)
in_hand = chosen.convening_id()
if in_hand is not None and not store.read(queries.convenings.belongs, initiative.id, in_hand):
    chosen.forget_convening()
    st.rerun()
if used:
    convenings_list.show(used, stages, initiative.id, may_plan, t)
else:
    convenings_list.empty(t, can_start)
