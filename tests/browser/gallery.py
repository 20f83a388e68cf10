"""An application of one screen that holds each kind of element which our styles touch."""

from pathlib import Path

import streamlit as st
from starlette.middleware import Middleware

from pages.plain import routes
from pages.plain.files import Files
from pages.plain.headers import SecurityHeaders

app = st.App(
    Path(__file__).parent / "gallery_screen.py",
    routes=routes.ROUTES,
    middleware=[Middleware(SecurityHeaders), Middleware(Files)],
)
