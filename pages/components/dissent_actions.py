"""What can be done about one view: answer it, note what its owner says, sign, strike through."""

from collections.abc import Callable, Sequence
from typing import Any

import streamlit as st

from convening.definitions import Definition, Version, adopted_since
from convening.dissent import ROUNDS, is_loose
from convening.dissent_drafts import RATIONALE_LENGTH, REASON_LENGTH, ResponseDraft
from convening.i18n import Translator
from convening.initiatives import Initiative
from convening.ledger import Entry
from convening.roles import Action, Actor, may
from convening.vocabulary import DissentState, NoteState, Outcome, ReplyChannel, VersionState
from db import queries
from db.commands import dissent, keeper, responses
from pages.components import dissent_list, forms, store
from pages.components.markdown import escape

_TO_ANSWER = (DissentState.UNANSWERED, DissentState.REOPENED, DissentState.NOT_ASKED)
_TO_HEAR = (DissentState.NOT_ASKED, DissentState.ASKED, DissentState.NO_REPLY)
_OUTCOMES = (Outcome.INCORPORATED, Outcome.STANDS)


def show(entry: Entry, actor: Actor, initiative: Initiative, t: Translator) -> None:
    """Every action that the viewer may take in the state that the view is in."""
    allowed = {each: may(actor, each, initiative.id) for each in Action}
    if entry.state is DissentState.STRUCK:
        if entry.note_state is NoteState.HIDDEN and allowed[Action.SEE_HELD_NOTES]:
            _button("show", keeper.show_note, entry, t)
        return
    speaks = allowed[Action.SEE_HELD_NOTES] and not entry.anonymous and not entry.has_account
    definition = store.read(queries.definitions.definition, entry.definition_id)
    if allowed[Action.RESPOND] and entry.state in _TO_ANSWER:
        _respond(entry, definition, t)
    if allowed[Action.LOG_DISSENT] and entry.state is DissentState.NOT_ASKED:
        st.text(t("dissent.ask_help"))
        _button("asked", responses.note_asked, entry, t)
    loose = _is_loose(entry, definition)
    said = entry.answers[-1].answers if entry.answers else None
    if entry.state in _TO_HEAR and (entry.own or speaks):
        _reply(entry, "your_reply" if entry.own else "their_reply", (True, False), t)
    elif loose and said is not None and (entry.own or (speaks and _noted_for(entry))):
        name = f"replied_{'yes' if said else 'no'}" if entry.own else "noted_for"
        _reply(entry, name, (not said,), t)
    if entry.state is DissentState.UNSIGNED and allowed[Action.LOG_DISSENT] and not entry.own:
        st.text(t("dissent.signed_one" if entry.signed else "dissent.sign_help"))
        if not entry.signed:
            _button("sign", responses.sign, entry, t, primary=True)
    if _stands(entry) and (entry.own or speaks):
        _publish(entry, t)
    if entry.own and loose:
        _withdraw(entry, t)
    if loose:
        _take_out(entry, allowed, t)


def _is_loose(entry: Entry, definition: Definition) -> bool:
    """Whether something can still be changed of it: until a version is adopted with its answer."""
    responded_at = entry.answers[-1].responded_at if entry.answers else None
    return is_loose(entry.state, responded_at, adopted_since(definition.versions, entry.number))


def _withdraw(entry: Entry, t: Translator) -> None:
    """A closed box, because it cannot be undone."""
    with st.expander(t("dissent.withdraw"), key="dissent_withdraw_ask"):
        st.text(t("dissent.withdraw_help"))
        _button("withdraw", responses.withdraw, entry, t)


def _respond(entry: Entry, definition: Definition, t: Translator) -> None:
    rewritten = entry.state is DissentState.NOT_ASKED
    last = entry.answers[-1] if entry.answers and rewritten else None
    title = "rewrite" if rewritten else "respond_again" if entry.answers else "respond"
    later = _later(definition, entry)
    with st.expander(t(f"dissent.{title}"), key="dissent_respond", expanded=not rewritten):
        if len(entry.answers) == ROUNDS - 1 and not rewritten:
            st.caption(escape(t("dissent.second_help")))
        outcome = st.segmented_control(
            t("dissent.outcome"),
            _OUTCOMES,
            default=last.outcome if last else None,
            format_func=lambda each: t(f"dissent.outcome_{each}"),
            key="dissent_outcome",
        )
        if outcome is None:
            st.caption(escape(t("dissent.outcome_help")))
            return
        takes_up = outcome is Outcome.INCORPORATED
        if takes_up and not later:
            st.info(t("dissent.no_later_version"))
            return
        version_id = _taken_up(later, t) if takes_up else None
        rationale = st.text_area(
            t(f"dissent.rationale_{outcome}"),
            value=last.rationale if last else "",
            max_chars=RATIONALE_LENGTH,
            key="dissent_rationale",
        )
        draft = ResponseDraft(outcome, rationale, version_id, last.version if last else None)
        if st.button(t("dissent.respond_send"), type="primary", key="dissent_respond_send"):
            _run(responses.respond, entry.id, draft, t=t)


def _later(definition: Definition, entry: Entry) -> list[Version]:
    """The versions that can have taken a view up: those after its own that others have seen."""
    return [
        each
        for each in definition.versions
        if each.number > entry.number and each.state is not VersionState.DRAFT
    ]


def _taken_up(later: list[Version], t: Translator) -> int | None:
    names = {
        each.id: t("definition.number_state", number=each.number, state=each.state)
        for each in later
    }
    return st.selectbox(
        t("dissent.taken_up_in"),
        list(names),
        index=len(names) - 1,
        format_func=names.__getitem__,
        key="dissent_taken_up",
    )


def _reply(entry: Entry, question: str, offered: Sequence[bool], t: Translator) -> None:
    """What the owner can say, or change to: what was said last counts."""
    st.text(t(f"dissent.{question}"))
    with st.container(horizontal=True):
        for answers in offered:
            name = "yes" if answers else "no"
            if st.button(t(f"dissent.reply_{name}"), key=f"dissent_reply_{name}"):
                _run(responses.note_reply, entry.id, answers, t=t)


def _noted_for(entry: Entry) -> bool:
    """Whether the last reply was noted for its owner, where a slip of the finger is possible."""
    return entry.answers[-1].through is ReplyChannel.FACILITATOR


def _stands(entry: Entry) -> bool:
    """Whether it may come to stand beside the text, so that its wording is to be agreed to."""
    return bool(entry.answers) and entry.answers[-1].outcome is Outcome.STANDS


def _publish(entry: Entry, t: Translator) -> None:
    whose = "publish_own" if entry.own else "publish_theirs"
    named = "_named" if entry.person else ""  # then the name is published as well
    st.text(t(f"dissent.{whose}{named}", name=entry.person))
    with st.container(horizontal=True):
        for agreed, name in ((True, "yes"), (False, "no")):
            if entry.agreed_to_publish is not agreed and st.button(
                t(f"dissent.{whose}_{name}"), key=f"dissent_publish_{name}"
            ):
                _run(dissent.consent_to_publish, entry.id, agreed, t=t)


def _take_out(entry: Entry, allowed: dict[Action, bool], t: Translator) -> None:
    """A wrong entry is struck through, a note that harms somebody hidden; both say why."""
    speaks = allowed[Action.SEE_HELD_NOTES]
    if entry.anonymous and speaks:
        with_reason("hide", keeper.hide_note, entry.id, t)
    elif not entry.anonymous and (speaks or entry.own or entry.logged):
        with_reason("strike", dissent.strike, entry.id, t)


def with_reason(name: str, command: Callable[..., Any], subject: int | str, t: Translator) -> None:
    """A closed box with the reason that the command needs."""
    with st.expander(t(f"dissent.{name}"), key=f"dissent_{name}_{subject}"):
        st.caption(escape(t(f"dissent.{name}_help")))
        reason = st.text_input(
            t("dissent.why"), max_chars=REASON_LENGTH, key=f"dissent_{name}_why_{subject}"
        )
        if st.button(t(f"dissent.{name}_do"), key=f"dissent_{name}_do_{subject}"):
            _run(command, subject, reason, t=t)


def _button(
    name: str, command: Callable[..., Any], entry: Entry, t: Translator, *, primary: bool = False
) -> None:
    label, key = t(f"dissent.{name}_do"), f"dissent_{name}"
    if st.button(label, type="primary" if primary else "secondary", key=key):
        _run(command, entry.id, t=t)


def _run(command: Callable[..., Any], *args: Any, t: Translator) -> None:
    if forms.submit(command, *args, t=t) is not None:
        forms.saved(t)
        dissent_list.forget()
        st.rerun()
