"""Which part of the ledger is shown: by state, stage, convening, group, strength, definition."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import streamlit as st

from convening.i18n import Translator
from convening.ledger import Entry, LedgerFilter
from convening.vocabulary import DissentState, Group, StageKind, Strength
from pages.components import choices, paging, state
from pages.components.words import group_label

PAGES = "dissent_list"
_CLEARED = "dissent_filters"


def narrowed(entries: Sequence[Entry], definitions: dict[int, str], t: Translator) -> LedgerFilter:
    """The filters; another choice starts at the first page again. The states are counted among
    what the other filters leave."""
    above = st.container()
    with st.container(horizontal=True, key="dissent_filters"):
        stages = _one(_stages(entries, t), "stage", t)
        of_stage = [each for each in entries if not stages or each.stage_id in stages]
        rest = LedgerFilter(
            stages=stages,
            # Each stage has a choice of its own: that of another would leave nothing
            convenings=_one(_convenings(of_stage), "convening", t, *stages),
            groups=_one({each: group_label(each, t) for each in Group}, "group", t),
            strengths=_one({each: t.word(each) for each in Strength}, "strength", t),
            definitions=_one(definitions, "definition", t) if len(definitions) > 1 else frozenset(),
        )
    counts = Counter(each.state for each in entries if rest.matches(each))
    some = {each.state for each in entries}
    states = above.pills(
        t("dissent.state"),
        [each for each in DissentState if each in some],
        selection_mode="multi",
        format_func=lambda each: f"{t.word(each)} {t.number(counts[each])}",
        key=_key("state"),
    )
    found = replace(rest, states=frozenset(states))
    if found != LedgerFilter():
        st.button(t("dissent.clear"), on_click=state.bump, args=(_CLEARED,), key="dissent_clear")
    if found != state.get("dissent_wanted"):
        state.put("dissent_wanted", found)
        paging.to_start(PAGES)
    return found


def stage_name(entry: Entry, t: Translator) -> str:
    if entry.stage is None:
        return ""
    return entry.stage_name if entry.stage is StageKind.CUSTOM else t.word(entry.stage)


def _one(words: dict[Any, str], name: str, t: Translator, *of: int) -> frozenset[Any]:
    chosen = choices.one_of(words, t(f"dissent.{name}"), t, key=_key(name, *of))
    return frozenset() if chosen is None else frozenset({chosen})


def _key(name: str, *of: int) -> str:
    return "_".join(map(str, ("dissent", name, state.counter(_CLEARED), *of)))


def _stages(entries: Sequence[Entry], t: Translator) -> dict[int, str]:
    return {each.stage_id: stage_name(each, t) for each in entries if each.stage_id is not None}


def _convenings(entries: Sequence[Entry]) -> dict[int, str]:
    return {each.convening_id: each.convening for each in entries if each.convening_id is not None}
