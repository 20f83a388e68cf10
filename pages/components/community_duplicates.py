"""People who may stand on the map twice, pair by pair; a person decides."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import streamlit as st

from convening import duplicates, merging
from convening.community import PersonName, Stakeholder, SubCircle
from convening.deleted import KEPT_DAYS
from convening.duplicates import Match
from convening.i18n import Translator
from convening.problems import NotFound
from convening.vocabulary import Capital, StrEnum
from db import queries
from db.commands import duplicates as commands
from pages.components import (
    community_attributes,
    community_facts,
    forms,
    person_picker,
    state,
    store,
)
from pages.components.markdown import escape

_FOUND = "duplicates_found"  # the pairs still to look at, best first
_INITIATIVE = "duplicates_of"
_KEPT, _DROPPED = "kept", "dropped"


def show(initiative_id: int, circles: Sequence[SubCircle], t: Translator) -> None:
    """The button that searches, then one pair after another."""
    st.caption(t("community.duplicates_help"))
    if st.button(t("community.duplicates_find"), type=_kind(initiative_id), key="duplicates_find"):
        with st.spinner(t("community.duplicates_searching")):
            _search(initiative_id)
    if state.get(_INITIATIVE) != initiative_id:
        return
    found: list[Match] = state.get(_FOUND, [])
    pair = _next_pair(found)
    if pair is None:
        st.success(t("community.duplicates_none"))
        return
    st.header(t("community.duplicates_found", count=len(found)), anchor=False)
    _pair(initiative_id, *pair, found, circles, t)


def reasons(match: Match, t: Translator) -> str:
    """Why two people may be one, as plain text."""
    return t.join(t(each) for each in match.reasons)


def _kind(initiative_id: int) -> Any:
    return "secondary" if state.get(_INITIATIVE) == initiative_id else "primary"


def _search(initiative_id: int) -> None:
    everybody = store.read(queries.people.to_compare, initiative_id)
    distinct = store.read(queries.people.distinct_pairs, initiative_id)
    found = [each for each in duplicates.find(everybody) if _ids(each) not in distinct]
    state.put(_FOUND, found)
    state.put(_INITIATIVE, initiative_id)


def _ids(match: Match) -> tuple[int, int]:
    first, second = sorted((int(match.first), int(match.second)))
    return first, second


def _next_pair(found: list[Match]) -> tuple[Stakeholder, Stakeholder] | None:
    """The first pair of which both are still there; pairs that a merge ended are dropped."""
    while found:
        try:
            first, second = (
                store.read(queries.people.person_in_full, each) for each in _ids(found[0])
            )
        except NotFound:
            found.pop(0)
        else:
            return first, second
    return None


def _pair(
    initiative_id: int,
    first: Stakeholder,
    second: Stakeholder,
    found: list[Match],
    circles: Sequence[SubCircle],
    t: Translator,
) -> None:
    match = found[0]
    key = f"pair_{first.id}_{second.id}"
    with st.container(border=True, key="duplicates_pair"):
        st.text(t("community.duplicates_because", reasons=reasons(match, t)))
        swap = st.toggle(t("community.duplicates_swap"), key=f"{key}_swap")
        kept, dropped = (second, first) if swap else (first, second)
        _side_by_side(kept, dropped, circles, t)
        taken = _choose(kept, dropped, t, f"{key}_{kept.id}")
        st.caption(t("community.duplicates_also", days=KEPT_DAYS))
        with st.container(horizontal=True):
            merge = st.button(t("community.merge"), type="primary", key="duplicates_merge")
            keep = st.button(t("community.keep_both"), key="duplicates_keep")
            st.button(t("community.later"), on_click=_later, key="duplicates_later")
    done = None
    if merge:
        decision = merging.Merge(kept.id, dropped.id, kept.version, dropped.version, taken)
        done = forms.submit(commands.merge_stakeholders, decision, t=t)
    elif keep:
        done = forms.submit(commands.keep_both, initiative_id, first.id, second.id, t=t)
    if done is not None:
        found.pop(0)
        forms.saved(t, "community.merged" if merge else "common.saved")
        st.rerun()


def _side_by_side(
    kept: Stakeholder, dropped: Stakeholder, circles: Sequence[SubCircle], t: Translator
) -> None:
    titles = ("duplicates_first", "duplicates_second")
    for column, person, title in zip(st.columns(2), (kept, dropped), titles, strict=True):
        with column:
            st.caption(t(f"community.{title}"))
            st.subheader(escape(person.name), anchor=False)
            community_facts.show(person, circles, t)


def _choose(kept: Stakeholder, dropped: Stakeholder, t: Translator, key: str) -> frozenset[str]:
    """Side by side what differs, one value of each to be chosen; the fields of the dropped one."""
    differing = merging.differences(kept, dropped)
    key_text = "community.duplicates_choose" if differing else "community.duplicates_equal"
    st.markdown(t(key_text))
    taken: set[str] = set()
    for each in differing:
        values = {_KEPT: each.kept, _DROPPED: each.dropped}
        chosen = st.radio(
            escape(_field(each.field, t)),
            list(values),
            index=int(each.dropped_proposed),
            format_func=partial(_side, values, t),
            horizontal=True,
            key=f"{key}_{each.field}",
        )
        if chosen == _DROPPED:
            taken.add(each.field)
    return frozenset(taken)


def _side(values: Mapping[str, Any], t: Translator, side: str) -> str:
    return escape(_value(values[side], t))


def _field(name: str, t: Translator) -> str:
    kind, _, rest = name.partition(".")
    if kind == "capital":
        return t.word(Capital(rest))
    if kind == "attribute":
        return community_attributes.label(rest, t)
    return t("community.under_18" if name == "minor" else f"community.{name}")


def _value(value: Any, t: Translator) -> str:
    if isinstance(value, PersonName):
        return person_picker.full_name(value)
    if isinstance(value, StrEnum | bool):
        return t.value(value)
    return str(value) if value else t("community.empty_value")


def _later() -> None:
    """To the end of the pairs."""
    found: list[Match] = state.get(_FOUND, [])
    found.append(found.pop(0))
