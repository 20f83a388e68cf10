"""Which login session the browser behind this script run belongs to.

The middleware resolves the login cookie and sets the header that Streamlit is told to trust;
nothing that a browser sends can set it.
"""

import streamlit as st

USER_KEY = "login_session"


def login_session_id() -> int | None:
    """The id of the login session, whether or not it still lives; None for a visitor."""
    value = st.user.get(USER_KEY)
    return int(str(value)) if value is not None and str(value).isdigit() else None


def address() -> str:
    """The network address of the browser, as the middleware found it."""
    return st.context.headers.get("X-Halqa-Address", "")
