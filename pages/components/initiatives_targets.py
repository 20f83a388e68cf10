"""The dialogs of a stage: first where it could be widened, then who should be in its room."""

from collections.abc import Mapping

import streamlit as st

from convening import balance, drafts
from convening.drafts import StageEdit
from convening.i18n import Translator
from convening.initiatives import Stage, StageDraft
from convening.vocabulary import Group, Range, StageKind
from db import queries
from db.commands import initiatives
from pages.components import conflicts, forms, state, store
from pages.components.markdown import bold


def add(initiative_id: int, t: Translator) -> None:
    """A new stage after the last one."""

    @st.dialog(t("initiatives.stage_add"))
    def ask() -> None:
        draft = _fields(None, t)
        if st.button(t("common.save"), type="primary", key="stage_save"):
            made = forms.submit(initiatives.add_stage, initiative_id, draft, t=t)
            if made is not None:
                forms.saved(t)
                st.rerun()

    ask()


def edit(stage: Stage, t: Translator) -> None:
    """Changes a stage and its targets."""
    state.drop(f"thirds_{stage.id}")
    editor = conflicts.listed(
        "stage",
        "stage",
        stage,
        drafts.stage,
        queries.initiatives.stages,
        stage.initiative_id,
        what="stage",
        arguments=lambda edit: (edit, edit.targets, edit.reasons),
    )

    @st.dialog(t("initiatives.stage_edit"), width="large", on_dismiss=conflicts.closing(editor.key))
    def ask() -> None:
        with conflicts.fields(editor):
            draft = _fields(stage, t)
            targets, reasons = _targets(stage, t)
            pressed = st.button(t("common.save"), type="primary", key="stage_save")
        edit = drafts.taken_up(StageEdit, draft, targets=targets, reasons=reasons)
        if conflicts.submit(editor, pressed, initiatives.edit_stage, edit, t=t) is not None:
            forms.saved(t)
            st.rerun()

    ask()


def _fields(stage: Stage | None, t: Translator) -> StageDraft:
    kinds = list(StageKind)
    kind = st.selectbox(
        t("initiatives.stage_kind"),
        kinds,
        index=kinds.index(stage.kind if stage else StageKind.CUSTOM),
        format_func=t.word,
        key="stage_kind",
    )
    name = ""
    if kind is StageKind.CUSTOM:
        name = st.text_input(
            t("initiatives.stage_name"),
            stage.name if stage else "",
            key="stage_name",
        )
    widening = st.text_area(
        t("initiatives.widening"),
        stage.widening if stage else "",
        key="stage_widening",
    )
    first, second = st.columns(2)
    starts_on = first.date_input(
        t("initiatives.starts_on"),
        stage.starts_on if stage else None,
        format="DD/MM/YYYY",
        key="stage_starts_on",
    )
    ends_on = second.date_input(
        t("initiatives.ends_on"),
        stage.ends_on if stage else None,
        format="DD/MM/YYYY",
        key="stage_ends_on",
    )
    return StageDraft(
        kind=kind,
        name=name,
        starts_on=starts_on,
        ends_on=ends_on,
        widening=widening,
        id=stage.id if stage else None,
        version=stage.version if stage else None,
    )


def _targets(stage: Stage, t: Translator) -> tuple[dict[Group, Range], dict[Group, str]]:
    st.markdown(bold(t("initiatives.targets")))
    st.caption(t("initiatives.targets_help"))
    choices = ("targets_map", "targets_own")
    chosen = st.segmented_control(
        t("initiatives.targets"),
        choices,
        default=choices[1 if stage.targets else 0],
        format_func=lambda each: t(f"initiatives.{each}"),
        label_visibility="collapsed",
        required=True,
        key="stage_targets",
    )
    if chosen == choices[0]:
        st.caption(t("initiatives.targets_map_help"))
        return {}, {}
    if st.button(t("initiatives.thirds"), key="stage_thirds", icon=":material/pie_chart:"):
        state.put(f"thirds_{stage.id}", True)
        state.bump("stage_targets")
    if state.get(f"thirds_{stage.id}"):
        return _ranges(stage, balance.thirds(), t)
    return _ranges(stage, stage.targets or _as_on_the_map(stage.initiative_id), t)


def _as_on_the_map(initiative_id: int) -> dict[Group, Range]:
    """Where own ranges start: the reference that stands until the team sets them."""
    return balance.reference(store.read(queries.balance.whole, initiative_id).map)


def _ranges(
    stage: Stage, start: Mapping[Group, Range], t: Translator
) -> tuple[dict[Group, Range], dict[Group, str]]:
    targets: dict[Group, Range] = {}
    reasons: dict[Group, str] = {}
    for group in Group:
        known = start.get(group, Range(0, 1))
        low, high = st.slider(
            t(f"group.{group.value}.title"),
            0,
            100,
            (round(known.min * 100), round(known.max * 100)),
            step=1,
            format="%d%%",
            key=f"target_{group.value}_{state.counter('stage_targets')}",
        )
        targets[group] = Range(low / 100, high / 100)
        if low == 0:
            reasons[group] = st.text_input(
                t("initiatives.reason", group=group),
                stage.reasons.get(group, ""),
                key=f"reason_{group.value}",
            )
    return targets, reasons
