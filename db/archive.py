"""The file of a backup: a ZIP with one member of JSON lines for each table, and a manifest.

Reading and writing go line by line. What is wrong with a file is told as a ConveningError.
"""

import errno
import hashlib
import os
import secrets
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from convening import backups
from convening.backups import Manifest, TableFacts
from convening.problems import ConveningError

MANIFEST = "manifest.json"
_LONGEST_LINE = 64 * 2**20
_LONGEST_MANIFEST = 2**20
_BUFFER = 2**16
PART = ".part"  # the ending of a file that is not whole yet
# What a changed byte makes the reading of a ZIP raise: a length, a place or a flag that is nonsense
_UNREADABLE = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    KeyError,
    NotImplementedError,
    OverflowError,
    RuntimeError,
    ValueError,
)

Progress = Callable[[int, int], None]  # rows done, rows in all


class Writer:
    """Takes the tables one after the other; the manifest is written when all are there."""

    def __init__(self, file: zipfile.ZipFile, schema: str, made_at: datetime) -> None:
        self._file = file
        self._schema, self._made_at = schema, made_at
        self._tables: dict[str, TableFacts] = {}

    def table(
        self, name: str, columns: Mapping[str, str], last_id: int, lines: Iterable[bytes]
    ) -> None:
        digest, rows, waiting = hashlib.sha256(), 0, bytearray()
        with self._file.open(f"{name}.jsonl", "w", force_zip64=True) as member:
            for line in lines:
                rows += 1
                waiting += line
                if len(waiting) > _BUFFER:
                    digest.update(waiting)
                    member.write(waiting)
                    waiting.clear()
            digest.update(waiting)
            member.write(waiting)
        self._tables[name] = TableFacts(rows, digest.hexdigest(), last_id, dict(columns))

    def finish(self) -> Manifest:
        manifest = Manifest(self._schema, self._made_at, self._tables)
        self._file.writestr(MANIFEST, backups.to_json(manifest))
        return manifest


@contextmanager
def created(path: Path, schema: str, made_at: datetime) -> Iterator[Writer]:
    """A new file for its owner alone, which stands under its name once it is whole."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    part = path.with_name(f".{path.name}.{secrets.token_hex(4)}{PART}")
    try:
        with os.fdopen(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as raw:
            with zipfile.ZipFile(raw, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as file:
                yield Writer(file, schema, made_at)
            raw.flush()
            os.fsync(raw.fileno())
        part.replace(path)
        _keep_name(path.parent)
    finally:
        part.unlink(missing_ok=True)


class Reader:
    """An opened backup, whose manifest has been read."""

    def __init__(self, file: zipfile.ZipFile) -> None:
        self._file = file
        info = file.getinfo(MANIFEST)
        if info.file_size > _LONGEST_MANIFEST:
            raise ConveningError("backup_damaged")
        self.manifest = backups.from_json(file.read(info))

    def lines(self, name: str) -> Iterator[bytes]:
        """The rows of a table; raises at the end where they are not those of the manifest."""
        facts, digest, rows = self.manifest.tables[name], hashlib.sha256(), 0
        with damaged_when_unreadable(), self._file.open(f"{name}.jsonl") as member:
            while line := member.readline(_LONGEST_LINE):
                rows += 1
                digest.update(line)
                if rows > facts.rows or not line.endswith(b"\n"):
                    raise ConveningError("backup_damaged")
                yield line
        if rows != facts.rows or digest.hexdigest() != facts.sha256:
            raise ConveningError("backup_damaged")

    def verify(self, progress: Progress | None = None) -> None:
        """Reads every row; ``backup_damaged`` unless all of them are as they were written."""
        done = 0
        for name, facts in self.manifest.tables.items():
            for _ in self.lines(name):
                pass
            done += facts.rows
            if progress is not None:
                progress(done, self.manifest.rows)


@contextmanager
def opened(source: Path | BinaryIO) -> Iterator[Reader]:
    """A backup to read. ``backup_not_ours`` for another kind of file, ``backup_damaged`` for one
    that is cut off or changed, ``backup_too_new`` for one of a later format."""
    with ExitStack() as opened_files:
        with damaged_when_unreadable():
            try:
                file = opened_files.enter_context(zipfile.ZipFile(source))
            except zipfile.BadZipFile as error:
                code = "backup_damaged" if _begins_like_one(source) else "backup_not_ours"
                raise ConveningError(code) from error
            if MANIFEST not in file.namelist():
                raise ConveningError("backup_not_ours")
            reader = Reader(file)
        yield reader


@contextmanager
def damaged_when_unreadable() -> Iterator[None]:
    try:
        yield
    except _UNREADABLE as error:
        raise ConveningError("backup_damaged") from error
    except OSError as error:
        if error.errno != errno.EINVAL:  # a place before the file's beginning
            raise
        raise ConveningError("backup_damaged") from error


def _begins_like_one(source: Path | BinaryIO) -> bool:
    if isinstance(source, Path):
        with source.open("rb") as file:
            return file.read(4) == b"PK\x03\x04"
    source.seek(0)
    return source.read(4) == b"PK\x03\x04"


def _keep_name(folder: Path) -> None:
    """Has the disk keep the new name, where the system can be asked for that."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
