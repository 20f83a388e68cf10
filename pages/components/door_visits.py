"""Talks before the convening: with whom next, those that are planned, and those that were held."""

from dataclasses import replace
from functools import partial

import streamlit as st

from convening.briefing import MAY_COME, Guest
from convening.drafts import taken_up
from convening.i18n import Translator
from convening.visits import Visit, VisitDraft, VisitSuggestion, suggest
from convening.vocabulary import Group
from db import queries
from db.commands import visits as commands
from pages.components import choices, clock, conflicts, forms, paging
from pages.components.door_desk import Desk
from pages.components.markdown import bold, escape

_PAGES, _SIZE = "door_visits", 10


def show(desk: Desk, t: Translator) -> None:
    """How many are held, the list, and whom to visit next."""
    found = desk.facts.visits
    held = sum(each.done_at is not None for each in found)
    st.header(t("briefing.visits"), anchor=False)
    st.text(
        t("door.visits_answer", count=len(found), held=held) if found else t("door.visits_none")
    )
    start, end = paging.slice_of(len(found), _PAGES, _SIZE)
    for each in found[start:end]:
        _visit(each, desk, t)
    paging.buttons(len(found), _PAGES, t, _SIZE)
    if not desk.visits:
        return
    visited = {each.invitation_id for each in found}
    suggestions = suggest(desk.facts.guests, visited, desk.facts.at_stake)
    if suggestions:
        st.subheader(t("door.visit_next"), anchor=False)
        for suggestion in suggestions:
            _suggestion(suggestion, desk, t)
    if st.button(t("door.visit_other"), icon=":material/add:", key="visit_other"):
        _plan(None, desk, t)


def _visit(visit: Visit, desk: Desk, t: Translator) -> None:
    with st.container(
        border=True, horizontal=True, vertical_alignment="center", key=f"visit_{visit.id}"
    ):
        with st.container(gap=None):
            st.markdown(bold(visit.name or t("invitees.erased")))
            st.caption(escape(_said(visit, t)))
            for line in filter(None, visit.note.split("\n")):
                st.text(line)
        with st.container(horizontal=True, width="content", gap="xsmall"):
            _actions(visit, desk, t)


def _said(visit: Visit, t: Translator) -> str:
    """Who goes, and when, or when it was held."""
    if visit.done_at is not None:
        return t("door.visit_held", visitor=visit.visitor, date=clock.here(visit.done_at).date())
    if visit.planned_on is not None:
        return t("door.visit_planned", visitor=visit.visitor, date=visit.planned_on)
    return t("door.visit_undated", visitor=visit.visitor)


def _actions(visit: Visit, desk: Desk, t: Translator) -> None:
    label = t("door.visit_done" if visit.done_at is None else "door.visit_note")
    if st.button(label, icon=":material/check:", key=f"visit_tick_{visit.id}"):
        _tick(visit, t)
    offered = ["edit", "remove"] if desk.visits else []
    if visit.done_at is not None:
        offered.insert(0, "not_held")
    if not offered:
        return
    chosen = st.menu_button(
        t("door.visit_more"),
        offered,
        format_func=lambda name: t(f"door.visit_{name}"),
        key=f"visit_more_{visit.id}",
    )
    if chosen == "edit":
        _edit(visit, desk.facts.meeting.id, t)
    elif chosen == "not_held":
        undone = forms.submit(commands.tick_visit, visit.id, done=False, version=visit.version, t=t)
        if undone is not None:
            forms.saved(t)
            st.rerun()
    elif chosen == "remove":
        forms.confirm(
            t("door.visit_remove_title"),
            t("door.visit_remove_question", name=visit.name or t("invitees.erased")),
            t("door.visit_remove"),
            commands.remove_visit,
            visit.id,
            visit.version,
            t=t,
        )


def _tick(visit: Visit, t: Translator) -> None:
    """Asks what came of the talk, and notes that it was held."""

    @st.dialog(t("door.visit_done_title"))
    def ask() -> None:
        st.text(visit.name or t("invitees.erased"))
        with st.form(key=f"visit_tick_form_{visit.id}", border=False):
            note = st.text_area(
                t("door.visit_came_of_it"), visit.note, height=120, key="visit_came_of_it"
            )
            saved = st.form_submit_button(t("common.save"), type="primary")
        if saved and (
            forms.submit(
                commands.tick_visit, visit.id, done=True, note=note, version=visit.version, t=t
            )
            is not None
        ):
            forms.saved(t)
            st.rerun()

    ask()


def _suggestion(suggestion: VisitSuggestion, desk: Desk, t: Translator) -> None:
    guest = suggestion.guest
    with st.container(
        horizontal=True, vertical_alignment="center", key=f"suggest_{guest.id}", gap="small"
    ):
        with st.container(gap=None):
            groups = t.join(t.of_person(group) for group in Group if group in guest.groups)
            said = " · ".join(filter(None, (guest.invitation.organisation, groups)))
            st.markdown(f"{bold(guest.name)}  \n{escape(said)}" if said else bold(guest.name))
            st.caption(escape(" ".join(t(each) for each in suggestion.reasons)))
        if st.button(t("door.visit_plan"), icon=":material/add:", key=f"visit_plan_{guest.id}"):
            _plan(guest, desk, t)


def _plan(guest: Guest | None, desk: Desk, t: Translator) -> None:
    """Asks who goes and when; with nobody in hand also to whom."""

    @st.dialog(t("door.visit_plan_title"))
    def ask() -> None:
        people = {each.id: each for each in desk.facts.guests if _can_be_visited(each)}
        names = choices.told_apart({each: person.name for each, person in people.items()})
        chosen = guest
        if guest is None:
            picked = st.selectbox(
                t("door.visit_whom"),
                list(people),
                index=None,
                format_func=names.__getitem__,
                placeholder=t("picker.nobody"),
                key="visit_whom",
            )
            chosen = people.get(picked) if picked is not None else None
        else:
            st.text(guest.name)
        if chosen is None:
            return
        draft, pressed = _form(VisitDraft(chosen.id, desk.viewer.name), f"plan_{chosen.id}", t)
        if pressed and forms.submit(commands.plan_visit, draft, t=t) is not None:
            forms.saved(t)
            st.rerun()

    ask()


def _can_be_visited(guest: Guest) -> bool:
    return bool(guest.name) and guest.status in MAY_COME


def _edit(visit: Visit, meeting_id: int, t: Translator) -> None:
    editor = conflicts.listed(
        "visit",
        "preparation_visit",
        visit,
        partial(taken_up, VisitDraft),
        queries.visits.listing,
        meeting_id,
        what="visit",
    )

    @st.dialog(t("door.visit_edit_title"), on_dismiss=conflicts.closing(editor.key))
    def ask() -> None:
        st.text(visit.name or t("invitees.erased"))
        with conflicts.fields(editor):
            draft, pressed = _form(editor.hold(), f"edit_{visit.id}", t)
        if conflicts.submit(editor, pressed, commands.edit_visit, draft, t=t) is not None:
            forms.saved(t)
            st.rerun()

    ask()


def _form(opened: VisitDraft, key: str, t: Translator) -> tuple[VisitDraft, bool]:
    with st.form(key=f"visit_{key}", border=False):
        draft = replace(
            opened,
            visitor=st.text_input(t("door.visitor"), opened.visitor, key=f"visitor_{key}"),
            planned_on=st.date_input(
                t("door.planned_on"),
                opened.planned_on,
                format="DD/MM/YYYY",
                key=f"planned_on_{key}",
            ),
            note=st.text_area(
                t("door.note"),
                opened.note,
                height=90,
                key=f"visit_note_{key}",
                help=t("door.note_help"),
            ),
        )
        return draft, st.form_submit_button(t("common.save"), type="primary")
