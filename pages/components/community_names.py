"""The dialog in which a team names its groups and divides them into sub-circles."""

from collections.abc import Mapping, Sequence

import streamlit as st

from convening import drafts
from convening.community import SubCircle
from convening.drafts import GroupNamesDraft, NameDraft
from convening.i18n import Translator
from convening.vocabulary import Group
from db import queries
from db.commands import circles
from pages.components import conflicts, forms, state, store
from pages.components.conflicts import Editor
from pages.components.markdown import escape
from pages.components.words import group_mark

_PRESSED = "circle_pressed"  # what was pressed in the run before, and on what
_RENAMING, _PRESSED_RENAME = "circle_renaming", "circle_rename_pressed"
_NAMES = "group_names"


def ask(initiative_id: int, t: Translator) -> None:
    """Opens the dialog."""
    usual = t.with_groups({})

    @st.dialog(t("community.names"), width="medium", on_dismiss=_closed)
    def names() -> None:
        _carry_out(initiative_id, t)
        if _rename(initiative_id, t):
            return
        own = store.read(queries.community.group_names, initiative_id)
        found = store.read(queries.community.sub_circles, initiative_id)
        st.caption(t("community.names_help"))
        typed = {}
        editor = _names_editor(initiative_id, own)
        with conflicts.fields(editor):
            for group in Group:
                typed[group] = st.text_input(
                    f"{group_mark(group)} {escape(usual.word(group))}",
                    own.get(group, ""),
                    placeholder=t("community.names_usual"),
                    key=f"names_{group}",
                )
                _circles(group, [each for each in found if each.group is group], t)
            save = st.button(t("common.save"), type="primary", key="names_save")
        draft = GroupNamesDraft(typed, editor.hold().known)
        if conflicts.submit(editor, save, circles.name_groups, draft, t=t) is not None:
            forms.saved(t)
            st.rerun()

    names()


def _names_editor(initiative_id: int, own: Mapping[Group, str]) -> Editor[GroupNamesDraft]:
    def read() -> GroupNamesDraft:
        return drafts.group_names(store.read(queries.community.group_names, initiative_id))

    return Editor(
        _NAMES,
        "group_names",
        initiative_id,
        drafts.group_names(own),
        read,
        arguments=lambda draft: (
            initiative_id,
            {group: draft.names.get(group, "") for group in Group},
            draft.known,
        ),
    )


def _closed() -> None:
    conflicts.forget(_NAMES)
    _stop_renaming()


def _circles(group: Group, found: Sequence[SubCircle], t: Translator) -> None:
    with st.expander(t("community.sub_circles", count=len(found)), key=f"circles_{group}"):
        for each in found:
            _circle(each, t)
        with st.container(horizontal=True, vertical_alignment="bottom"):
            st.text_input(t("community.circle_new"), key=_new(group))
            _button(t("common.add"), f"circle_add_{group}", "add", group)


def _circle(each: SubCircle, t: Translator) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        name = st.text_input(
            t("community.circle_people", count=each.people),
            each.name,
            key=_name(each),
        )
        if name != each.name:
            _button(t("common.save"), f"circle_save_{each.id}", "rename", each)
        _button(t("common.delete"), f"circle_delete_{each.id}", "remove", each)


def _button(label: str, key: str, what: str, on: Group | SubCircle) -> None:
    st.button(label, key=key, on_click=state.put, args=(_PRESSED, (what, on)))


def _carry_out(initiative_id: int, t: Translator) -> None:
    """Before the list is read, so that it shows what the button has done."""
    pressed: tuple[str, Group | SubCircle] | None = state.take(_PRESSED)
    if pressed is None:
        return
    what, on = pressed
    if isinstance(on, Group):
        name = str(state.get(_new(on), ""))
        if forms.submit(circles.add_sub_circle, initiative_id, on, name, t=t) is not None:
            state.bump(f"circle_new_{on}")
            forms.saved_here(t)
    elif what == "rename":
        name = str(state.get(_name(on), ""))
        state.put(_RENAMING, (on, name))
        state.put(_PRESSED_RENAME, True)
    elif forms.submit(circles.remove_sub_circle, on.id, t=t) is not None:
        forms.saved_here(t)


def _rename(initiative_id: int, t: Translator) -> bool:
    """Saves a new name; True while it has to be decided which of two it is."""
    renaming: tuple[SubCircle, str] | None = state.get(_RENAMING)
    if renaming is None:
        return False
    circle, name = renaming
    editor = conflicts.listed(
        "circle",
        "sub_circle",
        circle,
        drafts.sub_circle,
        queries.community.sub_circles,
        initiative_id,
        what="sub_circle",
        arguments=lambda draft: (draft.id, draft.name, draft.version),
    )
    draft = NameDraft(name, circle.id, circle.version)
    pressed = bool(state.take(_PRESSED_RENAME))
    done = conflicts.submit(editor, pressed, circles.rename_sub_circle, draft, t=t)
    if done is not None:
        forms.saved_here(t)
    if done is not None or not conflicts.waiting(editor.key):
        _stop_renaming()
        return False
    return True


def _stop_renaming() -> None:
    renaming: tuple[SubCircle, str] | None = state.take(_RENAMING)
    if renaming is not None:
        conflicts.forget(f"circle_{renaming[0].id}")


def _new(group: Group) -> str:
    name = f"circle_new_{group}"
    return f"{name}_{state.counter(name)}"


def _name(circle: SubCircle) -> str:
    return f"circle_{circle.id}_{circle.version}"
