"""A script that puts escaped text in every place that Streamlit reads as Markdown."""

import streamlit as st

from pages.components.markdown import escape
from tests.browser.markdown_texts import TEXTS

place = st.query_params.get("place", "")
for number, text in enumerate(TEXTS):
    shown = escape(text)
    key = f"widget_{number}"
    with st.container(key=f"text_{number}"):
        if place == "markdown":
            st.markdown(shown)
        elif place == "beside our own icon":
            st.markdown(f":material/home: {shown}")
        elif place == "caption":
            st.caption(shown)
        elif place == "subheader":
            st.subheader(shown, anchor=False)
        elif place == "error":
            st.error(shown)
        elif place == "badge":
            st.badge(shown)
        elif place == "label":
            st.checkbox(shown, key=key)
        elif place == "button":
            st.button(shown, key=key)
        elif place == "option":
            st.radio("options", [shown], key=key, label_visibility="collapsed")
        elif place == "pill":
            st.pills("pills", [shown], key=key, label_visibility="collapsed")
        elif place == "metric":
            st.metric(shown, "1")
        elif place == "expander":
            st.expander(shown)
        elif place == "table":
            st.table({"head": [shown]}, hide_index=True, hide_header=True)
