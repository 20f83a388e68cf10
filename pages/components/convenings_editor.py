"""Planning a convening in three steps, in place: whether, what and when, who could block it.

The step stands in the URL (``?edit=facts``). Each step is saved before the next one opens, so that
a draft is kept from the first title on.
"""

from collections.abc import Callable, Iterable
from typing import Any

import streamlit as st

from convening.convening_drafts import ConveningDraft, missing
from convening.i18n import Translator
from convening.initiatives import Initiative
from convening.problems import Problem
from db import queries
from db.commands import convenings
from pages.components import (
    chosen,
    conflicts,
    convenings_facts,
    convenings_questions,
    convenings_stakes,
    forms,
    state,
    store,
)
from pages.components.conflicts import Editor
from pages.components.markdown import escape
from pages.components.words import stage_label

STEPS: dict[str, Callable[[ConveningDraft, Translator], ConveningDraft]] = {
    "questions": convenings_questions.show,
    "facts": convenings_facts.show,
    "stakes": convenings_stakes.show,
}
_PARAMETER, _NEW, _OPENED = "edit", "new", "convening_opened"
_KEY, _TARGET = "convening_draft", "convening_target"  # where to go once it is saved
_FIELD_LABELS = {
    "purpose": "purpose_field",
    "stakes": "stakes_who",
    "promise": "promise_field",
    "promise_by": "promise_field",
}


def is_open() -> bool:
    """Whether the URL asks for a step of the editor."""
    return st.query_params.get(_PARAMETER) in (_NEW, *STEPS)


def open_new() -> None:
    """Opens the editor for a convening that is not there yet."""
    forget()
    st.query_params[_PARAMETER] = _NEW
    st.rerun()


def open_step(convening_id: int, step: str = "questions") -> None:
    """Opens the editor at a step, with that convening in hand."""
    forget()
    chosen.choose_convening(convening_id)
    st.query_params[_PARAMETER] = step
    st.rerun()


def forget() -> None:
    """The next time the editor opens, it starts from what is stored."""
    state.drop(_OPENED)
    state.drop(_TARGET)
    conflicts.forget(_KEY)


def show(initiative: Initiative, t: Translator) -> None:
    """The step of the URL, with ways back, on, and to the other steps."""
    step = st.query_params[_PARAMETER]
    new = step == _NEW
    step = "questions" if new else step
    with st.container(key="convening_editor"):
        if st.button(t("convenings.back_to_list"), icon=":material/list:", key="editor_list"):
            _close()
        opened = _opened(initiative, None if new else chosen.convening(t, "convenings").id)
        st.header(escape(opened.title) or t("convenings.new"), anchor=False)
        editor = _editor(opened, t)
        with conflicts.fields(editor):
            target = _steps(step, opened, t)
            draft = STEPS[step](opened, t)
            target = _buttons(step, t) or target
            if missing(draft):
                st.caption(t("convenings.kept"))
        if target is not None:
            state.put(_TARGET, target)
        if _save(editor, draft, target is not None, t):
            _go(state.take(_TARGET, "list"))


def _opened(initiative: Initiative, convening_id: int | None) -> ConveningDraft:
    """The draft as it was when the editor opened, with the version that a save is held against."""
    found: ConveningDraft | None = state.get(_OPENED)
    if found is None or found.id != convening_id or found.initiative_id != initiative.id:
        if convening_id is None:
            found = convenings_facts.blank(initiative.id)
        else:
            found = store.read(queries.convenings.draft, convening_id)
        state.put(_OPENED, found)
        conflicts.forget(_KEY)
    return found


def _editor(opened: ConveningDraft, t: Translator) -> Editor[ConveningDraft]:
    """What a save is held against, and how what somebody else saved meanwhile is read."""

    def stage(field: str, value: Any) -> str | None:
        if field != "stage_id":
            return None
        stages = store.read(queries.initiatives.stages, opened.initiative_id)
        return next((stage_label(each, t) for each in stages if each.id == value), None)

    return Editor(
        _KEY,
        "convening",
        opened.id or 0,
        opened,
        lambda: store.read(queries.convenings.draft, opened.id or 0),
        what="convening",
        named=stage,
    )


def _steps(step: str, opened: ConveningDraft, t: Translator) -> str | None:
    """The three steps; the one that was chosen instead of this one."""
    names = list(STEPS)
    chosen_step = st.segmented_control(
        t("convenings.steps"),
        names,
        default=step,
        required=True,
        format_func=lambda name: f"{names.index(name) + 1} · {t(f'convenings.step_{name}')}",
        key=f"editor_steps_{opened.id}_{step}_{state.counter(_OPENED)}",
        label_visibility="collapsed",
    )
    return chosen_step if chosen_step != step else None


def _buttons(step: str, t: Translator) -> str | None:
    """Back and on; what comes after this step, or "list" after the last one."""
    names = list(STEPS)
    at = names.index(step)
    with st.container(horizontal=True, key="editor_buttons"):
        last = at == len(names) - 1
        label = t("convenings.finish" if last else "convenings.next_step")
        if st.button(label, type="primary", key="editor_next"):
            return "list" if last else names[at + 1]
        if not last and st.button(t("convenings.finish"), key="editor_finish"):
            return "list"
        if at and st.button(t("convenings.previous_step"), key="editor_back"):
            return names[at - 1]
    return None


def _save(
    editor: Editor[ConveningDraft], draft: ConveningDraft, pressed: bool, t: Translator
) -> bool:
    """Stores what was changed; False, with the reasons shown, when it cannot be."""
    opened = editor.fresh
    if pressed and draft == opened and opened.id is not None:
        return True
    command = convenings.plan_convening if opened.id is None else convenings.edit_convening
    convening_id = conflicts.submit(editor, pressed, command, draft, t=t, show=_problems)
    if convening_id is None:
        if pressed:
            state.bump(_OPENED)  # the steps show again the one that stays open
        return False
    state.put(_OPENED, store.read(queries.convenings.draft, convening_id))
    chosen.choose_convening(convening_id)
    forms.saved(t)
    return True


def _problems(found: Iterable[Problem], t: Translator) -> None:
    """Each problem, with the name of its field."""
    for problem in found:
        label = f"convenings.{_FIELD_LABELS.get(str(problem.field), problem.field)}"
        said = forms.wording(problem, t)
        st.error(escape(f"{t(label)}: {said}" if problem.field and t.has(label) else said))


def _go(target: str) -> None:
    if target == "list":
        _close()
    st.query_params[_PARAMETER] = target
    st.rerun()


def _close() -> None:
    forget()
    st.query_params.pop(_PARAMETER, None)
    st.rerun()
