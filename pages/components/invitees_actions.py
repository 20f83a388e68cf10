"""What can be done with invitations: move them, give another part, note barriers and support."""

from collections.abc import Sequence

import streamlit as st

from convening import drafts
from convening.i18n import Translator
from convening.invitations import (
    CHECK_IN_STATUSES,
    Invitation,
    SupportDraft,
    possible_moves,
)
from convening.vocabulary import InvitationStatus, Part, Support
from db import letters, queries
from db.commands import invitations
from pages.components import (
    choices,
    conflicts,
    forms,
    invitees_answers,
    invitees_desk,
    store,
)
from pages.components.invitees_desk import Desk

_ICONS = {
    InvitationStatus.INVITED: "mail",
    InvitationStatus.WAITLISTED: "hourglass_empty",
    InvitationStatus.ACCEPTED: "check",
    InvitationStatus.DECLINED: "close",
    InvitationStatus.ATTENDED: "meeting_room",
    InvitationStatus.ABSENT: "person_off",
    InvitationStatus.WITHDRAWN: "undo",
}


def show(desk: Desk, people: Sequence[Invitation], picked: bool, t: Translator) -> None:
    """The actions on those who are ticked; with nobody ticked, on everybody in the list.

    Invitations are withdrawn of those who are ticked alone.
    """
    if not (desk.invites or desk.checks_in):
        return
    with st.container(border=True, key="invitees_actions"):
        st.text(_about(people, picked, t))
        if len(people) == 1:
            invitees_answers.detail(people[0], t)
        possible = _moves(desk, people)
        moves = [each for each in possible if picked or each is not InvitationStatus.WITHDRAWN]
        with st.container(horizontal=True, key="invitees_moves"):
            for wanted in moves:
                label, icon = t(f"invitees.move_{wanted.value}"), _ICONS[wanted]
                if st.button(label, key=f"move_{wanted.value}", icon=f":material/{icon}:"):
                    _move(desk, people, picked, wanted, t)
        if moves != possible:
            st.caption(t("invitees.tick_to_withdraw"))
        elif not moves:
            st.caption(t("invitees.no_move" if len(people) > 1 else "invitees.no_move_one"))
        if desk.invites:
            with st.container(horizontal=True, vertical_alignment="bottom"):
                _part(desk, people, t)
                if len(people) == 1:
                    label = t("invitees.edit_support")
                    if st.button(label, key="edit_support", icon=":material/volunteer_activism:"):
                        _support(people[0], t)
                    _record(desk, people[0], t)


def _about(people: Sequence[Invitation], picked: bool, t: Translator) -> str:
    if len(people) == 1:
        return t("invitees.for_one", name=people[0].name or t("invitees.erased"))
    return t("invitees.for_picked" if picked else "invitees.for_all", count=len(people))


def _moves(desk: Desk, people: Sequence[Invitation]) -> list[InvitationStatus]:
    """Where all of them can move at this moment, by this viewer."""
    return [
        each
        for each in possible_moves(one.status for one in people)
        if (desk.checks_in if each in CHECK_IN_STATUSES else desk.invites)
    ]


def _by_mail(desk: Desk) -> bool:
    initiative = store.read(queries.initiatives.initiative, desk.facts.meeting.initiative_id)
    return letters.leave_by_mail(initiative.sample)


def _move(
    desk: Desk, people: Sequence[Invitation], picked: bool, wanted: InvitationStatus, t: Translator
) -> None:
    """Asks first when nobody was ticked, and before what nothing takes back: an invitation that is
    withdrawn, and one that leaves by e-mail."""
    meeting, ids = desk.facts.meeting.id, [each.id for each in people]
    label = t(f"invitees.move_{wanted.value}")
    leaves = wanted is InvitationStatus.INVITED and _by_mail(desk)
    if wanted is InvitationStatus.WITHDRAWN or leaves or (len(people) > 1 and not picked):
        question = "ask_invited_by_mail" if leaves else f"ask_{wanted.value}"
        forms.confirm(
            label,
            t(f"invitees.{question}", count=len(people)),
            label,
            invitations.move_status,
            meeting,
            ids,
            wanted,
            t=t,
        )
        return
    done = forms.submit(invitations.move_status, meeting, ids, wanted, t=t)
    if done is not None:
        invitees_desk.finish(t("invitees.moved", count=done, status=wanted))


def _part(desk: Desk, people: Sequence[Invitation], t: Translator) -> None:
    with st.popover(t("invitees.change_part"), icon=":material/badge:"):
        part = choices.one(t("invitees.part"), Part, people[0].part, t, key="invitees_new_part")
        if st.button(t("common.save"), key="save_part", type="primary"):
            ids = [each.id for each in people]
            done = forms.submit(invitations.set_part, desk.facts.meeting.id, ids, part, t=t)
            if done is not None:
                invitees_desk.finish(t("invitees.part_set", count=done, part=part))


def _record(desk: Desk, person: Invitation, t: Translator) -> None:
    label = t("answers.record")
    if invitees_answers.recordable(desk, person) and st.button(
        label, key="record_answer", icon=":material/call:"
    ):
        invitees_answers.record(person, t)


def _support(person: Invitation, t: Translator) -> None:
    """Asks what is in a person's way, and what is offered against it."""
    editor = conflicts.listed(
        "support",
        "invitation",
        person,
        drafts.support,
        queries.invitations.listing,
        person.convening_id,
        what="invitation",
    )

    @st.dialog(t("invitees.edit_support"), on_dismiss=conflicts.closing(editor.key))
    def ask() -> None:
        st.text(person.name or t("invitees.erased"))
        with conflicts.fields(editor), st.form(key="invitees_support", border=False):
            barriers = st.text_area(
                t("invitees.barriers"),
                person.barriers,
                help=t("invitees.barriers_help"),
                key="support_barriers",
            )
            support = st.pills(
                t("invitees.support"),
                list(Support),
                selection_mode="multi",
                default=list(person.support),
                format_func=t.word,
                key="support_offered",
            )
            pressed = st.form_submit_button(t("common.save"), type="primary")
        draft = SupportDraft(person.id, person.version, barriers, tuple(support))
        if conflicts.submit(editor, pressed, invitations.set_support, draft, t=t) is not None:
            forms.saved(t)
            st.rerun()

    ask()
