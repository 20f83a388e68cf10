"""How a file was read, which column goes where, and which groups its words stand for."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypedDict

import pandas as pd
import streamlit as st

from convening.i18n import Translator
from convening.imports import people
from convening.imports.encoding import DELIMITERS, ENCODINGS
from convening.imports.tabular import Detected, Table
from convening.vocabulary import Group, PersonField
from pages.components import state
from pages.components.words import group_label

_SAMPLES = 3


@dataclass(frozen=True)
class Asked:
    """What the person said of how the file is to be read; None where the guess stands."""

    encoding: str | None = None
    delimiter: str | None = None
    sheet: str | None = None

    def given(self) -> "_Given":
        return {"encoding": self.encoding, "delimiter": self.delimiter, "sheet": self.sheet}


class _Given(TypedDict):
    encoding: str | None
    delimiter: str | None
    sheet: str | None


def asked(digest: str) -> Asked:
    """What was said of this file so far."""
    return Asked(*(state.get(_key(name, digest)) for name in ("encoding", "delimiter", "sheet")))


def ask(detected: Detected | None, digest: str, t: Translator) -> None:
    """How the file was read, to be corrected; open where the guess is not sure."""
    unsure = detected is None or not detected.sure
    with st.expander(_reading(detected, t), expanded=unsure, key="import_reading"):
        if unsure and detected is not None:
            st.info(t("community.import_unsure"))
        if detected is None or detected.format == "csv":
            left, right = st.columns(2)
            with left:
                _choose("encoding", ENCODINGS, detected.encoding if detected else None, digest, t)
            with right:
                _choose(
                    "delimiter", DELIMITERS, detected.delimiter if detected else None, digest, t
                )
        elif detected.sheets:
            _choose("sheet", detected.sheets, detected.sheet, digest, t)


def mapping(
    table: Table, guess: people.ColumnMapping, digest: str, t: Translator
) -> people.ColumnMapping:
    """One field for each column: a guess that can be changed in the grid."""
    st.header(t("community.import_columns"), anchor=False)
    st.caption(t("community.import_columns_help"))
    frame = pd.DataFrame(
        {
            "column": [table.column_name(index) for index in range(len(table.header))],
            "sample": [_sample(table, index) for index in range(len(table.header))],
            "field": [field.value for field in guess.fields],
        }
    )
    columns: dict[str, Any] = {
        "column": st.column_config.TextColumn(t("community.import_column")),
        "sample": st.column_config.TextColumn(t("community.import_sample"), width="medium"),
        "field": st.column_config.SelectboxColumn(
            t("community.import_field"),
            options=[field.value for field in PersonField],
            required=True,
            format_func=lambda value: t.word(PersonField(str(value))),
            width="medium",
        ),
    }
    edited = st.data_editor(
        frame,
        hide_index=True,
        num_rows="fixed",
        disabled=["column", "sample"],
        column_config=columns,
        key=f"import_columns_{digest[:12]}_{len(table.header)}",
    )
    return people.ColumnMapping(tuple(PersonField(str(value)) for value in edited["field"]))


def value_groups(
    table: Table, mapping: people.ColumnMapping, digest: str, t: Translator
) -> Mapping[str, frozenset[Group]]:
    """The groups that each word of the groups columns stands for; a word can stand for none.

    A word that nobody has spoken for yet is left out, and the file is then not imported.
    """
    own = {t.word(group): (group,) for group in Group}
    values = people.values_of(table, mapping)
    if not values:
        return {}
    guess = people.guess_groups(values, own)
    st.header(t("community.import_groups"), anchor=False)
    st.caption(t("community.import_groups_help"))
    rows: dict[str, list[Any]] = {
        "value": list(values),
        "people": [str(count) for count in values.values()],
    }
    for group in Group:
        rows[group.value] = [group in (guess[value] or ()) for value in values]
    rows["none"] = [guess[value] == frozenset() for value in values]
    config = st.column_config
    columns: dict[str, Any] = {
        "value": config.TextColumn(t("community.import_value")),
        "people": config.TextColumn(t("community.import_rows")),
        "none": config.CheckboxColumn(t("community.import_no_group")),
        **{each.value: config.CheckboxColumn(group_label(each, t)) for each in Group},
    }
    edited = st.data_editor(
        pd.DataFrame(rows),
        hide_index=True,
        num_rows="fixed",
        disabled=["value", "people"],
        column_config=columns,
        key=f"import_groups_{digest[:12]}_{len(values)}",
    )
    found: dict[str, frozenset[Group]] = {}
    for row in edited.to_dict("records"):
        value = str(row["value"])
        groups = frozenset(group for group in Group if row[group.value])
        if groups or row["none"] or guess[value] is not None:
            found[value] = groups
    return found


def _reading(detected: Detected | None, t: Translator) -> str:
    if detected is None:
        return t("community.import_how")
    if detected.format == "xlsx":
        return t("community.import_read_sheet", sheet=detected.sheet)
    delimiter = t(f"community.delimiter_{DELIMITERS.index(detected.delimiter or ',')}")
    return t("community.import_read", encoding=detected.encoding, delimiter=delimiter)


def _choose(
    name: str, options: tuple[str, ...], now: str | None, digest: str, t: Translator
) -> None:
    """A choice that begins at what was detected and stands once it was made."""
    known = list(dict.fromkeys((*options, *([now] if now else []))))
    st.selectbox(
        t(f"community.import_{name}"),
        known,
        index=known.index(now) if now else None,
        format_func=lambda each: (
            t(f"community.delimiter_{DELIMITERS.index(each)}") if name == "delimiter" else each
        ),
        on_change=_take,
        args=(name, digest),
        key=f"import_{name}_{digest[:12]}",
    )


def _take(name: str, digest: str) -> None:
    chosen: str | None = state.get(f"import_{name}_{digest[:12]}")
    state.put(_key(name, digest), chosen)


def _key(name: str, digest: str) -> str:
    return f"import_asked_{name}_{digest}"


def _sample(table: Table, index: int) -> str:
    filled = (row.cells[index] for row in table.rows if row.cells[index])
    return " · ".join(
        dict.fromkeys(next_ for next_, _ in zip(filled, range(_SAMPLES), strict=False))
    )
