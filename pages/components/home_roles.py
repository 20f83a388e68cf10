"""For whoever has no initiative in hand: what their role is for, and who brings them further."""

import streamlit as st

from convening.accounts import SignedIn
from convening.home import Home
from convening.i18n import Translator
from convening.vocabulary import Role
from pages.components import going


def show(found: Home, viewer: SignedIn, t: Translator) -> None:
    """Nothing for organisers and administrators, whose first steps stand on the screen already."""
    roles = viewer.actor.roles
    if found.maps:
        return
    if not roles:
        st.text(t("home.no_role"))
    elif Role.FACILITATOR in roles and Role.ORGANISER not in roles:
        _explained("facilitator", t)
    elif Role.LEADERSHIP in roles and not found.led:
        _explained("leadership", t)
    elif roles == {Role.MEMBER}:
        _explained("member", t)


def _explained(role: str, t: Translator) -> None:
    with st.container(border=True, key=f"home_{role}"):
        st.header(t(f"home.{role}_for"), anchor=False)
        st.text(t(f"home.{role}_next"))
        going.link("account", t("home.to_account"), icon=":material/person:")
