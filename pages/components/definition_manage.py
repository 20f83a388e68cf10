"""Starting a definition, naming it, and what is rarely done to it."""

from collections.abc import Callable
from dataclasses import replace

import streamlit as st

from convening import drafts
from convening.definitions import DefinitionDraft
from convening.deleted import KEPT_DAYS
from convening.i18n import Translator
from convening.vocabulary import DefinitionKind, VersionState
from db import queries
from db.commands import definitions as commands
from pages.components import choices, conflicts, definition_editor, forms
from pages.components.definition_desk import Desk, take


def empty(initiative_id: int, may_edit: bool, t: Translator) -> None:
    """What the screen is for, and the first step."""
    with st.container(border=True, key="definition_empty"):
        st.header(t("definition.empty"), anchor=False)
        st.text(t("definition.empty_help" if may_edit else "definition.empty_reader"))
        if may_edit and st.button(t("definition.new"), type="primary", key="definition_first"):
            create(initiative_id, t)


def create(initiative_id: int, t: Translator) -> None:
    """Asks for a name, and opens the first version to be written."""

    @st.dialog(t("definition.new_title"))
    def ask() -> None:
        draft, pressed = _form(DefinitionDraft(initiative_id, ""), "definition.create", t)
        if not pressed:
            return
        made = forms.submit(commands.create_definition, draft, t=t)
        if made is not None:
            forms.saved(t)
            take(made, 1)
            definition_editor.open_draft(1)

    ask()


def next_version(desk: Desk, t: Translator) -> None:
    """Takes the draft in hand, or makes one from the last version."""
    definition = desk.definition
    draft = definition.draft
    if draft is None:
        if forms.submit(commands.new_version, definition.id, t=t) is None:
            return
        forms.saved(t)
        number = definition.versions[-1].number + 1
    else:
        number = draft.number
    take(definition, number)
    definition_editor.open_draft(number)


def menu(desk: Desk, t: Translator) -> None:
    possible: dict[str, Callable[[Desk, Translator], None]] = {"rename": _rename}
    if desk.version.state is VersionState.DRAFT and desk.version.number > 1:
        possible["discard"] = _discard
    possible["another"] = lambda held, words: create(held.initiative.id, words)
    if all(each.state is VersionState.DRAFT for each in desk.definition.versions):
        possible["delete"] = _delete
    wanted = st.menu_button(
        t("definition.more"),
        list(possible),
        format_func=lambda name: t(f"definition.{name}"),
        key=f"definition_more_{desk.definition.id}",
    )
    if wanted is not None:
        possible[wanted](desk, t)


def _rename(desk: Desk, t: Translator) -> None:
    editor = conflicts.listed(
        "definition",
        "definition",
        desk.definition,
        drafts.definition,
        queries.definitions.listing,
        desk.initiative.id,
        what="definition",
    )

    @st.dialog(t("definition.rename_title"), on_dismiss=conflicts.closing(editor.key))
    def ask() -> None:
        with conflicts.fields(editor):
            draft, pressed = _form(editor.hold(), "common.save", t)
        if conflicts.submit(editor, pressed, commands.edit_definition, draft, t=t) is not None:
            forms.saved(t)
            st.rerun()

    ask()


def _discard(desk: Desk, t: Translator) -> None:
    version = desk.version
    forms.confirm(
        t("definition.discard_title"),
        t("definition.discard_question", number=version.number),
        t("definition.discard"),
        commands.discard_version,
        version.id,
        t=t,
    )


def _delete(desk: Desk, t: Translator) -> None:
    definition = desk.definition
    forms.confirm(
        t("definition.delete_title"),
        t("definition.delete_question", title=definition.title, days=KEPT_DAYS),
        t("definition.delete"),
        commands.delete_definition,
        definition.id,
        t=t,
    )


def _form(opened: DefinitionDraft, label: str, t: Translator) -> tuple[DefinitionDraft, bool]:
    with st.form(key=f"definition_form_{opened.id or 'new'}", border=False):
        draft = replace(
            opened,
            title=st.text_input(
                t("definition.title"),
                opened.title,
                key="definition_title",
                help=t("definition.title_help"),
            ),
            kind=choices.one(
                t("definition.kind"), DefinitionKind, opened.kind, t, key="definition_kind"
            ),
        )
        return draft, st.form_submit_button(t(label), type="primary")
