"""What each chart brings along, whoever writes the next one."""

import importlib
import pkgutil
from pathlib import Path

import pytest

from convening import charts
from convening.i18n import messages
from convening.vocabulary import Language

MODULES = [
    importlib.import_module(f"{charts.__name__}.{found.name}")
    for found in pkgutil.iter_modules(charts.__path__)
]
CHARTS = [module for module in MODULES if hasattr(module, "chart")]


def test_all_charts_are_found() -> None:
    names = {module.__name__.rpartition(".")[2] for module in CHARTS}
    assert names >= {"group_shares", "funnel_heatmap", "overlaps", "ternary"}


@pytest.mark.parametrize("module", CHARTS, ids=lambda module: module.__name__)
def test_a_chart_has_a_table_a_note_and_tests(module: object) -> None:
    name = getattr(module, "__name__", "").rpartition(".")[2]
    assert callable(getattr(module, "table", None))
    for language in Language:
        assert getattr(module, "NOTE", None) in messages(language)
    assert (Path(__file__).parent / f"test_{name}.py").exists()
