"""Noticing a second editor: a draft carries the version that it was read at."""

from convening.problems import ConveningError
from db.base import Edited


def check(row: Edited, version: int | None) -> None:
    """Takes the next version, or raises when somebody saved the row since it was read."""
    if version is not None and row.version != version:
        raise ConveningError("changed_meanwhile")
    row.version += 1
