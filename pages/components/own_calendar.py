"""The private address under which a calendar program shows the viewer's convenings."""

import streamlit as st

from convening.accounts import SignedIn
from convening.i18n import Translator
from convening.roles import Action, may
from db.commands import calendar_feeds as commands
from db.queries import calendar_feeds
from pages.components import forms, links, store


def show(viewer: SignedIn, t: Translator) -> None:
    """The address to copy, a new one, and its end; nothing for whoever may see no convenings."""
    if not may(viewer.actor, Action.SEE_CONVENINGS):
        return
    st.header(t("calendar_feed.title"), anchor=False)
    st.caption(t("calendar_feed.purpose"))
    token = store.read(calendar_feeds.own_token)
    if token is None:
        st.text(t("calendar_feed.none"))
        if st.button(t("calendar_feed.make"), key="calendar_make", icon=":material/add_link:"):
            _make(t)
        return
    st.text(t("calendar_feed.address"))
    st.code(address(token), language=None, wrap_lines=True)
    st.caption(t("calendar_feed.secret"))
    with st.container(horizontal=True):
        for name, command in (
            ("renew", commands.make_calendar_feed),
            ("remove", commands.remove_calendar_feed),
        ):
            label = t(f"calendar_feed.{name}")
            if st.button(label, key=f"calendar_{name}"):
                forms.confirm(label, t(f"calendar_feed.{name}_question"), label, command, t=t)


def address(token: str) -> str:
    return f"{links.base()}/calendar/{token}.ics"


def _make(t: Translator) -> None:
    if forms.submit(commands.make_calendar_feed, t=t) is not None:
        forms.saved(t, "forms.done")
        st.rerun()
