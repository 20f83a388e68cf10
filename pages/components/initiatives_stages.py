"""The stages of the initiative in hand: dates, where to widen them, and who should be in."""

from datetime import date

import streamlit as st

from convening.accounts import SignedIn
from convening.deleted import KEPT_DAYS
from convening.i18n import Translator
from convening.initiatives import InitiativeOverview, Stage, StageOverview
from convening.roles import Action, may
from convening.vocabulary import Group
from db.commands import initiatives
from pages.components import forms, initiatives_targets
from pages.components.markdown import escape
from pages.components.words import stage_label


def show(each: InitiativeOverview, viewer: SignedIn, t: Translator) -> None:
    """The stages in their order, one card each; editing in dialogs."""
    may_edit = may(viewer.actor, Action.EDIT_INITIATIVE, each.initiative.id)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.header(t("initiatives.stages_title"), anchor=False)
        if may_edit and st.button(
            t("initiatives.stage_add"), icon=":material/add:", key="stage_add"
        ):
            initiatives_targets.add(each.initiative.id, t)
    for position, overview in enumerate(each.stages):
        with st.container(border=True, key=f"stage_{overview.stage.id}"):
            _card(overview, t)
            if may_edit:
                with st.container(horizontal=True):
                    last = position == len(each.stages) - 1
                    _actions(overview, t, first=position == 0, last=last)


def _card(overview: StageOverview, t: Translator) -> None:
    stage = overview.stage
    counts = t("initiatives.held", count=overview.held)
    if overview.ahead:
        counts += t("common.list_separator") + t("initiatives.ahead", count=overview.ahead)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"**{escape(stage_label(stage, t))}**", width="content")
        st.caption(escape(" · ".join((_dates(stage.starts_on, stage.ends_on, t), counts))))
    st.text(stage.widening or t("initiatives.widening_none"))
    st.caption(escape(targets_sentence(stage, t)))


def targets_sentence(stage: Stage, t: Translator) -> str:
    """The stage's target in one line, or that the map is the reference."""
    if not stage.targets:
        return t("initiatives.targets_none")
    ranges = [
        t(
            "initiatives.range",
            group=group,
            low=t.percent(stage.targets[group].min),
            high=t.percent(stage.targets[group].max),
        )
        for group in Group
        if group in stage.targets
    ]
    return t("initiatives.targets_set", ranges=t.join(ranges))


def _dates(start: date | None, end: date | None, t: Translator) -> str:
    if start and end:
        return t("initiatives.dates", start=start, end=end)
    if start:
        return t("initiatives.dates_from", start=start)
    return t("initiatives.dates_until", end=end) if end else t("initiatives.dates_open")


def _actions(overview: StageOverview, t: Translator, *, first: bool, last: bool) -> None:
    stage = overview.stage
    if st.button(t("common.edit"), icon=":material/edit:", key=f"stage_edit_{stage.id}"):
        initiatives_targets.edit(stage, t)
    moves = ((-1, "up", first), (1, "down", last))
    for by, name, impossible in moves:
        pressed = not impossible and st.button(
            t(f"initiatives.{name}"), icon=f":material/arrow_{name}ward:", key=f"{name}_{stage.id}"
        )
        if pressed and forms.submit(initiatives.move_stage, stage.id, by, t=t) is not None:
            forms.saved(t)
            st.rerun()
    if not (overview.held or overview.ahead) and st.button(
        t("common.delete"), icon=":material/delete:", key=f"stage_delete_{stage.id}"
    ):
        forms.confirm(
            t("initiatives.stage_delete_title"),
            t("initiatives.stage_delete_question", name=stage_label(stage, t), days=KEPT_DAYS),
            t("common.delete"),
            initiatives.delete_stage,
            stage.id,
            t=t,
        )
