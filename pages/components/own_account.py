"""What users change about themselves."""

import streamlit as st

from convening import drafts
from convening.accounts import OwnSession, ProfileDraft, SignedIn
from convening.i18n import Translator
from convening.problems import ConveningError, Problem
from convening.vocabulary import Language, Theme
from db.commands import account, login
from db.queries import users
from pages.components import (
    access,
    browser,
    choices,
    clock,
    conflicts,
    forms,
    identity,
    language,
    store,
)
from pages.components.conflicts import Editor


def profile(viewer: SignedIn, t: Translator) -> None:
    """Name, language and theme; the browser follows at once."""
    st.header(t("account.profile"), anchor=False)
    editor = _editor(viewer)
    with conflicts.fields(editor), st.form(key="profile"):
        name = st.text_input(t("account.name"), viewer.name, key="profile_name")
        with st.container(horizontal=True):
            spoken = choices.one(
                t("account.language"), Language, viewer.language, t, key="profile_language"
            )
            theme = choices.one(t("account.theme"), Theme, viewer.theme, t, key="profile_theme")
        saved = st.form_submit_button(t("common.save"), type="primary")
    draft = ProfileDraft(name, spoken, theme, viewer.version)
    if conflicts.submit(editor, saved, account.edit_profile, draft, t=t) is None:
        return
    now = access.viewer() or viewer
    spoken, theme = now.language, now.theme
    if (spoken, theme) != (language.current(), language.theme()):
        browser.follow(f"/language/{spoken}?next=/theme/{theme}%3Fnext=/account")
        st.stop()
    forms.saved(t)
    st.rerun()


def _editor(viewer: SignedIn) -> Editor[ProfileDraft]:
    return Editor(
        "profile",
        "user",
        viewer.actor.user_id,
        drafts.profile(viewer),
        lambda: drafts.profile(access.viewer() or viewer),
        what="user",
    )


def password(viewer: SignedIn, t: Translator) -> None:
    """The button that leads to a new password."""
    st.header(t("account.password"), anchor=False)
    st.caption(t("account.password_help"))
    if st.button(t("account.change_password"), key="password_change"):
        new_password(viewer, t)


def new_password(viewer: SignedIn, t: Translator) -> None:
    """Asks for the old password and twice for the new one."""

    @st.dialog(t("account.change_password"))
    def ask() -> None:
        with st.form(key="password", border=False):
            old = st.text_input(
                t("account.old"),
                type="password",
                autocomplete="current-password",
                key="password_old",
            )
            new = st.text_input(
                t("account.new"),
                type="password",
                autocomplete="new-password",
                help=t("setup.password_help"),
                key="password_new",
            )
            again = st.text_input(
                t("account.again"),
                type="password",
                autocomplete="new-password",
                key="password_again",
            )
            saved = st.form_submit_button(t("common.save"), type="primary")
        if saved and _change(viewer, old, new, again, t):
            forms.saved(t)
            st.rerun()

    ask()


def sessions(viewer: SignedIn, t: Translator) -> None:
    """Every browser that is signed in to this account, each with its button."""
    st.header(t("account.sessions"), anchor=False)
    found = store.read(users.own_sessions, viewer.session_id)
    for each in found:
        with (
            st.container(border=True, key=f"session_{each.id}"),
            st.container(horizontal=True, vertical_alignment="center"),
        ):
            st.text(_line(each, t))
            ended = not each.current and st.button(t("account.end"), key=f"end_{each.id}")
        if ended and forms.submit(account.end_own_session, each.id, t=t) is not None:
            forms.saved(t, "forms.done")
            st.rerun()
    if (
        len(found) > 2
        and st.button(t("account.end_others"), key="end_others")
        and forms.submit(account.end_other_sessions, viewer.session_id, t=t) is not None
    ):
        forms.saved(t, "forms.done")
        st.rerun()


def _change(viewer: SignedIn, old: str, new: str, again: str, t: Translator) -> bool:
    """Guesses of the old password count like guesses at sign-in."""
    if new != again:
        forms.problems([Problem("passwords_differ")], t)
        return False
    try:
        known = login.authenticate(store.engines(), viewer.email, old, identity.address())
    except ConveningError as error:
        forms.problems(error.problems, t)
        return False
    if known != viewer.actor.user_id:
        forms.problems([Problem("password_wrong", field="old_password")], t)
        return False
    done = forms.submit(account.change_password, old, new, viewer.session_id, t=t)
    return done is not None


def _line(each: OwnSession, t: Translator) -> str:
    parts = [
        t("account.this_one" if each.current else "account.other_one"),
        t(
            "account.session_line",
            since=clock.here(each.since),
            last=clock.here(each.last_active),
        ),
    ]
    if each.keep:
        parts.append(t("account.kept"))
    return " · ".join(parts)
