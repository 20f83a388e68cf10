"""Whom a person knows: added one by one, each with a strength from 1 to 5."""

import pandas as pd
import streamlit as st

from convening.community import STRENGTHS, USUAL_STRENGTH, Stakeholder
from convening.i18n import Translator
from pages.components import person_picker, state

Ties = dict[int, tuple[str, int]]  # name and strength by the other's id
_TIES = "person_ties"  # what the dialog that is open holds beyond what is stored


def edit(
    initiative_id: int, person: Stakeholder | None, t: Translator, *, key: str
) -> dict[int, int]:
    """The strengths by the other's id, as they stand after the edit."""
    own: Ties = {tie.person_id: (tie.name, tie.strength) for tie in person.ties} if person else {}
    known: Ties = state.get(_TIES, own)
    now = _table(known, t, key=f"{key}_ties_{state.counter(_TIES)}")
    _adder(initiative_id, person, now, t, key)
    return {each: strength for each, (_, strength) in now.items()}


def forget() -> None:
    """Drops what was added and not saved; whoever opens or closes the dialog calls it."""
    state.drop(_TIES)


def _table(known: Ties, t: Translator, *, key: str) -> Ties:
    if not known:
        st.text(t("community.ties_none"))
        return {}
    edited = st.data_editor(
        pd.DataFrame(
            [(each, name, strength) for each, (name, strength) in known.items()],
            columns=["id", "name", "strength"],
        ),
        hide_index=True,
        num_rows="delete",
        column_order=["name", "strength"],
        column_config={
            "name": st.column_config.TextColumn(t("community.name"), disabled=True),
            "strength": st.column_config.SelectboxColumn(
                t("community.strength"),
                options=list(STRENGTHS),
                required=True,
                format_func=lambda each: t(f"community.strength_{each}"),
            ),
        },
        key=key,
    )
    rows = edited.to_dict("records")
    return {int(row["id"]): (str(row["name"]), int(row["strength"])) for row in rows}


def _adder(
    initiative_id: int, person: Stakeholder | None, now: Ties, t: Translator, key: str
) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        picked = person_picker.pick(
            t("community.tie_add"),
            initiative_id,
            t,
            without=[*now, *([person.id] if person else [])],
            key=f"{key}_tie_{state.counter(_TIES)}",
        )
        if picked is None:
            return
        label = person_picker.full_name(picked)
        more = now | {picked.id: (label, USUAL_STRENGTH)}
        st.button(t("common.add"), on_click=_hold, args=(more,), key=f"{key}_tie_add")


def _hold(ties: Ties) -> None:
    state.put(_TIES, ties)
    state.bump(_TIES)
