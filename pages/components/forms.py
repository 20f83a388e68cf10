"""The shared way of saving: run a command, show what stands in its way, say that it is done."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeVar, cast

import streamlit as st

from convening.i18n import Translator
from convening.problems import ConveningError, Problem
from pages.components import clock, state, store, toast
from pages.components.markdown import escape

T = TypeVar("T")
_TOAST, _ALSO = "_toast", "_toast_also"


def submit(command: Callable[..., T], *args: Any, t: Translator, **kwargs: Any) -> T | None:
    """Runs ``command(session, actor, *args, **kwargs)`` and returns what it returns.

    Where a problem stands in the way, all of them are shown at this place, nothing is written, and
    None is returned; the fields keep what was typed. A command that returns nothing gives True, so
    that None always means "refused".
    """
    try:
        result = store.write(command, *args, **kwargs)
    except ConveningError as error:
        problems(error.problems, t)
        return None
    return cast(T, True) if result is None else result


def problems(found: Iterable[Problem], t: Translator, names: Sequence[str] = ("field.",)) -> None:
    """Each problem in words, one under the other, with the name of the field that it is in."""
    for problem in found:
        st.error(escape(said(problem, t, names)))


def said(problem: Problem, t: Translator, names: Sequence[str] = ("field.",)) -> str:
    """A problem with the name of its field, or of the ``file`` that it names, as plain text;
    ``names`` are the beginnings of keys under which a field's name is looked for."""
    text, file = wording(problem, t), problem.params.get("file")
    keys = [f"{each}{problem.field}" for each in names if t.has(f"{each}{problem.field}")]
    where = t.isolated(str(file)) if file else t(keys[0]) if keys else ""
    return t("forms.in_field", field=where, text=text) if where else text


def wording(problem: Problem, t: Translator) -> str:
    """A problem as plain text; the thing that was not found gets its name in the language."""
    what = problem.params.get("what")
    if isinstance(what, str) and t.has(f"what.{what}"):
        params = {**problem.params, "what": t(f"what.{what}")}
        problem = Problem(problem.code, params, problem.field)
    return t(problem)


def saved(t: Translator, key: str = "common.saved") -> None:
    """Says that it is saved, after the rerun that follows: ``greet`` shows it then."""
    said = t(key, time=t.time(clock.here()))
    more = state.take(_ALSO)
    state.put(_TOAST, f"{said}. {more}" if more else said)


def saved_here(t: Translator, key: str = "common.saved") -> None:
    """Says so at once, where no rerun of the whole screen follows."""
    saved(t, key)
    greet()


def also(sentence: str) -> None:
    """What ``saved`` says after its own words; nothing for an empty sentence."""
    if sentence:
        state.put(_ALSO, sentence)


def greet() -> None:
    """Shows what ``saved`` left behind; the frame calls it once a run."""
    text = state.take(_TOAST)
    if text is not None:
        toast.show(text, icon=":material/check:")


def confirm(
    title: str,
    question: str,
    label: str,
    command: Callable[..., Any],
    *args: Any,
    t: Translator,
    **kwargs: Any,
) -> None:
    """Asks in a dialog, runs the command on yes, and then starts the screen over."""

    @st.dialog(escape(title))
    def ask() -> None:
        st.text(question)
        with st.container(horizontal=True):
            sure = st.button(label, type="primary", key="confirm_yes")
            if st.button(t("common.cancel"), key="confirm_no"):
                st.rerun()
        if sure and submit(command, *args, t=t, **kwargs) is not None:
            saved(t, "forms.done")
            st.rerun()

    ask()
