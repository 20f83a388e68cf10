"""One page of people as a grid in which everything can be changed at once, saved all or nothing."""

from collections.abc import Hashable, Mapping, Sequence
from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from convening.community import GridEdit, ListedPerson
from convening.i18n import Translator
from convening.problems import Problem
from convening.vocabulary import QUESTION_GROUP, Group, GuidingQuestion, Money, Relationship
from pages.components import community_grid_conflicts, forms, state
from pages.components.words import group_label

_MODE = "people_grid"
_ROWS = "people_grid_rows"  # the rows as they were when the grid was drawn first
OUT, OPEN = "out", "open"


def toggle(t: Translator) -> bool:
    """Whether the list is a grid now."""
    return st.toggle(t("community.grid"), key=_MODE, on_change=begin)


def show(initiative_id: int, rows: Sequence[ListedPerson], t: Translator) -> None:
    """The grid and its save button; a list of problems by line where something stands in the way.

    The rows stay as they were read until they are saved: what others do meanwhile does not empty
    the fields, and is noticed by the version.
    """
    held = _held(rows)
    if [each.id for each in held] != [each.id for each in rows]:
        st.info(t("community.grid_unsaved"))
    above = st.container()
    with st.container(key="typed_people_grid"):
        edits, save = _grid(held, t)
    with above:
        if save:
            _end(community_grid_conflicts.save(initiative_id, held, edits, t), t)
        if community_grid_conflicts.pending() is not None:
            st.html("<style>.st-key-typed_people_grid{display:none}</style>")
            _end(community_grid_conflicts.decide(initiative_id, t), t)


def _grid(rows: Sequence[ListedPerson], t: Translator) -> tuple[list[GridEdit], bool]:
    """The lines that were changed, and whether they are to be saved."""
    edited = st.data_editor(
        frame(rows),
        hide_index=True,
        num_rows="fixed",
        column_config=_columns(t),
        key=_key(),
    )
    edits = changes(rows, edited)
    if not edits:
        return [], False
    with st.container(horizontal=True, vertical_alignment="center"):
        save = st.button(
            t("community.grid_save", count=len(edits)), type="primary", key="people_grid_save"
        )
        st.button(t("community.grid_discard"), on_click=begin, key="people_grid_discard")
    return edits, save


def _end(found: Sequence[Problem] | None, t: Translator) -> None:
    """Saved, refused, or something to decide: that is drawn in place of the grid."""
    if found is None:
        begin()
        forms.saved(t)
        st.rerun()
    if found:
        st.error(t("community.grid_problems"))
        with st.container(key="people_grid_problems"):
            st.dataframe(_problems(found, t), hide_index=True)


def _problems(found: Sequence[Problem], t: Translator) -> pd.DataFrame:
    return pd.DataFrame(
        {
            t("community.row"): [str(each.params.get("row", "")) for each in found],
            t("community.column"): [
                t(f"field.{each.field}") if each.field else "" for each in found
            ],
            t("community.problem"): [forms.wording(each, t) for each in found],
        }
    )


def begin() -> None:
    """Begins from what is stored, with nothing typed."""
    community_grid_conflicts.forget()
    state.drop(_ROWS)
    state.bump(_ROWS)


def _key() -> str:
    return f"people_grid_{state.counter(_ROWS)}"


def _held(rows: Sequence[ListedPerson]) -> Sequence[ListedPerson]:
    """The rows that the grid began from; others come in their place only while nothing is typed."""
    held: Sequence[ListedPerson] | None = state.get(_ROWS)
    typed = bool((state.get(_key()) or {}).get("edited_rows"))
    if held is None or (not typed and [each.id for each in held] != [each.id for each in rows]):
        state.put(_ROWS, rows)
        state.bump(_ROWS)
        return rows
    return held


def frame(rows: Sequence[ListedPerson]) -> pd.DataFrame:
    """The lines of the grid; a group's column holds the question, OPEN or OUT."""
    table: dict[str, list[Any]] = {
        "row": [str(number) for number in range(1, len(rows) + 1)],
        "name": [each.name for each in rows],
        "organisation": [each.organisation for each in rows],
        "place": [each.place for each in rows],
        "relationship": [each.relationship.value for each in rows],
        "money": [each.money.value for each in rows],
    }
    for group in Group:
        table[group.value] = [_reason(each, group) for each in rows]
    return pd.DataFrame(table)


def _reason(person: ListedPerson, group: Group) -> str:
    placement = person.groups.get(group)
    if placement is None:
        return OUT
    return placement.question.value if placement.question else OPEN


def _columns(t: Translator) -> dict[str, Any]:
    config = st.column_config
    columns: dict[str, Any] = {
        "row": config.TextColumn(t("community.row"), disabled=True, width=50),
        "name": config.TextColumn(t("community.name"), required=True),
        "organisation": config.TextColumn(t("community.organisation")),
        "place": config.TextColumn(t("community.place")),
    }
    for name, kind in (("relationship", Relationship), ("money", Money)):
        columns[name] = config.SelectboxColumn(
            t(f"community.column_{name}"),
            options=[each.value for each in kind],
            required=True,
            format_func=partial(_word, kind, t),
        )
    for group in Group:
        questions = [each.value for each in GuidingQuestion if QUESTION_GROUP[each] is group]
        columns[group.value] = config.SelectboxColumn(
            group_label(group, t),
            options=[OUT, *questions, OPEN],
            required=True,
            format_func=lambda value: t(f"community.fits.{value}"),
        )
    return columns


def _word(kind: type[Relationship] | type[Money], t: Translator, value: str) -> str:
    return t.word(kind(value))


def changes(rows: Sequence[ListedPerson], edited: pd.DataFrame) -> list[GridEdit]:
    """The lines that differ from what was read, with their numbers."""
    before = frame(rows).to_dict("records")
    after = edited.fillna("").to_dict("records")
    return [
        _edit(number, person, new)
        for number, (person, old, new) in enumerate(zip(rows, before, after, strict=True), 1)
        if old != new
    ]


def _edit(number: int, person: ListedPerson, new: Mapping[Hashable, Any]) -> GridEdit:
    return GridEdit(
        row=number,
        id=person.id,
        version=person.version,
        name=str(new["name"]),
        organisation=str(new["organisation"]),
        place=str(new["place"]),
        relationship=Relationship(new["relationship"]),
        money=Money(new["money"]),
        groups={
            group: None if new[group.value] == OPEN else GuidingQuestion(new[group.value])
            for group in Group
            if new[group.value] != OUT
        },
    )
