"""The floor's one screen."""

import streamlit as st

st.title("Floor")
st.button("Again")
