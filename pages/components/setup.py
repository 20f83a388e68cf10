"""The first screen of an empty installation: whoever has the code becomes its administrator."""

import streamlit as st

from convening.accounts import AdministratorDraft
from convening.i18n import Translator
from convening.problems import ConveningError, Problem
from convening.vocabulary import Language
from db import transaction
from db.commands import samples, setup
from db.queries import accounts
from pages.components import choices, forms, sign_in, state, store

_FIELDS = ("code", "name", "email", "password", "again")


def show(t: Translator) -> None:
    """Asks for the code and the first account; after it the sign-in form greets them."""
    st.title(t("setup.title"), anchor=False)
    st.text(t("setup.purpose"))
    with st.form(key="setup", border=False):
        code = st.text_input(
            t("setup.code"), help=t("setup.code_help"), autocomplete="off", key="setup_code"
        )
        draft, again = _account(t)
        wants_samples = st.checkbox(
            t("setup.samples"), value=True, help=t("setup.samples_help"), key="setup_samples"
        )
        sent = st.form_submit_button(t("setup.create"), type="primary")
    if not sent:
        return
    found = _problems(code, draft, again)
    if found:
        forms.problems(found, t)
        return
    try:
        user_id = _create(code, draft)
        if wants_samples:
            _load_samples(user_id)
    except ConveningError as error:
        forms.problems(error.problems, t)
        return
    for field in _FIELDS:
        state.drop(f"setup_{field}")
    state.put(sign_in.NOTICE, "setup.done")
    st.rerun()


def _account(t: Translator) -> tuple[AdministratorDraft, str]:
    name = st.text_input(t("setup.name"), autocomplete="name", key="setup_name")
    email = st.text_input(t("setup.email"), autocomplete="username", key="setup_email")
    password = st.text_input(
        t("setup.password"),
        type="password",
        autocomplete="new-password",
        help=t("setup.password_help"),
        key="setup_password",
    )
    again = st.text_input(
        t("setup.again"), type="password", autocomplete="new-password", key="setup_again"
    )
    language = choices.one(t("setup.language"), Language, t.language, t, key="setup_language")
    return AdministratorDraft(name, email, password, language), again


def _problems(code: str, draft: AdministratorDraft, again: str) -> list[Problem]:
    """Everything that keeps the account from being made, so that all of it is mended at once."""
    found = _code_problems(code) + setup.problems(draft)
    if draft.password != again:
        found.append(Problem("passwords_differ"))
    return found


def _code_problems(code: str) -> list[Problem]:
    if not code.strip():
        return [Problem("required", field="code")]
    with transaction.writing(store.engines(), actor_id=None, journalled=False) as session:
        return [] if setup.admit(session, code) else [Problem("setup_code_wrong")]


def _create(code: str, draft: AdministratorDraft) -> int:
    with transaction.writing(store.engines(), actor_id=None, journalled=False) as session:
        return setup.create_first_administrator(session, code, draft)


def _load_samples(user_id: int) -> None:
    """In a transaction of its own: the account stands, whatever becomes of the samples."""
    with transaction.writing(store.engines(), actor_id=user_id, command="load") as session:
        samples.load(session, accounts.actor(session, user_id))
