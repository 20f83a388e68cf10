"""The dialog of one person: who they are, their circles, what they can bring, whom they know."""

from datetime import date
from functools import partial

import streamlit as st

from convening import drafts
from convening.community import (
    PersonDraft,
    Stakeholder,
    SubCircle,
)
from convening.deleted import KEPT_DAYS
from convening.i18n import Translator
from convening.vocabulary import Capital, Consent
from db import queries
from db.commands import community
from pages.components import (
    choices,
    clock,
    community_attributes,
    community_facts,
    community_personal,
    community_placement,
    community_ties,
    community_who,
    conflicts,
    forms,
    person_picker,
    state,
    store,
)
from pages.components.conflicts import Editor
from pages.components.markdown import escape

TABLE = "community_table"  # bumped, the list forgets which row was chosen


def add(initiative_id: int, t: Translator) -> None:
    """Asks for a new person."""
    circles = store.read(queries.community.sub_circles, initiative_id)

    @st.dialog(t("community.add"), width="medium", on_dismiss=_forget)
    def ask() -> None:
        draft = fields(initiative_id, None, circles, t, key="person_new")
        if st.button(t("common.save"), type="primary", key="person_save"):
            _save(forms.submit(community.add_person, initiative_id, draft, t=t), t)

    ask()


def show(stakeholder_id: int, may_edit: bool, t: Translator) -> None:
    """Opens a person: to change, or to read for whoever may not."""
    person = store.read(queries.people.person_in_full, stakeholder_id)
    circles = store.read(queries.community.sub_circles, person.initiative_id)

    editor = _editor(person)

    @st.dialog(escape(person.name), width="medium", on_dismiss=partial(_closed, editor.key))
    def ask() -> None:
        if not may_edit:
            community_facts.show(person, circles, t)
            return
        with conflicts.fields(editor):
            draft = fields(person.initiative_id, person, circles, t, key=editor.key)
            with st.container(horizontal=True):
                save = st.button(t("common.save"), type="primary", key="person_save")
                remove = st.button(
                    t("common.delete"), icon=":material/delete:", key="person_delete"
                )
        _save(conflicts.submit(editor, save, community.edit_person, draft, t=t), t)
        if remove or state.get("person_deleting") == person.id:
            state.put("person_deleting", person.id)
            _delete(person, t)
        community_personal.show(person, t)

    ask()


def _editor(person: Stakeholder) -> Editor[PersonDraft]:
    def read() -> PersonDraft:
        return drafts.person(store.read(queries.people.person_in_full, person.id))

    return Editor(
        f"person_{person.id}",
        "stakeholder",
        person.id,
        drafts.person(person),
        read,
        what="stakeholder",
        named=person_picker.named(person.initiative_id, "reached_through_id", "ties.entry"),
    )


def fields(
    initiative_id: int,
    person: Stakeholder | None,
    circles: list[SubCircle],
    t: Translator,
    *,
    key: str,
) -> PersonDraft:
    """Every field of a person in tabs; what stands in them as a draft."""
    names = ("who", "circles", "brings", "knows", "consent")
    who, groups, brings, knows, consent = st.tabs([t(f"community.tab_{each}") for each in names])
    with who:
        facts = community_who.ask(initiative_id, person, t, key=key)
    with groups:
        st.caption(t("community.place_help"))
        placed = community_placement.ask(
            person.groups if person else {}, circles, t, key=f"{key}_groups"
        )
    with brings:
        capitals = _capitals(person, t, key)
    with knows:
        st.caption(t("community.ties_help"))
        ties = community_ties.edit(initiative_id, person, t, key=key)
    with consent:
        answer, day = _consent(person, bool(facts["minor"]), t, key)
        note = st.text_area(
            t("community.note"),
            person.note if person else "",
            help=t("community.note_help"),
            key=f"{key}_note",
        )
        attributes = community_attributes.edit(person.attributes if person else {}, t, key=key)
    return PersonDraft(
        groups=placed,
        capitals=capitals,
        ties=ties,
        consent=answer,
        consent_on=day,
        note=note,
        attributes=attributes,
        id=person.id if person else None,
        version=person.version if person else None,
        **facts,  # type: ignore[arg-type]
    )


def _capitals(person: Stakeholder | None, t: Translator, key: str) -> dict[Capital, str]:
    st.caption(t("community.brings_help"))
    return {
        capital: st.text_area(
            t.word(capital),
            person.capitals.get(capital, "") if person else "",
            placeholder=t(f"community.brings_{capital}"),
            height=80,
            key=f"{key}_{capital}",
        )
        for capital in Capital
    }


def _consent(
    person: Stakeholder | None, minor: bool, t: Translator, key: str
) -> tuple[Consent, date | None]:
    if minor:
        st.info(t("community.minor_consent"))
    answer = choices.one(
        t("community.consent"),
        Consent,
        person.consent if person else Consent.UNKNOWN,
        t,
        key=f"{key}_consent",
    )
    if answer is Consent.UNKNOWN:
        return answer, None
    if answer is Consent.REFUSED:
        st.warning(t("community.refused"))
    known = person.consent_on if person and person.consent is answer else None
    day = st.date_input(
        t("community.consent_on"),
        known or clock.here().date(),
        format="DD/MM/YYYY",
        key=f"{key}_{answer}_on",
    )
    return answer, day


def _delete(person: Stakeholder, t: Translator) -> None:
    st.warning(escape(t("community.delete_question", name=person.name, days=KEPT_DAYS)))
    with st.container(horizontal=True):
        sure = st.button(t("community.delete_yes"), type="primary", key="person_delete_yes")
        st.button(
            t("common.cancel"),
            on_click=state.drop,
            args=("person_deleting",),
            key="person_delete_no",
        )
    if sure:
        state.drop("person_deleting")
        _save(
            forms.submit(community.delete_stakeholders, person.initiative_id, [person.id], t=t),
            t,
            "community.deleted",
        )


def _save(done: int | None, t: Translator, key: str = "common.saved") -> None:
    if done is not None:
        _forget()
        forms.saved(t, key)
        st.rerun()


def _closed(key: str) -> None:
    conflicts.forget(key)
    _forget()


def _forget() -> None:
    """The list shows no chosen row any more, so that it does not open the dialog again."""
    state.bump(TABLE)
    state.drop("person_deleting")
    community_ties.forget()
