"""The guard that opens every screen."""

import streamlit as st

from convening.accounts import SignedIn
from convening.roles import Reach, reach
from db import transaction
from db.queries import accounts
from pages.components import identity, language, navigation, store
from pages.components.patience import patiently


def viewer() -> SignedIn | None:
    """Who is signed in at this moment, None for a visitor."""
    login = identity.login_session_id()
    if login is None:
        return None

    def found() -> SignedIn | None:
        with transaction.reading(store.engines()) as session:
            return accounts.signed_in(session, login)

    return patiently(found)


def require(screen: str) -> SignedIn:
    """Lets the script go on for a viewer whose roles open the screen, and stops it otherwise."""
    found = viewer()
    if found is None:
        st.stop()
    action = navigation.page(screen).action
    if action is not None and reach(found.actor, action) is Reach.NOWHERE:
        t = language.translator()
        st.title(t("access.no_such_screen"))
        st.text(t("access.no_such_screen_help"))
        st.stop()
    return found
