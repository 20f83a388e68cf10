"""The statements of a conversation: written, taken from the definition, and moderated."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import streamlit as st

from convening import statements
from convening.drafts import taken_up
from convening.i18n import Translator
from convening.statements import (
    TEXT_LENGTH,
    Contested,
    Conversation,
    Result,
    Results,
    Statement,
    StatementDraft,
)
from convening.vocabulary import StatementState
from db import queries
from db.commands import opinion
from pages.components import choices, conflicts, forms, paging, state, store
from pages.components.markdown import escape

_TICKED, _PAGES, _PAGE = "opinion_statements", "opinion_moderated", 20


def show(results: Results, t: Translator) -> None:
    """How many stand where, what can be added, the list, and what can be done with it."""
    listed = results.statements
    st.text(_answer(listed, t))
    with st.container(horizontal=True, key="opinion_add"):
        if st.button(t("opinion.write"), icon=":material/add:", key="opinion_write"):
            _write(results.conversation, t)
        if st.button(t("opinion.seed"), icon=":material/edit_note:", key="opinion_seed"):
            _seed(results.conversation, t)
    if not listed:
        st.info(t("opinion.statements_empty"))
        return
    _moderated(listed, results.conversation, t)


def _answer(listed: Sequence[Result], t: Translator) -> str:
    counts = {
        each.value: sum(found.statement.state is each for found in listed)
        for each in StatementState
    }
    all_of_them = t("opinion.statements_count", count=len(listed))
    return t("opinion.statements_answer", statements=all_of_them, **counts)


@st.fragment
def _moderated(listed: Sequence[Result], conversation: Conversation, t: Translator) -> None:
    """The statements in pages, and what can be done with those that are ticked."""
    ticked = _ticked(listed, conversation, t)
    paging.buttons(len(listed), _PAGES, t, _PAGE)
    with st.container(horizontal=True, key="opinion_actions"):
        if ticked:
            _actions(ticked, t)
        else:
            st.caption(t("opinion.tick"))


def _ticked(listed: Sequence[Result], conversation: Conversation, t: Translator) -> list[Statement]:
    """A page of statements, each with the whole of its text; returns those that are ticked.

    A table would cut the texts off on a tablet, and nobody can moderate what they cannot read.
    """
    first, last = paging.slice_of(len(listed), _PAGES, _PAGE)
    key = f"{_TICKED}_{conversation.id}_{first}_{state.counter(_TICKED)}"
    every = st.checkbox(t("opinion.tick_all", count=last - first), key=f"{key}_all")
    found = []
    for each in listed[first:last]:
        statement = each.statement
        with st.container(border=True, gap="xsmall", key=f"opinion_statement_{statement.number}"):
            text = t("wall.statement", number=statement.number, text=statement.text)
            # Another key with all of them ticked: the widget takes its value from here anew
            if st.checkbox(escape(text), every, key=f"{key}_{every}_{statement.id}"):
                found.append(statement)
            st.caption(escape(_about(each, t)))
    return found


def _about(result: Result, t: Translator) -> str:
    """Where a statement stands, what was voted on it, and where it comes from."""
    statement = result.statement
    parts = [t.word(statement.state), t("opinion.votes_count", count=result.people)]
    if statement.revealed:
        parts.append(t("opinion.on_wall"))
    if statement.from_version is not None:
        parts.append(_source(statement, t))
    return " · ".join(parts)


def _source(statement: Statement, t: Translator) -> str:
    return t("opinion.source", definition=statement.definition, number=statement.from_version)


def _actions(ticked: Sequence[Statement], t: Translator) -> None:
    """One button for each place to which some of the ticked statements can go."""
    for to in StatementState:
        movable = [each.id for each in statements.movable(ticked, to)]
        if movable:
            label = t(f"opinion.act_{to}", count=len(movable))
            _act(label, f"opinion_to_{to}", opinion.move_statements, movable, to, t=t)
    voted_on = (StatementState.OPEN, StatementState.CLOSED)
    hidden = [each for each in ticked if each.state in voted_on and not each.revealed]
    shown = [each.id for each in ticked if each.revealed]
    if hidden:
        ends = any(each.state is StatementState.OPEN for each in hidden)
        name = "opinion.act_end_and_reveal" if ends else "opinion.act_reveal"
        ids = [each.id for each in hidden]
        _act(t(name, count=len(ids)), "opinion_reveal", opinion.reveal, ids, True, t=t)
    if shown:
        label = t("opinion.act_conceal", count=len(shown))
        _act(label, "opinion_conceal", opinion.reveal, shown, False, t=t)
    waits = len(ticked) == 1 and ticked[0].state is StatementState.WAITING
    if waits and st.button(t("opinion.act_edit"), icon=":material/edit:", key="opinion_edit"):
        _edit(ticked[0], t)


def _act(label: str, key: str, command: Callable[..., int], *args: Any, t: Translator) -> None:
    pressed = st.button(label, key=key)
    if pressed and forms.submit(command, *args, t=t) is not None:
        state.bump(_TICKED)
        forms.saved(t)
        st.rerun()


def _write(conversation: Conversation, t: Translator) -> None:
    @st.dialog(t("opinion.write"))
    def ask() -> None:
        with st.form(key="statement_new", border=False, clear_on_submit=False):
            text = _text("", t)
            pressed = st.form_submit_button(t("opinion.write_add"), type="primary")
        draft = StatementDraft(conversation.id, text)
        if pressed and forms.submit(opinion.add_statement, draft, t=t) is not None:
            forms.saved(t)
            st.rerun()

    ask()


def _edit(statement: Statement, t: Translator) -> None:
    conversation_id = int(state.get("opinion_conversation", 0))
    editor = conflicts.listed(
        "statement",
        "statement",
        statement,
        partial(taken_up, StatementDraft, conversation_id=conversation_id),
        queries.opinion.statements,
        conversation_id,
        what="statement",
    )

    @st.dialog(
        t("opinion.edit_title", number=statement.number), on_dismiss=conflicts.closing(editor.key)
    )
    def ask() -> None:
        with conflicts.fields(editor), st.form(key="statement_form", border=False):
            held = editor.hold()
            draft = taken_up(StatementDraft, held, text=_text(held.text, t))
            pressed = st.form_submit_button(t("common.save"), type="primary")
        if conflicts.submit(editor, pressed, opinion.edit_statement, draft, t=t) is not None:
            state.bump(_TICKED)
            forms.saved(t)
            st.rerun()

    ask()


def _text(held: str, t: Translator) -> str:
    return st.text_area(
        t("opinion.write_label"),
        held,
        height=110,
        max_chars=TEXT_LENGTH,
        help=t("opinion.write_help"),
        key="statement_text",
    )


def _seed(conversation: Conversation, t: Translator) -> None:
    """What is contested in a definition, a line each, to be put into words and taken over."""
    found = store.read(queries.opinion.contested, conversation.initiative_id)

    @st.dialog(t("opinion.seed_title"), width="medium")
    def ask() -> None:
        if not found:
            st.info(t("opinion.seed_none"))
            return
        source = _version(found, t)
        lines = st.text_area(
            t("opinion.seed_label"),
            "\n".join(source.points),
            height=220,
            help=t("opinion.seed_help"),
            key=f"seed_text_{source.version_id}",
        )
        texts = [line.strip() for line in lines.splitlines() if line.strip()]
        pressed = st.button(t("opinion.seed_add"), type="primary", key="seed_add")
        if not pressed:
            return
        if (
            forms.submit(opinion.seed_statements, conversation.id, source.version_id, texts, t=t)
            is not None
        ):
            forms.saved(t)
            st.rerun()

    ask()


def _version(found: Sequence[Contested], t: Translator) -> Contested:
    names = choices.told_apart(
        {
            each.version_id: t("opinion.source", definition=each.definition, number=each.number)
            for each in found
        }
    )
    wanted = st.selectbox(
        t("opinion.seed_of"), list(names), format_func=names.__getitem__, key="seed_version"
    )
    return next(each for each in found if each.version_id == wanted)
