"""Who is on the map, in which circles, and who is not placed yet."""

import streamlit as st

from convening.roles import Action, may
from db import queries
from pages.components import (
    access,
    chosen,
    community_answer,
    community_duplicates,
    community_import,
    community_list,
    community_nominations,
    community_person,
    community_place,
    heading,
    language,
    store,
    undoing,
)

viewer = access.require("community")
t = language.translator()
initiative = chosen.initiative(t, "community")
t = t.with_groups(store.read(queries.community.group_names, initiative.id))
may_edit = may(viewer.actor, Action.EDIT_COMMUNITY, initiative.id)

summary = store.read(queries.community.summary, initiative.id)
if heading.show("community", t, action="community.add" if may_edit else None):
    community_person.add(initiative.id, t)
if may_edit:
    undoing.offer(initiative.id, t, after=community_answer.begin_afresh)
view = community_answer.views(initiative.id, summary, may_edit, t)
if not summary.people and view == "people":
    community_answer.empty(may_edit, t)
    st.stop()

circles = store.read(queries.community.sub_circles, initiative.id)
match view:
    case "place":
        community_place.show(initiative.id, summary.unplaced, circles, t)
    case "nominations":
        community_nominations.show(initiative.id, circles, may_edit, t)
    case "duplicates":
        community_duplicates.show(initiative.id, circles, t)
    case "import":
        community_import.show(initiative.id, summary.people, t)
    case _:
        community_answer.show(summary, t)
        community_list.show(initiative.id, circles, may_edit, t)
