"""What was expected of a convening, what happened, why, and what changes."""

from functools import partial

import streamlit as st

from convening.after import Review, ReviewDraft
from convening.drafts import taken_up
from convening.i18n import Translator
from db import queries
from db.commands import after as commands
from pages.components import conflicts, forms, store
from pages.components.markdown import bold

_PARTS = ("expected", "happened", "why", "change")


def show(review: Review, t: Translator) -> None:
    """What is written, in its own lines; and the way to write it."""
    with st.container(key="after_review"):
        st.subheader(t("after.review"), anchor=False)
        if not review.version:
            st.text(t("after.review_none"))
        for part in _PARTS:
            if text := getattr(review, part):
                st.markdown(bold(t(f"after.{part}")))
                st.text(text)
        label = t("after.change_review" if review.version else "after.write")
        if st.button(label, icon=":material/edit_note:", key="write_review"):
            _edit(review, t)


def _edit(review: Review, t: Translator) -> None:
    drafted = partial(taken_up, ReviewDraft)
    editor = conflicts.Editor(
        f"review_{review.convening_id}",
        "convening_review",
        review.convening_id,
        drafted(review),
        lambda: drafted(store.read(queries.after.review, review.convening_id)),
        "convening",
    )

    @st.dialog(t("after.review"), width="large", on_dismiss=conflicts.closing(editor.key))
    def ask() -> None:
        with conflicts.fields(editor):
            opened = editor.hold()
            with st.form(key="review_form", border=False):
                texts = {
                    part: st.text_area(
                        t(f"after.{part}"),
                        getattr(opened, part),
                        height=110,
                        key=f"review_{part}",
                    )
                    for part in _PARTS
                }
                pressed = st.form_submit_button(t("common.save"), type="primary")
        draft = taken_up(ReviewDraft, opened, **texts)
        if conflicts.submit(editor, pressed, commands.write_review, draft, t=t) is not None:
            forms.saved(t)
            st.rerun()

    ask()
