"""Picking one person of the map: from a list while the map is small, after a search when it is
large."""

from collections.abc import Callable, Sequence
from typing import Any

import streamlit as st

from convening.community import PersonName
from convening.i18n import Translator
from db.queries import people
from pages.components import choices, store

MOST_OPTIONS = 300  # a longer list is slow on a phone; a search narrows it first


def pick(
    label: str,
    initiative_id: int,
    t: Translator,
    *,
    key: str,
    chosen: PersonName | None = None,
    without: Sequence[int] = (),
    help: str | None = None,
) -> PersonName | None:
    """The person picked, ``chosen`` to begin with; None for nobody."""
    found = store.read(people.find, initiative_id, without=without, limit=MOST_OPTIONS + 1)
    if len(found) > MOST_OPTIONS:
        text = st.text_input(
            t("picker.search", label=label), type="search", live=True, key=f"{key}_search"
        )
        found = store.read(people.find, initiative_id, text, without=without, limit=MOST_OPTIONS)
    names = {each.id: each for each in ([chosen] if chosen else []) + found}
    ids = list(names)
    labels = choices.told_apart({each: full_name(person) for each, person in names.items()})
    picked = st.selectbox(
        label,
        ids,
        index=0 if chosen else None,
        format_func=labels.__getitem__,
        placeholder=t("picker.nobody"),
        filter_mode="contains",
        key=key,
        help=help,
    )
    return None if picked is None else names[picked]


def named(initiative_id: int, *fields: str) -> Callable[[str, Any], str | None]:
    """Names for the people whose ids stand in these fields of a draft."""

    def name(field: str, value: Any) -> str | None:
        if field not in fields or not str(value).isdigit():
            return None
        known = store.read(people.names_on_map, initiative_id, [int(value)])
        return full_name(known[int(value)]) if known else None

    return name


def full_name(person: PersonName) -> str:
    """The name with the organisation, as plain text."""
    return " · ".join(filter(None, (person.name, person.organisation)))
