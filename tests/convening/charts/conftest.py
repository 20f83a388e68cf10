"""The languages and themes that every chart has to do, and a look into what a browser receives."""

from collections.abc import Callable
from typing import Any

import altair as alt
import pytest

from convening.i18n import Translator
from convening.vocabulary import Language

Row = dict[str, Any]
Rows = Callable[..., list[Row]]


@pytest.fixture
def english() -> Translator:
    return Translator(Language.ENGLISH)


@pytest.fixture
def arabic() -> Translator:
    return Translator(Language.ARABIC)


@pytest.fixture(params=list(Language))
def t(request: pytest.FixtureRequest) -> Translator:
    return Translator(request.param)


@pytest.fixture(params=[False, True], ids=["light", "dark"])
def dark(request: pytest.FixtureRequest) -> bool:
    return bool(request.param)


@pytest.fixture
def rows_with() -> Rows:
    """All rows that a chart carries and that have each of the given fields."""

    def find(chart: alt.LayerChart, *fields: str) -> list[Row]:
        layers = chart.to_dict(validate=True)["layer"]
        rows = [row for layer in layers for row in layer["data"].get("values", ())]
        return [row for row in rows if all(field in row for field in fields)]

    return find
