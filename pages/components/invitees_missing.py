"""Who is missing: whom the waitlist, the map and the nominations could bring."""

from collections.abc import Sequence

import streamlit as st

from convening import room_balance
from convening.balance import ABOVE, BELOW
from convening.i18n import Translator
from convening.nominations import Nomination
from convening.problems import Problem
from convening.room_balance import Missing, RoomBalance, Waiting
from convening.vocabulary import ConveningState, Group, InvitationStatus
from db.commands import invitations
from db.queries.rooms import RoomFacts
from pages.components import forms, invitees_desk
from pages.components.invitees_desk import Desk
from pages.components.markdown import bold, escape

_FIRST = 5  # the rest opens on demand: three lines for each person fill a phone quickly
_REASONS = 2  # the weightiest come first


def show(view: RoomBalance, desk: Desk, t: Translator) -> None:
    """The waitlist first when a place is free, then the map, then who is not on it yet."""
    facts = desk.facts
    over = facts.meeting.state is ConveningState.HELD
    st.header(t("invitees.was_missing" if over else "invitees.missing"), anchor=False)
    waiting = room_balance.first_from_waitlist(facts.invitations, view)
    if waiting is not None and desk.fills:
        _from_waitlist(waiting, desk, t)
    found = room_balance.who_is_missing(facts.invitations, facts.candidates, view)
    _from_map(found, view, desk, t)
    if facts.nominated:
        _nominated(facts.nominated, desk, t)


def _from_waitlist(waiting: Waiting, desk: Desk, t: Translator) -> None:
    person = waiting.invitation
    with st.container(border=True, key="invitees_waitlist"):
        st.text(t("invitees.place_free"))
        _person(person.name, person.organisation, person.groups, t)
        _reasons(waiting.suggestion.reasons, t)
        if st.button(t("invitees.take_from_waitlist"), key=f"take_{person.id}", type="primary"):
            done = forms.submit(
                invitations.move_status,
                desk.facts.meeting.id,
                [person.id],
                InvitationStatus.INVITED,
                t=t,
            )
            if done is not None:
                invitees_desk.finish(t("invitees.taken", name=person.name))


def _from_map(found: Sequence[Missing], view: RoomBalance, desk: Desk, t: Translator) -> None:
    if not found:
        st.text(t(_nobody(view, desk.facts)))
        return
    st.caption(escape(t("invitees.missing_help" if desk.fills else "invitees.missing_then")))
    for each in found[:_FIRST]:
        _one(each, view, desk, t)
    if len(found) > _FIRST:
        with st.expander(t("invitees.more_missing", count=len(found) - _FIRST)):
            for each in found[_FIRST:]:
                _one(each, view, desk, t)


def _nobody(view: RoomBalance, facts: RoomFacts) -> str:
    if not facts.on_the_map.people:
        return "invitees.map_empty"
    if not view.targets:
        return "invitees.nobody_placed"
    if not view.shares.placed:
        return "invitees.room_unplaced" if view.shares.people else "invitees.nobody_left"
    outside = any(each.code in (*BELOW, *ABOVE) for each in view.problems)
    return "invitees.nobody_left" if outside else "invitees.nobody_missing"


def _one(each: Missing, view: RoomBalance, desk: Desk, t: Translator) -> None:
    person = each.person
    with st.container(
        horizontal=True, vertical_alignment="center", key=f"missing_{person.id}", gap="small"
    ):
        with st.container(gap=None):
            _person(person.name, person.organisation, person.groups, t)
            _reasons(each.suggestion.reasons, t)
        label = t("invitees.to_waitlist" if view.capacity.full else "invitees.add_one")
        if desk.fills and st.button(label, key=f"add_{person.id}", icon=":material/add:"):
            invitees_desk.add(desk, [person.id], t)


def _person(name: str, organisation: str, groups: frozenset[Group], t: Translator) -> None:
    words = [t.of_person(group) for group in Group if group in groups]
    said = " · ".join(filter(None, (organisation, t.join(words))))
    st.markdown(f"{bold(name)}  \n{escape(said)}" if said else bold(name))


def _reasons(reasons: Sequence[Problem], t: Translator) -> None:
    if reasons:
        st.caption(escape(" ".join(t(each) for each in reasons[:_REASONS])))


def _nominated(found: Sequence[Nomination], desk: Desk, t: Translator) -> None:
    """Open nominations: they come to a room by way of the map."""
    with st.container(border=True, key="invitees_nominated"):
        st.markdown(bold(t("invitees.nominated", count=len(found))))
        for each in found[:_FIRST]:
            groups = [t.of_person(group) for group in each.groups]
            said = " · ".join(filter(None, (each.name, each.organisation, t.join(groups))))
            through = each.reached_through
            if through is not None:
                said = t("invitees.nominated_through", who=said, name=through.name)
            st.text(said)
        invitees_desk.to_community(desk, t("invitees.to_nominations"))
