"""The one row above the list of people: search, circle, further filters, order."""

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from convening.community import PersonFilter, SubCircle
from convening.i18n import Translator
from convening.vocabulary import Consent, Group, Money, PersonSort, Relationship
from db import queries
from pages.components import choices, paging, state, store
from pages.components.words import group_label

LIST = "people"
_UNPLACED = "unplaced"
_MORE = ("relationship", "money", "consent", "organisation")


def show(initiative_id: int, circles: Sequence[SubCircle], t: Translator) -> PersonFilter:
    """What the list is narrowed to."""
    with st.container(horizontal=True, vertical_alignment="bottom", key="people_filters"):
        search = st.text_input(
            t("common.search"),
            type="search",
            live=True,
            placeholder=t("community.search_help"),
            on_change=paging.to_start,
            args=(LIST,),
            key="people_search",
        )
        circle = _one_of(_circles(circles, t), "circle", t)
        active = sum(bool(state.get(f"people_{name}")) for name in _MORE)
        label = t("community.more_filters", count=active) if active else t("common.filter")
        with st.popover(label, icon=":material/filter_list:", key="people_more"):
            more = _more(initiative_id, t)
        sort = st.selectbox(
            t("community.sort"),
            list(PersonSort),
            format_func=t.word,
            on_change=paging.to_start,
            args=(LIST,),
            key="people_sort",
        )
    return PersonFilter(
        search=search or "",
        group=circle if isinstance(circle, Group) else None,
        unplaced=circle == _UNPLACED,
        sub_circle_id=circle if isinstance(circle, int) else None,
        sort=sort or PersonSort.NAME,
        **more,
    )


def clear() -> None:
    """Every filter back to all; for a widget to call, before the fields are drawn."""
    state.put("people_search", "")  # dropped, a field would keep in the browser what stands in it
    for name in ("circle", *_MORE):
        state.put(f"people_{name}", 0)
    paging.to_start(LIST)


def _circles(circles: Sequence[SubCircle], t: Translator) -> dict[Group | str | int, str]:
    """Those who are in no group, then each group with its sub-circles under it."""
    words: dict[Group | str | int, str] = {_UNPLACED: t("community.not_placed")}
    for group in Group:
        words[group] = group_label(group, t)
        words |= {
            each.id: f"{group_label(group, t)} · {each.name}"
            for each in circles
            if each.group is group
        }
    return words


def _more(initiative_id: int, t: Translator) -> dict[str, Any]:
    organisations = store.read(queries.community.organisations, initiative_id)
    return {
        "relationship": _one_of(_words(Relationship, t), "relationship", t),
        "money": _one_of(_words(Money, t), "money", t),
        "consent": _one_of(_words(Consent, t), "consent", t),
        "organisation_id": _one_of(
            {each.id: f"{each.name} ({each.people})" for each in organisations}, "organisation", t
        ),
    }


def _words(kind: Any, t: Translator) -> dict[Any, str]:
    return {each: t.word(each) for each in kind}


def _one_of(words: Mapping[Any, str], name: str, t: Translator) -> Any:
    return choices.one_of(
        words,
        t(f"community.{name}"),
        t,
        key=f"people_{name}",
        on_change=paging.to_start,
        args=(LIST,),
    )
