"""What an imported list said of a person beyond the fields of the map."""

from collections.abc import Mapping

import pandas as pd
import streamlit as st

from convening.i18n import Translator
from convening.vocabulary import PersonField


def edit(known: Mapping[str, str], t: Translator, *, key: str) -> dict[str, str]:
    """The attributes as they stand after the edit, by their names."""
    st.caption(t("community.attributes_help"))
    edited = st.data_editor(
        pd.DataFrame(
            [(label(name, t), value) for name, value in known.items()],
            columns=["name", "value"],
            dtype="string",
        ),
        hide_index=True,
        num_rows="dynamic",
        column_config={
            "name": st.column_config.TextColumn(t("community.attribute")),
            "value": st.column_config.TextColumn(t("community.attribute_value"), width="large"),
        },
        key=f"{key}_attributes",
    )
    names = {label(name, t): name for name in known}
    rows = edited.fillna("").to_dict("records")
    return {
        names.get(str(row["name"]), str(row["name"])): str(row["value"])
        for row in rows
        if row["name"] and row["value"]
    }


def label(name: str, t: Translator) -> str:
    """An attribute's name as the file had it, or a field of ours in the viewer's language."""
    return t.word(PersonField(name)) if name in set(PersonField) else name
