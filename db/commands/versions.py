"""Noticing a second editor: a draft carries the version that it was read at."""

from convening.problems import ChangedMeanwhile
from db.base import Edited, columns


def check(row: Edited, version: int | None) -> None:
    """Takes the next version, or raises when somebody saved the row since it was read."""
    if version is not None and row.version != version:
        raise ChangedMeanwhile(columns(type(row)).id.table.name, row.key)
    row.version += 1
