"""Everything that a browser tab remembers between reruns, behind names; nothing else touches it."""

from typing import Any

import streamlit as st

_LOGIN = "_login"


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


def belongs_to(login_session_id: int | None) -> None:
    """Forgets everything when the tab has come to another login, or when its own has ended."""
    if st.session_state.get(_LOGIN, login_session_id) != login_session_id:
        forget_all()
    st.session_state[_LOGIN] = login_session_id


def counter(name: str) -> int:
    """How often ``bump`` was called: part of a widget's key, so that a bump empties the widget."""
    return int(st.session_state.get(f"_count_{name}", 0))


def bump(name: str) -> None:
    st.session_state[f"_count_{name}"] = counter(name) + 1
