"""What people expected of the product, what was tried because of it, and whether it helped."""

import streamlit as st

from convening.vocabulary import FeedbackState
from db import queries
from pages.components import access, feedback_list, heading, language, store

viewer = access.require("feedback")
t = language.translator()
heading.show("feedback", t)

states = store.read(queries.feedback.by_state)
if not sum(states.values()):
    with st.container(border=True, key="feedback_empty"):
        st.header(t("feedback.empty"), anchor=False)
        st.text(t("feedback.empty_help"))
else:
    wanted = feedback_list.filters(t)
    st.text(
        t(
            "feedback.answer",
            count=sum(states.values()),
            open=states[FeedbackState.OPEN],
            helped=states[FeedbackState.HELPED],
        )
    )
    feedback_list.show(wanted, t)
