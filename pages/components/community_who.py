"""The first tab of the dialog of a person: who they are, and how to reach them."""

import streamlit as st

from convening.community import Stakeholder
from convening.i18n import Translator
from convening.vocabulary import Language, Money, Relationship
from db import queries
from pages.components import choices, person_picker, store


def ask(
    initiative_id: int, person: Stakeholder | None, t: Translator, *, key: str
) -> dict[str, object]:
    """The fields by their names in the draft; of nobody yet where there is no ``person``."""
    minor, name = _name(person, t, key)
    left, right = st.columns(2)
    with left:
        organisation = _organisation(initiative_id, person, t, key)
    place = right.text_input(
        t("community.place"), person.place if person else "", key=f"{key}_place"
    )
    relationship, money = _relations(person, t, key)
    through = person_picker.pick(
        t("community.reached_through"),
        initiative_id,
        t,
        chosen=person.reached_through if person else None,
        without=[person.id] if person else [],
        help=t("community.reached_through_help"),
        key=f"{key}_through",
    )
    email, phone = _contact(person, minor, t, key)
    return {
        "name": name,
        "organisation": organisation,
        "place": place,
        "email": email,
        "phone": phone,
        "relationship": relationship,
        "money": money,
        "reached_through_id": through.id if through else None,
        "minor": minor,
        "language": _language(person, t, key),
    }


def _name(person: Stakeholder | None, t: Translator, key: str) -> tuple[bool, str]:
    """Whether the person is a child, who then goes by a pseudonym, and the name."""
    minor = st.checkbox(t("community.minor"), person.minor if person else False, key=f"{key}_minor")
    name = st.text_input(
        t("community.pseudonym" if minor else "community.name"),
        person.name if person else "",
        help=t("community.pseudonym_help") if minor else None,
        key=f"{key}_name",
    )
    return minor, name


def _organisation(initiative_id: int, person: Stakeholder | None, t: Translator, key: str) -> str:
    """One that the map has, or a new one."""
    known = store.read(queries.community.organisations, initiative_id)
    own = [person.organisation] if person and person.organisation else []
    chosen = st.selectbox(
        t("community.organisation"),
        list(dict.fromkeys(own + [each.name for each in known])),
        index=0 if own else None,
        accept_new_options=True,
        filter_mode="contains",
        placeholder=t("community.organisation_choose"),
        key=f"{key}_organisation",
    )
    return chosen or ""


def _contact(person: Stakeholder | None, minor: bool, t: Translator, key: str) -> tuple[str, str]:
    """E-mail address and telephone number: of a child, those of a guardian."""
    left, right = st.columns(2)
    email = left.text_input(
        t("community.email"), person.email if person else "", key=f"{key}_email"
    )
    phone = right.text_input(
        t("community.phone"), person.phone if person else "", key=f"{key}_phone"
    )
    st.caption(t("community.contact_guardian" if minor else "community.contact_help"))
    return email, phone


def _language(person: Stakeholder | None, t: Translator, key: str) -> Language | None:
    """Of the messages to this person; nobody who was not asked is taken to read one alone."""
    words = {"": t("community.language_both")} | {each.value: t.word(each) for each in Language}
    chosen = st.segmented_control(
        t("community.language"),
        list(words),
        default=person.language or "" if person else "",
        required=True,
        format_func=words.__getitem__,
        key=f"{key}_language",
    )
    return Language(chosen) if chosen else None


def _relations(person: Stakeholder | None, t: Translator, key: str) -> tuple[Relationship, Money]:
    left, right = st.columns(2)
    with left:
        relationship = choices.one(
            t("community.relationship"),
            Relationship,
            person.relationship if person else Relationship.NONE,
            t,
            key=f"{key}_relationship",
        )
    with right:
        money = choices.one(
            t("community.money"),
            Money,
            person.money if person else Money.NONE,
            t,
            key=f"{key}_money",
        )
    return relationship, money
