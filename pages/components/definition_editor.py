"""Writing a draft, in place: the parts in the order in which they are read, then what changed.

The number of the draft stands in the URL (``?edit=2``).
"""

from dataclasses import replace
from functools import partial
from typing import Any

import streamlit as st

from convening import drafts
from convening.definitions import Definition, Version, VersionDraft
from convening.i18n import Translator
from convening.problems import NotFound
from convening.vocabulary import ConveningState, DefinitionField, VersionState
from db import queries
from db.commands import definitions as commands
from pages.components import choices, chosen, conflicts, forms, store
from pages.components.conflicts import Editor
from pages.components.markdown import escape

_PARAMETER = "edit"
_problems = partial(forms.problems, names=("definition_field.", "definition."))
_HEIGHTS = {DefinitionField.STATEMENT: 130}
_HEIGHT = 100


def asked(definition: Definition) -> Version | None:
    """The draft that the URL asks to write, if it still is one."""
    draft = definition.draft
    wanted = st.query_params.get(_PARAMETER)
    return draft if draft is not None and wanted == str(draft.number) else None


def open_draft(number: int) -> None:
    st.query_params[_PARAMETER] = str(number)
    st.rerun()


def show(definition: Definition, draft: Version, t: Translator) -> None:
    """Every part of the draft, saved together; a second editor is noticed."""
    meetings = _meetings(definition, draft, t)
    editor = _editor(definition, draft, meetings)
    with st.container(key="definition_editor"):
        st.header(escape(definition.title), anchor=False)
        st.caption(escape(t("definition.editor_title", number=draft.number)))
        with conflicts.fields(editor):
            typed, stay, leave = _form(editor.hold(), draft.number, meetings, t)
        pressed = stay or leave
        if (
            conflicts.submit(editor, pressed, commands.write_version, typed, t=t, show=_problems)
            is not None
        ):
            forms.saved(t)
            if not stay:
                st.query_params.pop(_PARAMETER, None)
            st.rerun()
        if st.button(t("definition.editor_leave"), type="tertiary", key="editor_leave"):
            conflicts.forget(editor.key)
            st.query_params.pop(_PARAMETER, None)
            st.rerun()


def _form(
    opened: VersionDraft, number: int, meetings: dict[int, str], t: Translator
) -> tuple[VersionDraft, bool, bool]:
    """The fields as a draft, and which of the two buttons was pressed."""
    with st.form(key=f"definition_text_{opened.id}", border=False, enter_to_submit=False):
        text = {
            part: st.text_area(
                t.word(part),
                opened.text.get(part, ""),
                height=_HEIGHTS.get(part, _HEIGHT),
                help=t(f"definition.{part.value}_help"),
                key=f"editor_{part.value}",
            )
            for part in DefinitionField
        }
        typed = replace(opened, text=text)
        if number > 1:
            typed = replace(
                typed,
                changed=_area("changed", opened.changed, t),
                why=_area("why", opened.why, t),
            )
        typed = replace(typed, convening_id=_meeting(opened, meetings, t))
        st.caption(t("definition.kept"))
        with st.container(horizontal=True):
            leave = st.form_submit_button(
                t("definition.save_and_back"), type="primary", key="editor_save_back"
            )
            stay = st.form_submit_button(t("definition.save"), key="editor_save")
        return typed, stay, leave


def _area(name: str, text: str, t: Translator) -> str:
    return st.text_area(
        t(f"definition.{name}"),
        text,
        height=80,
        help=t(f"definition.{name}_help"),
        key=f"editor_{name}",
    )


def _meeting(opened: VersionDraft, meetings: dict[int, str], t: Translator) -> int | None:
    words = {0: t("definition.no_convening"), **choices.told_apart(meetings)}
    options = list(words)
    at = opened.convening_id or 0
    found = st.selectbox(
        t("definition.convening"),
        options,
        index=options.index(at) if at in words else 0,
        format_func=words.__getitem__,
        key="editor_convening",
    )
    return found or None


def _meetings(definition: Definition, draft: Version, t: Translator) -> dict[int, str]:
    """The convenings to choose from, the one that is chosen among them."""
    found = store.read(queries.convenings.nearby, definition.initiative_id, draft.convening_id)
    return {
        each.id: chosen.label(each, t)
        for each in found
        if each.state is not ConveningState.CANCELLED or each.id == draft.convening_id
    }


def _editor(
    definition: Definition, draft: Version, meetings: dict[int, str]
) -> Editor[VersionDraft]:
    def read() -> VersionDraft:
        found = store.read(queries.definitions.definition, definition.id)
        version = next((each for each in found.versions if each.id == draft.id), None)
        if version is None or version.state is not VersionState.DRAFT:
            raise NotFound("version")
        return drafts.definition_version(version)

    def named(field: str, value: Any) -> str | None:
        return meetings.get(value) if field == "convening_id" else None

    return Editor(
        f"definition_version_{draft.id}",
        "definition_version",
        draft.id,
        drafts.definition_version(draft),
        read,
        what="version",
        named=named,
    )
