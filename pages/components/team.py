"""The team of an initiative: everybody on it sees it, its managers change it."""

import streamlit as st

from convening.accounts import SignedIn, TeamMember
from convening.i18n import Translator
from convening.roles import Action, may
from convening.vocabulary import Role
from db.commands import team
from db.queries import team as members
from pages.components import choices, forms, state, store
from pages.components.markdown import escape


def show(initiative_id: int, viewer: SignedIn, t: Translator) -> None:
    """Who is on the team, with what the viewer may change; to be shown in a dialog."""
    forms.greet()
    found = store.read(members.members, initiative_id)
    managing = may(viewer.actor, Action.MANAGE_TEAM, initiative_id)
    for member in found:
        own = member.user_id == viewer.actor.user_id
        with st.container(border=True, key=f"member_{member.user_id}"):
            _row(member, own, t)
            if managing and not own:
                _change(member, initiative_id, t)
    if managing:
        _add(initiative_id, t)
    elif not any(each.leads for each in found):
        _take_over(initiative_id, viewer, t)
    _leave(initiative_id, viewer, t)


def _row(member: TeamMember, own: bool, t: Translator) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"**{escape(member.name)}**", width="content")
        if own:
            st.badge(t("people_and_access.you"), color="gray")
        if member.manages:
            st.badge(t("team.manages"), color="green")
        if not member.active:
            st.badge(t("team.inactive"), color="gray")
    st.caption(t.join(t.word(role) for role in Role if role in member.roles))


def _change(member: TeamMember, initiative_id: int, t: Translator) -> None:
    with st.container(horizontal=True):
        may_manage = member.manages or Role.ORGANISER in member.roles
        manages = may_manage and st.button(
            t("team.unmake_manager" if member.manages else "team.make_manager"),
            key=f"manages_{member.user_id}",
        )
        removed = st.button(t("team.remove"), key=f"remove_{member.user_id}")
    user_id = member.user_id
    if manages:
        _do(forms.submit(team.set_manages, initiative_id, user_id, not member.manages, t=t), t)
    if removed:
        _do(forms.submit(team.remove_member, initiative_id, user_id, t=t), t)


def _add(initiative_id: int, t: Translator) -> None:
    candidates = store.read(members.candidates, initiative_id)
    if not candidates:
        st.caption(t("team.nobody_left"))
        return
    names = choices.told_apart(dict(candidates))
    added_so_far = state.counter("team_add")
    with st.form(key="team_add", border=False):
        who = st.selectbox(
            t("team.who"),
            list(names),
            index=None,
            format_func=names.__getitem__,
            placeholder=t("team.who_placeholder"),
            key=f"team_who_{added_so_far}",
        )
        manages = st.checkbox(
            t("team.as_manager"),
            help=t("team.as_manager_help"),
            key=f"team_as_manager_{added_so_far}",
        )
        added = st.form_submit_button(t("team.add"), type="primary")
    if added and who is not None:
        done = forms.submit(team.add_member, initiative_id, who, manages, t=t)
        if done is not None:
            state.bump("team_add")
        _do(done, t)


def _take_over(initiative_id: int, viewer: SignedIn, t: Translator) -> None:
    if not may(viewer.actor, Action.EDIT_INITIATIVE, initiative_id):
        return
    st.text(t("team.take_over_help"))
    if (
        st.button(t("team.take_over"), key="team_take_over")
        and forms.submit(team.take_over, initiative_id, t=t) is not None
    ):
        forms.saved(t)
        st.rerun()


def _leave(initiative_id: int, viewer: SignedIn, t: Translator) -> None:
    with st.expander(t("team.leave"), icon=":material/logout:"):
        st.text(t("team.leave_question"))
        sure = st.button(t("team.leave_yes"), key="team_leave")
    own = viewer.actor.user_id
    if sure and forms.submit(team.remove_member, initiative_id, own, t=t) is not None:
        forms.saved(t, "forms.done")
        st.rerun()


def _do(done: object, t: Translator) -> None:
    """After a change the dialog shows the team as it is now."""
    if done is not None:
        forms.saved(t)
        st.rerun(scope="fragment")
