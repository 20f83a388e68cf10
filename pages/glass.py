"""An administrator reads the dissent of a team that they are not on; the team is shown it."""

from textwrap import shorten

import streamlit as st

from db import queries
from pages.components import (
    access,
    dissent_answer,
    dissent_entry,
    dissent_glass,
    dissent_notes,
    heading,
    language,
    store,
)
from pages.components.dissent_list import words
from pages.components.markdown import escape

viewer = access.require("glass")
t = language.translator()
heading.show("glass", t)
_EXCERPT = 120  # characters of a view on one line

initiative_id = dissent_glass.choose(t)
if initiative_id is None:
    st.stop()
entries = store.read(queries.dissent.ledger, initiative_id)
dissent_answer.sentence(entries, t)
for entry in entries:
    with st.expander(escape(shorten(words(entry, t), _EXCERPT)), key=f"glass_{entry.id}"):
        dissent_entry.facts(entry, t)
for said in store.read(queries.keeper.also_said, initiative_id):
    with st.expander(escape(shorten(said.text, _EXCERPT)), key=f"glass_said_{said.id}"):
        dissent_notes.said(said, t)
for note in store.read(queries.keeper.held, initiative_id):
    with st.expander(escape(t("glass.held")), key=f"glass_note_{note.id}"):
        st.text(note.text)
