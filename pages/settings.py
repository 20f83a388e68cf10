"""This installation: its sample data, and what it was started with."""

import streamlit as st

from pages.components import access, heading, installation, language

viewer = access.require("settings")
t = language.translator()

heading.show("settings", t)
installation.samples(t)
st.header(t("settings.started_with"), anchor=False)
st.caption(t("settings.started_with_help"))
installation.started_with(t)
