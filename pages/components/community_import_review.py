"""Before a list is written: what is wrong in it, and who in it is known already."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import streamlit as st

from convening import duplicates
from convening.community import PersonName
from convening.duplicates import Match
from convening.i18n import Translator
from convening.imports.decisions import Decision
from convening.imports.people import PersonRow
from convening.imports.result import Imported
from convening.problems import Problem
from convening.vocabulary import DuplicateChoice
from db import queries
from pages.components import community_duplicates, forms, person_picker, state, store

_CHOICES = list(DuplicateChoice)
_IN_FILE = [DuplicateChoice.SKIP, DuplicateChoice.ADD]
_SURE = 75.0  # the same name; from here up a row is left out until somebody says otherwise
_MATCHES = "import_matches"


def problems(imported: Imported[PersonRow], digest: str, t: Translator) -> bool:
    """Every problem by row and column; True when nothing keeps the list from being written."""
    if imported.blocking:
        st.error(t("community.import_blocked", count=len(imported.blocking)))
        _table(imported.problems, t)
        return False
    if not imported.warnings:
        return True
    st.warning(t("community.import_warned", count=len(imported.warnings)))
    _table(imported.warnings, t)
    return st.checkbox(t("community.import_accept"), key=f"import_accept_{digest[:12]}")


def duplicates_of(
    initiative_id: int, records: Sequence[PersonRow], key: Any, t: Translator
) -> dict[int, Decision]:
    """A decision for each row that looks like somebody on the map, or like a row before it."""
    found = _matches(initiative_id, records, (initiative_id, key), t)
    known = {int(each.first): each for each in reversed(found) if each.known}
    again = {
        int(each.second): each
        for each in reversed(found)
        if not each.known and int(each.second) not in known
    }
    by_row = {each.row: each for each in records}
    decisions = {}
    if known:
        names = store.read(
            queries.people.names_on_map, initiative_id, [int(m.second) for m in known.values()]
        )
        st.header(t("community.import_known", count=len(known)), anchor=False)
        rows = [_known_row(row, match, by_row, names, t) for row, match in sorted(known.items())]
        for row, choice in _choose("known", rows, _CHOICES, t).items():
            person = int(known[row].second) if choice is DuplicateChoice.UPDATE else None
            decisions[row] = Decision(choice, person)
    if again:
        st.header(t("community.import_again", count=len(again)), anchor=False)
        rows = [_again_row(row, match, by_row, t) for row, match in sorted(again.items())]
        for row, choice in _choose("again", rows, _IN_FILE, t).items():
            decisions[row] = Decision(choice)
    return decisions


def count_added(records: Sequence[PersonRow], decisions: Mapping[int, Decision]) -> int:
    """How many rows will be written, as new people or over known ones."""
    skipped = sum(each.choice is DuplicateChoice.SKIP for each in decisions.values())
    return len(records) - skipped


def _table(found: Sequence[Problem], t: Translator) -> None:
    table = {
        t("community.row"): [_place(each, "row") for each in found],
        t("community.column"): [_place(each, "column") for each in found],
        t("community.problem"): [forms.wording(each, t) for each in found],
    }
    with st.container(key="import_problems"):
        st.dataframe(
            pd.DataFrame(table),
            hide_index=True,
            column_config={
                t("community.row"): st.column_config.TextColumn(width=50),
                t("community.column"): st.column_config.TextColumn(width=100),
                t("community.problem"): st.column_config.TextColumn(width=200),
            },
        )


def _place(problem: Problem, name: str) -> str:
    return str(problem.params.get(name) or "")


def _matches(
    initiative_id: int, records: Sequence[PersonRow], key: Any, t: Translator
) -> list[Match]:
    kept: tuple[Any, list[Match]] | None = state.get(_MATCHES)
    if kept is None or kept[0] != key:
        with st.spinner(t("community.duplicates_searching")):
            new = [
                duplicates.Person(
                    str(each.row),
                    each.name,
                    each.email,
                    each.phone,
                    each.organisation,
                    each.place,
                )
                for each in records
            ]
            known = store.read(queries.people.to_compare, initiative_id)
            kept = (key, duplicates.find(new, known))
        state.put(_MATCHES, kept)
    return kept[1]


def _known_row(
    row: int,
    match: Match,
    by_row: Mapping[int, PersonRow],
    names: Mapping[int, PersonName],
    t: Translator,
) -> dict[str, str]:
    other = names.get(int(match.second))
    return _row(row, match, by_row[row], person_picker.full_name(other) if other else "", t)


def _again_row(
    row: int, match: Match, by_row: Mapping[int, PersonRow], t: Translator
) -> dict[str, str]:
    first = by_row[int(match.first)]
    return _row(
        row, match, by_row[row], t("community.import_row", row=first.row, name=first.name), t
    )


def _row(row: int, match: Match, record: PersonRow, other: str, t: Translator) -> dict[str, str]:
    choice = DuplicateChoice.SKIP if match.score >= _SURE else DuplicateChoice.ADD
    return {
        "choice": choice.value,
        "row": str(row),
        "name": " · ".join(filter(None, (record.name, record.organisation))),
        "other": other,
        "why": community_duplicates.reasons(match, t),
    }


def _choose(
    kind: str, rows: Sequence[dict[str, str]], options: list[DuplicateChoice], t: Translator
) -> dict[int, DuplicateChoice]:
    """One choice for all of them, or one for each in the grid."""
    each_own = len(options)
    for_all = st.selectbox(
        t("community.import_for_all"),
        range(each_own + 1),
        index=each_own,
        format_func=lambda at: (
            t("community.import_each") if at == each_own else t.word(options[at])
        ),
        key=f"import_all_{kind}",
    )
    frame = pd.DataFrame(rows)
    columns: dict[str, Any] = {
        name: st.column_config.TextColumn(t(f"community.import_{name}"))
        for name in ("name", "other", "why")
    }
    columns["row"] = st.column_config.TextColumn(t("community.row"), width=60)
    columns["choice"] = st.column_config.SelectboxColumn(
        t("community.import_choice"),
        options=[each.value for each in options],
        required=True,
        format_func=lambda value: t.word(DuplicateChoice(str(value))),
    )
    if for_all != each_own:
        st.dataframe(
            frame.drop(columns="choice"),
            hide_index=True,
            column_config=columns,
        )
        return {int(row["row"]): options[for_all] for row in rows}
    edited = st.data_editor(
        frame,
        hide_index=True,
        num_rows="fixed",
        disabled=["row", "name", "other", "why"],
        column_config=columns,
        key=f"import_choices_{kind}_{len(rows)}",
    )
    return {
        int(row["row"]): DuplicateChoice(str(row["choice"])) for row in edited.to_dict("records")
    }
