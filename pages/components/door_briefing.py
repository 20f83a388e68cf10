"""The briefing on the screen, section by section, and the same on paper."""

import streamlit as st

from convening.briefing import Briefing
from convening.exports import briefing as exports
from convening.exports.briefing import Section, Sheet
from convening.i18n import Translator
from pages.components import store
from pages.components.door_desk import Desk
from pages.components.markdown import bullets, escape
from pages.components.words import stage_label

MOST = 12  # people in a section on the screen; the paper has them all


def show(desk: Desk, briefing: Briefing, t: Translator) -> None:
    """What is worth asking, then who comes for the first time, who needs what, and who does not."""
    with st.container(
        horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"
    ):
        st.header(t("briefing.title"), anchor=False, width="content")
        _print(desk, briefing, t)
    if briefing.problems:
        asked = exports.questions(briefing, t)
        _section(Section("to_ask", t("briefing.to_ask"), asked))
    found = exports.sections(briefing, desk.facts.meeting, t, MOST)
    if not found:
        st.text(t("briefing.nothing"))
        return
    half = (len(found) + 1) // 2  # on a phone the second column stands below the first
    for column, part in zip(st.columns(2, gap="medium"), (found[:half], found[half:]), strict=True):
        with column:
            for each in part:
                _section(each)


def _section(section: Section) -> None:
    with st.container(border=True, key=f"briefing_{section.name}"):
        st.subheader(escape(section.title), anchor=False)
        if section.note:
            st.caption(escape(section.note))
        st.markdown(bullets(section.lines))


def _print(desk: Desk, briefing: Briefing, t: Translator) -> None:
    """The briefing on paper; it is set when it is asked for."""
    facts = desk.facts
    sheet = Sheet(
        initiative=facts.initiative,
        stage=stage_label(facts.stage, t),
        convening=facts.meeting,
        briefing=briefing,
        guests=facts.guests,
        visits=facts.visits,
    )
    start = facts.meeting.starts_local
    day = f"{start:-%Y-%m-%d}" if start else ""
    st.download_button(
        t("briefing.print"),
        store.later(store.nothing, lambda _: exports.write(sheet, t)),
        file_name=f"{t('briefing.file')}{day}.pdf",
        mime="application/pdf",
        icon=":material/print:",
        on_click="ignore",
        type="primary",
        key="door_print",
    )
