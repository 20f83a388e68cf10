"""The version in hand: whose it is, since when, and what can be done with it."""

import streamlit as st

from convening import definitions
from convening.definitions import Version
from convening.i18n import Translator
from convening.vocabulary import DefinitionField, VersionState
from db.commands import definitions as commands
from pages.components import (
    clock,
    definition_adopt,
    definition_manage,
    definition_pdf,
    forms,
    going,
)
from pages.components.definition_desk import Desk, take
from pages.components.markdown import escape


def actions(desk: Desk, t: Translator) -> None:
    """What this version waits for first, then the paper, then the rest in a menu."""
    state = desk.version.state
    with st.container(horizontal=True, vertical_alignment="center", key="definition_actions"):
        if (
            desk.may_edit
            and state is VersionState.DRAFT
            and st.button(t("definition.open"), icon=":material/campaign:", key="definition_open")
        ):
            _open(desk, t)
        if (
            desk.may_adopt
            and state is VersionState.IN_DISCUSSION
            and st.button(t("definition.adopt"), icon=":material/check:", key="definition_adopt")
        ):
            definition_adopt.ask(desk, t)
        definition_pdf.button(desk, t)
        if state is not VersionState.DRAFT:
            going.link(
                "dissent",
                t("definition.see_otherwise"),
                initiative=desk.initiative.id,
                icon=":material/forum:",
                definition=desk.definition.id,
                version=desk.version.number,
            )
        if desk.may_edit:
            definition_manage.menu(desk, t)


def facts(version: Version, t: Translator) -> list[str]:
    """Author, convening, and the days on which it was opened and adopted, as plain text."""
    day = clock.here(version.created_at).date()
    written = "by" if version.author else "on"
    lines = [t(f"definition.written_{written}", name=version.author, date=day)]
    if version.convening:
        lines.append(t("definition.written_after", convening=version.convening))
    if version.opened_at is not None:
        lines.append(t("definition.opened_on", date=clock.here(version.opened_at).date()))
    if version.adopted_at is not None:
        day = clock.here(version.adopted_at).date()
        adopted = "by" if version.adopted_by else "on"
        lines.append(t(f"definition.adopted_{adopted}", name=version.adopted_by, date=day))
        if version.adopted_in:
            lines.append(t("definition.adopted_in", convening=version.adopted_in))
    return lines


def show(version: Version, t: Translator) -> None:
    with st.container(border=True, key="definition_facts"):
        with st.container(horizontal=True, vertical_alignment="center"):
            title = t("definition.number", number=version.number)
            st.subheader(title, anchor=False, width="content")
            badge(version, t)
        st.caption("  \n".join(map(escape, facts(version, t))))


def badge(version: Version, t: Translator) -> None:
    """The state of a version; its words say it, the colour only repeats them."""
    living = version.state in (VersionState.ADOPTED, VersionState.IN_DISCUSSION)
    st.badge(t.word(version.state), color="violet" if living else "gray")


def _open(desk: Desk, t: Translator) -> None:
    """Asks whether the draft is to be seen by others, or says what it lacks."""
    version = desk.version
    lacking = definitions.to_open(version.number, version.text, version.changed, version.why)

    @st.dialog(t("definition.open_title"))
    def ask() -> None:
        if lacking:
            fields = [_label(str(each.field), t) for each in lacking]
            st.warning(escape(t("definition.open_lacks", fields=fields)))
            return
        st.text(t("definition.open_question", number=version.number))
        for each in desk.definition.versions:
            if each.state is VersionState.IN_DISCUSSION:
                st.text(t("definition.open_makes_room", number=each.number))
        if (
            st.button(t("definition.open"), type="primary", key="definition_open_yes")
            and forms.submit(commands.open_version, version.id, t=t) is not None
        ):
            forms.saved(t, "definition.opened")
            take(desk.definition, version.number)
            st.rerun()

    ask()


def _label(field: str, t: Translator) -> str:
    return (
        t.word(DefinitionField(field))
        if field in set(DefinitionField)
        else t(f"definition.{field}")
    )
