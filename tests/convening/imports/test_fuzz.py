"""No file makes an importer fail: it is read, or what is wrong with it is said in words."""

import pkgutil
from collections.abc import Callable
from importlib import import_module
from typing import Any

import pytest
from hypothesis import given

from convening import imports
from convening.i18n import Translator
from convening.imports import people, polis, polis_files, tabular
from convening.imports.result import Imported
from convening.problems import ConveningError
from convening.vocabulary import Language
from tests.cases import cases
from tests.convening.imports.strategies import texts, workbooks

Reader = Callable[[bytes], object]
VOTES, COMMENTS = b"voter-id,comment-id,vote\n1,1,1\n", b"comment-id,comment-body,moderated\n"


def read_table(data: bytes) -> object:
    return tabular.read_table(data)


def read_with_totals(data: bytes) -> object:
    return polis.read(VOTES, participants=data, comments=data)


def read_alone(data: bytes) -> object:
    return polis_files.read([data])


def read_comments(data: bytes) -> object:
    return polis_files.read([VOTES, COMMENTS + data])


def read_participants(data: bytes) -> object:
    return polis_files.read([VOTES, COMMENTS + b"1,A,1\n", b"participant,groups\n" + data])


READERS: dict[str, tuple[Reader, ...]] = {
    "people": (people.read,),
    "polis": (polis.read, read_with_totals),
    "polis_files": (read_alone, read_comments, read_participants),
    "tabular": (read_table,),
}


def test_every_importer_is_tried_here() -> None:
    names = {found.name for found in pkgutil.iter_modules(imports.__path__)}
    reading = {
        name for name in names if hasattr(import_module(f"convening.imports.{name}"), "read")
    }
    assert reading | {"tabular"} == set(READERS)


def check(read: Reader, data: bytes) -> None:
    try:
        found: Any = read(data)
    except ConveningError as error:
        problems = error.problems
    else:
        problems = found.problems if isinstance(found, Imported) else ()
    for language in Language:
        t = Translator(language)
        for each in problems:
            assert t(each)


ALL = [(name, read) for name, readers in READERS.items() for read in readers]
EACH = pytest.mark.parametrize(
    "read",
    [read for _, read in ALL],
    ids=[f"{name}-{number}" for number, (name, _) in enumerate(ALL)],
)


@EACH
@cases(150, 5_000)
@given(data=texts())
def test_a_text_file_of_any_kind(read: Reader, data: bytes) -> None:
    check(read, data)


@EACH
@cases(100, 5_000)
@given(data=workbooks())
def test_a_workbook_of_any_kind(read: Reader, data: bytes) -> None:
    check(read, data)
