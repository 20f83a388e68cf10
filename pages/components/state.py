"""Everything that a browser tab remembers between reruns, behind names; nothing else touches it."""

from typing import Any

import streamlit as st


def get(name: str, default: Any = None) -> Any:
    return st.session_state.get(name, default)


def put(name: str, value: Any) -> None:
    st.session_state[name] = value


def drop(name: str) -> None:
    st.session_state.pop(name, None)


def take(name: str, default: Any = None) -> Any:
    """The value, once: it is gone afterwards."""
    return st.session_state.pop(name, default)


def forget_all() -> None:
    """At sign-out: what one person typed must not greet the next on a shared tablet."""
    st.session_state.clear()


def counter(name: str) -> int:
    """How often ``bump`` was called: part of a widget's key, so that a bump empties the widget."""
    return int(st.session_state.get(f"_count_{name}", 0))


def bump(name: str) -> None:
    st.session_state[f"_count_{name}"] = counter(name) + 1
