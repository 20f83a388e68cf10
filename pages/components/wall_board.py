"""The wall as a browser draws it: large, in one piece, and full screen where wanted.

Everything on it comes as data and is set as text: a statement can hold whatever somebody typed.
The browser draws each change by itself, and makes it fit a full screen; the screen runs no more.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import streamlit as st

from pages.components import live

_FOLDER = Path(__file__).parent
_JS = "".join(
    (_FOLDER / f"wall_{name}.js").read_text(encoding="utf-8") for name in ("fit", "board")
)
_CSS = (_FOLDER / "wall_board.css").read_text(encoding="utf-8")

# Not in a shadow tree: what a full screen shows is then found by screen readers and by tests.
_board = st.components.v2.component(
    "halqa_wall", css=_CSS, js=live.SCRIPT + _JS, isolate_styles=False
)


def show(wall: Mapping[str, Any], follow: Mapping[str, Any], *, key: str) -> None:
    """Draws what ``wall_data.of`` put together, and follows the room as ``live.facts`` say."""
    _board(
        data={"wall": dict(wall), "follow": dict(follow)},
        key=key,
        on_changed_change=live.nothing,
    )
