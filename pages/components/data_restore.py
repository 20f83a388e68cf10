"""Replacing everything by a backup, after a look at it and the word typed for it."""

from pathlib import Path
from typing import BinaryIO

import streamlit as st

from convening import settings
from convening.backups import Manifest
from convening.i18n import Translator
from convening.problems import ConveningError
from db import backup, backup_folder, compact
from db.commands import backups
from pages.components import clock, forms, state, store
from pages.components.markdown import escape

_CHOSEN = "data_restore_file"
_LARGEST = 10  # megabytes: what the server takes from a browser, see .streamlit/config.toml


def choose(name: str) -> None:
    """Takes a file of the folder in hand."""
    state.put(_CHOSEN, name)


def show(t: Translator) -> None:
    """Which backup, what is in it, and what happens when it is restored."""
    st.header(t("data.restore"), anchor=False)
    st.text(t("data.restore_help", size=_LARGEST))
    source = _source(t)
    if source is None:
        return
    try:
        with st.spinner(t("data.checking")):
            found = backup.inspected(source)
    except ConveningError as error:
        forms.problems(error.problems, t)
        return
    at = clock.here(found.made_at)
    st.text(t("data.in_file", at=at, rows=found.rows, schema=found.schema))
    st.warning(escape(t("data.replaces")))
    st.text(t("data.logins_end"))
    st.text(t("data.mail_waits"))
    word = t("data.word")
    typed = st.text_input(t("data.type_word", word=word), key="data_word")
    if st.button(t("data.restore_now"), type="primary", key="data_restore"):
        if typed.strip() == word:
            _restore(source, found, t)
        else:
            st.error(escape(t("data.word_differs", word=word)))


def _source(t: Translator) -> Path | BinaryIO | None:
    name = state.get(_CHOSEN)
    if name is not None:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.text(t("data.chosen", name=name), width="content")
            st.button(t("common.cancel"), on_click=state.drop, args=(_CHOSEN,), key="data_not_this")
        try:
            return backup_folder.path_of(settings.current().backup_dir, name)
        except ConveningError as error:
            forms.problems(error.problems, t)
            return None
    return st.file_uploader(t("data.upload"), type=["zip"], key="data_upload")


def _restore(source: Path | BinaryIO, found: Manifest, t: Translator) -> None:
    """Everybody is signed out afterwards, so what came of it stands here and nowhere else."""
    bar = st.progress(0.0, t("data.restoring"))
    engines = store.engines()

    def progress(done: int, rows: int) -> None:
        bar.progress(done / max(1, rows), t("data.restoring"))

    try:
        email = store.read(backups.email_of)
        backup.restore(
            engines, source, conclude=backups.concluding(found, email), progress=progress
        )
    except ConveningError as error:
        bar.empty()
        forms.problems(error.problems, t)
        return
    bar.empty()
    compact.cut_log(engines)
    if compact.is_due(engines):
        compact.compact(engines)
    state.drop(_CHOSEN)
    st.success(escape(t("data.restored", rows=found.rows, tables=len(found.tables))))
    _counts(found, t)
    st.button(t("data.sign_in_again"), type="primary", key="data_sign_in")
    st.stop()


def _counts(found: Manifest, t: Translator) -> None:
    shown = ("initiative", "stakeholder", "convening", "invitation", "user")
    st.dataframe(
        {
            t("data.column_what"): [t(f"data.count_{name}") for name in shown],
            t("data.column_rows"): [
                t.number(found.tables[name].rows if name in found.tables else 0) for name in shown
            ],
        },
        hide_index=True,
        key="data_counts",
        alt=t("data.restored", rows=found.rows, tables=len(found.tables)),
    )
