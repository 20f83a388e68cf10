"""The block that goes on, with its time running down in the browser, and what can be done to it.

A button's key names the block that it acts on: where two facilitate, a tap on what the other has
changed meanwhile does nothing.
"""

from datetime import timedelta
from typing import Any

import streamlit as st

from convening import rooms
from convening.agenda import LONGEST_BLOCK
from convening.i18n import Translator
from convening.walltime import local
from db.commands import room
from pages.components import forms, going
from pages.components.markdown import bold, escape
from pages.components.room_desk import Desk, again

STEP = 5  # minutes
_MOST_LATE = timedelta(hours=3)  # beyond it the room is open at another time than was planned
_JS = """
const two = (number) => String(number).padStart(2, "0");
export default function ({ data, parentElement }) {
  let box = parentElement.querySelector(".clock");
  if (!box) {
    box = document.createElement("div");
    box.className = "clock";
    box.setAttribute("role", "timer");
    box.append(document.createElement("strong"), document.createElement("span"));
    parentElement.append(box);
  }
  box.dir = data.dir;
  const ahead = data.now - Date.now(); // the clock of this device may be wrong
  const show = () => {
    const left = Math.round((data.ends - (Date.now() + ahead)) / 1000);
    const seconds = Math.abs(left);
    const [time, word] = box.children;
    time.textContent = `${two(Math.floor(seconds / 60))}:${two(seconds % 60)}`;
    time.dir = "ltr";
    word.textContent = left < 0 ? data.over : data.left;
    box.classList.toggle("over", left < 0);
  };
  show();
  clearInterval(box.timer); // of the facts before these
  const timer = (box.timer = setInterval(show, 1000));
  return () => clearInterval(timer);
}
"""
_CSS = """
.clock {
  display: flex; align-items: baseline; gap: 0.75rem;
  font-family: var(--st-font); color: var(--st-text-color);
}
.clock strong { font-size: 3rem; line-height: 1.2; font-variant-numeric: tabular-nums; }
.clock.over strong { color: var(--st-red-text-color, var(--st-red-color)); }
.clock.over span { font-weight: 600; }
"""

_clock = st.components.v2.component("halqa_room_clock", js=_JS, css=_CSS)


def show(desk: Desk, t: Translator) -> None:
    """The block in hand and the next one; without an agenda, where to write one."""
    snapshot = desk.snapshot
    if not snapshot.blocks:
        st.text(t("room.no_agenda"))
        meeting = snapshot.meeting
        label = t("room.to_agenda")
        going.link("agenda", label, initiative=meeting.initiative_id, convening=meeting.id)
        return
    with st.container(border=True, key="room_clock"):
        timed = rooms.running(snapshot, desk.now)
        if timed:
            _running(desk, timed, t)
        else:
            st.markdown(bold(t("room.no_block")))
        _next(desk, timed, t)


def _running(desk: Desk, timed: list[rooms.Timed], t: Translator) -> None:
    current = timed[0]
    st.header(escape(current.block.title), anchor=False)
    if desk.now - current.ends > _MOST_LATE:
        ended = t.moment(local(current.ends, desk.snapshot.meeting.zone))
        st.text(t("room.ended", moment=ended))
        return
    _clock(data=_facts(desk, current, t), key=f"clock_{desk.id}")
    if current.block.goal:
        st.text(current.block.goal)
    with st.container(horizontal=True, key="room_retime"):
        for name, minutes, keep_end in (
            ("longer", STEP, False),
            ("shorter", -STEP, False),
            ("longer_keep", STEP, True),
        ):
            if not 1 <= current.block.minutes + minutes <= LONGEST_BLOCK:
                continue
            if st.button(t(f"room.{name}", count=STEP), key=f"room_{name}_{current.block.id}"):
                _retime(desk, current.block.id, minutes, keep_end, t)
    if said := _pace(desk, timed, t):
        st.text(said)


def _pace(desk: Desk, timed: list[rooms.Timed], t: Translator) -> str:
    """By how much it ends late; on another day, for when it was planned."""
    meeting = desk.snapshot.meeting
    late = rooms.late(timed, meeting.ends_at)
    if meeting.ends_at is None or late <= 0:
        return ""
    if timedelta(minutes=late) <= _MOST_LATE:
        return t("room.late", count=late)
    return t("room.planned_end", moment=t.moment(local(meeting.ends_at, meeting.zone)))


def _facts(desk: Desk, current: rooms.Timed, t: Translator) -> dict[str, Any]:
    return {
        "now": round(desk.now.timestamp() * 1000),
        "ends": round(current.ends.timestamp() * 1000),
        "left": t("room.left"),
        "over": t("room.over"),
        "dir": "rtl" if t.rtl else "ltr",
    }


def _next(desk: Desk, timed: list[rooms.Timed], t: Translator) -> None:
    """One tap goes on; any other block can be begun as well."""
    following = desk.snapshot.following
    with st.container(horizontal=True, vertical_alignment="center", key="room_next"):
        if following is not None:
            label = t("room.start", title=following.title)
            if st.button(escape(label), type="primary", key=f"room_next_{following.id}"):
                _start(desk, following.id, t)
            if len(timed) > 1:
                st.text(t("room.starts_at", time=desk.clock(timed[1].starts, t)))
        else:
            st.text(t("room.last_block"))
        with st.popover(t("room.other_block"), key="room_other"):
            for block in desk.snapshot.blocks:
                if block.id != (desk.room.block_id if desk.room else None) and st.button(
                    escape(block.title), key=f"room_start_{block.id}", width="stretch"
                ):
                    _start(desk, block.id, t)


def _start(desk: Desk, block_id: int, t: Translator) -> None:
    if forms.submit(room.start_block, desk.id, block_id, t=t) is not None:
        forms.saved_here(t)
        again()


def _retime(desk: Desk, block_id: int, minutes: int, keep_end: bool, t: Translator) -> None:
    if forms.submit(room.retime_block, desk.id, block_id, minutes, keep_end, t=t) is not None:
        forms.saved_here(t)
        again()
