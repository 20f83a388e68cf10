"""Is this room balanced, and who is missing; choosing people and moving their invitations."""

import streamlit as st

from convening import room_balance
from convening.roles import Action, may
from db import queries
from pages.components import (
    access,
    chosen,
    heading,
    invitees_balance,
    invitees_desk,
    invitees_list,
    invitees_missing,
    invitees_picker,
    language,
    store,
    undoing,
)

viewer = access.require("invitees")
t = language.translator()
meeting = chosen.convening(t, "invitees")
facts = store.read(queries.rooms.room, meeting.id)
t = t.with_groups(facts.group_names)
desk = invitees_desk.desk(
    facts,
    may_invite=may(viewer.actor, Action.INVITE, meeting.initiative_id),
    may_check_in=may(viewer.actor, Action.CHECK_IN, meeting.initiative_id),
)

if heading.show("invitees", t, action=invitees_desk.primary(desk)):
    invitees_desk.turn_to("map")
invitees_desk.where(desk, t)
if desk.invites or desk.checks_in:
    undoing.offer(meeting.initiative_id, t)
basis = invitees_desk.filters(desk, t)
view = room_balance.room(
    facts.invitations, basis, facts.stage.targets, facts.on_the_map, meeting.capacity
)

balance_side, people_side = st.columns([5, 7], gap="large")
with balance_side:
    invitees_balance.show(view, desk, t)
    invitees_missing.show(view, desk, t)
with people_side:
    if invitees_desk.side(desk, t) == "map":
        invitees_picker.show(desk, t)
    else:
        invitees_list.show(desk, t)
