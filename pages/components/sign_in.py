"""What a visitor sees, at the address of any screen: the sign-in form and nothing else."""

import streamlit as st

from convening.i18n import Translator
from convening.problems import Problem
from db import transaction
from db.commands import login
from pages.components import browser, forms, identity, state, store
from pages.components.authenticator import Authenticator

NOTICE = "_sign_in_notice"  # the key of a text that greets whoever has just got a password
_FAILED = "_exchange_failed"


def show(t: Translator) -> None:
    """The form; after the right password the browser trades a ticket for its cookie."""
    st.title(t("app.name"))
    st.text(t("app.tagline"))
    notice = state.get(NOTICE)
    if notice is not None:
        st.success(t(notice))
    form = Authenticator(store.engines(), identity.address())
    form.login(
        fields={
            "Form name": t("sign_in.title"),
            "Username": t("sign_in.email"),
            "Password": t("sign_in.password"),
            "Login": t("common.sign_in"),
        },
        key="sign_in_form",
    )
    keep = st.checkbox(t("sign_in.keep"), help=t("sign_in.keep_help"), key="sign_in_keep")
    if form.problem is not None:
        forms.problems([form.problem], t)
    elif state.take(_FAILED):
        forms.problems([Problem("login_interrupted")], t)
    st.text(t("sign_in.forgotten"))
    if form.user_id is not None:
        state.put(_TICKET, _ticket(form.user_id, keep))
    _exchange()


_TICKET = "_ticket"


def _ticket(user_id: int, keep: bool) -> str:
    with transaction.writing(store.engines(), actor_id=None, journalled=False) as session:
        return login.make_ticket(session, user_id, keep=keep)


def _exchange() -> None:
    """Stays on the page until it reloads: a run in between must not take the ticket away."""
    ticket = state.get(_TICKET)
    if ticket is not None and browser.exchange(ticket):
        state.drop(_TICKET)
        state.put(_FAILED, True)
        st.rerun()
