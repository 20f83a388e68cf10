"""Whoever saves something is told that it is saved, and when: read from the source of the pages."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
WRITES = {"forms.submit", "conflicts.submit", "store.write", "community_grid_conflicts.save"}
SAYS = {"forms.saved", "forms.saved_here"} | {
    f"{desk}.finish" for desk in ("invitees_desk", "door_desk")
}
SHARED = {"forms", "conflicts", "store", "community_grid_conflicts"}  # what saves for the others
# What shows more than a time, each with its reason
SAID_OTHERWISE = {
    "accounts_edit.invite": "the link to hand over stands on the screen",
    "accounts_edit._links_and_sessions": "so does a link that was made anew",
    "own_account._change": "whoever calls it says so",
    "door_walk_in._of_map": "whoever calls it says so",
    "door_walk_in._new": "whoever calls it says so",
    "room_setup._saved": "whoever calls it says so",
}

Place = tuple[ast.AST, ...]  # a node after all those that it stands in


def modules() -> dict[str, ast.Module]:
    return {
        path.stem: ast.parse(path.read_text(encoding="utf-8"))
        for path in sorted((ROOT / "pages").rglob("*.py"))
        if "plain" not in path.parts and path.stem not in SHARED
    }


def places(node: ast.AST, above: Place = ()) -> Iterator[Place]:
    here = (*above, node)
    yield here
    for child in ast.iter_child_nodes(node):
        yield from places(child, here)


def dotted(node: ast.AST) -> str:
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
        return f"{node.value.id}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else ""


def sayers(module: ast.Module) -> set[str]:
    """The names that say it: the shared ones, and functions of the module that call one of them."""
    names = set(SAYS)
    found = [each for each in module.body if isinstance(each, ast.FunctionDef)]
    for _ in found:
        names |= {each.name for each in found if mentions(each, names)}
    return names


def mentions(node: ast.AST, names: set[str]) -> bool:
    return any(dotted(each) in names for each in ast.walk(node))


def is_said(place: Place, names: set[str]) -> bool:
    """Whether what follows the write says it: its own branch where it is a condition, else what
    stands around it and after it in its function."""
    for above, node in zip(reversed(place[:-1]), reversed(place), strict=False):
        if isinstance(above, ast.Call) and dotted(above.func) in names:
            return True
        if isinstance(above, ast.If) and node is above.test and not gives_up(above):
            return any(mentions(each, names) for each in above.body)
        for block in ("body", "orelse"):
            statements = getattr(above, block, [])
            if isinstance(statements, list) and node in statements:
                after = statements[statements.index(node) + 1 :]
                if any(mentions(each, names) for each in after):
                    return True
        if isinstance(above, ast.FunctionDef):
            return False
    return False


def gives_up(condition: ast.If) -> bool:
    """Whether the branch is the one in which nothing was saved."""
    return isinstance(condition.body[0], ast.Return)


def written() -> list[tuple[str, bool]]:
    """Every place that saves, by module and function, with whether it is said there."""
    found = []
    for name, module in modules().items():
        names = sayers(module)
        for place in places(module):
            node = place[-1]
            if isinstance(node, ast.Call) and dotted(node.func) in WRITES:
                outermost = next(each for each in place if isinstance(each, ast.FunctionDef))
                found.append((f"{name}.{outermost.name}", is_said(place, names)))
    return found


def test_whatever_is_saved_is_said_with_its_time() -> None:
    silent = {where for where, said in written() if not said}
    assert sorted(silent - SAID_OTHERWISE.keys()) == []


def test_the_places_that_save_are_found() -> None:
    found = {where for where, _ in written()}
    assert len(found) >= 40
    assert {"community_person.show", "convenings_editor._save", "agenda_blocks._actions"} <= found


def test_what_finishes_an_edit_says_it() -> None:
    """The two desks end an edit with a function of their own."""
    found = modules()
    for desk in ("invitees_desk", "door_desk"):
        finish = next(each for each in found[desk].body if getattr(each, "name", "") == "finish")
        assert mentions(finish, {"forms.saved", "forms.saved_here"})


def test_each_exception_still_saves_something() -> None:
    assert SAID_OTHERWISE.keys() - {where for where, _ in written()} == set()


def test_a_write_without_a_word_is_noticed() -> None:
    module = ast.parse(
        "def screen(t):\n"
        "    if pressed() and forms.submit(move, 1, t=t) is not None:\n"
        "        st.rerun()\n"
        "    if other() and forms.submit(copy, 1, t=t) is not None:\n"
        "        forms.saved(t)\n"
    )
    said = [
        is_said(place, sayers(module))
        for place in places(module)
        if isinstance(place[-1], ast.Call) and dotted(place[-1].func) in WRITES
    ]
    assert said == [False, True]
