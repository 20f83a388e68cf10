"""What a plain Streamlit application costs: a script over a file of SQLite, with no more around it.

It is served from the same folder, so Streamlit reads the same ``config.toml``.
"""

from pathlib import Path

import streamlit as st

app = st.App(Path(__file__).parent / "reference_screen.py")
