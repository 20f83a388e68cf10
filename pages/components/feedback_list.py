"""Remarks about the product, one below the other, and the dialog that follows one up."""

from collections.abc import Sequence
from functools import partial

import streamlit as st

from convening.drafts import taken_up
from convening.exports.tables import write_csv
from convening.feedback import TRIED_LENGTH, FollowUpDraft, Remark, RemarkFilter
from convening.i18n import Translator
from convening.vocabulary import FeedbackState
from db import queries
from db.commands import feedback
from pages.components import choices, clock, conflicts, forms, paging, state, store
from pages.components.markdown import bold, escape

_PAGES = "feedback"


def filters(t: Translator) -> RemarkFilter:
    """Which screen and which state."""
    known = store.read(queries.feedback.screens)
    with st.container(horizontal=True, vertical_alignment="bottom", key="feedback_filters"):
        with st.container(width=220):
            screen = choices.one_of(
                {each: screen_name(each, t) for each in known},
                t("feedback.screen"),
                t,
                key="feedback_screen",
            )
        with st.container(width=220):
            found = choices.one_or_all(t("feedback.state"), FeedbackState, t, key="feedback_state")
    wanted = RemarkFilter(screen, found)
    if wanted != state.get("feedback_wanted"):
        state.put("feedback_wanted", wanted)
        paging.to_start(_PAGES)
    return wanted


def show(wanted: RemarkFilter, t: Translator) -> None:
    """A page of the remarks that fit, and all of them to take along."""
    size = queries.feedback.PAGE_SIZE
    found = store.read(queries.feedback.page, wanted, paging.current(_PAGES), size)
    if not found.remarks and paging.current(_PAGES):
        paging.to_start(_PAGES)
        st.rerun()
    if not found.total:
        st.info(t("feedback.none_found"))
        return
    for remark in found.remarks:
        _one(remark, t)
    paging.buttons(found.total, _PAGES, t, size)
    st.download_button(
        t("feedback.export"),
        store.later(queries.feedback.everything, lambda every: as_csv(every, t), wanted),
        file_name=f"{t('feedback.file')}.csv",
        mime="text/csv",
        icon=":material/download:",
        on_click="ignore",
        key="feedback_export",
    )


def as_csv(remarks: Sequence[Remark], t: Translator) -> bytes:
    """Every remark with its follow-up; no cell is a formula."""
    names = ("at", "who", "screen", "language", "expected", "state", "tried")
    rows = [
        [
            f"{each.at:%Y-%m-%d %H:%M} UTC",
            each.who,
            screen_name(each.screen, t),
            t.word(each.language),
            each.expected,
            t.word(each.state),
            each.tried,
        ]
        for each in remarks
    ]
    return write_csv([[t(f"feedback.column_{name}") for name in names], *rows])


def screen_name(screen: str, t: Translator) -> str:
    """The screen's title; one that has gone since keeps its name."""
    return t(f"screen.{screen}") if t.has(f"screen.{screen}") else screen


def _one(remark: Remark, t: Translator) -> None:
    with (
        st.container(border=True, key=f"remark_{remark.id}"),
        st.container(horizontal=True, vertical_alignment="center"),
    ):
        with st.container(gap="xsmall"):
            with st.container(horizontal=True, vertical_alignment="center"):
                st.markdown(bold(screen_name(remark.screen, t)), width="content")
                st.badge(t.word(remark.state), color="gray")
            for line in filter(None, remark.expected.split("\n")):
                st.text(line)
            st.caption(escape(_said_by(remark, t)))
            if remark.tried:
                st.caption(escape(t("feedback.tried_line", tried=remark.tried)))
        if st.button(t("feedback.open_one"), key=f"follow_up_{remark.id}"):
            _follow_up(remark, t)


def _said_by(remark: Remark, t: Translator) -> str:
    who, at = remark.who or t("feedback.nobody"), clock.here(remark.at)
    return t("feedback.said_by", who=who, at=at, language=remark.language)


def _follow_up(remark: Remark, t: Translator) -> None:
    """State and what was tried, at the version that was read; below, the way to delete it."""
    editor = conflicts.listed(
        "remark",
        "feedback",
        remark,
        partial(taken_up, FollowUpDraft),
        queries.feedback.everything,
        what="feedback",
    )

    @st.dialog(t("feedback.edit_title"), on_dismiss=conflicts.closing(editor.key))
    def ask() -> None:
        for line in filter(None, remark.expected.split("\n")):
            st.text(line)
        with conflicts.fields(editor), st.form(key=f"follow_up_form_{remark.id}", border=False):
            draft = FollowUpDraft(
                id=remark.id,
                version=remark.version,
                state=choices.one(
                    t("feedback.state"), FeedbackState, remark.state, t, key="follow_up_state"
                ),
                tried=st.text_area(
                    t("feedback.tried"),
                    remark.tried,
                    height=120,
                    max_chars=TRIED_LENGTH,
                    help=t("feedback.tried_help"),
                    key="follow_up_tried",
                ),
            )
            saved = st.form_submit_button(t("common.save"), type="primary")
        if conflicts.submit(editor, saved, feedback.follow_up, draft, t=t) is not None:
            forms.saved(t)
            st.rerun()
        with st.expander(t("feedback.delete"), icon=":material/delete:"):
            st.text(t("feedback.delete_question"))
            sure = st.button(t("feedback.delete"), key="remark_delete")
        if sure and (
            forms.submit(feedback.delete_remark, remark.id, remark.version, t=t) is not None
        ):
            forms.saved(t, "forms.done")
            st.rerun()

    ask()
