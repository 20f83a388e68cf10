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
initiative = chosen.initiative(t)
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

found = store.read(queries.convenings.overview, initiative.id)
if found:
    convenings_list.show(found, stages, initiative.id, may_plan, t)
else:
    convenings_list.empty(t, can_start)
