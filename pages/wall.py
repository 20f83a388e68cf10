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
    """Once the room is prepared the browser draws what changes on it, without a run."""
    mark = live.mark(convening_id)
    found = store.read(queries.wall, convening_id)
    words = Translator(spoken, found.group_names)
    if found.state is None:
        live.follow(convening_id, mark, "wall", wall_data.shape(found))
        st.header(words("wall.not_prepared"), anchor=False)
        st.text(words("wall.not_prepared_help"))
        going.link("room", words("wall.to_room"), convening=convening_id)
        return
    dark = figure.dark()
    wall_board.show(
        wall_data.of(found, words, dark=dark),
        live.facts(convening_id, mark, f"wall?dark={int(dark)}", wall_data.shape(found)),
        key=live.key(convening_id),
    )


viewer = access.require("wall")
t = language.translator()
meeting = chosen.convening(t, "wall")
heading.show("wall", t)
wall(meeting.id, t.language)
