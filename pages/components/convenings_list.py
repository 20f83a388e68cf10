"""The convenings of an initiative: what comes next, the others ahead, and those held before."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import streamlit as st

from convening import readiness
from convening.convenings import is_over
from convening.dates import when
from convening.i18n import Translator
from convening.initiatives import Stage
from convening.overviews import Overview
from convening.vocabulary import ConveningState, Group
from db import queries
from pages.components import clock, convenings_card, convenings_editor, paging, store
from pages.components.markdown import escape
from pages.components.words import stage_label

_WIDTHS = {"title": 215, "date": 130, "stage": 135}  # pixels: all fits beside the sidebar
_HEADS_WIDTH = 76
_PAGES = "convenings_past"


def empty(t: Translator, can_start: bool) -> None:
    """What the screen is for, and the first step."""
    with st.container(border=True, key="convenings_empty"):
        st.header(t("convenings.empty"), anchor=False)
        st.text(t("convenings.empty_help" if can_start else "convenings.empty_reader"))
        if can_start and st.button(t("convenings.first"), type="primary", key="convenings_first"):
            convenings_editor.open_new()


def show(
    used: Mapping[int, int],
    stages: Sequence[Stage],
    initiative_id: int,
    may_plan: bool,
    t: Translator,
) -> None:
    """Filter, the answer, cards of what is ahead, and a table of what was.

    ``used`` says how many convenings each stage has.
    """
    convenings_editor.forget()
    labels = {stage.id: stage_label(stage, t) for stage in stages}
    names = store.read(queries.community.group_names, initiative_id)
    wanted = _of_stage(used, labels, t)
    found = store.read(
        queries.overviews.page,
        initiative_id,
        stage_id=wanted,
        number=paging.current(_PAGES),
        size=paging.PAGE,
    )
    _answer(found.ahead, t)
    for each in _in_order(found.ahead):
        convenings_card.show(each, labels, names, may_plan, t)
    if found.past:
        _past(found.past, labels, names, may_plan, t)
        paging.buttons(found.past_total, _PAGES, t)


def _of_stage(used: Mapping[int, int], labels: Mapping[int, str], t: Translator) -> int | None:
    if len(used) < 2:
        return None
    wanted: int | None = st.pills(
        t("convenings.stage"),
        [each for each in labels if each in used],
        format_func=lambda each: escape(labels[each]),
        key="convenings_stage",
        label_visibility="collapsed",
        on_change=paging.to_start,
        args=(_PAGES,),
    )
    return wanted


def _in_order(ahead: Sequence[Overview]) -> list[Overview]:
    """By date, drafts without one last; those whose time has passed stand first anyway."""
    return sorted(ahead, key=lambda each: each.convening.state is ConveningState.DRAFT)


def _answer(ahead: Sequence[Overview], t: Translator) -> None:
    """The next convening in one sentence, and what its six answers ask back."""
    now = clock.here()
    planned = [each for each in ahead if each.convening.state is ConveningState.PLANNED]
    coming = [each for each in planned if not is_over(each.convening, now)]
    if not coming:
        drafts = len(ahead) - len(planned)
        key = "convenings.next_none" if drafts else "convenings.next_nothing"
        st.markdown(escape(t(key, count=drafts)))
        return
    meeting = coming[0].convening
    said = t(
        "convenings.next",
        title=meeting.title,
        when=when(meeting, t),
        distance=convenings_card.distance(meeting, now.date(), t),
    )
    with st.container(key="convenings_next"):
        st.markdown(f"**{escape(said)}**")
        st.markdown(escape(t(readiness.advice(coming[0].answers))))


def _past(
    past: Sequence[Overview],
    labels: Mapping[int, str],
    names: Mapping[Group, str],
    may_plan: bool,
    t: Translator,
) -> None:
    st.header(t("convenings.past"), anchor=False)
    st.caption(t("convenings.past_help"))
    words = t.with_groups(names)
    table = pd.DataFrame([_row(each, labels, t) for each in past])
    columns: dict[str, Any] = {
        name: st.column_config.TextColumn(t(f"convenings.column_{name}"), width=width)
        for name, width in _WIDTHS.items()
    }
    heads = {"room": t("convenings.column_room")}
    heads |= {group.value: words.word(group) for group in Group}
    columns |= {
        name: st.column_config.NumberColumn(label, width=_HEADS_WIDTH)
        for name, label in heads.items()
    }
    selected = st.dataframe(
        table,
        hide_index=True,
        column_config=columns,
        on_select="rerun",
        selection_mode="single-row",
        placeholder="–",
        key="convenings_past",
    )
    rows = selected["selection"]["rows"]
    if rows:
        convenings_card.show(past[rows[0]], labels, names, may_plan, t)


def _row(each: Overview, labels: Mapping[int, str], t: Translator) -> dict[str, str | int | None]:
    """A line of the table; a cancelled convening says so, and had no room."""
    meeting = each.convening
    held = meeting.state is ConveningState.HELD
    title = meeting.title if held else f"{t.word(meeting.state)} · {meeting.title}"
    start = meeting.starts_local
    return {
        "title": title,
        "date": t("convenings.no_date") if start is None else t.date(start.date()),
        "stage": labels[meeting.stage_id],
        "room": each.heads.in_the_room if held else None,
        **{group.value: each.heads.groups[group] if held else None for group in Group},
    }
