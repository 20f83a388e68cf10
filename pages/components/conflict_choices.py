"""The place where somebody decides between what they typed and what another editor saved."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import streamlit as st

from convening.conflicts import Conflict, Difference, Edit
from convening.i18n import Translator
from pages.components import clock, conflict_words
from pages.components.conflict_words import Named
from pages.components.markdown import bold, escape

D = TypeVar("D")
_MINE, _THEIRS = "mine", "theirs"


@dataclass(frozen=True)
class Met(Generic[D]):
    """Two edits of one record; ``title`` names it where there are several."""

    conflict: Conflict[D]
    edit: Edit | None
    title: str = ""


def show(met: Sequence[Met[D]], named: Named, t: Translator, *, key: str) -> list[D] | None:
    """Every difference of every record; the drafts to save once all are chosen and it is pressed.

    ``key`` is another one in each round, so that nothing chosen before stands for something else.
    """
    complete = True
    drafts: list[D] = []
    for number, each in enumerate(met):
        chosen: dict[str, Any] = {}
        with st.container(key=f"{key}_{number}"):
            _headline(each, named, t)
            for place, difference in enumerate(each.conflict.differences):
                slug = re.sub(r"[^a-z_]+", "_", difference.path)
                widget = f"{key}_{number}_{place}_{slug}"
                show_one = _text if difference.is_text else _short
                chosen[difference.path] = show_one(difference, each.edit, named, t, widget)
        found = [chosen[difference.path] for difference in each.conflict.differences]
        complete = complete and None not in [each[:1] or None for each in found]
        if complete:
            values = {path: answer[0] for path, answer in chosen.items()}
            drafts.append(each.conflict.resolved(values))
    with st.container(horizontal=True):
        pressed = st.button(t("conflict.save"), type="primary", key=f"{key}_save")
    if pressed and not complete:
        st.warning(t("conflict.choose_all"))
    return drafts if pressed and complete else None


def who(edit: Edit | None, t: Translator) -> str:
    """Whoever saved it last; somebody, where that is not known."""
    return edit.by if edit and edit.by else t("conflict.somebody")


def changed_alone(conflict: Conflict[Any], edit: Edit | None, named: Named, t: Translator) -> str:
    """What the other changed beside what I did, in one sentence; empty where that is nothing."""
    if not conflict.taken_over:
        return ""
    fields = [conflict_words.field(path, t, named) for path in conflict.taken_over]
    return t("conflict.taken_over", who=who(edit, t), fields=fields)


def _headline(met: Met[Any], named: Named, t: Translator) -> None:
    if met.title:
        st.markdown(bold(met.title))
    at = t.time(clock.here(met.edit.at)) if met.edit else ""
    said = t("conflict.title" if at else "conflict.title_untimed", who=who(met.edit, t), at=at)
    st.info(escape(said), icon=":material/group:")
    also = [changed_alone(met.conflict, met.edit, named, t)]
    if met.conflict.kept:
        fields = [conflict_words.field(path, t, named) for path in met.conflict.kept]
        also.append(t("conflict.kept", fields=fields))
    for sentence in filter(None, also):
        st.caption(escape(sentence))


def _short(
    difference: Difference, edit: Edit | None, named: Named, t: Translator, key: str
) -> tuple[Any, ...]:
    """Both values to choose from; nothing is chosen for anybody. The choice in a tuple, or ()."""
    sides = {_MINE: difference.mine, _THEIRS: difference.theirs}
    words = {
        side: t(
            f"conflict.option_{side}",
            value=conflict_words.value(difference, value, t, named),
            who=who(edit, t),
        )
        for side, value in sides.items()
    }
    chosen = st.radio(
        escape(conflict_words.field(difference.path, t, named)),
        list(sides),
        index=None,
        format_func=lambda side: escape(words[side]),
        key=key,
    )
    return () if chosen is None else (sides[chosen],)


def _text(
    difference: Difference, edit: Edit | None, named: Named, t: Translator, key: str
) -> tuple[Any, ...]:
    """Both texts side by side, and below them one text of both to work on."""
    label = conflict_words.field(difference.path, t, named)
    st.markdown(bold(label))
    mine, theirs = st.columns(2)
    for column, side, heading in (
        (mine, difference.mine, t("conflict.mine")),
        (theirs, difference.theirs, t("conflict.theirs", who=who(edit, t))),
    ):
        with column.container(border=True):
            st.caption(escape(heading))
            st.text(conflict_words.value(difference, side, t, named))
    merged = difference.merged()
    st.caption(t("conflict.merged_clean" if merged.clean else "conflict.merged_twice"))
    text = st.text_area(escape(t("conflict.merged", field=label)), merged.text, height=160, key=key)
    return (text,)
