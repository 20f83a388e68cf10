"""Saving the lines of the grid where others have saved the same people meanwhile."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import streamlit as st

from convening import drafts
from convening.community import GridEdit, ListedPerson
from convening.conflicts import compare
from convening.i18n import Translator
from convening.problems import ConveningError, NotFound, Problem
from convening.vocabulary import Group
from db import queries
from db.commands import community
from pages.components import conflict_choices, conflict_words, forms, state, store
from pages.components.conflict_choices import Met
from pages.components.conflicts import RETRIES
from pages.components.markdown import escape

_PENDING = "people_grid_pending"
_OPEN_GROUP, _NO_GROUP = "community.fits.open", "community.fits.out"


@dataclass(frozen=True)
class Pending:
    """Lines as they are to be saved, those that have to be decided, and those whose people are
    gone. ``read`` are the lines as they were read last."""

    ready: tuple[GridEdit, ...]
    met: tuple[Met[GridEdit], ...]
    gone: tuple[GridEdit, ...]
    read: Mapping[int, GridEdit]


def pending() -> Pending | None:
    """What has to be decided before the grid can go on."""
    found: Pending | None = state.get(_PENDING)
    return found


def forget() -> None:
    state.drop(_PENDING)


def save(
    initiative_id: int, rows: Sequence[ListedPerson], edits: Sequence[GridEdit], t: Translator
) -> Sequence[Problem] | None:
    """Writes the lines that were changed, all or nothing; None once they are written.

    The problems by line otherwise; none of them where a decision is ``pending``.
    """
    base = {row.id: drafts.line(row, number) for number, row in enumerate(rows, 1)}
    return _attempt(initiative_id, base, edits, t)


def decide(initiative_id: int, t: Translator) -> Sequence[Problem] | None:
    """Both values of every cell that two have changed; as ``save`` once all are chosen."""
    found = pending()
    if found is None:
        return ()
    place = st.empty()
    with place.container():
        chosen = _draw(found, t)
    if chosen is None:
        return ()
    problems = _attempt(initiative_id, found.read, [*found.ready, *chosen], t)
    again = pending()
    if problems is not None and again is not None and again is not found:
        with place.container():
            st.caption(t("conflict.again"))
            _draw(again, t)
    return problems


def _attempt(
    initiative_id: int, base: Mapping[int, GridEdit], edits: Sequence[GridEdit], t: Translator
) -> Sequence[Problem] | None:
    for _ in range(RETRIES):
        try:
            if edits:
                store.write(community.edit_people, initiative_id, edits)
        except NotFound:
            pass
        except ConveningError as error:
            if all(each.code != "changed_meanwhile" for each in error.problems):
                return error.problems
        else:
            forget()
            return None
        found = _compared(initiative_id, base, edits, t)
        if found.met or found.gone:
            state.put(_PENDING, found)
            state.bump(_PENDING)
            return ()
        base, edits = found.read, found.ready
    return (Problem("changed_meanwhile"),)


def _compared(
    initiative_id: int, base: Mapping[int, GridEdit], edits: Sequence[GridEdit], t: Translator
) -> Pending:
    """The lines against the people as they are now."""
    ids = [each.id for each in edits]
    now = {each.id: each for each in store.read(queries.community.rows_of, initiative_id, ids)}
    ready, met, gone = list[GridEdit](), list[Met[GridEdit]](), list[GridEdit]()
    read = dict(base)
    for mine in edits:
        if mine.id not in now:
            gone.append(mine)
            continue
        theirs = drafts.line(now[mine.id], mine.row)
        if theirs.version == mine.version:
            ready.append(mine)
            continue
        read[mine.id] = theirs
        conflict = compare(base[mine.id], mine, theirs)
        edit = store.read(queries.edits.last, "stakeholder", mine.id)
        if conflict.differences:
            met.append(Met(conflict, edit, title=f"{mine.row} · {theirs.name}"))
            continue
        ready.append(replace(conflict.settled, row=mine.row))
        forms.also(conflict_choices.changed_alone(conflict, edit, _named(t), t))
    return Pending(tuple(ready), tuple(met), tuple(gone), read)


def _draw(found: Pending, t: Translator) -> list[GridEdit] | None:
    """The lines to save once all is chosen and it is pressed."""
    key = f"conflict_people_grid_{state.counter(_PENDING)}"
    for each in found.gone:
        st.warning(escape(t("conflict.line_gone", row=each.row, name=each.name)))
        cells = (each.name, each.organisation, each.place)
        st.code(" · ".join(filter(None, cells)), language=None, wrap_lines=True)
    chosen = conflict_choices.show(found.met, _named(t), t, key=key)
    st.button(t("conflict.back_to_grid"), on_click=forget, type="tertiary", key=f"{key}_back")
    return chosen


def _named(t: Translator) -> conflict_words.Named:
    """A circle without a question is one nobody gave a reason for."""

    def words(field: str, value: Any) -> str | None:
        if field != "groups" or isinstance(value, Group | str):
            return None
        return t(_OPEN_GROUP if value is None else _NO_GROUP)

    return words
