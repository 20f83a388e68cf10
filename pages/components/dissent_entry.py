"""One view with everything: its words, its answers and what they changed, and what can be done."""

from typing import Literal

import streamlit as st

from convening.exports.definition import verdict, who
from convening.i18n import Translator
from convening.initiatives import Initiative
from convening.ledger import Answer, DissentId, Entry
from convening.problems import NotFound
from convening.roles import Actor
from convening.vocabulary import DissentState, NoteState, Outcome
from db import queries
from pages.components import (
    clock,
    definition_desk,
    dissent_actions,
    dissent_list,
    forms,
    going,
    store,
)
from pages.components.dissent_filters import stage_name
from pages.components.markdown import bold, escape

_COLOURS: dict[DissentState, Literal["orange", "blue", "green"]] = {
    DissentState.UNANSWERED: "orange",
    DissentState.REOPENED: "orange",
    DissentState.NOT_ASKED: "blue",
    DissentState.ASKED: "blue",
    DissentState.UNSIGNED: "blue",
    DissentState.CONFIRMED: "green",
}


def show(dissent_id: DissentId, actor: Actor, initiative: Initiative, t: Translator) -> None:
    """Opens a view; one that is gone by now answers like a missing one."""
    try:
        entry = store.read(queries.dissent.entry, dissent_id)
    except NotFound as error:
        forms.problems(error.problems, t)
        return

    @st.dialog(_title(entry, t), width="medium", on_dismiss=dissent_list.forget)
    def dialog() -> None:
        found = store.read(queries.dissent.entry, dissent_id)
        facts(found, t)
        for answer in found.answers:
            _answer(found, answer, initiative, t)
        _ending(found, t)
        dissent_actions.show(found, actor, initiative, t)

    dialog()


def facts(entry: Entry, t: Translator) -> None:
    """Who said it, where, about what, and every word of it."""
    st.badge(t.word(entry.state), color=_COLOURS.get(entry.state, "gray"))
    st.text(" · ".join(_about(entry, t)))
    if entry.note_state is NoteState.HIDDEN:
        st.warning(escape(t("dissent.hidden", reason=entry.struck_because)))
    elif entry.struck_because:
        st.warning(escape(t("dissent.struck", reason=entry.struck_because)))
    if entry.passage:
        part = t.word(entry.passage_field) if entry.passage_field else ""
        st.caption(escape(t("dissent.about_passage", part=part)))
        st.text(f"“{entry.passage}”")
    if entry.statement:
        with st.container(border=True, key=f"dissent_words_{entry.id}"):
            _words(entry, t)


def _words(entry: Entry, t: Translator) -> None:
    st.text(entry.statement)
    for name in ("reason", "resolution"):
        if getattr(entry, name):
            st.markdown(bold(t(f"dissent.{name}")))
            st.text(getattr(entry, name))
    for each in entry.additions:
        st.markdown(bold(t("dissent.addition")))
        st.text(each)


def _about(entry: Entry, t: Translator) -> list[str]:
    where = [stage_name(entry, t), entry.convening, entry.block]
    if entry.afterwards:
        where.append(t("dissent.said_afterwards"))
    said = [who(entry, t), entry.definition, t("definition.number", number=entry.number), *where]
    if entry.raised_on is not None:
        said.append(t.date(entry.raised_on))
    return [t.isolated(each) for each in said if each]


def _answer(entry: Entry, answer: Answer, initiative: Initiative, t: Translator) -> None:
    if answer.outcome is Outcome.WITHDRAWN:
        st.text(t("dissent.withdrawn_on", date=clock.here(answer.answered_at).date()))
        return
    with st.container(border=True, key=f"dissent_answer_{answer.round}"):
        head = t("dissent.answer_head", round=answer.round, outcome=answer.outcome)
        st.markdown(bold(head))
        if answer.rationale:
            st.text(answer.rationale)
        if answer.number is not None:
            _link(entry, answer.number, initiative, t)
        st.caption(escape(" · ".join(_trace(answer, t))))


def _link(entry: Entry, number: int, initiative: Initiative, t: Translator) -> None:
    """To the words that changed because of it."""
    going.link(
        "definition",
        t("dissent.changed_in", number=number),
        initiative=initiative.id,
        icon=":material/difference:",
        definition=entry.definition_id,
        version=number,
        show=definition_desk.CHANGES,
    )


def _trace(answer: Answer, t: Translator) -> list[str]:
    """Who answered when, when its owner was asked, and what they said of it."""
    said = []
    if answer.responded_at is not None:
        day = clock.here(answer.responded_at).date()
        said.append(
            t("dissent.answered_by", name=answer.by, date=day) if answer.by else t.date(day)
        )
    if answer.asked_at is not None:
        said.append(t("dissent.asked_on", date=clock.here(answer.asked_at).date()))
        if answer.answers is None:
            said.append(t("dissent.asked_until", date=clock.here(answer.until).date()))
    if answer.answers is not None:
        key = "dissent.said_yes" if answer.answers else "dissent.said_no"
        through = t.word(answer.through) if answer.through else ""
        said.append(" ".join(filter(None, (t(key), f"({through})" if through else ""))))
    return said


def _ending(entry: Entry, t: Translator) -> None:
    """What its owner agreed to, and what is published with the definition."""
    if entry.state is DissentState.STILL_NO:
        st.text(verdict(entry, t))
    elif entry.signed_by:
        st.text(t("dissent.signed_by", names=list(entry.signed_by)))
    if entry.agreed_to_publish is not None:
        agreed = "agreed" if entry.agreed_to_publish else "not_agreed"
        st.text(t(f"dissent.{'own_' if entry.own else ''}{agreed}_to_publish"))


def _title(entry: Entry, t: Translator) -> str:
    return escape(t.word(entry.strength))
