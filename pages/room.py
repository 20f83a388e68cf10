"""Live in the room: two taps and a sentence."""

import streamlit as st

from convening.i18n import Translator
from convening.vocabulary import RoomState
from db import queries
from pages.components import (
    access,
    chosen,
    heading,
    language,
    live,
    room_capture,
    room_clock,
    room_desk,
    room_entries,
    room_setup,
    room_voices,
    store,
)
from pages.components.markdown import bold

viewer = access.require("room")
t = language.translator()
meeting = chosen.convening(t, "room")
heading.show("room", t)
st.markdown(bold(chosen.label(meeting, t)))


@st.fragment
def room(t: Translator) -> None:
    """The whole of it runs again when something in the room changes that it shows."""
    mark = live.mark(meeting.id)
    snapshot, shape = store.read(queries.room.shaped, meeting.id)
    live.follow(meeting.id, mark, "room", shape)
    t = t.with_groups(snapshot.group_names)
    desk = room_desk.desk(snapshot, viewer)
    found = snapshot.room
    if found is None:
        room_setup.first(desk, t)
    elif found.state is RoomState.PREPARING:
        room_setup.newer(desk, t)
        room_setup.before(desk, found, t)
        room_setup.ways_in(desk, found, t)
    elif found.state is RoomState.CLOSED:
        room_setup.after(desk, found, t)
        st.header(t("room.afterwards"), anchor=False)
        room_capture.show(desk, "write", t)
        room_entries.show(desk, 20, t)
    else:
        room_setup.newer(desk, t)
        _open(desk, t)


def _open(desk: room_desk.Desk, t: Translator) -> None:
    match room_desk.view(t):
        case "facilitate":
            with st.container(key="room_glance"):  # side by side where there is room for it
                with st.container():
                    room_clock.show(desk, t)
                with st.container():
                    room_voices.show(desk, t)
                    room_capture.show(desk, "glance", t)
            room_entries.notes(desk, t)
            room_entries.show(desk, 3, t)
        case "write":
            room_capture.show(desk, "write", t)
            room_entries.show(desk, 10, t)
            room_voices.show(desk, t)
        case "help":
            room_capture.show(desk, "aloud", t)
        case "set_up" if desk.room is not None:
            room_setup.ways_in(desk, desk.room, t)
            room_setup.settings(desk, desk.room, t)
            room_setup.closing(desk, t)


room(t)
