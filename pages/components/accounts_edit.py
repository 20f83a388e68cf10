"""The dialogs in which administrators invite somebody, and change an account."""

import streamlit as st

from convening import drafts
from convening.accounts import Account, AccountDraft, NewLink
from convening.i18n import Translator
from convening.vocabulary import Language, Role, UserState
from db.commands import users
from db.queries import outbox
from db.queries import users as reading
from pages.components import choices, clock, conflicts, forms, links, mail_list, store
from pages.components.markdown import escape


def invite(t: Translator) -> None:
    """Asks who is to come, and then shows the link in place of the form, once."""

    @st.dialog(t("people_and_access.invite_title"), on_dismiss="rerun")
    def ask() -> None:
        place = st.empty()
        with place.container():
            st.text(t("people_and_access.invite_help"))
            with st.form(key="invite", border=False):
                name, email, roles = _identity(t, "", "", frozenset(), "new")
                chosen = choices.one(
                    t("people_and_access.language"), Language, t.language, t, key="invite_language"
                )
                sent = st.form_submit_button(t("people_and_access.send"), type="primary")
            if not sent:
                return
            draft = AccountDraft(name, email, roles, chosen)
            link = forms.submit(users.invite_user, draft, t=t)
        if link is not None:
            with place.container():
                _show_link(link, name, t)

    ask()


def manage(account: Account, own: bool, t: Translator) -> None:
    """Name, address and roles; and below, what ends or renews the access."""

    editor = conflicts.Editor(
        f"account_{account.id}",
        "user",
        account.id,
        drafts.account(account),
        lambda: drafts.account(store.read(reading.account, account.id)),
        what="user",
    )

    @st.dialog(escape(account.name), on_dismiss=conflicts.closing(editor.key))
    def ask() -> None:
        with conflicts.fields(editor), st.form(key="account", border=False):
            name, email, roles = _identity(
                t, account.name, account.email, account.roles, str(account.id)
            )
            saved = st.form_submit_button(t("common.save"), type="primary")
        draft = AccountDraft(name, email, roles, id=account.id, version=account.version)
        if conflicts.submit(editor, saved, users.edit_user, draft, t=t) is not None:
            forms.saved(t)
            st.rerun()
        st.subheader(t("people_and_access.access_title"), anchor=False)
        if account.state is UserState.DEACTIVATED:
            _reactivate(account, t)
            return
        st.text(t("people_and_access.sessions", count=account.sessions))
        _links_and_sessions(account, t)
        if not own:
            _deactivate(account, t)

    ask()


def _identity(
    t: Translator, name: str, email: str, roles: frozenset[Role], key: str
) -> tuple[str, str, frozenset[Role]]:
    name = st.text_input(t("people_and_access.name"), name, key=f"account_name_{key}")
    email = st.text_input(t("people_and_access.email"), email, key=f"account_email_{key}")
    chosen = st.pills(
        t("people_and_access.roles"),
        list(Role),
        selection_mode="multi",
        default=[role for role in Role if role in roles],
        format_func=t.word,
        key=f"account_roles_{key}",
        help="\n\n".join(f"**{t.word(role)}**: {t(f'role_help.{role}')}" for role in Role),
    )
    return name, email, frozenset(chosen)


def _links_and_sessions(account: Account, t: Translator) -> None:
    invited = account.state is UserState.INVITED
    with st.container(horizontal=True):
        make = st.button(
            t("people_and_access.new_invitation" if invited else "people_and_access.new_password"),
            help=t("people_and_access.new_link_help"),
            icon=":material/link:",
            key="account_link",
        )
        end = account.sessions > 0 and st.button(
            t("people_and_access.end_sessions"), icon=":material/logout:", key="account_end"
        )
    if make:
        link = forms.submit(users.make_link, account.id, t=t)
        if link is not None:
            _show_link(link, account.name, t)
    _mailed(account, t)
    if end and forms.submit(users.end_sessions, account.id, t=t) is not None:
        forms.saved(t, "people_and_access.ended")
        st.rerun()


def _deactivate(account: Account, t: Translator) -> None:
    with st.expander(t("people_and_access.deactivate"), icon=":material/block:"):
        st.text(t("people_and_access.deactivate_question"))
        if account.manages_alone:
            st.warning(t("people_and_access.deactivate_alone", count=account.manages_alone))
        sure = st.button(t("people_and_access.deactivate_yes"), key="account_deactivate")
    if sure and forms.submit(users.deactivate_user, account.id, t=t) is not None:
        forms.saved(t)
        st.rerun()


def _reactivate(account: Account, t: Translator) -> None:
    pressed = st.button(t("people_and_access.reactivate"), key="account_reactivate")
    if pressed and forms.submit(users.reactivate_user, account.id, t=t) is not None:
        forms.saved(t)
        st.rerun()


def _mailed(account: Account, t: Translator) -> None:
    """What became of the message with the newest link, where a mail server is set."""
    message = store.read(outbox.of_account, account.id)
    if message is None:
        return
    at, said = clock.here(message.at), mail_list.said_of(message, t)
    st.text(t("people_and_access.mailed", address=message.recipient, state=said, at=at))
    if message.problem:
        st.warning(escape(mail_list.why(message.problem, t)))


def _show_link(link: NewLink, name: str, t: Translator) -> None:
    st.text(t("people_and_access.link_once", name=name))
    st.code(links.url(link.token), language=None, wrap_lines=True)
    st.text(t("people_and_access.link_until", until=clock.here(link.expires_at)))
