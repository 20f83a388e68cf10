"""One message: its text to copy, what became of it, and what can be done about it."""

import streamlit as st

from convening.i18n import Translator
from convening.outbox import Message
from convening.problems import NotFound
from convening.vocabulary import MailState
from db import queries
from db.commands import outbox
from pages.components import clock, forms, links, state, store
from pages.components.mail_list import TABLE, said_of, why
from pages.components.markdown import escape

_ASKED = "mail_asked"  # the message of which it was asked whether to send it twice


def show(message_id: int, may_write: bool, t: Translator) -> None:
    """Opens a message; one that is gone by now answers like a missing one."""
    try:
        message = store.read(queries.outbox.message, message_id, links.base())
    except NotFound as error:
        forms.problems(error.problems, t)
        return

    @st.dialog(escape(message.subject), width="medium", on_dismiss=_forget)
    def ask() -> None:
        _facts(message, t)
        if may_write:
            _actions(message, t)
        with st.container(key="mail_text"):
            st.code(message.text, language=None, wrap_lines=True)

    ask()


def _facts(message: Message, t: Translator) -> None:
    listed = message.listed
    to = t("mail.to", name=listed.name, address=listed.recipient or t("mail.no_address"))
    st.text(to)
    at = clock.here(listed.at)
    st.text(t("mail.stands", state=said_of(listed, t), kind=t.word(listed.kind), at=at))
    if listed.problem:
        st.warning(escape(why(listed.problem, t)))
    if message.next_attempt_at is not None:
        st.text(t("mail.next_attempt", at=clock.here(message.next_attempt_at)))
    if listed.state is MailState.BY_HAND:
        st.text(t("mail.by_hand_help"))


def _actions(message: Message, t: Translator) -> None:
    listed = message.listed
    if listed.state not in (MailState.BY_HAND, MailState.FAILED, MailState.UNCERTAIN):
        return
    uncertain = listed.state is MailState.UNCERTAIN
    with st.container(horizontal=True):
        handed = st.button(
            t("mail.arrived" if uncertain else "mail.hand_over"),
            type="primary" if listed.state is not MailState.FAILED else "secondary",
            icon=":material/check:",
            key="mail_hand_over",
        )
        again = message.can_be_sent and st.button(
            t("mail.send" if listed.state is MailState.BY_HAND else "mail.send_again"),
            type="primary" if listed.state is MailState.FAILED else "secondary",
            icon=":material/send:",
            key="mail_send_again",
        )
    if handed:
        _done(forms.submit(outbox.hand_over, listed.id, t=t), t, "mail.noted")
    if uncertain and (again or state.get(_ASKED) == listed.id):
        state.put(_ASKED, listed.id)
        again = _sure(t)
    if again:
        _done(forms.submit(outbox.send_again, listed.id, t=t), t, "mail.will_be_sent")


def _sure(t: Translator) -> bool:
    st.warning(escape(t("mail.twice_question")))
    return st.button(t("mail.twice_yes"), key="mail_twice_yes")


def _done(result: int | None, t: Translator, key: str) -> None:
    if result is not None:
        _forget()
        forms.saved(t, key)
        st.rerun()


def _forget() -> None:
    """The list shows no chosen line any more, so that it does not open the message again."""
    state.bump(TABLE)
    state.drop(_ASKED)
