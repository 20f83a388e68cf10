"""What was promised in a room: who does what, until when, and whether it was kept."""

from dataclasses import replace
from functools import partial

import streamlit as st

from convening.after import After, Commitment, CommitmentDraft
from convening.drafts import taken_up
from convening.i18n import Translator
from db import queries
from db.commands import after as commands
from pages.components import clock, conflicts, forms, paging
from pages.components.markdown import bold, escape

_PAGES, _SIZE = "after_commitments", 10


def show(found: After, t: Translator) -> None:
    """Those that are open by their day, then those that were kept."""
    with st.container(key="after_commitments"):
        st.subheader(t("after.commitments"), anchor=False)
        promised = found.commitments
        if not promised:
            st.text(t("after.commitments_none"))
        start, end = paging.slice_of(len(promised), _PAGES, _SIZE)
        for each in promised[start:end]:
            _commitment(each, found.meeting.id, t)
        paging.buttons(len(promised), _PAGES, t, _SIZE)
        if st.button(t("after.add"), icon=":material/add:", key="add_commitment"):
            _add(found.meeting.id, t)


def line(each: Commitment, t: Translator) -> str:
    """Who, and until when, or when it was kept."""
    if each.done_at is not None:
        return t("after.line_done", owner=each.owner, date=clock.here(each.done_at).date())
    if each.due_on is None:
        return each.owner
    late = each.overdue(clock.here().date())
    return t("after.line_late" if late else "after.line", owner=each.owner, date=each.due_on)


def _commitment(each: Commitment, convening_id: int, t: Translator) -> None:
    with st.container(
        border=True, horizontal=True, vertical_alignment="center", key=f"commitment_{each.id}"
    ):
        with st.container(gap=None):
            st.markdown(bold(each.what))
            st.caption(escape(line(each, t)))
        with st.container(horizontal=True, width="content", gap="xsmall"):
            _actions(each, convening_id, t)


def _actions(each: Commitment, convening_id: int, t: Translator) -> None:
    offered = ["edit", "remove"]
    if each.done_at is not None:
        offered.insert(0, "not_done")
    elif st.button(t("after.tick"), icon=":material/check:", key=f"tick_{each.id}"):
        _tick(each, True, t)
    chosen = st.menu_button(
        t("after.more"),
        offered,
        format_func=lambda name: t(f"after.{name}"),
        key=f"commitment_more_{each.id}",
    )
    if chosen == "edit":
        _edit(each, convening_id, t)
    elif chosen == "not_done":
        _tick(each, False, t)
    elif chosen == "remove":
        forms.confirm(
            t("after.remove_title"),
            t("after.remove_question", what=each.what),
            t("after.remove"),
            commands.remove_commitment,
            each.id,
            each.version,
            t=t,
        )


def _tick(each: Commitment, done: bool, t: Translator) -> None:
    ticked = forms.submit(commands.tick_commitment, each.id, done=done, version=each.version, t=t)
    if ticked is not None:
        forms.saved(t)
        st.rerun()


def _add(convening_id: int, t: Translator) -> None:
    @st.dialog(t("after.add_title"))
    def ask() -> None:
        draft, pressed = _form(CommitmentDraft(convening_id), "new", t)
        if pressed and forms.submit(commands.add_commitment, draft, t=t) is not None:
            forms.saved(t)
            st.rerun()

    ask()


def _edit(each: Commitment, convening_id: int, t: Translator) -> None:
    editor = conflicts.listed(
        "commitment",
        "commitment",
        each,
        partial(taken_up, CommitmentDraft, convening_id=convening_id),
        queries.after.commitments,
        convening_id,
        what="commitment",
    )

    @st.dialog(t("after.edit_title"), on_dismiss=conflicts.closing(editor.key))
    def ask() -> None:
        with conflicts.fields(editor):
            draft, pressed = _form(editor.hold(), str(each.id), t)
        if conflicts.submit(editor, pressed, commands.edit_commitment, draft, t=t) is not None:
            forms.saved(t)
            st.rerun()

    ask()


def _form(opened: CommitmentDraft, key: str, t: Translator) -> tuple[CommitmentDraft, bool]:
    with st.form(key=f"commitment_form_{key}", border=False):
        draft = replace(
            opened,
            what=st.text_input(t("after.what"), opened.what, key=f"what_{key}"),
            owner=st.text_input(t("after.owner"), opened.owner, key=f"owner_{key}"),
            due_on=st.date_input(
                t("after.due_on"), opened.due_on, format="DD/MM/YYYY", key=f"due_on_{key}"
            ),
        )
        return draft, st.form_submit_button(t("common.save"), type="primary")
