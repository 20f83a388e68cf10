"""Who can sign in, and what each of them may do."""

import streamlit as st

from convening.vocabulary import Role, UserState
from db.queries import users
from pages.components import access, accounts_edit, accounts_list, choices, heading, language, store

viewer = access.require("people_and_access")
t = language.translator()

if heading.show("people_and_access", t, action="people_and_access.invite"):
    accounts_edit.invite(t)

with st.container(horizontal=True):
    find = st.text_input(
        t("people_and_access.find"),
        placeholder=t("people_and_access.find_placeholder"),
        key="accounts_find",
    )
    state = choices.one_or_all(t("people_and_access.state"), UserState, t, key="accounts_state")
    role = choices.one_or_all(t("people_and_access.role"), Role, t, key="accounts_role")

found = store.read(users.listing)
st.text(accounts_list.answer(found, t))
wanted = accounts_list.filtered(found, find, state, role)
accounts_list.show(wanted, viewer, t)
