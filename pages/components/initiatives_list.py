"""The initiatives of the viewer's teams, one card each, and what was deleted."""

from collections.abc import Sequence

import streamlit as st

from convening.accounts import SignedIn
from convening.deleted import KEPT_DAYS
from convening.i18n import Translator
from convening.initiatives import InitiativeOverview
from convening.roles import Action, may
from db.commands import initiatives, trash
from db.queries import trash as deleted
from pages.components import chosen, forms, initiatives_edit, store, team
from pages.components.markdown import escape
from pages.components.words import stage_label


def empty(t: Translator, may_create: bool) -> None:
    """What the screen is for, and the first step."""
    with st.container(border=True, key="initiatives_empty"):
        st.header(t("initiatives.empty"), anchor=False)
        st.text(t("initiatives.empty_help" if may_create else "initiatives.empty_reader"))
        if may_create and st.button(
            t("initiatives.first"), type="primary", key="initiatives_first"
        ):
            initiatives_edit.create(t)


def show(
    found: Sequence[InitiativeOverview],
    in_hand: InitiativeOverview | None,
    viewer: SignedIn,
    t: Translator,
) -> None:
    """A card for each initiative; the one in hand first."""
    for each in sorted(found, key=lambda one: one is not in_hand):
        initiative = each.initiative
        with st.container(border=True, key=f"initiative_{initiative.id}"):
            with st.container(horizontal=True, vertical_alignment="center"):
                st.header(escape(initiative.name), anchor=False)
                if initiative.archived:
                    st.badge(t("initiatives.archived"), color="grey")
                if initiative.sample:
                    st.badge(t("initiatives.sample"), color="grey")
            if initiative.issue or initiative.place:
                st.caption(escape(" · ".join(filter(None, (initiative.issue, initiative.place)))))
            st.text(_standing(each, t))
            with st.container(horizontal=True):
                _actions(each, each is in_hand, viewer, t)


def _standing(each: InitiativeOverview, t: Translator) -> str:
    reached = each.reached
    people = t("initiatives.people", count=each.people)
    if reached is None:
        return t("initiatives.standing_start", people=people)
    return t("initiatives.standing", people=people, stage=stage_label(reached.stage, t))


def _actions(each: InitiativeOverview, in_hand: bool, viewer: SignedIn, t: Translator) -> None:
    initiative = each.initiative
    if not in_hand and st.button(t("initiatives.open"), key=f"open_{initiative.id}"):
        chosen.choose_initiative(initiative.id)
        st.rerun()
    if may(viewer.actor, Action.EDIT_INITIATIVE, initiative.id) and st.button(
        t("common.edit"), key=f"edit_{initiative.id}", icon=":material/edit:"
    ):
        initiatives_edit.edit(initiative, t)
    if not may(viewer.actor, Action.MANAGE_TEAM, initiative.id):
        return
    if st.button(t("initiatives.team"), key=f"team_{initiative.id}", icon=":material/group:"):
        _team(initiative.id, viewer, t)
    archive = "unarchive" if initiative.archived else "archive"
    if st.button(
        t(f"initiatives.{archive}"), key=f"archive_{initiative.id}", icon=":material/archive:"
    ):
        done = forms.submit(
            initiatives.archive_initiative, initiative.id, not initiative.archived, t=t
        )
        if done:
            forms.saved(t)
            st.rerun()
    if st.button(t("common.delete"), key=f"delete_{initiative.id}", icon=":material/delete:"):
        forms.confirm(
            t("initiatives.delete_title"),
            t("initiatives.delete_question", name=initiative.name, days=KEPT_DAYS),
            t("common.delete"),
            initiatives.delete_initiative,
            initiative.id,
            t=t,
        )


def _team(initiative_id: int, viewer: SignedIn, t: Translator) -> None:
    @st.dialog(t("initiatives.team"))
    def ask() -> None:
        team.show(initiative_id, viewer, t)

    ask()


def trash_button(t: Translator) -> None:
    """What was deleted in the last 30 days, to be taken back one by one."""
    if st.button(t("initiatives.deleted"), icon=":material/restore_from_trash:", key="trash"):
        _trash(t)


def _trash(t: Translator) -> None:
    @st.dialog(t("initiatives.deleted"), width="large")
    def ask() -> None:
        st.caption(t("initiatives.deleted_help", days=KEPT_DAYS))
        found = store.read(deleted.deleted)
        if not found:
            st.text(t("initiatives.deleted_none"))
        for each in found:
            with st.container(horizontal=True, vertical_alignment="center"):
                st.text(
                    t(
                        "initiatives.deleted_one",
                        what=t(f"what.{each.subject}"),
                        name=each.name,
                        at=t.moment(each.at),
                        by=each.by,
                    )
                )
                if st.button(t("initiatives.restore"), key=f"restore_{each.change_id}"):
                    done = forms.submit(trash.restore, each.change_id, t=t)
                    if done is not None:
                        forms.saved(t, "initiatives.restored")
                        st.rerun()

    ask()
