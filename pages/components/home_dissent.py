"""Dissent that waits: views for an answer, notes to be released."""

import streamlit as st

from convening.accounts import SignedIn
from convening.i18n import Translator
from convening.ledger import Waiting
from convening.roles import Action, Reach, reach
from convening.vocabulary import Role
from db import queries
from pages.components import going, store
from pages.components.markdown import bold


def show(viewer: SignedIn, t: Translator) -> None:
    """By initiative, each with the way to its ledger; the keeper is told when nothing waits."""
    if reach(viewer.actor, Action.SEE_DISSENT) is Reach.NOWHERE:
        return
    found = store.read(queries.dissent.waiting)
    if not found:
        if viewer.actor.roles == {Role.KEEPER}:
            st.text(t("home.keeper_nothing" if viewer.actor.teams else "home.keeper_no_team"))
        return
    with st.container(border=True, key="home_dissent"):
        st.markdown(bold(t("home.dissent")))
        for each in found:
            with st.container(gap=None):
                going.link(
                    "dissent",
                    each.initiative,
                    initiative=each.initiative_id,
                    icon=":material/forum:",
                )
                st.text(_line(each, t))


def _line(each: Waiting, t: Translator) -> str:
    said = []
    if each.to_answer:
        said.append(t("dissent.to_answer", count=each.to_answer))
    if each.to_ask:
        said.append(t("dissent.to_ask", count=each.to_ask))
    if each.held:
        said.append(t("dissent.notes_wait", count=each.held))
    return " · ".join(said)
