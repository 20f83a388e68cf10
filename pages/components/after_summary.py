"""The summary that goes to everybody who was in the room: reading it first, and sending it."""

import streamlit as st

from convening.accounts import SignedIn
from convening.after import After
from convening.i18n import Translator
from convening.roles import Action, may
from convening.vocabulary import Language, MailState
from db import summaries
from db.commands import after as commands
from pages.components import forms, going, store
from pages.components.markdown import bold


def show(found: After, viewer: SignedIn, t: Translator) -> None:
    """Whom it still has to reach, what it says, and what became of it."""
    meeting, state = found.meeting, found.summary
    invites = may(viewer.actor, Action.INVITE, meeting.initiative_id)
    with st.container(key="after_summary"):
        st.subheader(t("after.summary"), anchor=False)
        st.caption(t("after.summary_help"))
        if not state.people:
            _nobody(found, t)
            return
        if state.missing:
            st.text(t("after.summary_people", count=state.missing))
        else:
            st.text(t("after.summary_all"))
        _written(found, viewer, t)
        if state.missing and not (found.review.happened or found.review.change):
            st.caption(t("after.review_missing"))
        with st.container(horizontal=True):
            if st.button(t("after.preview"), icon=":material/visibility:", key="preview"):
                _preview(meeting.id, t)
            sends = state.missing > 0 and invites
            if sends and st.button(
                t("after.send"), type="primary", icon=":material/send:", key="send_summary"
            ):
                _send(meeting.id, state.missing, t)


def _nobody(found: After, t: Translator) -> None:
    st.text(t("after.summary_nobody"))
    going.link(
        "door",
        t("after.to_door"),
        initiative=found.meeting.initiative_id,
        convening=found.meeting.id,
        icon=":material/meeting_room:",
    )


def _written(found: After, viewer: SignedIn, t: Translator) -> None:
    """How the messages stand, and the way to them."""
    counts = found.summary.counts
    parts = [
        t(f"mail.count_{state.value}", count=counts[state])
        for state in MailState
        if counts.get(state)
    ]
    if not parts:
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.text(t("mail.answer", parts=t.join(parts)))
        if may(viewer.actor, Action.SEE_MAIL, found.meeting.initiative_id):
            going.link(
                "mail",
                t("after.to_mail"),
                initiative=found.meeting.initiative_id,
                convening=found.meeting.id,
                icon=":material/mail:",
            )


def _preview(convening_id: int, t: Translator) -> None:
    @st.dialog(t("after.preview"), width="large")
    def ask() -> None:
        wanted = st.segmented_control(
            t("after.preview_of"),
            list(Language),
            default=t.language,
            required=True,
            format_func=lambda each: t(f"language.{each.value}"),
            key="preview_language",
        )
        spoken = wanted or Language(t.language)
        name = Translator(spoken)("after.somebody")
        written = store.read(summaries.preview, convening_id, name, spoken)
        st.markdown(bold(written.subject))
        with st.container(border=True, key="preview_text"):
            st.text(written.text)

    ask()


def _send(convening_id: int, people: int, t: Translator) -> None:
    @st.dialog(t("after.send_title"))
    def ask() -> None:
        st.text(t("after.send_question", count=people))
        with st.container(horizontal=True):
            sure = st.button(t("after.send_yes"), type="primary", key="send_yes")
            if st.button(t("common.cancel"), key="send_no"):
                st.rerun()
        if sure and forms.submit(commands.send_summary, convening_id, t=t) is not None:
            forms.saved(t, "after.sent")
            st.rerun()

    ask()
