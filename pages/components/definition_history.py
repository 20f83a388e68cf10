"""Every version, the newest first: whose it is, what changed and why, and what became of it."""

import streamlit as st

from convening.definitions import Version
from convening.i18n import Translator
from pages.components import definition_card, paging
from pages.components.definition_desk import CHANGES, Desk, take
from pages.components.markdown import escape

_PAGE = 10


def show(desk: Desk, t: Translator) -> None:
    versions = desk.definition.versions[::-1]
    name = f"definition_history_{desk.definition.id}"
    first, last = paging.slice_of(len(versions), name, _PAGE)
    for version in versions[first:last]:
        with st.container(border=True, key=f"version_{version.number}"):
            _version(version, desk, t)
    paging.buttons(len(versions), name, t, _PAGE)


def _version(version: Version, desk: Desk, t: Translator) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        title = t("definition.number", number=version.number)
        st.subheader(title, anchor=False, width="content")
        definition_card.badge(version, t)
    st.caption("  \n".join(map(escape, definition_card.facts(version, t))))
    if version.changed:
        st.text(version.changed)
    if version.why:
        st.text(t("definition.because", why=version.why))
    with st.container(horizontal=True):
        if st.button(t("definition.mode_read"), key=f"version_read_{version.number}"):
            take(desk.definition, version.number)
            st.rerun()
        if version.number > 1 and st.button(
            t("definition.mode_changes"), key=f"version_changes_{version.number}"
        ):
            take(desk.definition, version.number, CHANGES)
            st.rerun()
