"""What tests of hostile texts share: the texts, the two databases, and what takes a text."""

import ast
import dataclasses
import importlib
import inspect
import pkgutil
import shutil
import typing
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any

import pytest

from convening.roles import Actor
from db import transaction
from db.base import Table
from db.engine import Engines, connect
from tests.conftest import another_database
from tests.db.text_entries import World, build

PAGES = Path(__file__).parents[2] / "pages"
# What never gets past ``clean``, and what only looks like an empty text.
HOSTILE = (
    "Nu\x00rel",
    "Nu\ud800rel",
    "\udcffNurel",
    "\u202eNurel\u2066",
    "Nu\u200brel\ufeff",
    "Nu\uffferel\x07",
    "\x00",
    "\u200b\u202e",
    " \t ",
    "\x00" * 40_000,
)
ENDLESS = ("x" * 40_000, "س" * 40_000, "e\u0301" * 20_000 + "x" * 20_000, "\U0001f300" * 40_000)


def texts_of(name: str, hint: Any) -> Iterator[str]:
    """The texts that a value of this type brings, by name; drafts name their own fields."""
    if inspect.isclass(hint) and dataclasses.is_dataclass(hint):
        if hint is not Actor and hint.__module__.startswith("convening."):
            for field, inner in typing.get_type_hints(hint).items():
                yield from texts_of(f"{hint.__name__}.{field}", inner)
    elif hint is str:
        yield name
    else:
        for inner in typing.get_args(hint):
            yield from texts_of(name, inner)


def modules(package: ModuleType) -> Iterator[ModuleType]:
    for found in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
        yield importlib.import_module(found.name)


@cache
def used_in_pages() -> frozenset[str]:
    """Every name that something in pages/ takes from a module: ``commands.add_block`` and alike."""
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in PAGES.rglob("*.py")]
    nodes = [node for tree in trees for node in ast.walk(tree)]
    return frozenset(node.attr for node in nodes if isinstance(node, ast.Attribute))


def taken_by(package: ModuleType) -> set[str]:
    """Every text that those public functions of a package take which screens and routes use."""
    found: set[str] = set()
    used = used_in_pages()
    for module in modules(package):
        for function in vars(module).values():
            own = isinstance(function, FunctionType) and function.__module__ == module.__name__
            if own and function.__name__ in used:
                hints = typing.get_type_hints(function)
                hints.pop("return", None)
                for parameter, hint in hints.items():
                    found.update(texts_of(f"{function.__name__}.{parameter}", hint))
    return found


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def engines(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Engines]:
    """A database of this module: whatever its tests write is rolled back."""
    if request.param == "sqlite":
        path = tmp_path_factory.mktemp("texts") / "halqa.sqlite3"
        shutil.copy(request.getfixturevalue("sqlite_template"), path)
        engines = connect(f"sqlite:///{path}")
    else:
        url = request.getfixturevalue("postgresql_url")
        engines = connect(another_database(url, "texts"))
        Table.metadata.create_all(engines.write)
    yield engines
    engines.dispose()


@pytest.fixture(scope="module")
def world(engines: Engines) -> World:
    with transaction.writing(engines, actor_id=None, journalled=False) as session:
        return build(session)
