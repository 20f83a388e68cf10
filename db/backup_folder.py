"""The folder of scheduled backups: one a day, the newest ones stay, erasure reaches into each."""

import json
import logging
import os
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlmodel import Session, select

from convening import backups
from convening.backups import BackupState, Manifest, StoredBackup
from convening.problems import ConveningError, NotFound
from db import archive, backup, rows, transaction
from db.archive import Progress, Reader, Writer
from db.base import Table, now
from db.engine import Engines
from db.erasing import Erasing, Scope
from db.tables.accounts import InstallationValue

EVERY = timedelta(hours=24)
STATE = "scheduled_backups"  # the installation's note of the last attempt and of what was checked
_LOG = logging.getLogger("halqa")
_STALE = timedelta(days=1)  # a file that is still being written after that was left behind


def keep_up(engines: Engines, folder: Path, keep: int) -> StoredBackup | None:
    """Makes the backup of today unless there is one, and leaves the newest ``keep``.

    What goes wrong is noted for administrators to see, and raised.
    """
    found = listing(engines, folder)
    if not keep or (found and now() - found[0].made_at < EVERY):
        return None
    return add(engines, folder, keep)


def add(engines: Engines, folder: Path, keep: int) -> StoredBackup:
    """Makes a backup now, reads it back, and then deletes those beyond the newest ``keep``."""
    try:
        made = _made(engines, folder)
    except (ConveningError, OSError) as error:
        code = error.code if isinstance(error, ConveningError) else "backup_not_written"
        _LOG.exception("a backup was not written")
        _note(engines, lambda state: state | {"tried_at": now().isoformat(), "problem": code})
        raise ConveningError(code) from error
    checked = {made.name: now().isoformat()}
    _note(
        engines,
        lambda state: {
            "tried_at": now().isoformat(),
            "problem": "",
            "checked": state.get("checked", {}) | checked,
        },
    )
    for old in listing(engines, folder)[max(keep, 1) :]:
        delete(folder, old.name)
    _sweep(folder)
    return made


def listing(engines: Engines, folder: Path) -> list[StoredBackup]:
    """The files of the folder, newest first; no other file counts."""
    checked = _state(engines).get("checked", {})
    found = []
    for path in folder.glob(f"*{backups.SUFFIX}") if folder.is_dir() else ():
        if not backups.is_file_name(path.name):
            continue
        facts = path.stat()
        at = checked.get(path.name)
        found.append(
            StoredBackup(
                path.name,
                datetime.fromtimestamp(facts.st_mtime, UTC),
                facts.st_size,
                datetime.fromisoformat(at) if at else None,
            )
        )
    return sorted(found, key=lambda each: (each.made_at, each.name), reverse=True)


def state(engines: Engines, keep: int) -> BackupState:
    """How the last attempt went."""
    known = _state(engines)
    tried = known.get("tried_at")
    return BackupState(
        keep, datetime.fromisoformat(tried) if tried else None, known.get("problem", "")
    )


def path_of(folder: Path, name: str) -> Path:
    """The file of this name in the folder; NotFound for any other name."""
    path = folder / name
    if not backups.is_file_name(name) or not path.is_file():
        raise NotFound("backup")
    return path


def check(engines: Engines, folder: Path, name: str, progress: Progress | None = None) -> Manifest:
    """Reads a file of the folder from end to end, and notes that it is whole."""
    manifest = backup.inspected(path_of(folder, name), progress)
    stamp = {name: now().isoformat()}
    _note(engines, lambda state: state | {"checked": state.get("checked", {}) | stamp})
    return manifest


def delete(folder: Path, name: str) -> None:
    path_of(folder, name).unlink()


def erase(folder: Path, found: Erasing, since: datetime) -> int:
    """Rewrites every backup of the folder without these people; returns how many there were.

    ``since`` is when their initiative was made, by which it is known in a backup.
    ``backup_not_rewritten`` where a file cannot be read: the name could be in it.
    """
    names = sorted(each.name for each in folder.glob(f"*{backups.SUFFIX}"))
    names = [name for name in names if backups.is_file_name(name)]
    for name in names:
        try:
            with archive.opened(folder / name) as file:
                _rewrite(folder / name, file, found, since)
        except (ConveningError, OSError) as error:
            raise ConveningError("backup_not_rewritten", name=name) from error
    return len(names)


def _made(engines: Engines, folder: Path) -> StoredBackup:
    moment, number = now(), 0
    while (folder / backups.file_name(moment, number)).exists():
        number += 1
    path = folder / backups.file_name(moment, number)
    backup.write(engines, path)
    try:
        backup.inspected(path)
    except ConveningError:
        path.unlink()
        raise
    stamp = moment.timestamp()
    os.utime(path, (stamp, stamp))
    return StoredBackup(path.name, moment, path.stat().st_size, moment)


def _sweep(folder: Path) -> None:
    """Files that a crash left half written."""
    for path in folder.glob(f".*{archive.PART}"):
        if now().timestamp() - path.stat().st_mtime > _STALE.total_seconds():
            path.unlink(missing_ok=True)


def _rewrite(path: Path, file: Reader, found: Erasing, since: datetime) -> None:
    manifest = file.manifest
    scope = Scope(found.initiative_id)
    if not _is_same_initiative(file, found.initiative_id, since):
        return
    erasing = Erasing(found.initiative_id, found.people, found.names.copy())
    order = [name for name in _order() if name in manifest.tables]
    order += [name for name in manifest.tables if name not in order]
    changes: set[int] = set()
    for name in order:
        for row in map(json.loads, file.lines(name)):
            if name == "change" and row["initiative_id"] in (None, found.initiative_id):
                changes.add(row["id"])
            elif name in _order() and scope.holds(name, row):
                erasing.learn(name, row["id"], row)
    for _ in range(2 if "row_image" in manifest.tables else 0):
        for row in map(json.loads, file.lines("row_image")):
            if row["change_id"] in changes and row["before"]:
                erasing.learn(row["table_name"], row["row_id"], row["before"])
    stamp = path.stat()
    with archive.created(path, manifest.schema, manifest.made_at) as out:
        for name in order:
            _copy(name, file, out, _Kept(erasing, scope, changes))
        out.finish()
    os.utime(path, (stamp.st_atime, stamp.st_mtime))


class _Kept:
    """What stays of each line of a backup."""

    def __init__(self, erasing: Erasing, scope: Scope, changes: set[int]) -> None:
        self._erasing, self._scope, self._changes = erasing, scope, changes

    def line(self, table: str, line: bytes) -> bytes | None:
        row = json.loads(line)
        stays: Mapping[str, Any] | None = row
        if table == "row_image" and row["change_id"] in self._changes and row["before"]:
            before = self._erasing.image(row["table_name"], row["row_id"], row["before"])
            stays = None if before is None else {**row, "before": before}
        elif table == "data_version" and row["initiative_id"] == self._erasing.initiative_id:
            stays = None  # it named the data as they were
        elif table in _order() and self._scope.holds(table, row):
            stays = self._erasing.row(table, row)
        return None if stays is None else rows.line(stays)


def _copy(name: str, file: Reader, out: Writer, kept: _Kept) -> None:
    def lines() -> Iterator[bytes]:
        for line in file.lines(name):
            stays = kept.line(name, line)
            if stays is not None:
                yield stays

    facts = file.manifest.tables[name]
    out.table(name, facts.columns, facts.last_id, lines())


def _order() -> list[str]:
    """Our tables, each after those that it refers to."""
    return [each.name for each in Table.metadata.sorted_tables]


def _is_same_initiative(file: Reader, initiative_id: int, since: datetime) -> bool:
    """A backup of another database may use the same number for another initiative."""
    if "initiative" not in file.manifest.tables:
        return False
    return any(
        row["id"] == initiative_id and datetime.fromisoformat(row["created_at"]) == since
        for row in map(json.loads, file.lines("initiative"))
    )


def _state(engines: Engines) -> dict[str, Any]:
    with transaction.reading(engines) as session:
        row = _row(session)
        return json.loads(row.text) if row and row.text else {}


def _note(engines: Engines, change: Any) -> None:
    with transaction.writing(engines, actor_id=None, journalled=False) as session:
        row = _row(session) or InstallationValue(name=STATE)
        row.text = json.dumps(change(json.loads(row.text) if row.text else {}))
        session.add(row)


def _row(session: Session) -> InstallationValue | None:
    return session.exec(select(InstallationValue).where(InstallationValue.name == STATE)).first()
