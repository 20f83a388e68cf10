"""Says something in passing, which takes no place of the screen."""

import streamlit as st

from pages.components import state
from pages.components.markdown import escape

_SHOWN = "_toast"


def show(text: str, *, icon: str) -> None:
    # the browser does not show a toast again that says the same as the one before
    state.bump(_SHOWN)
    again = "\N{WORD JOINER}" * (state.counter(_SHOWN) % 2)
    st.toast(escape(text) + again, icon=icon)
