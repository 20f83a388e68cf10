"""Whom should we have asked? The nominated, beside the map, until somebody has reached them."""

from collections.abc import Sequence

import streamlit as st

from convening import drafts, duplicates
from convening.community import PersonDraft, SubCircle
from convening.i18n import Translator
from convening.nominations import Nomination, NominationDraft
from convening.vocabulary import Group, NominationState
from db import queries
from db.commands import nominations
from pages.components import (
    clock,
    community_duplicates,
    community_placement,
    conflicts,
    forms,
    person_picker,
    store,
)
from pages.components.markdown import escape
from pages.components.words import group_label


def show(initiative_id: int, circles: Sequence[SubCircle], may_edit: bool, t: Translator) -> None:
    """The question, the button that answers it, and a card for each who was named."""
    with st.container(horizontal=True, vertical_alignment="center"):
        with st.container():
            st.caption(t("community.nominations_help"))
        if may_edit and st.button(
            t("community.nominate"), type="primary", icon=":material/person_add:", key="nominate"
        ):
            edit(initiative_id, None, t)
    found = store.read(queries.nominations.listing, initiative_id)
    if not found:
        st.text(t("community.nominations_none"))
    for state in NominationState:
        of_state = [each for each in found if each.state is state]
        if not of_state:
            continue
        if state is NominationState.OPEN:
            _cards(of_state, circles, may_edit, t)
            continue
        label = t("community.nominations_in", state=state, count=len(of_state))
        with st.expander(label, key=f"nominations_{state}"):
            _cards(of_state, circles, may_edit, t)


def _cards(
    found: Sequence[Nomination], circles: Sequence[SubCircle], may_edit: bool, t: Translator
) -> None:
    for each in found:
        with st.container(border=True, key=f"nomination_{each.id}"):
            st.markdown(f"**{escape(each.name)}**")
            st.text("\n".join(_facts(each, t)))
            if may_edit:
                with st.container(horizontal=True):
                    _actions(each, circles, t)


def _facts(each: Nomination, t: Translator) -> list[str]:
    named = t("community.nominated_on", date=clock.here(each.created_at).date())
    if each.nominated_by is not None:
        named = t("community.nominated_by", name=each.nominated_by.name)
    through = each.reached_through
    return [
        text
        for text in (
            each.organisation,
            each.reason,
            t.join(group_label(group, t) for group in each.groups),
            named,
            t("community.nominated_through", name=through.name) if through else "",
        )
        if text
    ]


def _actions(each: Nomination, circles: Sequence[SubCircle], t: Translator) -> None:
    if each.state is NominationState.OPEN:
        if st.button(t("community.onto_map"), type="primary", key=f"onto_map_{each.id}"):
            onto_map(each, circles, t)
        if st.button(t("common.edit"), icon=":material/edit:", key=f"nomination_edit_{each.id}"):
            edit(each.initiative_id, each, t)
        aside = st.button(t("community.set_aside"), key=f"set_aside_{each.id}")
        done = forms.submit(nominations.set_aside, each.id, each.version, t=t) if aside else None
    else:
        again = st.button(t("community.reopen"), key=f"reopen_{each.id}")
        done = forms.submit(nominations.reopen, each.id, each.version, t=t) if again else None
    if done is not None:
        forms.saved(t)
        st.rerun()


def edit(initiative_id: int, known: Nomination | None, t: Translator) -> None:
    if known is not None:
        _change(known, t)
        return

    @st.dialog(t("community.nominate"), width="medium")
    def ask() -> None:
        draft = _fields(initiative_id, None, t)
        pressed = st.button(t("common.save"), type="primary", key="nomination_save")
        if pressed and forms.submit(nominations.nominate, initiative_id, draft, t=t) is not None:
            forms.saved(t)
            st.rerun()

    ask()


def _change(known: Nomination, t: Translator) -> None:
    editor = conflicts.listed(
        "nomination",
        "nomination",
        known,
        drafts.nomination,
        queries.nominations.listing,
        known.initiative_id,
        what="nomination",
        named=person_picker.named(known.initiative_id, "nominated_by_id", "reached_through_id"),
    )

    @st.dialog(t("community.nominate"), width="medium", on_dismiss=conflicts.closing(editor.key))
    def ask() -> None:
        with conflicts.fields(editor):
            draft = _fields(known.initiative_id, known, t)
            pressed = st.button(t("common.save"), type="primary", key="nomination_save")
        if conflicts.submit(editor, pressed, nominations.edit_nomination, draft, t=t) is not None:
            forms.saved(t)
            st.rerun()

    ask()


def _fields(initiative_id: int, known: Nomination | None, t: Translator) -> NominationDraft:
    key = f"nomination_{known.id if known else 'new'}"
    name = st.text_input(t("community.name"), known.name if known else "", key=f"{key}_name")
    organisation = st.text_input(
        t("community.organisation"),
        known.organisation if known else "",
        key=f"{key}_organisation",
    )
    reason = st.text_area(
        t("community.nomination_reason"),
        known.reason if known else "",
        placeholder=t("community.nomination_reason_help"),
        key=f"{key}_reason",
    )
    groups = st.pills(
        t("community.nomination_groups"),
        list(Group),
        selection_mode="multi",
        default=known.groups if known else (),
        format_func=lambda each: escape(group_label(each, t)),
        key=f"{key}_groups",
    )
    by = person_picker.pick(
        t("community.nomination_by"),
        initiative_id,
        t,
        chosen=known.nominated_by if known else None,
        key=f"{key}_by",
    )
    through = person_picker.pick(
        t("community.reached_through"),
        initiative_id,
        t,
        chosen=known.reached_through if known else None,
        help=t("community.reached_through_help"),
        key=f"{key}_through",
    )
    return NominationDraft(
        name=name,
        organisation=organisation,
        reason=reason,
        groups=frozenset(groups),
        nominated_by_id=by.id if by else None,
        reached_through_id=through.id if through else None,
        id=known.id if known else None,
        version=known.version if known else None,
    )


def onto_map(each: Nomination, circles: Sequence[SubCircle], t: Translator) -> None:
    """Somebody like them may be there already: that is shown before a second one is made."""
    person = duplicates.Person("new", each.name, organisation=each.organisation)
    known = store.read(queries.people.to_compare, each.initiative_id)
    matches = duplicates.find([person], known)[:5]
    names = store.read(queries.people.names_on_map, each.initiative_id, _ids(matches))

    @st.dialog(t("community.onto_map"), width="medium")
    def ask() -> None:
        st.markdown(f"**{escape(each.name)}**")
        person: PersonDraft | int
        chosen = None
        if matches:
            chosen = st.radio(
                t("community.is_it"),
                [None, *names],
                format_func=lambda one: escape(
                    t("community.is_nobody") if one is None else person_picker.full_name(names[one])
                ),
                captions=["", *(community_duplicates.reasons(match, t) for match in matches)],
                key=f"onto_map_{each.id}_who",
            )
        if chosen is None:
            st.caption(t("community.place_help"))
            groups = community_placement.ask(
                {}, circles, t, key=f"onto_map_{each.id}", suggested=each.groups
            )
            person = PersonDraft(
                each.name,
                organisation=each.organisation,
                reached_through_id=each.reached_through.id if each.reached_through else None,
                note=each.reason,
                groups=groups,
            )
        else:
            person = chosen
        if st.button(t("community.onto_map_yes"), type="primary", key="onto_map_yes") and (
            forms.submit(nominations.move_onto_map, each.id, person, each.version, t=t) is not None
        ):
            forms.saved(t)
            st.rerun()

    ask()


def _ids(matches: Sequence[duplicates.Match]) -> list[int]:
    return [int(match.second) for match in matches]
