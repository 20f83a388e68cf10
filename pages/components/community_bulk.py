"""What can be done with several people at once, each in a dialog of its own."""

from collections.abc import Callable, Sequence
from typing import Any

import streamlit as st

from convening.community import PersonFilter, SubCircle
from convening.deleted import KEPT_DAYS
from convening.i18n import Translator
from convening.vocabulary import QUESTION_GROUP, Consent, Group, Relationship
from db import queries
from db.commands import community
from pages.components import (
    choices,
    clock,
    community_person,
    community_placement,
    forms,
    state,
    store,
)
from pages.components.markdown import escape
from pages.components.words import group_label

_ALL = "people_all"


def bar(
    initiative_id: int,
    wanted: PersonFilter,
    chosen: Sequence[int],
    total: int,
    circles: Sequence[SubCircle],
    t: Translator,
) -> None:
    """How many are chosen, and the actions on them; on demand on all whom the filter finds.

    It stands there before anybody is chosen: a bar that came later would move the rows away from
    under the pointer.
    """
    with st.container(horizontal=True, vertical_alignment="center", key="people_chosen"):
        every = st.checkbox(t("community.all_found", count=total), key=_ALL)
        count = total if every else len(chosen)
        st.text(t("community.chosen", count=count), width="content")
        place = st.button(t("community.bulk_place"), key="bulk_place")
        picked = st.menu_button(
            t("community.bulk_more"),
            list(_MORE),
            format_func=lambda each: t(f"community.bulk_{each}"),
            key="bulk_more",
        )
    if not (place or picked):
        return
    if not count:
        st.toast(escape(t("community.choose_first")))
        return
    ids = store.read(queries.community.matching_ids, initiative_id, wanted) if every else chosen
    if place:
        _place(initiative_id, ids, circles, t)
    elif picked:
        _MORE[picked](initiative_id, ids, t)


def _place(
    initiative_id: int, ids: Sequence[int], circles: Sequence[SubCircle], t: Translator
) -> None:
    @st.dialog(t("community.bulk_place"))
    def ask() -> None:
        st.caption(t("community.bulk_place_help", people=t("common.people", count=len(ids))))
        question = community_placement.question(t("community.question"), t, key="bulk_question")
        names = {
            each.id: each.name
            for each in circles
            if question is not None and each.group is QUESTION_GROUP[question]
        }
        circle = None
        if names:
            circle = st.selectbox(
                t("community.sub_circle"),
                list(names),
                index=None,
                format_func=lambda each: names[each],
                placeholder=t("community.no_sub_circle"),
                key="bulk_circle",
            )
        if question is not None and _save_button(t):
            _run(community.place_people, initiative_id, ids, question, circle, t=t)

    ask()


def _leave(initiative_id: int, ids: Sequence[int], t: Translator) -> None:
    @st.dialog(t("community.bulk_leave"))
    def ask() -> None:
        st.caption(t("community.bulk_leave_help", people=t("common.people", count=len(ids))))
        group = st.radio(
            t("community.circles"),
            list(Group),
            format_func=lambda each: group_label(each, t),
            key="bulk_group",
        )
        if _save_button(t):
            _run(community.leave_group, initiative_id, ids, group, t=t)

    ask()


def _relationship(initiative_id: int, ids: Sequence[int], t: Translator) -> None:
    @st.dialog(t("community.bulk_relationship"))
    def ask() -> None:
        st.caption(t("community.bulk_of", people=t("common.people", count=len(ids))))
        relationship = choices.one(
            t("community.relationship"),
            Relationship,
            Relationship.ACQUAINTED,
            t,
            key="bulk_relationship",
        )
        if _save_button(t):
            _run(community.set_relationship, initiative_id, ids, relationship, t=t)

    ask()


def _consent(initiative_id: int, ids: Sequence[int], t: Translator) -> None:
    @st.dialog(t("community.bulk_consent"))
    def ask() -> None:
        st.caption(t("community.bulk_of", people=t("common.people", count=len(ids))))
        consent = choices.one(t("community.consent"), Consent, Consent.GIVEN, t, key="bulk_consent")
        day = None
        if consent is not Consent.UNKNOWN:
            day = st.date_input(
                t("community.consent_on"),
                clock.here().date(),
                format="DD/MM/YYYY",
                key="bulk_consent_on",
            )
        if _save_button(t):
            _run(community.record_consent, initiative_id, ids, consent, day, t=t)

    ask()


def _delete(initiative_id: int, ids: Sequence[int], t: Translator) -> None:
    @st.dialog(t("community.bulk_delete"))
    def ask() -> None:
        people = t("common.people", count=len(ids))
        st.warning(t("community.bulk_delete_question", people=people, days=KEPT_DAYS))
        if st.button(t("community.delete_yes"), type="primary", key="bulk_save"):
            _run(community.delete_stakeholders, initiative_id, ids, t=t)

    ask()


_MORE: dict[str, Callable[[int, Sequence[int], Translator], None]] = {
    "leave": _leave,
    "relationship": _relationship,
    "consent": _consent,
    "delete": _delete,
}


def _save_button(t: Translator) -> bool:
    return st.button(t("common.save"), type="primary", key="bulk_save")


def _run(command: Callable[..., Any], *args: Any, t: Translator) -> None:
    if forms.submit(command, *args, t=t) is not None:
        state.bump(community_person.TABLE)
        state.drop(_ALL)
        forms.saved(t)
        st.rerun()
