"""Taking the map along as a file, and the empty list that an import starts from."""

from collections.abc import Sequence
from functools import partial

import streamlit as st

from convening.community import PersonFilter, Stakeholder
from convening.exports import community, people
from convening.i18n import Translator
from convening.vocabulary import Language
from db import queries
from pages.components import store

_MIME = {
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_PEOPLE, _TEMPLATE = "people", "people-template"
_FORMATS: tuple[people.Format, ...] = ("xlsx", "csv")


def templates(t: Translator) -> None:
    """The empty list in both languages and formats."""
    with st.popover(t("community.template"), icon=":material/description:", key="templates"):
        st.caption(t("community.template_help"))
        for language in Language:
            for kind in _FORMATS:
                st.download_button(
                    t("community.template_in", language=language, format=kind.upper()),
                    data=people.template(language, kind),
                    file_name=f"{_TEMPLATE}-{language}.{kind}",
                    mime=_MIME[kind],
                    on_click="ignore",
                    key=f"template_{language}_{kind}",
                )


def ask(initiative_id: int, t: Translator) -> None:
    """Opens the dialog for everybody on the map; a file is made when it is asked for."""

    @st.dialog(t("community.export"))
    def whole_map() -> None:
        st.text(t("community.export_help"))
        with st.container(horizontal=True):
            for kind in _FORMATS:
                st.download_button(
                    t("community.export_as", format=kind.upper()),
                    data=store.later(
                        queries.people.everybody,
                        partial(_written, kind, t),
                        initiative_id,
                        PersonFilter(),
                    ),
                    file_name=f"{_PEOPLE}.{kind}",
                    mime=_MIME[kind],
                    icon=":material/download:",
                    on_click="ignore",
                    key=f"export_{kind}",
                )

    whole_map()


def _written(kind: people.Format, t: Translator, everybody: Sequence[Stakeholder]) -> bytes:
    return people.write(community.rows(everybody), language=t.language, file_format=kind)
