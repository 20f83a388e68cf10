"""What invited people answered: how many, by which way, with which needs; noting what was said."""

from collections.abc import Sequence
from dataclasses import replace

import streamlit as st

from convening.answers import (
    ANSWERABLE,
    NEEDS_NOTE_LENGTH,
    REASON_LENGTH,
    AnswerCounts,
    RecordedDraft,
    count,
    recorded,
)
from convening.i18n import Translator
from convening.invitations import Invitation
from convening.vocabulary import AnswerChannel, ConveningState, Group, Need
from db import queries
from db.commands import answers, outbox
from pages.components import clock, conflicts, forms, invitees_desk
from pages.components.invitees_desk import Desk
from pages.components.markdown import escape

_OVER = (ConveningState.HELD, ConveningState.CANCELLED)
_SPOKEN = (AnswerChannel.TELEPHONE, AnswerChannel.VISIT)  # what comes by the link comes by itself


def show(desk: Desk, t: Translator) -> None:
    """How many have answered, who would still come, and the reminder for the others."""
    people = desk.facts.invitations
    found = counts(people)
    if not found.asked:
        return
    with st.container(horizontal=True, vertical_alignment="center", key="invitees_answers"):
        lines = [t("answers.counts", count=found.asked, answered=found.answered)]
        wishes = sum(each.wants_place for each in people)
        if wishes:
            lines.append(t("answers.wishes", count=wishes))
        st.text(" ".join(lines))
        silent = desk.facts.to_remind
        if not (silent and _open(desk)):
            return
        label = t("answers.remind", count=len(silent))
        if st.button(label, key="remind", icon=":material/notifications:"):
            forms.confirm(
                label,
                t("answers.remind_question", count=len(silent)),
                label,
                outbox.queue_reminder,
                desk.facts.meeting.id,
                silent,
                t=t,
            )


def counts(people: Sequence[Invitation]) -> AnswerCounts:
    return count([(each.status, each.answered_at is not None) for each in people])


def said(person: Invitation, t: Translator) -> str:
    """When and how the answer came in, with a wish and a reason; empty without one."""
    if person.answered_at is None or person.answered_by is None:
        return ""
    day = clock.here(person.answered_at).date()
    parts = [t("answers.line", channel=person.answered_by, date=day)]
    if person.wants_place:
        parts.append(t("answers.wants_place"))
    if person.declined_because:
        parts.append(t("answers.reason_line", reason=person.declined_because))
    return " · ".join(parts)


def needs(person: Invitation, t: Translator) -> str:
    """What the person asks for, in words."""
    words = t.join(t.word(each) for each in person.needs)
    return " · ".join(filter(None, (words, person.needs_note)))


def columns(desk: Desk, people: Sequence[Invitation], t: Translator) -> dict[str, list[str]]:
    """Message, answer and needs for the list; a column in which nothing would stand is left out."""
    mail = desk.facts.mail
    found = {
        "answers.column_message": [t.word(mail[p.id]) if p.id in mail else "" for p in people],
        "answers.column_answer": [said(each, t) for each in people],
        "answers.needs": [needs(each, t) for each in people],
    }
    return {t(key): values for key, values in found.items() if any(values)}


def detail(person: Invitation, t: Translator) -> None:
    """The whole answer of one person, where there is one."""
    lines = [said(person, t)]
    if asked_for := needs(person, t):
        lines.append(t("answers.needs_line", needs=asked_for))
    if any(lines):
        st.text("\n".join(filter(None, lines)))


def recordable(desk: Desk, person: Invitation) -> bool:
    """Whether an answer of this person can be noted now."""
    erased = person.stakeholder_id is None
    return desk.invites and _open(desk) and person.status in ANSWERABLE and not erased


def record(person: Invitation, t: Translator) -> None:
    """Asks what the person said, on the telephone or on a visit."""
    editor = conflicts.listed(
        "answer",
        "invitation",
        person,
        recorded,
        queries.invitations.listing,
        person.convening_id,
        what="invitation",
    )

    @st.dialog(t("answers.record"), on_dismiss=conflicts.closing(editor.key))
    def ask() -> None:
        st.text(person.name)
        st.caption(t("answers.record_help"))
        with conflicts.fields(editor), st.form(key="answer", border=False):
            draft = _fields(person, t)
            pressed = st.form_submit_button(t("common.save"), type="primary")
        done = conflicts.submit(editor, pressed, answers.record_answer, draft, t=t)
        if done is not None:
            key = "answers.wish_recorded" if done.wants_place else "answers.recorded"
            invitees_desk.finish(t(key, name=person.name, status=done.status))

    ask()


def _fields(person: Invitation, t: Translator) -> RecordedDraft:
    """What was said as a draft; the fields begin from what is on record."""
    answered = _answer(recorded(person), t)
    return replace(_needs(answered, t), groups=_groups(person, t))


def _answer(draft: RecordedDraft, t: Translator) -> RecordedDraft:
    """By which way it came, yes or no, and why."""
    channel = st.segmented_control(
        t("answers.channel"),
        _SPOKEN,
        default=draft.channel,
        required=True,
        format_func=t.word,
        key="answer_channel",
    )
    accept = st.segmented_control(
        t("answers.accept"),
        [True, False],
        default=draft.accept,
        format_func=lambda yes: t("answers.yes" if yes else "answers.no"),
        key="answer_accept",
    )
    reason = st.text_area(
        t("answers.reason"),
        draft.reason,
        max_chars=REASON_LENGTH,
        height="content",
        key="answer_reason",
    )
    return replace(draft, channel=channel or draft.channel, accept=accept, reason=reason)


def _needs(draft: RecordedDraft, t: Translator) -> RecordedDraft:
    """What the person asks for, so that they can come."""
    asked_for = st.pills(
        t("answers.needs"),
        list(Need),
        selection_mode="multi",
        default=[each for each in Need if each in draft.needs],
        format_func=t.word,
        key="answer_needs",
    )
    note = st.text_input(
        t("answers.needs_note"),
        draft.needs_note,
        max_chars=NEEDS_NOTE_LENGTH,
        key="answer_needs_note",
    )
    return replace(draft, needs=frozenset(asked_for), needs_note=note)


def _groups(person: Invitation, t: Translator) -> frozenset[Group] | None:
    """Where the person stands by their own word; None where they were not asked. Another choice
    than what is known counts, whether or not the box is ticked."""
    asked = st.checkbox(t("answers.groups_asked"), key="answer_groups_asked")
    chosen = st.pills(
        t("answers.groups"),
        list(Group),
        selection_mode="multi",
        default=[each for each in Group if each in person.groups],
        format_func=lambda each: escape(t.word(each)),
        key="answer_groups",
    )
    groups = frozenset(chosen)
    return groups if asked or groups != person.groups else None


def _open(desk: Desk) -> bool:
    return desk.invites and desk.facts.meeting.state not in _OVER
