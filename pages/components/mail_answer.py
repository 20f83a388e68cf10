"""What became of the messages, in one sentence; and whether any can be sent at all."""

import streamlit as st

from convening import settings
from convening.accounts import SignedIn
from convening.i18n import Translator
from convening.initiatives import Initiative
from convening.outbox import Mailbox, Wanted
from convening.roles import Action, may
from convening.vocabulary import MailState
from db import queries
from pages.components import going, store
from pages.components.markdown import escape

# In the order of what needs somebody
_SAID = (
    MailState.SENT,
    MailState.WAITING,
    MailState.SENDING,
    MailState.FAILED,
    MailState.UNCERTAIN,
    MailState.BY_HAND,
)


def server(viewer: SignedIn, initiative: Initiative, t: Translator) -> None:
    """Where nothing leaves by e-mail, for a sample or without a mail server, people are told so."""
    current = settings.current()
    if initiative.sample:
        st.info(escape(t("mail.sample")), icon=":material/science:")
    elif current.smtp is None:
        st.info(escape(t("mail.no_server")), icon=":material/back_hand:")
    elif not current.base_url and may(viewer.actor, Action.MANAGE_ACCOUNTS):
        st.warning(escape(t("mail.no_base_url", address=current.address)))


def show(wanted: Wanted, t: Translator) -> Mailbox:
    """How many messages are in each state; without any, what to do first."""
    box = store.read(queries.outbox.mailbox, wanted, 0, 1)
    parts = [
        t(f"mail.count_{state.value}", count=box.counts[state])
        for state in _SAID
        if box.counts[state]
    ]
    if not parts:
        st.text(t("mail.empty"))
        going.link("invitees", t("mail.to_invitees"), initiative=wanted.initiative_id)
        return box
    st.text(t("mail.answer", parts=parts))
    needing = sum(box.counts[state] for state in (MailState.FAILED, MailState.UNCERTAIN))
    if needing:
        st.warning(escape(t("mail.needs_you", count=needing)))
    return box
