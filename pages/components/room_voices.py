"""Whose voice was heard so far, per group, against who is in the room."""

import streamlit as st

from convening import rooms
from convening.i18n import Translator
from convening.rooms import Voice
from pages.components import forms
from pages.components.markdown import escape
from pages.components.room_desk import Desk
from pages.components.words import group_heads, group_mark


def show(desk: Desk, t: Translator) -> None:
    """A line for each group, and the question to ask where one has been silent."""
    voices = rooms.heard(desk.snapshot)
    with st.container(key="room_voices", gap="small"):
        for problem in rooms.nudges(voices):
            st.warning(escape(forms.wording(problem, t)), icon=":material/record_voice_over:")
        lines = [f"{group_mark(each.group)} {escape(_line(each, t))}" for each in voices]
        st.markdown("  \n".join(lines))
        joined = desk.snapshot.joined
        people = t("room.people", count=desk.snapshot.present.people)
        st.caption(escape(" ".join((people, t("room.joined", count=joined)))))


def _line(voice: Voice, t: Translator) -> str:
    """A group's heads and how often it was heard: "4 stewards: heard 3 times"."""
    heads = group_heads(voice.group, voice.present, t)
    if not voice.heard:
        return t("room.not_heard" if voice.present else "room.nobody_here", heads=heads)
    return t("room.heard", heads=heads, times=t("room.times", count=voice.heard))
