"""The definition on paper: for whom it is, and in which language its headings stand."""

from dataclasses import replace

import streamlit as st

from convening.definitions import Version
from convening.exports import definition as exports
from convening.exports.definition import Sheet
from convening.i18n import Translator
from convening.vocabulary import Language
from db import queries
from pages.components import clock, store
from pages.components.definition_desk import Desk

TEAM, PUBLIC = "team", "public"


def button(desk: Desk, t: Translator) -> None:
    """Opens the choice of copy and language; the file is set when it is asked for."""
    with st.popover(t("definition.pdf"), icon=":material/picture_as_pdf:", key="definition_pdf"):
        copy = st.radio(
            t("definition.pdf_copy"),
            [TEAM, PUBLIC],
            format_func=lambda each: t(f"definition.pdf_{each}"),
            captions=[t(f"definition.pdf_{each}_help") for each in (TEAM, PUBLIC)],
            key="pdf_copy",
        )
        languages = list(Language)
        language = st.radio(
            t("definition.pdf_language"),
            languages,
            index=languages.index(t.language),
            format_func=t.word,
            horizontal=True,
            key="pdf_language",
        )
        sheet = _sheet(desk, copy)  # now: the viewer's clock is not there when the file is made
        names = store.read(queries.community.group_names, desk.initiative.id)
        words = Translator(language, names)
        st.download_button(
            t("definition.pdf_make"),
            store.later(
                queries.definitions.definition,
                lambda _: exports.write(sheet, words),
                desk.definition.id,
            ),
            file_name=f"{words(f'definition.pdf_file_{copy}')}-{desk.version.number}.pdf",
            mime="application/pdf",
            icon=":material/download:",
            on_click="ignore",
            type="primary",
            key="pdf_make",
        )


def _sheet(desk: Desk, copy: str) -> Sheet:
    return Sheet(
        initiative=desk.initiative.name,
        definition=desk.definition,
        version=_on_my_clock(desk.version),
        standing=desk.standing,
        public=copy == PUBLIC,
    )


def _on_my_clock(version: Version) -> Version:
    """The same version with its moments as the viewer's clock shows them."""
    opened, adopted = version.opened_at, version.adopted_at
    return replace(
        version,
        opened_at=None if opened is None else clock.here(opened),
        adopted_at=None if adopted is None else clock.here(adopted),
    )
