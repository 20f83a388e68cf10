"""A backup as facts: what its manifest says, and how the files of a folder of backups are named."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from convening.problems import ConveningError

FORMAT = "halqa backup"
FORMAT_VERSION = 1
SUFFIX = ".halqa.zip"
_NAME = re.compile(r"halqa-\d{8}T\d{6}Z(-\d+)?\.halqa\.zip")


@dataclass(frozen=True)
class TableFacts:
    """One table: its rows, their SHA-256, the highest id given so far, and the kind of each column.

    The hash covers the rows as lines of JSON in the order of their ids.
    """

    rows: int
    sha256: str
    last_id: int
    columns: Mapping[str, str]


@dataclass(frozen=True)
class Manifest:
    """``schema`` is the newest migration that the database had seen; ``made_at`` is in UTC."""

    schema: str
    made_at: datetime
    tables: Mapping[str, TableFacts] = field(default_factory=dict)

    @property
    def rows(self) -> int:
        return sum(each.rows for each in self.tables.values())

    @property
    def hashes(self) -> dict[str, str]:
        return {name: each.sha256 for name, each in self.tables.items()}


@dataclass(frozen=True)
class StoredBackup:
    """A file in the folder of scheduled backups; ``checked_at`` is None until it was read back."""

    name: str
    made_at: datetime
    size: int
    checked_at: datetime | None


@dataclass(frozen=True)
class BackupState:
    """``keep`` files stay, 0 when nothing is scheduled. ``problem`` is the code of what went wrong
    the last time, empty when it went well."""

    keep: int
    tried_at: datetime | None = None
    problem: str = ""


def to_json(manifest: Manifest) -> bytes:
    """The manifest as it stands in the file."""
    content = {
        "format": FORMAT,
        "format_version": FORMAT_VERSION,
        "schema": manifest.schema,
        "made_at": manifest.made_at.isoformat(),
        "tables": {
            name: {
                "rows": each.rows,
                "sha256": each.sha256,
                "last_id": each.last_id,
                "columns": dict(each.columns),
            }
            for name, each in manifest.tables.items()
        },
    }
    return json.dumps(content, indent=2).encode()


def from_json(data: bytes) -> Manifest:
    """Reads a manifest; ``backup_not_ours``, ``backup_too_new`` or ``backup_damaged`` otherwise."""
    try:
        content: Any = json.loads(data)
    except ValueError as error:
        raise ConveningError("backup_damaged") from error
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        raise ConveningError("backup_not_ours")
    if content.get("format_version") != FORMAT_VERSION:
        raise ConveningError("backup_too_new", schema=str(content.get("schema", "")))
    try:
        return Manifest(
            schema=str(content["schema"]),
            made_at=datetime.fromisoformat(content["made_at"]),
            tables={
                str(name): TableFacts(
                    rows=int(each["rows"]),
                    sha256=str(each["sha256"]),
                    last_id=int(each["last_id"]),
                    columns={str(column): str(kind) for column, kind in each["columns"].items()},
                )
                for name, each in content["tables"].items()
            },
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise ConveningError("backup_damaged") from error


def file_name(made_at: datetime, number: int = 0) -> str:
    """``halqa-20261121T220500Z.halqa.zip``; ``number`` parts those of one second."""
    again = f"-{number}" if number else ""
    return f"halqa-{made_at:%Y%m%dT%H%M%SZ}{again}{SUFFIX}"


def is_file_name(name: str) -> bool:
    """Whether this is the name of a backup and nothing else: no folder, no other file."""
    return _NAME.fullmatch(name) is not None
