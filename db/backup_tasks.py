"""Backups from a terminal: ``python -m db backup FILE``, ``restore FILE``, ``scheduled-backup``."""

import sys
from pathlib import Path

from convening import settings
from convening.i18n import Translator
from convening.problems import ConveningError
from convening.vocabulary import Language
from db import backup, backup_folder, compact, migrate, transaction
from db.commands import backups
from db.engine import Engines

_t = Translator(Language.ENGLISH)


def back_up(engines: Engines, path: Path) -> None:
    """Writes everything into a file, and says what is in it."""
    migrate.upgrade(engines.write)
    with transaction.writing(engines, actor_id=None, journalled=False) as session:
        backups.note_backup(session, None)
    try:
        made = backup.write(engines, path)
    except OSError as error:
        raise ConveningError("backup_not_written") from error
    print(_t("data.written", path=str(path), rows=made.rows, tables=len(made.tables)))
    print(_t("data.personal"))


def restore(engines: Engines, path: Path, *, sure: bool) -> None:
    """Replaces everything by what is in the file, once somebody has typed the word for it."""
    if not path.is_file():
        raise ConveningError("backup_no_file", path=str(path))
    found = backup.inspected(path)
    print(_t("data.in_file", at=found.made_at, rows=found.rows, schema=found.schema))
    print(_t("data.replaces"))
    print(_t("data.logins_end"))
    word = _t("data.word")
    if not sure:
        if not sys.stdin.isatty():
            raise ConveningError("restore_not_confirmed")
        if input(_t("data.type_word", word=word) + " ").strip() != word:
            raise ConveningError("restore_not_confirmed")
    backup.restore(engines, path, conclude=backups.concluding(found))
    compact.cut_log(engines)
    if compact.is_due(engines):
        compact.compact(engines)
    print(_t("data.restored", rows=found.rows, tables=len(found.tables)))


def scheduled(engines: Engines) -> None:
    """What the server does by itself once a day, for whoever would rather use cron."""
    current = settings.current()
    made = backup_folder.keep_up(engines, current.backup_dir, current.backup_keep)
    if made is not None:
        print(_t("data.scheduled_made", name=made.name))
    else:
        print(_t("data.scheduled_not_due" if current.backup_keep else "data.scheduled_off"))
