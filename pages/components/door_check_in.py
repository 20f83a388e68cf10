"""Noting who comes: a search, large buttons with names, and the way back for a slip."""

from collections.abc import Sequence
from typing import Literal

import streamlit as st

from convening.briefing import Guest
from convening.i18n import Translator
from convening.text import fold
from convening.vocabulary import GROUP_SIGNS, InvitationStatus
from db.commands import door, invitations
from pages.components import door_desk, door_walk_in, forms, paging, state
from pages.components.door_desk import Desk
from pages.components.markdown import bold, escape

PAGE = 12  # what a tablet shows without scrolling
_PAGES = "door_people"
Which = Literal["coming", "others", "here"]
_S = InvitationStatus
_STATUSES: dict[Which, frozenset[InvitationStatus]] = {
    "coming": frozenset({_S.ACCEPTED, _S.INVITED}),
    "others": frozenset({_S.PROPOSED, _S.WAITLISTED, _S.DECLINED, _S.ABSENT}),
    "here": frozenset({_S.ATTENDED}),
}


def show(desk: Desk, t: Translator) -> None:
    """Search, whom to show, a page of people, and what else can be noted."""
    if not desk.checks_in:
        st.info(t("door.not_open"))
        return
    with st.container(key="door_desk"):
        _last(desk, t)
        found, which = _wanted(desk, t)
        start, end = paging.slice_of(len(found), _PAGES, PAGE)
        if not found:
            st.text(t("door.nobody_found"))
        with st.container(key="door_people"):
            for guest in found[start:end]:
                _person(guest, which, desk, t)
        paging.buttons(len(found), _PAGES, t, PAGE)
        _more(desk, t)


def _last(desk: Desk, t: Translator) -> None:
    """What was noted last, and the way back."""
    said, last = door_desk.said(), door_desk.last()
    if not said:
        return
    with st.container(horizontal=True, vertical_alignment="center", key="door_last"):
        st.markdown(f"✓ {bold(said)}", width="content")
        if last is not None and st.button(
            t("common.undo"), icon=":material/undo:", key="door_undo"
        ):
            _take_back(last, desk, t)


def _wanted(desk: Desk, t: Translator) -> tuple[list[Guest], Which]:
    """Who is listed. A search looks through everybody, whichever list is open."""
    search = fold(
        st.text_input(
            t("common.search"),
            type="search",
            live=True,
            placeholder=t("door.search_help"),
            max_chars=200,
            key="door_search",
        )
    )
    counts = {
        which: sum(each.status in statuses for each in desk.facts.guests)
        for which, statuses in _STATUSES.items()
    }
    chosen = st.segmented_control(
        t("door.whom"),
        list(_STATUSES),
        default="coming",
        required=True,
        format_func=lambda which: t(f"door.{which}", count=counts[which]),
        key="door_which",
        label_visibility="collapsed",
    )
    which: Which = chosen or "coming"
    if (search, which) != state.get("door_wanted"):
        state.put("door_wanted", (search, which))
        paging.to_start(_PAGES)
    named = [each for each in desk.facts.guests if each.name]
    if search:
        return [each for each in named if _fits(each, search.split())], which
    return [each for each in named if each.status in _STATUSES[which]], which


def _fits(guest: Guest, words: Sequence[str]) -> bool:
    text = fold(f"{guest.name} {guest.invitation.organisation}")
    return all(word in text for word in words)


def _person(guest: Guest, which: Which, desk: Desk, t: Translator) -> None:
    """One button: a tap notes that the person is here, in the list of those here it takes it
    back."""
    here = guest.status is _S.ATTENDED
    signs = "".join(sign for group, sign in GROUP_SIGNS.items() if group in guest.groups)
    parts = [bold(guest.name), escape(guest.invitation.organisation), signs]
    if guest.status not in (_S.ACCEPTED, _S.ATTENDED):
        parts.append(escape(t.word(guest.status)))
    back = here and which == "here"
    pressed = st.button(
        " · ".join(filter(None, parts)),
        icon=":material/undo:" if back else ":material/check_circle:" if here else None,
        key=f"guest_{guest.id}",
        disabled=here and not back,
        width="stretch",
    )
    if not pressed:
        return
    if back:
        _take_back(guest.id, desk, t)
        return
    ids = [guest.id]
    if forms.submit(invitations.check_in, desk.facts.meeting.id, ids, True, t=t) is not None:
        door_desk.finish(t("door.is_here", name=guest.name), guest.id)


def _take_back(invitation_id: int, desk: Desk, t: Translator) -> None:
    done = forms.submit(door.take_back_check_in, desk.facts.meeting.id, invitation_id, t=t)
    if done is not None:
        door_desk.finish(t("door.taken_back"))


def _more(desk: Desk, t: Translator) -> None:
    """Those who came without an invitation, and, after the start, those who stayed away."""
    with st.container(horizontal=True, key="door_more"):
        if st.button(t("door.walk_in"), icon=":material/person_add:", key="door_walk_in"):
            door_walk_in.ask(desk, t)
        missing = [each.id for each in desk.facts.guests if each.status is _S.ACCEPTED]
        if (
            desk.absent
            and missing
            and st.button(
                t("door.mark_absent", count=len(missing)),
                icon=":material/person_off:",
                key="door_absent",
            )
        ):
            forms.confirm(
                t("door.absent_title"),
                t("invitees.ask_absent", count=len(missing)),
                t("door.absent_yes"),
                invitations.check_in,
                desk.facts.meeting.id,
                missing,
                False,
                t=t,
            )
