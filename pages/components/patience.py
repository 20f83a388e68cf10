"""Reads that wait for a database which is away.

Meanwhile the run of the script goes on, so the browser keeps the screen and what was typed there,
and a button that was pressed still does its work when the database is back.
"""

from collections.abc import Callable
from typing import TypeVar

from convening.problems import ConveningError
from db import faults
from pages.components import language, toast

T = TypeVar("T")
_TRIES = 6  # each waits for some seconds by itself, see db.transaction


def patiently(read: Callable[[], T]) -> T:
    """What ``read`` returns; it is called again while the database does not answer."""
    for left in reversed(range(_TRIES)):
        try:
            return read()
        except ConveningError as error:
            if error.code != faults.UNREACHABLE or not left:
                raise
            t = language.translator()
            toast.show(t("frame.waiting"), icon=":material/cloud_off:")
    raise AssertionError("the last try returns or raises")
