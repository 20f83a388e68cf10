"""What was logged last, each line with the way back."""

from collections.abc import Sequence

import streamlit as st

from convening import rooms
from convening.i18n import Translator
from convening.room_entries import together
from convening.rooms import Logged
from convening.vocabulary import GROUP_SIGNS, Group
from db.commands import dissent, room_log
from pages.components import forms, going
from pages.components.markdown import escape
from pages.components.room_desk import Desk, again


def show(desk: Desk, most: int, t: Translator) -> None:
    """The last entries, the newest first; whatever is struck stays, and counts no more."""
    log = together(desk.snapshot.log)
    if not log:
        st.caption(t("room.nothing_logged"))
        return
    with st.container(key="room_entries", gap="small"):
        for each in log[:most]:
            _entry(each, desk, t)
        if len(log) > most:
            st.caption(t("room.more_entries", count=len(log) - most))


def notes(desk: Desk, t: Translator) -> None:
    """How many anonymous notes there are, and where they are read and let go."""
    found = desk.snapshot.notes
    if not found.total:
        return
    meeting = desk.snapshot.meeting
    st.text(t("room.notes", count=found.total, released=len(found.released)))
    label = t("room.to_notes")
    going.link("dissent", label, initiative=meeting.initiative_id, convening=meeting.id)


def _entry(lines: Sequence[Logged], desk: Desk, t: Translator) -> None:
    each = lines[0]
    name = f"{'view' if each.kind is None else 'entry'}_{each.id}"
    with st.container(horizontal=True, vertical_alignment="center", key=f"room_{name}"):
        text = escape(line(lines, desk, t))
        st.markdown(f"~~{text}~~ {escape(t('room.struck'))}" if each.struck else text)
        user_id = desk.viewer.actor.user_id
        if each.kind is None and not rooms.can_take_back(each, user_id, desk.now):
            return  # anybody else's view is struck through in the ledger, with a reason
        label = t("room.count_again" if each.struck else "common.undo")
        icon = ":material/redo:" if each.struck else ":material/undo:"
        if st.button(label, icon=icon, key=f"room_undo_{name}", width="content"):
            _undo(each, t)


def line(lines: Sequence[Logged], desk: Desk, t: Translator) -> str:
    """An entry as one line: time, groups, what it is, the words; a count with all its numbers."""
    each = lines[0]
    what = t.word(each.kind) if each.kind else t.word(each.strength) if each.strength else ""
    words = [t.isolated(each.text) if each.text else ""]
    counted = each.choice is not None
    if counted:
        words += map(t.isolated, _statement(each, desk))
        words += _numbers(lines, t)
    said = ": ".join(filter(None, (what, " · ".join(filter(None, words)))))
    parts = [desk.clock(each.at, t), "" if counted else signs(each.groups), said]
    if each.afterwards:
        parts.append(t("room.said_afterwards"))
    return " · ".join(filter(None, parts))


def _numbers(lines: Sequence[Logged], t: Translator) -> list[str]:
    """The numbers of a count, one piece for each group: "■ Agree: 4, Pass: 1"."""
    found: dict[frozenset[Group], list[str]] = {}
    for each in lines:
        if each.choice is not None:
            number = f"{t.word(each.choice)}: {t.number(each.people)}"
            found.setdefault(each.groups, []).append(number)
    return [
        " ".join(filter(None, (signs(groups), t("common.list_separator").join(numbers))))
        for groups, numbers in found.items()
    ]


def signs(groups: frozenset[Group]) -> str:
    return "".join(GROUP_SIGNS[each] for each in Group if each in groups)


def _statement(each: Logged, desk: Desk) -> Sequence[str]:
    return [found.text for found in desk.snapshot.statements if found.id == each.statement_id]


def _undo(each: Logged, t: Translator) -> None:
    """A dissenting view is struck with a reason; it stays in the ledger, as everything does."""
    if each.kind is None:
        done = forms.submit(dissent.take_back, each.id, t("room.struck_because"), t=t)
    else:
        done = forms.submit(room_log.strike_entry, each.id, t=t)
    if done is not None:
        forms.saved_here(t)
        again()
