"""The viewer's own account: profile, password, and where it is signed in."""

import streamlit as st

from convening.vocabulary import Role
from pages.components import access, heading, language, own_account, own_calendar

viewer = access.require("account")
t = language.translator()

heading.show("account", t)
roles = t.join(t.word(role) for role in Role if role in viewer.actor.roles)
answer = "account.answer" if roles else "account.answer_no_roles"
st.text(t(answer, email=viewer.email, roles=roles))

own_account.profile(viewer, t)
own_account.password(viewer, t)
own_calendar.show(viewer, t)
own_account.sessions(viewer, t)
