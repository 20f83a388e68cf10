"""Which conversation is in hand, and the dialogs that start, rename, delete and bring one in."""

from collections.abc import Sequence
from functools import partial

import streamlit as st

from convening.drafts import taken_up
from convening.i18n import Translator
from convening.imports import polis_files
from convening.imports.polis_files import PolisConversation
from convening.imports.result import Imported
from convening.statements import TITLE_LENGTH, Conversation, ConversationDraft
from convening.text import clean
from db import queries
from db.commands import opinion
from pages.components import choices, chosen, conflicts, forms, state, store
from pages.components.markdown import escape

_IN_HAND, _OF, _FILES = "opinion_conversation", "opinion_conversation_of", "opinion_files"


def choose(found: Sequence[Conversation], initiative_id: int, t: Translator) -> Conversation:
    """The conversation in hand, with what can be done to it.

    At first, and when another convening was taken in hand, it is the newest of that convening, or
    the newest of all where it has none.
    """
    if state.get(_OF) != (initiative_id, chosen.convening_id()):
        state.drop(_IN_HAND)
        state.put(_OF, (initiative_id, chosen.convening_id()))
    here = (each.id for each in found if each.convening_id == chosen.convening_id() is not None)
    names = choices.told_apart({each.id: _name(each, t) for each in found})
    in_hand = state.get(_IN_HAND)
    first = in_hand if in_hand in names else next(here, found[0].id)
    with st.container(horizontal=True, vertical_alignment="bottom", key="opinion_choice"):
        with st.container(width=420):
            wanted = st.selectbox(
                t("opinion.choose"),
                list(names),
                index=list(names).index(first),
                format_func=names.__getitem__,
                key=f"opinion_choose_{hash(tuple(names))}_{first}",
            )
        conversation = next(each for each in found if each.id == wanted)
        if st.button(t("opinion.settings"), icon=":material/tune:", key="opinion_settings"):
            _settings(conversation, t)
        bring_in_button(initiative_id, t)
    state.put(_IN_HAND, wanted)
    return conversation


def bring_in_button(initiative_id: int, t: Translator) -> None:
    if st.button(t("opinion.bring_in"), icon=":material/upload_file:", key="opinion_bring_in"):
        _bring_in(initiative_id, t)


def create(initiative_id: int, t: Translator) -> None:
    """Asks for a title and the convening in which it is held."""
    meetings = {
        each.id: chosen.label(each, t)
        for each in store.read(queries.convenings.nearby, initiative_id, chosen.convening_id())
    }

    @st.dialog(t("opinion.new_title"))
    def ask() -> None:
        with st.form(key="conversation_new", border=False):
            title = st.text_input(
                t("opinion.title"),
                max_chars=TITLE_LENGTH,
                help=t("opinion.title_help"),
                key="conversation_title",
            )
            labels = [t("opinion.no_convening"), *choices.told_apart(meetings).values()]
            ids = [None, *meetings]
            at = ids.index(chosen.convening_id()) if chosen.convening_id() in meetings else 0
            place = st.selectbox(
                t("opinion.of_convening"),
                range(len(ids)),
                index=at,
                format_func=labels.__getitem__,
                key="conversation_convening",
            )
            pressed = st.form_submit_button(t("common.save"), type="primary")
        draft = ConversationDraft(initiative_id, title, ids[place])
        made = forms.submit(opinion.create_conversation, draft, t=t) if pressed else None
        if made is not None:
            _take(made, initiative_id, t)

    ask()


def _settings(conversation: Conversation, t: Translator) -> None:
    editor = conflicts.listed(
        "conversation",
        "conversation",
        conversation,
        partial(taken_up, ConversationDraft),
        queries.opinion.listing,
        conversation.initiative_id,
        what="conversation",
    )

    @st.dialog(t("opinion.settings_title"), on_dismiss=conflicts.closing(editor.key))
    def ask() -> None:
        with conflicts.fields(editor), st.form(key="conversation_form", border=False):
            held = editor.hold()
            title = st.text_input(
                t("opinion.title"),
                held.title,
                max_chars=TITLE_LENGTH,
                help=t("opinion.title_help"),
                key="conversation_title",
            )
            draft = taken_up(ConversationDraft, held, title=title)
            pressed = st.form_submit_button(t("common.save"), type="primary")
        if conflicts.submit(editor, pressed, opinion.edit_conversation, draft, t=t) is not None:
            forms.saved(t)
            st.rerun()
        if conversation.brought_in or not conversation.voters:
            _delete(conversation, t)

    ask()


def _delete(conversation: Conversation, t: Translator) -> None:
    for_good = conversation.brought_in and conversation.voters
    with st.expander(t("common.delete"), icon=":material/delete:"):
        st.text(t("opinion.delete_for_good" if for_good else "opinion.delete_question"))
        pressed = st.button(t("common.delete"), key="conversation_delete")
        if pressed and forms.submit(opinion.delete_conversation, conversation.id, t=t) is not None:
            state.drop(_IN_HAND)
            forms.saved(t, "forms.done")
            st.rerun()


def _bring_in(initiative_id: int, t: Translator) -> None:
    """The files of a Polis export, what is in them or wrong with them, and the import."""

    @st.dialog(t("opinion.bring_in"), width="medium")
    def ask() -> None:
        st.caption(escape(t("opinion.bring_in_help")))
        uploaded = st.file_uploader(
            t("opinion.bring_in_file"),
            # A workbook too, so that it is told in plain words what to do with it
            type=["csv", "txt", "xlsx", "xls", "ods", "zip"],
            accept_multiple_files=True,
            key=f"{_FILES}_{state.counter(_FILES)}",
        )
        if not uploaded:
            return
        names = [clean(each.name) for each in uploaded]
        found = polis_files.read([each.getvalue() for each in uploaded], names)
        if found.problems:
            forms.problems(found.problems, t)
            return
        _found(found, t)
        title = st.text_input(
            t("opinion.title"),
            t("opinion.bring_in_title"),
            max_chars=TITLE_LENGTH,
            key="bring_in_title",
        )
        if st.button(t("opinion.bring_in_now"), type="primary", key="bring_in_now"):
            draft = ConversationDraft(initiative_id, title)
            made = forms.submit(opinion.import_conversation, draft, found.records[0], t=t)
            if made is not None:
                state.bump(_FILES)
                _take(made, initiative_id, t)

    ask()


def _found(found: Imported[PolisConversation], t: Translator) -> None:
    """What the files hold, before anything is written."""
    [conversation] = found.records
    st.text(
        t(
            "opinion.bring_in_found",
            statements=t("opinion.statements_count", count=len(conversation.comments)),
            votes=t("opinion.votes_count", count=len(conversation.votes)),
            people=t("common.people", count=len({each.participant for each in conversation.votes})),
        )
    )
    rejected = sum(not each.shown for each in conversation.comments)
    if rejected:
        st.text(t("opinion.bring_in_rejected", count=rejected))
    if not conversation.groups:
        st.text(t("opinion.bring_in_no_groups"))


def _take(conversation_id: int, initiative_id: int, t: Translator) -> None:
    """Takes what was just made in hand."""
    state.put(_IN_HAND, conversation_id)
    state.put(_OF, (initiative_id, chosen.convening_id()))
    forms.saved(t)
    st.rerun()


def _name(conversation: Conversation, t: Translator) -> str:
    """The title, with where it was held."""
    where = t("opinion.brought_in") if conversation.brought_in else conversation.convening
    return f"{conversation.title} · {where}" if where else conversation.title
