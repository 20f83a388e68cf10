"""Taking all data along as a file, and the backups that the server makes by itself."""

import tempfile
from datetime import UTC
from functools import partial
from pathlib import Path

import streamlit as st

from convening import settings
from convening.backups import StoredBackup, file_name
from convening.i18n import Translator
from convening.problems import ConveningError
from convening.retention import NOTICE_DAYS
from convening.roles import Action, Actor
from db import backup, backup_folder, transaction
from db.commands import backups
from pages.components import clock, data_restore, forms, state, store
from pages.components.markdown import escape

_MIME = "application/zip"
_TABLE = "data_backups"
_MEGABYTE = 2**20


def take(t: Translator) -> None:
    """A download of everything as it is at this moment."""
    st.header(t("data.take"), anchor=False)
    st.text(t("data.personal"))
    st.download_button(
        t("data.download"),
        data=store.later(store.permitted, _written, Action.BACK_UP),
        file_name=file_name(clock.here().astimezone(UTC)),
        mime=_MIME,
        icon=":material/download:",
        type="primary",
        on_click="ignore",
        key="data_download",
    )


def scheduled(t: Translator) -> None:
    """The files of the folder, and what can be done with each."""
    current = settings.current()
    st.header(t("data.scheduled"), anchor=False)
    if not current.backup_keep:
        st.text(t("data.scheduled_off"))
    else:
        st.text(t("data.scheduled_help", count=current.backup_keep))
    how = backup_folder.state(store.engines(), current.backup_keep)
    if how.problem:
        at = t.moment(clock.here(how.tried_at))
        st.error(escape(t("data.failed", at=at, why=t(f"problem.{how.problem}"))))
    found = backup_folder.listing(store.engines(), current.backup_dir)
    chosen = _list(found, t) if found else None
    with st.container(horizontal=True):
        if st.button(t("data.make_now"), icon=":material/add:", key="data_make"):
            _make(t)
        if chosen is not None:
            _actions(chosen, t)


def kept_how_long(t: Translator) -> None:
    """Where it is decided how long people are kept."""
    st.header(t("data.kept"), anchor=False)
    st.text(t("data.kept_help", days=NOTICE_DAYS))


def _list(found: list[StoredBackup], t: Translator) -> StoredBackup | None:
    answer = st.dataframe(
        {
            t("data.column_made"): [t.moment(clock.here(each.made_at)) for each in found],
            t("data.column_size"): [_size(each.size, t) for each in found],
            t("data.column_checked"): [_checked(each, t) for each in found],
            t("data.column_file"): [each.name for each in found],
        },
        hide_index=True,
        on_select="rerun",
        selection_mode="single-row",
        key=f"{_TABLE}_{state.counter(_TABLE)}",
        alt=t("data.scheduled"),
    )
    rows = answer["selection"]["rows"]
    return found[rows[0]] if rows and rows[0] < len(found) else None


def _actions(chosen: StoredBackup, t: Translator) -> None:
    st.download_button(
        t("data.download_file"),
        data=store.later(store.permitted, partial(_read, chosen.name), Action.BACK_UP),
        file_name=chosen.name,
        mime=_MIME,
        icon=":material/download:",
        on_click="ignore",
        key="data_file_download",
    )
    if st.button(t("data.check"), icon=":material/fact_check:", key="data_file_check"):
        _check(chosen, t)
    if st.button(t("data.restore_file"), icon=":material/restore:", key="data_file_restore"):
        data_restore.choose(chosen.name)
    if st.button(t("data.delete_file"), icon=":material/delete:", key="data_file_delete"):
        forms.confirm(
            t("data.delete_file"),
            t("data.delete_question", name=chosen.name),
            t("data.delete_file"),
            backups.delete_backup,
            settings.current().backup_dir,
            chosen.name,
            t=t,
        )


def _make(t: Translator) -> None:
    current = settings.current()
    try:
        store.write(backups.note_backup)
        with st.spinner(t("data.writing")):
            backup_folder.add(store.engines(), current.backup_dir, current.backup_keep)
    except ConveningError as error:
        forms.problems(error.problems, t)
        return
    forms.saved(t, "data.made")
    st.rerun()


def _check(chosen: StoredBackup, t: Translator) -> None:
    try:
        with st.spinner(t("data.checking")):
            store.read(store.permitted, Action.BACK_UP)
            backup_folder.check(store.engines(), settings.current().backup_dir, chosen.name)
    except ConveningError as error:
        forms.problems(error.problems, t)
        return
    forms.saved(t, "data.whole")
    st.rerun()


def _written(actor: Actor) -> bytes:
    _noted(actor, "back_up")
    with tempfile.TemporaryDirectory(prefix="halqa-") as folder:
        path = Path(folder) / "backup"
        backup.write(store.engines(), path)
        return path.read_bytes()


def _read(name: str, actor: Actor) -> bytes:
    _noted(actor, "download_backup")
    return backup_folder.path_of(settings.current().backup_dir, name).read_bytes()


def _noted(actor: Actor, what: str) -> None:
    with transaction.writing(store.engines(), actor_id=actor.user_id, journalled=False) as session:
        backups.note_backup(session, actor, what)


def _size(size: int, t: Translator) -> str:
    if size < _MEGABYTE:
        return t("data.kilobytes", size=t.number(size / 1024))
    return t("data.megabytes", size=t.number(size / _MEGABYTE, 1))


def _checked(each: StoredBackup, t: Translator) -> str:
    if each.checked_at is None:
        return t("data.not_checked")
    return t.moment(clock.here(each.checked_at))
