"""Where groups agree, and where one stands alone."""

import streamlit as st

from db import queries
from pages.components import (
    access,
    chosen,
    heading,
    language,
    opinion_conversations,
    opinion_results,
    opinion_statements,
    store,
)

viewer = access.require("opinion")
t = language.translator()
initiative = chosen.initiative(t, "opinion")
t = t.with_groups(store.read(queries.community.group_names, initiative.id))
if heading.show("opinion", t, action="opinion.new"):
    opinion_conversations.create(initiative.id, t)

found = store.read(queries.opinion.listing, initiative.id)
if not found:
    with st.container(border=True, key="opinion_empty"):
        st.header(t("opinion.empty"), anchor=False)
        st.text(t("opinion.empty_help"))
        opinion_conversations.bring_in_button(initiative.id, t)
    st.stop()

conversation = opinion_conversations.choose(found, initiative.id, t)
results = store.read(queries.opinion.results, conversation.id)
view = st.segmented_control(
    t("opinion.view"),
    ["results", "statements"],
    default="results" if results.over else "statements",
    required=True,
    format_func=lambda each: t(f"opinion.view_{each}"),
    key=f"opinion_view_{conversation.id}",
    label_visibility="collapsed",
)
if view == "statements":
    opinion_statements.show(results, t)
else:
    opinion_results.show(results, t)
