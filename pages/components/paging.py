"""Long lists in pages, with two buttons to go through them."""

import streamlit as st

from convening.i18n import Translator
from pages.components import state

PAGE = 50


def slice_of(length: int, name: str, size: int = PAGE) -> tuple[int, int]:
    """Where the page in hand begins and ends in a list of that length."""
    page = min(current(name), _pages(length, size) - 1)
    return page * size, min((page + 1) * size, length)


def current(name: str) -> int:
    """The page in hand, from 0, of a list that the database pages through."""
    page: int = state.get(_key(name), 0)
    return page


def buttons(length: int, name: str, t: Translator, size: int = PAGE) -> None:
    """Back and forth, and which page this is; nothing for a list on one page."""
    pages = _pages(length, size)
    if pages == 1:
        return
    page = min(current(name), pages - 1)
    with st.container(horizontal=True, vertical_alignment="center"):
        if page > 0:
            _button(t("paging.previous"), name, page - 1)
        st.text(t("paging.page", page=page + 1, pages=pages), width="content")
        if page < pages - 1:
            _button(t("paging.next"), name, page + 1)


def to_start(name: str) -> None:
    """Back to the first page, when other rows are asked for."""
    state.drop(_key(name))


def _button(label: str, name: str, page: int) -> None:
    st.button(label, key=f"{name}_to_page_{page}", on_click=state.put, args=(_key(name), page))


def _pages(length: int, size: int = PAGE) -> int:
    return max(1, -(-length // size))


def _key(name: str) -> str:
    return f"_page_of_{name}"
