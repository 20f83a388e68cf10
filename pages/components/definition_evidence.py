"""What a definition rests on: whose knowledge is in it and whose is missing, source by source."""

from collections.abc import Iterable
from dataclasses import replace
from functools import partial

import streamlit as st

from convening import definitions, drafts
from convening.convening_drafts import is_web_link
from convening.definitions import Evidence, EvidenceDraft
from convening.exports.definition import knowledge
from convening.i18n import Translator
from convening.vocabulary import EvidenceKind, Group
from db import queries
from db.commands import definitions as commands
from pages.components import choices, conflicts, forms, store
from pages.components.conflicts import Editor
from pages.components.definition_desk import Desk
from pages.components.markdown import bold, escape
from pages.components.words import GROUP_COLOURS, group_label

_problems = partial(forms.problems, names=("definition.evidence_",))


def show(desk: Desk, t: Translator) -> None:
    evidence = desk.definition.evidence
    with st.container(border=True, key="definition_evidence"):
        st.subheader(t("definition.evidence"), anchor=False)
        if evidence:
            _strip(evidence, t)
        st.markdown(escape(knowledge(evidence, t)))
        of_nobody = definitions.knowledge(evidence).of_nobody
        if of_nobody:
            st.caption(t("definition.evidence_nobody", count=of_nobody))
        for source in evidence:
            _source(source, desk, t)
        if desk.may_edit and st.button(
            t("definition.evidence_add"), icon=":material/add:", key="evidence_add"
        ):
            _add(desk, t)


def _strip(evidence: Iterable[Evidence], t: Translator) -> None:
    """A badge for each group: how many sources carry its knowledge, or that none does."""
    found = definitions.knowledge(evidence)
    with st.container(horizontal=True, gap="xsmall", key="evidence_strip"):
        for group in Group:
            count = found.by_group[group]
            said = t("definition.evidence_heads", count=count)
            if not count:
                said = t("definition.evidence_missing_mark")
            label = f"{group_label(group, t)}: {said}"
            st.badge(escape(label), color=GROUP_COLOURS[group] if count else "gray")


def _source(source: Evidence, desk: Desk, t: Translator) -> None:
    with st.container(key=f"evidence_{source.id}", gap=None):
        st.markdown(bold(source.title))
        groups = [group_label(group, t) for group in Group if group in source.groups]
        facts = [" · ".join([t.word(source.kind), *groups]), *source.note.split("\n")]
        st.caption("  \n".join(escape(line) for line in facts if line))
        with st.container(horizontal=True, gap="xsmall"):
            if source.link and is_web_link(source.link):
                st.link_button(
                    t("definition.evidence_open"),
                    source.link,
                    type="tertiary",
                    icon=":material/open_in_new:",
                )
            if not desk.may_edit:
                return
            if st.button(
                t("common.edit"),
                type="tertiary",
                icon=":material/edit:",
                key=f"evidence_edit_{source.id}",
            ):
                _edit(source, desk, t)
            if st.button(
                t("definition.evidence_remove"),
                type="tertiary",
                icon=":material/delete:",
                key=f"evidence_remove_{source.id}",
            ):
                forms.confirm(
                    t("definition.evidence_remove_title"),
                    t("definition.evidence_remove_question", title=source.title),
                    t("definition.evidence_remove"),
                    commands.remove_evidence,
                    source.id,
                    t=t,
                )


def _add(desk: Desk, t: Translator) -> None:
    opened = EvidenceDraft(desk.definition.id, "", EvidenceKind.LIVED_EXPERIENCE)

    @st.dialog(t("definition.evidence_add_title"))
    def ask() -> None:
        draft, pressed = _form(opened, t)
        if pressed and forms.submit(commands.add_evidence, draft, t=t) is not None:
            forms.saved(t)
            st.rerun()

    ask()


def _edit(source: Evidence, desk: Desk, t: Translator) -> None:
    definition_id = desk.definition.id

    def read() -> EvidenceDraft:
        found = store.read(queries.definitions.definition, definition_id).evidence
        return drafts.evidence(conflicts.one(found, source.id, "evidence"), definition_id)

    opened = drafts.evidence(source, definition_id)
    editor = Editor(
        f"evidence_{source.id}", "evidence_source", source.id, opened, read, what="evidence"
    )

    @st.dialog(t("definition.evidence_edit_title"), on_dismiss=conflicts.closing(editor.key))
    def ask() -> None:
        with conflicts.fields(editor):
            draft, pressed = _form(editor.hold(), t)
        saved = conflicts.submit(
            editor, pressed, commands.edit_evidence, draft, t=t, show=_problems
        )
        if saved is not None:
            forms.saved(t)
            st.rerun()

    ask()


def _form(opened: EvidenceDraft, t: Translator) -> tuple[EvidenceDraft, bool]:
    with st.form(key=f"evidence_form_{opened.id or 'new'}", border=False):
        draft = replace(
            opened,
            title=st.text_input(t("definition.evidence_title"), opened.title, key="evidence_title"),
            kind=choices.one(
                t("definition.evidence_kind"), EvidenceKind, opened.kind, t, key="evidence_kind"
            ),
            groups=frozenset(
                st.pills(
                    t("definition.evidence_groups"),
                    list(Group),
                    selection_mode="multi",
                    default=[group for group in Group if group in opened.groups],
                    format_func=lambda group: escape(group_label(group, t)),
                    key="evidence_groups",
                )
            ),
            link=st.text_input(t("definition.evidence_link"), opened.link, key="evidence_link"),
            note=st.text_area(
                t("definition.evidence_note"),
                opened.note,
                height=90,
                help=t("definition.evidence_note_help"),
                key="evidence_note",
            ),
        )
        return draft, st.form_submit_button(t("common.save"), type="primary")
