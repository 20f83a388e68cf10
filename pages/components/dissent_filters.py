"""Which part of the ledger is shown: by state, stage, convening, group, strength, definition."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

import streamlit as st

from convening.i18n import Translator
from convening.ledger import Entry, LedgerFilter
from convening.vocabulary import DissentState, Group, StageKind, Strength
from pages.components import choices, paging, state
from pages.components.words import group_label

PAGES = "dissent_list"


def narrowed(entries: Sequence[Entry], definitions: dict[int, str], t: Translator) -> LedgerFilter:
    """The filters in one row; another choice starts at the first page again."""
    counts = Counter(each.state for each in entries)
    states = st.pills(
        t("dissent.state"),
        [each for each in DissentState if counts[each]],
        selection_mode="multi",
        format_func=lambda each: f"{t.word(each)} {t.number(counts[each])}",
        key="dissent_state",
    )
    with st.container(horizontal=True, key="dissent_filters"):
        found = LedgerFilter(
            states=frozenset(states),
            stages=_one(_stages(entries, t), "stage", t),
            convenings=_one(_convenings(entries), "convening", t),
            groups=_one({each: group_label(each, t) for each in Group}, "group", t),
            strengths=_one({each: t.word(each) for each in Strength}, "strength", t),
            definitions=_one(definitions, "definition", t) if len(definitions) > 1 else frozenset(),
        )
    if found != state.get("dissent_wanted"):
        state.put("dissent_wanted", found)
        paging.to_start(PAGES)
    return found


def stage_name(entry: Entry, t: Translator) -> str:
    if entry.stage is None:
        return ""
    return entry.stage_name if entry.stage is StageKind.CUSTOM else t.word(entry.stage)


def _one(words: dict[Any, str], name: str, t: Translator) -> frozenset[Any]:
    chosen = choices.one_of(words, t(f"dissent.{name}"), t, key=f"dissent_{name}")
    return frozenset() if chosen is None else frozenset({chosen})


def _stages(entries: Sequence[Entry], t: Translator) -> dict[int, str]:
    return {each.stage_id: stage_name(each, t) for each in entries if each.stage_id is not None}


def _convenings(entries: Sequence[Entry]) -> dict[int, str]:
    return {each.convening_id: each.convening for each in entries if each.convening_id is not None}
