"""Anonymous notes that wait: how many for the team, their words for facilitator and keeper."""

from collections import defaultdict
from collections.abc import Callable
from typing import Any

import streamlit as st

from convening.i18n import Translator
from convening.initiatives import Initiative
from convening.ledger import AlsoSaid, HeldNote
from convening.roles import Action, Actor, may
from db import queries
from db.commands import keeper
from pages.components import forms, store
from pages.components.dissent_actions import with_reason
from pages.components.markdown import bold, escape

_MOST = 20  # notes at once: each of them has two buttons


def show(actor: Actor, initiative: Initiative, t: Translator) -> None:
    """What waits, who can release it, and for those the notes themselves."""
    waiting = store.read(queries.keeper.waiting, initiative.id)
    if not waiting:
        return
    reads = may(actor, Action.SEE_HELD_NOTES, initiative.id)
    label = escape(t("dissent.notes_wait", count=waiting))
    with st.expander(label, icon=":material/lock:", key="dissent_notes"):
        if not reads:
            st.text(_who_releases(initiative.id, t))
            return
        notes = store.read(queries.keeper.held, initiative.id)
        by_room = defaultdict[int, list[HeldNote]](list)
        for note in notes[:_MOST]:
            by_room[note.convening_id].append(note)
        for found in by_room.values():
            _of_convening(found, t)
        if len(notes) > _MOST:
            st.caption(escape(t("dissent.more_notes", count=len(notes) - _MOST)))


def also_said(actor: Actor, initiative: Initiative, t: Translator) -> None:
    """What was said without a name and dissents from no version. Who decides about notes can hide
    one that was released, and take it out of hiding."""
    found = store.read(queries.keeper.also_said, initiative.id)
    if not found:
        return
    decides = may(actor, Action.SEE_HELD_NOTES, initiative.id)
    by_room = defaultdict[str, list[AlsoSaid]](list)
    for each in found:
        by_room[each.convening].append(each)
    label = escape(t("dissent.also_said", count=len(found)))
    with st.expander(label, key="dissent_also_said"):
        for title, notes in by_room.items():
            st.markdown(bold(title))
            for each in notes:
                with st.container(border=True, key=f"dissent_said_{each.id}"):
                    said(each, t)
                    if decides:
                        _decide(each, t)


def said(note: AlsoSaid, t: Translator) -> None:
    """The words of a note, and why they are hidden where they are."""
    if note.hidden:
        st.caption(escape(t("dissent.hidden", reason=note.hidden)))
    st.text(note.text)


def _decide(note: AlsoSaid, t: Translator) -> None:
    if not note.hidden:
        with_reason("hide", keeper.hide_note, note.id, t)
    elif st.button(t("dissent.show_do"), key=f"dissent_show_{note.id}"):
        _run(keeper.show_note, note.id, t)


def keepers(initiative: Initiative, t: Translator) -> None:
    """Who keeps the dissent from outside, or that somebody could."""
    st.caption(escape(_kept_by(initiative.id, t)))


def _of_convening(notes: list[HeldNote], t: Translator) -> None:
    convening_id = notes[0].convening_id
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(bold(notes[0].convening))
        if len(notes) > 1 and st.button(
            t("dissent.release_all", count=len(notes)), key=f"dissent_release_all_{convening_id}"
        ):
            forms.confirm(
                t("dissent.release_all", count=len(notes)),
                t("dissent.release_question"),
                t("dissent.release"),
                keeper.release_notes,
                convening_id,
                [each.id for each in notes],
                t=t,
            )
    for note in notes:
        with st.container(border=True, key=f"dissent_note_{note.id}"):
            _note(note, t)


def _note(note: HeldNote, t: Translator) -> None:
    st.caption(escape(_about(note, t)))
    for text in filter(None, (note.text, note.reason, note.resolution)):
        st.text(text)
    if st.button(t("dissent.release"), key=f"dissent_release_{note.id}"):
        forms.confirm(
            t("dissent.release_one"),
            t("dissent.release_one_question"),
            t("dissent.release"),
            keeper.release_note,
            note.id,
            t=t,
        )
    with_reason("hide", keeper.hide_note, note.id, t)


def _about(note: HeldNote, t: Translator) -> str:
    if note.adds_to is not None:
        return t("dissent.note_adds")
    if note.strength is None:
        return t("dissent.note_plain")
    number = t("definition.number", number=note.number)
    return " · ".join((t.word(note.strength), t.isolated(note.definition), number))


def _who_releases(initiative_id: int, t: Translator) -> str:
    names = store.read(queries.keeper.keepers, initiative_id)
    if names:
        return t("dissent.released_by_keeper", names=names)
    return t("dissent.released_by_facilitator")


def _kept_by(initiative_id: int, t: Translator) -> str:
    names = store.read(queries.keeper.keepers, initiative_id)
    return t("dissent.kept_by", names=names) if names else t("dissent.no_keeper")


def _run(command: Callable[..., Any], subject: int | str, t: Translator) -> None:
    if forms.submit(command, subject, t=t) is not None:
        forms.saved(t, "dissent.released")
        st.rerun()
