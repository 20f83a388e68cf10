"""A person to read: what is known of them, without a field to change it."""

from collections.abc import Iterator, Sequence

import streamlit as st

from convening.community import Placement, Stakeholder, SubCircle
from convening.i18n import Translator
from convening.vocabulary import Capital, Consent, Group, Money, Relationship
from pages.components import community_attributes, person_picker
from pages.components.markdown import escape
from pages.components.words import group_mark


def show(person: Stakeholder, circles: Sequence[SubCircle], t: Translator) -> None:
    """Everything, in the order of the form."""
    brief(person, t)
    _lines(_contact(person, t))
    for group, placement in person.groups.items():
        st.markdown(f"{group_mark(group)} {escape(placed(group, placement, circles, t))}")
    if not person.groups:
        st.text(t("community.not_placed"))
    for capital in Capital:
        if capital in person.capitals:
            st.markdown(f"**{escape(t.word(capital))}**")
            st.text(person.capitals[capital])
    for tie in person.ties:
        strength = t(f"community.strength_{tie.strength}")
        st.text(t("community.knows", name=tie.name, strength=strength))
    if person.note:
        st.text(person.note)


def brief(person: Stakeholder, t: Translator) -> None:
    """As much as it takes to know who somebody is: the lines under their name."""
    parts = (person.organisation, person.place, t("community.minor") if person.minor else "")
    _lines([" · ".join(filter(None, parts))])
    known = [
        f"{community_attributes.label(name, t)}: {value}"
        for name, value in person.attributes.items()
    ]
    _lines([" · ".join(known)])


def placed(group: Group, placement: Placement, circles: Sequence[SubCircle], t: Translator) -> str:
    """A group with its sub-circle and the reason, as plain text."""
    names = {each.id: each.name for each in circles}
    name = t.word(group)
    if placement.sub_circle_id in names:
        name = f"{name} · {names[placement.sub_circle_id]}"
    reason = t(f"community.fits.{placement.question or 'open'}")
    return t("community.placed", group=name, reason=reason)


def _contact(person: Stakeholder, t: Translator) -> Iterator[str]:
    yield " · ".join(filter(None, (person.email, person.phone)))
    if person.relationship is not Relationship.NONE:
        yield f"{t('community.relationship')}: {t.word(person.relationship)}"
    if person.money is not Money.NONE:
        yield f"{t('community.money')}: {t.word(person.money)}"
    if person.reached_through is not None:
        yield f"{t('community.reached_through')}: {person_picker.full_name(person.reached_through)}"
    if person.consent is not Consent.UNKNOWN:
        day = f", {t.date(person.consent_on)}" if person.consent_on else ""
        yield f"{t('community.consent')}: {t.word(person.consent)}{day}"


def _lines(found: Iterator[str] | Sequence[str]) -> None:
    text = "\n".join(filter(None, found))
    if text:
        st.text(text)
