"""The least that Streamlit can do: a title and a button."""

from pathlib import Path

import streamlit as st

app = st.App(Path(__file__).parent / "floor_screen.py")
