"""Databases that keep their promise to write through, and figures of the long runs."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from db import tables
from db.base import Table
from db.engine import Engines, connect
from tests.faults.long import figure
from tests.faults.postgresql import postgresql

assert tables
__all__ = ["figure", "postgresql"]


@pytest.fixture
def durable(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Engines, str]]:
    """Engines and address of an empty database; parametrised with "sqlite" or "postgresql"."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path / 'halqa.sqlite3'}"
    else:
        url = request.getfixturevalue("postgresql").url
    engines = connect(url)
    Table.metadata.drop_all(engines.write)
    Table.metadata.create_all(engines.write)
    yield engines, url
    engines.dispose()
