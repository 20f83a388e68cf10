"""For the projector: the question, the way in, and the statements."""

import streamlit as st

from convening.i18n import Translator
from convening.vocabulary import Language
from db.queries import wall as queries
from pages.components import (
    access,
    chosen,
    figure,
    going,
    heading,
    language,
    live,
    store,
    wall_board,
    wall_data,
)


@st.fragment
def wall(convening_id: int, spoken: Language) -> None:
    """Runs again by itself whenever something in the room changes."""
    live.follow(convening_id)
    found = store.read(queries.wall, convening_id)
    words = Translator(spoken, found.group_names)
    if found.state is None:
        st.header(words("wall.not_prepared"), anchor=False)
        st.text(words("wall.not_prepared_help"))
        going.link("room", words("wall.to_room"), convening=convening_id)
        return
    wall_board.show(wall_data.of(found, words, dark=figure.dark()))


viewer = access.require("wall")
t = language.translator()
meeting = chosen.convening(t, "wall")
heading.show("wall", t)
wall(meeting.id, t.language)
