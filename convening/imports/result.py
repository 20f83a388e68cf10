"""What every import hands back, whatever the format."""

import dataclasses
from collections.abc import Iterable
from typing import Any, Generic, TypeVar

from convening.problems import Problem

Record = TypeVar("Record")

#: What a person should look at and may still bring in; every other code keeps the file out.
WARNINGS = frozenset(
    {
        "column_without_heading",
        "doubtful_email",
        "more_problems",
        "number_rounded",
        "under_18_without_guardian",
    }
)

#: More problems than anybody reads; the rest is counted by ``more_problems``.
MAX_PROBLEMS = 1000


def problem(code: str, row: int | None = None, column: str | None = None, **params: Any) -> Problem:
    """A Problem at a place of the file; ``row`` and ``column`` are None when it is the whole file.

    ``row`` counts from 1 and includes the header; ``column`` is the heading as it stands in the
    file, or the column's letter where it has none.
    """
    return Problem(code, {"row": row, "column": column, **params})


def is_blocking(found: Problem) -> bool:
    return found.code not in WARNINGS


@dataclasses.dataclass(frozen=True)
class Imported(Generic[Record]):
    """The records of a file and everything that was found wrong in it.

    An import is all or nothing: while ``blocking`` is not empty nothing should be stored, and
    ``records`` only shows what could be read so far.
    """

    records: tuple[Record, ...] = ()
    problems: tuple[Problem, ...] = ()

    @property
    def blocking(self) -> tuple[Problem, ...]:
        return tuple(found for found in self.problems if is_blocking(found))

    @property
    def warnings(self) -> tuple[Problem, ...]:
        return tuple(found for found in self.problems if not is_blocking(found))


class Findings:
    """Collects problems and keeps at most MAX_PROBLEMS that block and as many that only warn."""

    def __init__(self, problems: Iterable[Problem] = ()) -> None:
        self._kept: dict[bool, list[Problem]] = {True: [], False: []}
        self._more = 0
        for found in problems:
            self.append(found)

    def append(self, found: Problem) -> None:
        kept = self._kept[is_blocking(found)]
        if len(kept) < MAX_PROBLEMS:
            kept.append(found)
        else:
            self._more += 1

    def add(
        self, code: str, row: int | None = None, column: str | None = None, **params: Any
    ) -> None:
        self.append(problem(code, row, column, **params))

    def all(self) -> tuple[Problem, ...]:
        """Those that block, then the warnings, each in the file's order, then how many more."""
        more = [problem("more_problems", count=self._more)] if self._more else []
        return (*self._kept[True], *self._kept[False], *more)
