"""Bringing a list of people onto the map: the file, its columns, what is wrong, who is known."""

import hashlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, TypeVar

import pandas as pd
import streamlit as st

from convening.i18n import Translator
from convening.imports import people
from convening.imports.decisions import Decision, Outcome
from convening.imports.people import PersonRow
from convening.imports.result import Imported
from convening.imports.tabular import MAX_BYTES, MAX_ROWS, Table, read_table
from convening.problems import ConveningError
from convening.vocabulary import Group
from db.commands.imports import import_people
from pages.components import (
    clock,
    community_export,
    community_import_columns,
    community_import_review,
    community_place,
    forms,
    state,
)
from pages.components.markdown import escape
from pages.components.words import group_label

T = TypeVar("T")
_FILE = "import_file"
_OUTCOME = "import_outcome"
_KEPT = ("table", "people", "matches")
_NO_PEOPLE = ("quota_file", "no_rows")  # no column of such a file could be assigned
_PREVIEW = 5


def show(initiative_id: int, known: int, t: Translator) -> None:
    """Step by step; ``known`` is how many people are on the map now."""
    outcome: Outcome | None = state.get(_OUTCOME)
    if outcome is not None:
        _done(outcome, t)
    with st.container(horizontal=True, vertical_alignment="center"):
        with st.container():
            st.caption(t("community.import_help"))
        community_export.templates(t)
    uploaded = st.file_uploader(
        t("community.import_file", limit=MAX_BYTES // 1024 // 1024, rows=MAX_ROWS),
        type=["csv", "txt", "tsv", "xlsx"],
        key=f"{_FILE}_{state.counter(_FILE)}",
        on_change=state.drop,
        args=(_OUTCOME,),
    )
    if uploaded is None:
        _forget()
        return
    data = uploaded.getvalue()
    digest = hashlib.sha256(data).hexdigest()
    table = _table(data, digest, t)
    if table is not None:
        _columns_and_people(initiative_id, known, table, digest, t)


def _table(data: bytes, digest: str, t: Translator) -> Table | None:
    """The file as it was read; how, can be corrected where it was a guess."""
    asked = community_import_columns.asked(digest)
    try:
        table = _once("table", (digest, asked), lambda: read_table(data, **asked.given()))
    except ConveningError as error:
        forms.problems(error.problems, t)
        if asked != community_import_columns.Asked():
            community_import_columns.ask(None, digest, t)
        return None
    community_import_columns.ask(table.detected, digest, t)
    return table


def _columns_and_people(
    initiative_id: int, known: int, table: Table, digest: str, t: Translator
) -> None:
    guess = people.guess_mapping(table.header, table.sample())
    hopeless = [each for each in people.check_table(table, guess) if each.code in _NO_PEOPLE]
    if hopeless:
        forms.problems(hopeless, t)
        return
    mapping = community_import_columns.mapping(table, guess, digest, t)
    groups = community_import_columns.value_groups(table, mapping, digest, t)
    imported = _people(table, mapping, groups, digest, t)
    _preview(imported, t)
    accepted = community_import_review.problems(imported, digest, t)
    if not accepted:
        return
    decisions = community_import_review.duplicates_of(
        initiative_id, imported.records, (digest, mapping, known), t
    )
    count = community_import_review.count_added(imported.records, decisions)
    if not count:
        st.info(t("community.import_nobody"))
    elif st.button(t("community.import_now", count=count), type="primary", key="import_now"):
        _import(initiative_id, imported, decisions, t)


def _people(
    table: Table,
    mapping: people.ColumnMapping,
    groups: Mapping[str, frozenset[Group]],
    digest: str,
    t: Translator,
) -> Imported[PersonRow]:
    def read() -> Imported[PersonRow]:
        with _progress(t("community.import_reading")) as report:
            return people.from_table(
                table, mapping, groups, year=clock.here().year, progress=report
            )

    return _once("people", (digest, table.detected, mapping, tuple(groups.items())), read)


def _preview(imported: Imported[PersonRow], t: Translator) -> None:
    if not imported.records:
        return
    st.header(t("community.import_preview", count=len(imported.records)), anchor=False)
    rows = imported.records[:_PREVIEW]
    table = {
        t("community.row"): [str(each.row) for each in rows],
        t("community.name"): [each.name for each in rows],
        t("community.circles"): [
            ", ".join(group_label(group, t) for group in Group if group in each.groups)
            for each in rows
        ],
        t("community.organisation"): [each.organisation for each in rows],
        t("community.place"): [each.place for each in rows],
        t("community.email"): [each.email for each in rows],
        t("community.phone"): [each.phone for each in rows],
        t("community.attributes"): [
            " · ".join(f"{name}: {value}" for name, value in each.attributes.items())
            for each in rows
        ],
    }
    filled = {name: cells for name, cells in table.items() if any(cells)}
    with st.container(key="import_preview"):
        st.dataframe(pd.DataFrame(filled), hide_index=True)


def _import(
    initiative_id: int,
    imported: Imported[PersonRow],
    decisions: Mapping[int, Decision],
    t: Translator,
) -> None:
    with _progress(t("community.import_writing")) as report:
        outcome = forms.submit(
            import_people,
            initiative_id,
            imported,
            decisions,
            accept_warnings=True,
            progress=report,
            t=t,
        )
    if outcome is not None:
        state.put(_OUTCOME, outcome)
        forms.saved(t)
        _forget()
        state.bump(_FILE)
        st.rerun()


def _done(outcome: Outcome, t: Translator) -> None:
    """What happened, and the step that follows."""
    with st.container(border=True, key="import_done"):
        counts = {
            "added": outcome.added,
            "updated": outcome.updated,
            "skipped": outcome.skipped,
        }
        done = [t(f"community.import_{name}", count=n) for name, n in counts.items() if n]
        st.success(escape(t("community.import_done", done=t.join(done))))
        if outcome.unplaced:
            st.text(t("community.import_unplaced", count=outcome.unplaced))
        with st.container(horizontal=True):
            if outcome.unplaced:
                st.button(
                    t("community.import_place"),
                    type="primary",
                    on_click=_go,
                    args=("place",),
                    key="import_place",
                )
            st.button(t("community.import_list"), on_click=_go, args=("people",), key="import_list")


def _go(view: str) -> None:
    state.drop(_OUTCOME)
    community_place.begin()
    state.put("community_view", view)


@contextmanager
def _progress(text: str) -> Iterator[Callable[[float], None]]:
    """A bar that goes when the work is done, refused or not."""
    bar = st.progress(0.0, text)

    def report(share: float) -> None:
        bar.progress(min(share, 1.0), text)

    try:
        yield report
    finally:
        bar.empty()


def _forget() -> None:
    """Nobody's data stays in the tab longer than the file is in hand."""
    for name in _KEPT:
        state.drop(f"import_{name}")


def _once(name: str, key: Any, make: Callable[[], T]) -> T:
    """What ``make`` gives, kept in the tab until ``key`` changes: reading a file takes a second."""
    kept: tuple[Any, T] | None = state.get(f"import_{name}")
    if kept is None or kept[0] != key:
        kept = (key, make())
        state.put(f"import_{name}", kept)
    return kept[1]
