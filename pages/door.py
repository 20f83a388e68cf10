"""The night before and the day itself: briefing, preparation visits, check-in."""

import streamlit as st

from convening.briefing import brief
from db import queries
from pages.components import (
    access,
    chosen,
    door_answer,
    door_briefing,
    door_check_in,
    door_desk,
    door_visits,
    heading,
    language,
    store,
)

viewer = access.require("door")
t = language.translator()
meeting = chosen.convening(t, "door")
facts = store.read(queries.door.facts, meeting.id)
t = t.with_groups(facts.group_names)
desk = door_desk.desk(facts, viewer)

heading.show("door", t)
door_answer.where(desk, t)
if not facts.guests:
    door_answer.nobody(desk, t)
else:
    briefing = brief(facts.guests, facts.at_stake)
    answer = st.container()
    view = door_desk.view(desk, t)
    with answer:
        door_answer.show(desk, briefing, t, names=view == "before" or not desk.checks_in)
    if view == "door":
        door_check_in.show(desk, t)
    else:
        door_briefing.show(desk, briefing, t)
        door_visits.show(desk, t)
