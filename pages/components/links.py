"""A single-use link: its address, and the form in which its owner chooses a password."""

from urllib.parse import urlsplit

import streamlit as st

from convening import settings
from convening.i18n import Translator
from convening.problems import ConveningError, Problem
from convening.vocabulary import LinkPurpose
from db import transaction
from db.commands import account
from db.queries import users
from pages.components import forms, sign_in, state, store
from pages.components.markdown import escape

PARAMETER = "link"


def url(token: str) -> str:
    """The address to hand over."""
    return f"{base()}/?{PARAMETER}={token}"


def base() -> str:
    """The address of this server: the one that is set, or else the one in use here."""
    if settings.current().base_url:
        return settings.current().base_url
    here = urlsplit(st.context.url or settings.current().address)
    return f"{here.scheme}://{here.netloc}"


def show(t: Translator, token: str) -> None:
    """The form behind a link; after it the sign-in form greets them."""
    with transaction.reading(store.engines()) as session:
        link = users.open_link(session, token)
    if link is None:
        _not_open(t)
        return
    invited = link.purpose is LinkPurpose.INVITE
    kind = "invite" if invited else "password"
    st.title(escape(t(f"link.{kind}_title", name=link.name)), anchor=False)
    st.text(t(f"link.{kind}_purpose"))
    st.text(t("link.account", email=link.email))
    with st.form(key="link", border=False):
        password = st.text_input(
            t("link.new"),
            type="password",
            autocomplete="new-password",
            help=t("setup.password_help"),
            key="link_password",
        )
        again = st.text_input(
            t("link.again"), type="password", autocomplete="new-password", key="link_again"
        )
        saved = st.form_submit_button(t("link.save"), type="primary")
    if saved and _save(token, password, again, t):
        _leave()


def _save(token: str, password: str, again: str, t: Translator) -> bool:
    if password != again:
        forms.problems([Problem("passwords_differ")], t)
        return False
    try:
        with transaction.writing(store.engines(), actor_id=None, journalled=False) as session:
            account.set_password_by_link(session, token, password)
    except ConveningError as error:
        forms.problems(error.problems, t)
        return False
    return True


def _leave() -> None:
    st.query_params.pop(PARAMETER, None)
    for name in ("link_password", "link_again"):
        state.drop(name)
    state.put(sign_in.NOTICE, "link.done")
    st.rerun()


def _not_open(t: Translator) -> None:
    st.title(t("link.not_open_title"), anchor=False)
    st.text(t("link.not_open"))
    if st.button(t("link.to_sign_in"), key="link_to_sign_in"):
        st.query_params.pop(PARAMETER, None)
        st.rerun()
