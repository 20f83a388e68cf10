"""What was raised, and what became of it."""

import streamlit as st

from convening.roles import Action, may
from db import queries
from pages.components import (
    access,
    chosen,
    dissent_answer,
    dissent_entry,
    dissent_filters,
    dissent_glass,
    dissent_list,
    dissent_log,
    dissent_notes,
    going,
    heading,
    language,
    store,
)

viewer = access.require("dissent")
t = language.translator()
initiative = chosen.initiative(t, "dissent")
t = t.with_groups(store.read(queries.community.group_names, initiative.id))

if not may(viewer.actor, Action.SEE_DISSENT, initiative.id):
    heading.show("dissent", t)
    dissent_answer.leadership(store.read(queries.dissent.suppressed, initiative.id), t)
    st.stop()

definitions = store.read(queries.definitions.listing, initiative.id)
can_be_logged = bool(dissent_log.open_versions(definitions, t))
if heading.show("dissent", t, action="dissent.log" if can_be_logged else None):
    may_pick = may(viewer.actor, Action.SEE_PEOPLE, initiative.id)
    dissent_log.ask(initiative, definitions, may_pick, t)
dissent_log.receipt(t)
dissent_glass.shown(initiative, t)
dissent_notes.show(viewer.actor, initiative, t)

entries, figures = store.read(queries.dissent.overview, initiative.id)
if not entries:
    with st.container(border=True, key="dissent_empty"):
        st.header(t("dissent.empty"), anchor=False)
        st.text(t("dissent.empty_help" if can_be_logged else "dissent.empty_nothing_open"))
        if not can_be_logged:
            going.link("definition", t("dissent.to_definition"), initiative=initiative.id)
    dissent_notes.also_said(viewer.actor, initiative, t)
    dissent_notes.keepers(initiative, t)
    st.stop()

dissent_answer.sentence(entries, t)
dissent_answer.figures(figures, t)
titles = {each.id: each.title for each in definitions}
wanted = dissent_filters.narrowed(entries, titles, t)
picked = dissent_list.show([each for each in entries if wanted.matches(each)], t)
picked = dissent_list.asked(entries, t) or picked
dissent_notes.also_said(viewer.actor, initiative, t)
dissent_notes.keepers(initiative, t)
if picked is not None:
    dissent_entry.show(picked, viewer.actor, initiative, t)
