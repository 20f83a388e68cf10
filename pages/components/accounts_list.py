"""The accounts of this installation, one row each."""

from collections import Counter
from collections.abc import Sequence
from typing import Literal

import streamlit as st

from convening.accounts import Account, SignedIn
from convening.i18n import Translator
from convening.text import fold
from convening.vocabulary import Role, UserState
from pages.components import accounts_edit, clock, paging
from pages.components.markdown import escape

_COLOURS: dict[UserState, Literal["green", "blue", "gray"]] = {
    UserState.ACTIVE: "green",
    UserState.INVITED: "blue",
    UserState.DEACTIVATED: "gray",
}


def answer(found: Sequence[Account], t: Translator) -> str:
    """How many accounts there are, and in which state."""
    states = Counter(each.state for each in found)
    counts = {state.value: states[state] for state in UserState}
    return t(
        "people_and_access.answer",
        accounts=t("people_and_access.accounts", count=len(found)),
        **counts,
    )


def filtered(
    found: Sequence[Account], text: str, state: UserState | None, role: Role | None
) -> list[Account]:
    """The accounts that fit; search folds case and Arabic spelling."""
    looked_for = fold(text)
    return [
        each
        for each in found
        if (state is None or each.state is state)
        and (role is None or role in each.roles)
        and looked_for in fold(f"{each.name} {each.email}")
    ]


def show(found: Sequence[Account], viewer: SignedIn, t: Translator) -> None:
    """One row an account, in pages, each with the button that opens it."""
    if not found:
        st.text(t("people_and_access.nothing"))
        return
    first, last = paging.slice_of(len(found), "accounts")
    for account in found[first:last]:
        own = account.id == viewer.actor.user_id
        with st.container(border=True, key=f"account_{account.id}"):
            _row(account, own, t)
    paging.buttons(len(found), "accounts", t)


def _row(account: Account, own: bool, t: Translator) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        with st.container():
            with st.container(horizontal=True, vertical_alignment="center"):
                st.markdown(f"**{escape(account.name)}**", width="content")
                st.badge(t.word(account.state), color=_COLOURS[account.state])
                if own:
                    st.badge(t("people_and_access.you"), color="gray")
            st.text(" · ".join((t.isolated(account.email), _roles(account, t), _seen(account, t))))
        if st.button(t("people_and_access.manage"), key=f"manage_{account.id}"):
            accounts_edit.manage(account, own, t)


def _roles(account: Account, t: Translator) -> str:
    if not account.roles:
        return t("people_and_access.no_roles")
    return t.join(t.word(role) for role in Role if role in account.roles)


def _seen(account: Account, t: Translator) -> str:
    if account.last_seen is None:
        return t("people_and_access.never_seen")
    return t("people_and_access.last_seen", at=clock.here(account.last_seen))
