"""The quiet entry at the foot of every screen: what did you expect here?"""

import streamlit as st

from convening.accounts import SignedIn
from convening.feedback import EXPECTED_LENGTH, FeedbackDraft
from convening.i18n import Translator
from convening.roles import Action, may
from db.commands import feedback
from pages.components import forms


def entry(screen: str, viewer: SignedIn, t: Translator) -> None:
    """The button; the screen that it stands on is known without being asked."""
    if may(viewer.actor, Action.GIVE_FEEDBACK) and st.button(
        t("feedback.give"), type="tertiary", icon=":material/chat_bubble:", key="feedback_give"
    ):
        ask(screen, t)


def ask(screen: str, t: Translator) -> None:
    """One field, and what is kept besides."""

    @st.dialog(t("feedback.give"))
    def dialog() -> None:
        with st.form(key="feedback_form", border=False):
            expected = st.text_area(
                t("feedback.give_expected"),
                height=140,
                max_chars=EXPECTED_LENGTH,
                key="feedback_expected",
            )
            st.caption(t("feedback.give_help", screen=t(f"screen.{screen}")))
            sent = st.form_submit_button(t("feedback.give_send"), type="primary")
        if sent:
            draft = FeedbackDraft(screen, t.language, expected)
            if forms.submit(feedback.give_feedback, draft, t=t) is not None:
                forms.saved(t, "feedback.thanks")
                st.rerun()

    dialog()
