"""For who manages accounts: whether anybody else can sign in yet."""

import streamlit as st

from convening.i18n import Translator
from pages.components import going


def show(users: int | None, has_work: bool, t: Translator) -> None:
    """An invitation to invite while the viewer is alone, a line with the count afterwards."""
    if users is None:
        return
    with st.container(border=True, key="home_accounts"):
        if users == 1:
            st.header(t("home.alone"), anchor=False)
            st.text(t("home.alone_help"))
        elif not has_work:
            st.text(t("home.accounts_only"))
        label = t("home.invite_users") if users == 1 else t("home.users", count=users)
        going.link("people_and_access", label, icon=":material/manage_accounts:")
