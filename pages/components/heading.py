"""The first line of every screen: its title, what it is for, and the primary action at the end."""

import streamlit as st

from convening.i18n import Translator


def show(screen: str, t: Translator, *, action: str | None = None) -> bool:
    """Title and sentence of a screen; True when the primary action named by its key is pressed."""
    if action is None:
        st.title(t(f"screen.{screen}"), anchor=False)
        st.caption(t(f"{screen}.purpose"))
        return False
    with st.container(horizontal=True, vertical_alignment="center", key="heading"):
        with st.container():
            st.title(t(f"screen.{screen}"), anchor=False)
            st.caption(t(f"{screen}.purpose"))
        return st.button(t(action), type="primary", key=f"{screen}_primary")
