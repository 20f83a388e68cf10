"""The blocks of an agenda with their times, the sentence that reads them, and the run sheet."""

from collections.abc import Sequence
from dataclasses import replace

import streamlit as st

from convening import agenda
from convening.agenda import Block, Timed
from convening.convenings import Convening
from convening.dates import when_in_zone
from convening.durations import after_start, in_words
from convening.exports import run_sheet
from convening.i18n import Translator
from db import queries
from db.commands import agenda as commands
from pages.components import agenda_editor, agenda_template, forms, store
from pages.components.markdown import escape
from pages.components.words import stage_label


def which(meeting: Convening, t: Translator) -> None:
    """Which convening this is the agenda of, and when."""
    said = (meeting.title, when_in_zone(meeting, t) or t("convenings.no_date"))
    st.markdown(" · ".join((f"**{escape(said[0])}**", escape(said[1]))))


def empty(meeting: Convening, may_edit: bool, t: Translator) -> None:
    """What the screen is for, and the first step."""
    with st.container(border=True, key="agenda_empty"):
        st.header(t("agenda.empty"), anchor=False)
        st.text(t("agenda.empty_help" if may_edit else "agenda.empty_reader"))
        if may_edit and st.button(t("agenda.template"), type="primary", key="agenda_first"):
            agenda_template.choose(meeting, (), t)


def answer(blocks: Sequence[Block], meeting: Convening, t: Translator) -> None:
    """How long it is against the convening, and what it is asked back."""
    timed = agenda.schedule(blocks, meeting.starts_local, meeting.zone)
    said = {"count": len(blocks), "duration": in_words(agenda.total_minutes(blocks), t)}
    first, last = timed[0].starts_local, timed[-1].ends_local
    if first is None or last is None:
        lines = [t("agenda.length", **said)]
    else:
        lines = [t("agenda.from_to", start=t.time(first), end=_time(timed[-1], t), **said)]
    available = agenda.available_minutes(meeting)
    if available == agenda.total_minutes(blocks):
        lines.append(t("agenda.fits"))
    lines += [t(problem) for problem in agenda.questions(blocks, available)]
    with st.container(key="agenda_answer"):
        st.markdown("  \n".join(map(escape, lines)))


def run_sheet_button(blocks: Sequence[Block], meeting: Convening, t: Translator) -> None:
    """The agenda on paper; it is set when it is asked for."""
    stages = store.read(queries.initiatives.stages, meeting.initiative_id)
    initiative = store.read(queries.initiatives.initiative, meeting.initiative_id)
    sheet = run_sheet.RunSheet(
        initiative=initiative.name,
        stage=next(stage_label(each, t) for each in stages if each.id == meeting.stage_id),
        convening=meeting,
        blocks=blocks,
    )
    day = f"{meeting.starts_local:-%Y-%m-%d}" if meeting.starts_local else ""
    st.download_button(
        t("agenda.run_sheet"),
        store.later(
            queries.agenda.blocks,
            lambda now: run_sheet.write(replace(sheet, blocks=now), t),
            meeting.id,
        ),
        file_name=f"{t('run_sheet.file')}{day}.pdf",
        mime="application/pdf",
        icon=":material/print:",
        on_click="ignore",
        key="agenda_run_sheet",
    )


def show(blocks: Sequence[Block], meeting: Convening, may_edit: bool, t: Translator) -> None:
    """A row for each block: its time, what it is, and what can be done with it."""
    for timed in agenda.schedule(blocks, meeting.starts_local, meeting.zone):
        block = timed.block
        with (
            st.container(border=True, key=f"block_{block.id}"),
            st.container(horizontal=True),
        ):
            with st.container(width=110, gap=None):
                st.markdown(f"**{escape(_start(timed, t))}**")
                st.caption(escape(in_words(block.minutes, t)))
            with st.container(width="stretch", gap=None):
                _words(block, t)
            if may_edit:
                with st.container(horizontal=True, width="content", gap="xsmall"):
                    _actions(block, len(blocks), t)


def _words(block: Block, t: Translator) -> None:
    form = t.word(block.format)
    kind = "" if form == block.title else f" · {escape(form)}"
    st.markdown(f"**{escape(block.title)}**{kind}")
    lines = [line for line in block.goal.split("\n") if line]
    if block.lead:
        lines.append(t("agenda.led_by", lead=block.lead))
    if block.materials:
        lines.append(t("agenda.bring", materials=block.materials.replace("\n", " · ")))
    if lines:
        st.caption("  \n".join(map(escape, lines)))


def _actions(block: Block, count: int, t: Translator) -> None:
    for by, name, possible in (
        (-1, "up", block.position > 0),
        (1, "down", block.position < count - 1),
    ):
        if (
            st.button(
                t(f"agenda.{name}"),
                icon=f":material/arrow_{name}ward:",
                key=f"{name}_{block.id}",
                disabled=not possible,
            )
            and forms.submit(commands.move_block, block.id, by, t=t) is not None
        ):
            forms.saved(t)
            st.rerun()
    wanted = st.menu_button(
        t("agenda.more"),
        ["edit", "duplicate", "delete"],
        format_func=lambda name: t(f"agenda.{name}"),
        key=f"more_{block.id}",
    )
    if wanted == "edit":
        agenda_editor.edit(block, t)
    elif wanted == "duplicate":
        if forms.submit(commands.duplicate_block, block.id, t=t) is not None:
            forms.saved(t)
            st.rerun()
    elif wanted == "delete":
        forms.confirm(
            t("agenda.delete_title"),
            t("agenda.delete_question", title=block.title),
            t("agenda.delete"),
            commands.delete_block,
            block.id,
            t=t,
        )


def _start(timed: Timed, t: Translator) -> str:
    if timed.starts_local is None:
        return after_start(timed.after)
    return t.time(timed.starts_local)


def _time(timed: Timed, t: Translator) -> str:
    return t.time(timed.ends_local) if timed.ends_local else ""
