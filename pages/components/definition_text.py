"""The words of a version, part by part, and the dissenting views that stand beside them."""

from collections.abc import Sequence

import streamlit as st

from convening.definitions import Version
from convening.exports import definition as exports
from convening.i18n import Translator
from convening.ledger import Entry
from convening.vocabulary import DefinitionField
from pages.components.definition_desk import Desk
from pages.components.markdown import bold, escape


def show(desk: Desk, t: Translator) -> None:
    """The parts that are written, those that are not, and what stands against them."""
    version = desk.version
    written = [part for part in DefinitionField if version.text.get(part)]
    with st.container(key="definition_text"):
        if not written:
            st.text(t("definition.nothing_written"))
        for part in written:
            st.subheader(t.word(part), anchor=False)
            st.text(version.text[part])
        missing = [part for part in DefinitionField if part not in written]
        if written and missing:
            st.caption(escape(t("definition.not_written", fields=missing)))
        _changed(version, t)
    standing(desk.standing, t)


def standing(entries: Sequence[Entry], t: Translator) -> None:
    """Each standing view with its response and what its owner says of it."""
    if not entries:
        return
    with st.container(key="definition_standing"):
        st.header(t("definition.standing"), anchor=False)
        st.caption(t("definition.standing_help"))
        for number, entry in enumerate(entries):
            with st.container(border=True, key=f"standing_{number}"):
                _view(entry, t)


def _view(entry: Entry, t: Translator) -> None:
    said = exports.view(entry, t)
    st.caption(escape(said["head"]))
    st.markdown("  \n".join(bold(line) for line in said["statement"].split("\n") if line))
    for line in said["lines"]:
        st.text(line)
    consent = {True: "given", False: "refused", None: "missing"}[entry.agreed_to_publish]
    below = [said["verdict"], t(f"definition.consent_{consent}")]
    st.caption("  \n".join(escape(line) for line in below if line))


def _changed(version: Version, t: Translator) -> None:
    if version.number == 1 or not version.changed:
        return
    st.subheader(t("definition.pdf_changed", number=version.number - 1), anchor=False)
    st.text(version.changed)
    if version.why:
        st.text(t("definition.because", why=version.why))
