"""The house rules that a machine can check: direction of imports, guards, owners of state."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from pages.components.navigation import PAGES

ROOT = Path(__file__).parents[1]
FORBIDDEN = {
    "convening": {"db", "pages", "streamlit", "sqlmodel", "sqlalchemy", "app"},
    "db": {"pages", "streamlit", "altair", "app"},
}
SCREENS = [ROOT / "pages" / f"{page.name}.py" for page in PAGES]


def sources(*tops: str) -> list[Path]:
    found = [path for top in tops for path in sorted((ROOT / top).rglob("*.py"))]
    return [path for path in found if "versions" not in path.parts]


def imports(path: Path) -> Iterator[tuple[int, str]]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.lineno, node.module


def relative(path: Path) -> str:
    return str(path.relative_to(ROOT))


def test_imports_run_one_way() -> None:
    wrong = [
        f"{relative(path)}:{line} imports {module}"
        for top, forbidden in FORBIDDEN.items()
        for path in sources(top)
        for line, module in imports(path)
        if module.split(".")[0] in forbidden
    ]
    assert wrong == []


def test_pages_hold_no_sql() -> None:
    wrong = [
        f"{relative(path)}:{line} imports {module}"
        for path in sources("pages")
        for line, module in imports(path)
        if module.startswith(("sqlalchemy", "db.tables", "db.base"))
        or (module.startswith("sqlmodel") and path.name != "store.py" and "plain" not in path.parts)
    ]
    assert wrong == []


@pytest.mark.parametrize("path", SCREENS, ids=lambda path: path.stem)
def test_each_screen_opens_with_its_guard(path: Path) -> None:
    """The first statement after docstring, imports and definitions is the guard of this screen."""
    body = ast.parse(path.read_text(encoding="utf-8")).body
    skipped = (ast.Import, ast.ImportFrom, ast.FunctionDef)
    statements = [
        node
        for node in body
        if not isinstance(node, skipped)
        and not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant))
    ]
    assert re.match(rf"(\w+ = )?access\.require\('{path.stem}'\)", ast.unparse(statements[0])), (
        ast.unparse(statements[0])
    )


def test_session_state_has_one_owner() -> None:
    wrong = [
        f"{relative(path)}:{node.lineno}"
        for path in sources("pages")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute)
        and node.attr == "session_state"
        and path.name != "state.py"
    ]
    assert wrong == []


def test_no_module_in_pages_hides_one_of_the_standard_library() -> None:
    """``pages/`` stands first on sys.path while a screen runs."""
    import sys

    names = {path.stem for path in (ROOT / "pages").iterdir() if not path.name.startswith("_")}
    assert names & sys.stdlib_module_names == set()


def test_unsafe_html_is_never_given_more_than_a_constant() -> None:
    wrong = []
    for path in sources("pages"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and any(
                word.arg == "unsafe_allow_html" for word in node.keywords
            ):
                wrong.append(f"{relative(path)}:{node.lineno}")
    assert wrong == []


def test_screens_stay_short() -> None:
    long = {
        relative(path): lines
        for path in SCREENS
        if (lines := path.read_text(encoding="utf-8").count("\n")) > 150
    }
    assert long == {}


def test_a_file_that_is_made_when_it_is_asked_for_is_made_by_the_store() -> None:
    """A download button calls what it is given outside of any run, where nobody is the viewer."""
    wrong = []
    for path in sources("pages"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "st.download_button":
                data = {word.arg: word.value for word in node.keywords}
                given = data.get("data") or node.args[1]
                called = ast.unparse(given.func) if isinstance(given, ast.Call) else ""
                if isinstance(given, ast.Lambda) or called in ("partial", "functools.partial"):
                    wrong.append(f"{relative(path)}:{node.lineno}")
    assert wrong == []
