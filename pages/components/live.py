"""Screens that follow a room: each change is drawn by the browser, or runs what shows it again.

The browser holds one event stream for each screen that is looked at. An event brings the state of
the room as this screen shows it (``pages.plain.shown``). What has changed within the screen's shape
is drawn as it is; everything else runs the fragment that shows it, and nothing but it. While the
stream is down a slow timer asks in its place.
"""

import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

import streamlit as st

from db import events

EVERY_SECONDS = 15  # while the stream is down
SCRIPT = (Path(__file__).parent / "live.js").read_text(encoding="utf-8")
_JS = """
export default ({ data, key, setTriggerValue }) =>
  follow(key, data, () => {}, (why) => setTriggerValue("changed", why));
"""

_stream = st.components.v2.component("halqa_live", js=SCRIPT + _JS)


def mark(convening_id: int) -> str:
    """Names the state that a screen is about to read: to be noted before anything is read, so that
    what changes meanwhile is heard of again."""
    return events.mark(convening_id)


def follow(convening_id: int, since: str, screen: Literal["room", "wall"], shape: str) -> None:
    """Has the fragment that calls it follow a room; ``shape`` is that of what it draws."""
    _stream(
        data=facts(convening_id, since, screen, shape),
        key=key(convening_id),
        on_changed_change=nothing,
    )


def facts(convening_id: int, since: str, screen: str, shape: str) -> Mapping[str, Any]:
    """What the script has to know; ``screen`` is the last part of the stream's address."""
    return {
        "path": f"/events/{convening_id}/{screen}",
        "mark": since,
        "shape": shape,
        "every": EVERY_SECONDS * 1000,
        "run": time.monotonic_ns(),  # each run reaches the browser, also one without a change
    }


def key(convening_id: int) -> str:
    """Of whichever component follows the room; ``pages.plain.activity`` knows it by this."""
    return f"live_{convening_id}"


def nothing() -> None:
    """A run that the script asked for needs no more than to happen."""
