"""What can be changed when a group does not come: what the meeting is for, and its times."""

from collections.abc import Sequence
from dataclasses import replace

import streamlit as st

from convening import agenda
from convening.agenda import STEP, Block
from convening.convenings import Convening
from convening.durations import after_start, in_words
from convening.i18n import Translator
from convening.retiming import LONGEST_WAIT, Retiming, retimed
from db import queries
from db.commands import agenda as agendas
from db.commands import convenings
from db.queries.door import DoorFacts
from pages.components import choices, forms, store
from pages.components.markdown import bold, escape


def purpose(meeting: Convening, t: Translator) -> None:
    """Asks for another purpose, which those who come can serve; the version is the one read."""
    opened = store.read(queries.convenings.draft, meeting.id)

    @st.dialog(t("door.change_purpose"))
    def ask() -> None:
        st.text(t("door.purpose_help"))
        with st.form(key="door_purpose_form", border=False):
            typed = st.text_area(
                t("convenings.purpose_field"), opened.purpose, height=140, key="door_purpose_text"
            )
            saved = st.form_submit_button(t("common.save"), type="primary")
        if saved:
            draft = replace(opened, purpose=typed)
            if forms.submit(convenings.edit_convening, draft, t=t) is not None:
                forms.saved(t)
                st.rerun()

    ask()


def retime(facts: DoorFacts, t: Translator) -> None:
    """Asks how long to wait and what gives way, and shows the new times before they are kept."""

    @st.dialog(t("door.retime"))
    def ask() -> None:
        wanted = _wanted(facts, t)
        if not wanted.wait and wanted.later is None:
            st.caption(t("door.retime_help"))
            return
        blocks, problems = retimed(facts.blocks, wanted)
        if problems:
            forms.problems(problems, t)
            return
        _preview(facts.meeting, blocks, t)
        pressed = st.button(t("door.retime_apply"), type="primary", key="retime_apply")
        if pressed and forms.submit(agendas.retime, wanted, t=t) is not None:
            forms.saved(t)
            st.rerun()

    ask()


def _wanted(facts: DoorFacts, t: Translator) -> Retiming:
    wait = st.number_input(
        t("door.wait"), min_value=0, max_value=LONGEST_WAIT, value=0, step=STEP, key="retime_wait"
    )
    keep_end = True
    if wait:
        keep_end = st.radio(
            t("door.gives_way"),
            [True, False],
            format_func=lambda keeps: t("door.shorten" if keeps else "door.end_later"),
            key="retime_keep_end",
        )
    titles = choices.told_apart({each.id: each.title for each in facts.blocks})
    later = st.selectbox(
        t("door.block_later"),
        list(titles)[:-1],
        index=None,
        format_func=titles.__getitem__,
        placeholder=t("door.no_block"),
        key="retime_later",
    )
    after = None
    if later is not None:
        ids = list(titles)
        following = ids[ids.index(later) + 1 :]
        after = st.selectbox(
            t("door.block_after"), following, format_func=titles.__getitem__, key="retime_after"
        )
    return Retiming(
        facts.meeting.id,
        wait=int(wait),
        keep_end=bool(keep_end),
        later=later,
        after=after,
        title=t("door.waiting_block"),
    )


def _preview(meeting: Convening, blocks: Sequence[Block], t: Translator) -> None:
    """When each block would begin, and how long it would take."""
    lines = []
    for each in agenda.schedule(blocks, meeting.starts_local, meeting.zone):
        begins = t.time(each.starts_local) if each.starts_local else after_start(each.after)
        length = in_words(each.block.minutes, t)
        lines.append(f"- {bold(begins)} {escape(each.block.title)} · {escape(length)}")
    st.text(t("door.new_times"))
    st.markdown("\n".join(lines))
