"""The second step: what for, in which stage, when and where, and how open the decision still is."""

from dataclasses import replace
from datetime import date, datetime, time

import streamlit as st

from convening import walltime
from convening.convening_drafts import (
    MOST_CAPACITY,
    ConveningDraft,
    stage_on,
    time_problems,
)
from convening.convenings import twice_notes
from convening.dates import when
from convening.i18n import Translator
from convening.initiatives import Stage
from convening.problems import Problem
from convening.vocabulary import ConveningKind, Openness
from db import queries
from pages.components import choices, clock, store
from pages.components.markdown import escape
from pages.components.words import stage_label

_USUAL_START, _USUAL_END = time(10, 0), time(12, 0)
_MINUTES_OF_A_STEP = 5


def blank(initiative_id: int) -> ConveningDraft:
    """A new draft, with the stage of these days and the zone used last, or the browser's."""
    stages = store.read(queries.initiatives.stages, initiative_id)
    stage = stage_on(stages, clock.here().date())
    zone = store.read(queries.convenings.usual_zone, initiative_id) or str(clock.zone())
    return ConveningDraft(initiative_id, stage.id if stage else None, zone=zone)


def show(opened: ConveningDraft, t: Translator) -> ConveningDraft:
    """The draft with its facts as they stand in the fields."""
    stages = store.read(queries.initiatives.stages, opened.initiative_id)
    st.subheader(t("convenings.facts_title"), anchor=False)
    draft = replace(
        opened,
        purpose=st.text_area(
            t("convenings.purpose_field"),
            opened.purpose,
            key=f"convening_purpose_{opened.id}",
            help=t("convenings.purpose_help"),
        ),
    )
    with st.container(horizontal=True):
        draft = replace(draft, kind=_kind(opened, t), stage_id=_stage(opened, stages, t))
    draft = _times(draft, t)
    draft = _where(draft, t)
    draft = replace(draft, openness=_openness(opened, t))
    return _promise(draft, t)


def _kind(opened: ConveningDraft, t: Translator) -> ConveningKind:
    kinds = list(ConveningKind)
    return st.selectbox(
        t("convenings.kind"),
        kinds,
        index=kinds.index(opened.kind),
        format_func=t.word,
        key=f"convening_kind_{opened.id}",
    )


def _stage(opened: ConveningDraft, stages: list[Stage], t: Translator) -> int | None:
    labels = choices.told_apart({stage.id: stage_label(stage, t) for stage in stages})
    ids = list(labels)
    return st.selectbox(
        t("convenings.stage_id"),
        ids,
        index=ids.index(opened.stage_id) if opened.stage_id in labels else None,
        format_func=lambda each: labels[each],
        key=f"convening_stage_{opened.id}",
    )


def _times(draft: ConveningDraft, t: Translator) -> ConveningDraft:
    start, end = draft.starts_local, draft.ends_local
    with st.container(horizontal=True, vertical_alignment="bottom"):
        day = _day("date", draft, start.date() if start else None, t)
        begins = _time("starts", draft, start.time() if start else _USUAL_START, t)
        ends = _time("ends", draft, end.time() if end else None if start else _USUAL_END, t)
    longer = bool(start and end and end.date() != start.date())
    last_day = day
    if st.checkbox(t("convenings.other_day"), longer, key=f"convening_other_day_{draft.id}"):
        last_day = _day("end_date", draft, end.date() if longer and end else day, t) or day
    zones = list(walltime.zones())
    if draft.zone not in zones:
        zones.insert(0, draft.zone)
    zone = st.selectbox(
        t("convenings.zone"),
        zones,
        index=zones.index(draft.zone),
        key=f"convening_zone_{draft.id}",
        help=t("convenings.zone_help"),
    )
    dated = None if day is None or begins is None else (day, begins)
    draft = replace(
        draft,
        zone=zone,
        starts_local=datetime.combine(*dated) if dated else None,
        ends_local=datetime.combine(last_day, ends) if dated and last_day and ends else None,
    )
    _said(draft, t)
    return draft


def _day(name: str, draft: ConveningDraft, value: date | None, t: Translator) -> date | None:
    return st.date_input(
        t(f"convenings.{name}"),
        value,
        min_value=date(walltime.FIRST_YEAR, 1, 1),
        max_value=date(walltime.LAST_YEAR, 12, 31),
        format="DD/MM/YYYY",
        key=f"convening_{name}_{draft.id}",
    )


def _time(name: str, draft: ConveningDraft, value: time | None, t: Translator) -> time | None:
    return st.time_input(
        t(f"convenings.{name}"),
        value,
        step=_MINUTES_OF_A_STEP * 60,
        key=f"convening_{name}_{draft.id}",
    )


def _said(draft: ConveningDraft, t: Translator) -> None:
    """The times in words with the weekday, on the viewer's own clock too, and what is wrong."""
    found = time_problems(draft)
    for problem in found:
        st.warning(escape(t(problem)))
    if draft.starts_local is None or found:
        return
    offset = walltime.offset(draft.zone, draft.starts_local)
    lines = [t("convenings.wall", when=when(draft, t), offset=offset)]
    own = _on_own_clock(draft)
    own_offset = walltime.offset(own.zone, own.starts_local or draft.starts_local)
    if own_offset != offset:
        lines.append(t("convenings.viewers", when=when(own, t), offset=own_offset))
    lines += [t(note) for note in twice_notes(draft)]
    st.caption("  \n".join(map(escape, lines)))


def _on_own_clock(draft: ConveningDraft) -> ConveningDraft:
    zone = str(clock.zone())

    def own(wall: datetime | None) -> datetime | None:
        return None if wall is None else walltime.local(walltime.utc(wall, draft.zone), zone)

    return replace(
        draft, zone=zone, starts_local=own(draft.starts_local), ends_local=own(draft.ends_local)
    )


def _where(draft: ConveningDraft, t: Translator) -> ConveningDraft:
    place = st.text_input(
        t("convenings.place"),
        draft.place,
        key=f"convening_place_{draft.id}",
        help=t("convenings.place_help"),
    )
    with st.container(horizontal=True):
        link = st.text_input(
            t("convenings.link"),
            draft.link,
            key=f"convening_link_{draft.id}",
            help=t("convenings.link_help"),
        )
        capacity = st.number_input(
            t("convenings.capacity"),
            min_value=1,
            max_value=MOST_CAPACITY,
            value=draft.capacity,
            key=f"convening_capacity_{draft.id}",
            help=t("convenings.capacity_help"),
        )
    return replace(draft, place=place, link=link, capacity=capacity)


def _openness(opened: ConveningDraft, t: Translator) -> Openness | None:
    levels = list(Openness)
    chosen = st.radio(
        t("convenings.openness"),
        levels,
        index=levels.index(opened.openness) if opened.openness else None,
        format_func=t.word,
        key=f"convening_openness_{opened.id}",
        help=t("convenings.openness_help"),
    )
    if chosen is Openness.ALREADY_DECIDED:
        st.warning(escape(t(Problem("decided_already"))))
    return chosen


def _promise(draft: ConveningDraft, t: Translator) -> ConveningDraft:
    """What happens with what is said there, by when, and whether the silent are asked again."""
    st.subheader(t("convenings.promise"), anchor=False)
    promise = st.text_area(
        t("convenings.promise_field"),
        draft.promise,
        key=f"convening_promise_{draft.id}",
        help=t("convenings.promise_help"),
        height="content",
    )
    promise_by = _day("promise_by", draft, draft.promise_by, t)
    remind = st.checkbox(t("convenings.remind"), draft.remind, key=f"convening_remind_{draft.id}")
    return replace(draft, promise=promise, promise_by=promise_by, remind=remind)
