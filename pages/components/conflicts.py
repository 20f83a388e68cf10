"""Saving a record that somebody else may have saved meanwhile, so that nobody loses anything.

An editor that has a version uses three things: ``Editor`` around its record, ``fields`` around its
widgets, and ``submit`` in place of ``forms.submit``, called on every run:

    editor = conflicts.Editor("block", "agenda_block", block.id, draft, read)
    with conflicts.fields(editor):
        draft = ...
        pressed = st.button(...)
    if conflicts.submit(editor, pressed, agenda.edit_block, draft, t=t) is not None:
        forms.saved(t)
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from dataclasses import fields as dataclass_fields
from enum import StrEnum
from functools import partial
from typing import Any, Generic, Protocol, TypeVar, cast

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from convening.conflicts import Conflict, Edit, compare
from convening.i18n import Translator
from convening.problems import ChangedMeanwhile, ConveningError, NotFound, Problem
from db import queries
from pages.components import (
    clock,
    conflict_choices,
    conflict_words,
    forms,
    state,
    store,
)
from pages.components.conflict_choices import Met
from pages.components.markdown import escape


class Versioned(Protocol):
    """A draft of a record that has a version."""

    @property
    def version(self) -> int | None: ...


class Identified(Protocol):
    """A record that a list holds."""

    @property
    def id(self) -> int: ...


D = TypeVar("D", bound=Versioned)
R = TypeVar("R", bound=Identified)
T = TypeVar("T")
RETRIES = 3  # edits that touch nothing of ours, arriving while we save


def _alone(draft: Any) -> tuple[Any, ...]:
    return (draft,)


@dataclass(frozen=True)
class Editor(Generic[D]):
    """One record while somebody edits it.

    ``key`` names the editor in English letters and numbers, ``subject`` and ``subject_id`` the row,
    ``what`` the thing that is not found once it is gone. ``fresh`` is the record as this run has
    read it, and ``read`` reads it once more. ``named`` words values that are ids, and ``arguments``
    makes of a draft what the command takes.
    """

    key: str
    subject: str
    subject_id: int
    fresh: D
    read: Callable[[], D]
    what: str = ""
    named: conflict_words.Named = conflict_words.nothing_named
    arguments: Callable[[D], tuple[Any, ...]] = _alone

    def hold(self) -> D:
        """The record as it was when the editor opened: what its fields began from."""
        name = _base(self.key)
        if state.get(name) is None:
            state.put(name, self.fresh)
        held: D = state.get(name)
        return held


@dataclass(frozen=True)
class _Pending(Generic[D]):
    """What has to be decided; nothing of theirs is there when the record is gone."""

    mine: D
    edit: Edit | None
    theirs: D | None = None
    conflict: Conflict[D] | None = None
    again: bool = False


@dataclass(frozen=True)
class _Saved(Generic[T]):
    result: T
    also: str


@dataclass(frozen=True)
class _Refused:
    problems: tuple[Problem, ...]


_Outcome = _Saved[T] | _Refused | _Pending[D]


def fields(editor: Editor[Any]) -> DeltaGenerator:
    """Around an editor's widgets: they keep what was typed, out of sight while one chooses."""
    editor.hold()
    return st.container(key=f"typed_{editor.key}")


def one(found: Sequence[R], row_id: int, what: str) -> R:
    """The record with this id in a list that was read again; NotFound when it is gone."""
    for each in found:
        if each.id == row_id:
            return each
    raise NotFound(what)


def listed(
    key: str,
    subject: str,
    record: R,
    drafted: Callable[[R], D],
    query: Callable[..., Sequence[R]],
    *args: Any,
    what: str,
    **other: Any,
) -> Editor[D]:
    """The editor of a record that ``query`` lists, which reads it once more out of that list."""

    def read() -> D:
        return drafted(one(store.read(query, *args), record.id, what))

    return Editor(f"{key}_{record.id}", subject, record.id, drafted(record), read, what, **other)


def forget(key: str) -> None:
    """The next time this editor opens it begins afresh; for what closes it without saving."""
    state.drop(_base(key))
    state.drop(_pending(key))


def waiting(key: str) -> bool:
    """Whether something has to be decided in this editor."""
    return state.get(_pending(key)) is not None


def closing(key: str) -> Callable[[], None]:
    """The same as the ``on_dismiss`` of a dialog."""
    return partial(forget, key)


def submit(
    editor: Editor[D],
    pressed: bool,
    command: Callable[..., T],
    draft: D,
    *,
    t: Translator,
    show: Callable[[Iterable[Problem], Translator], None] = forms.problems,
) -> T | None:
    """Saves when ``pressed``; None while it is not saved.

    Where another editor was quicker, what only they changed is taken over and said, what only I
    changed is saved, and what both changed is asked about here, in place of the fields. A command
    that returns nothing gives True. ``show`` tells what else stands in the way.
    """
    base = editor.hold()
    pending: _Pending[D] | None = state.get(_pending(editor.key))
    place = st.empty()
    if pending is None:
        if not pressed:
            return None
        outcome = _attempt(editor, command, base, _read_at(draft, base), False, t)
    else:
        with place.container():
            chosen = _draw(editor, pending, t)
        if chosen is None or pending.theirs is None:
            return None
        outcome = _attempt(editor, command, pending.theirs, chosen, True, t)
    if isinstance(outcome, _Refused):
        show(outcome.problems, t)
        return None
    return _settle(editor, outcome, place, t)


def _attempt(
    editor: Editor[D], command: Callable[..., T], base: D, mine: D, again: bool, t: Translator
) -> _Outcome[T, D]:
    """Writes my draft, with what others changed elsewhere in it; or says what stands in the way."""
    also = ""
    for _ in range(RETRIES):
        try:
            result = store.write(command, *editor.arguments(mine))
        except ChangedMeanwhile as error:
            if (error.subject, error.subject_id) != (editor.subject, editor.subject_id):
                return _Refused(error.problems)
        except NotFound as error:
            if error.params["what"] != editor.what:
                return _Refused(error.problems)
            return _Pending(mine, _last_edit(editor))
        except ConveningError as error:
            return _Refused(error.problems)
        else:
            return _Saved(cast(T, True) if result is None else result, also)
        try:
            theirs = editor.read()
        except NotFound:
            return _Pending(mine, _last_edit(editor))
        edit, conflict = _last_edit(editor), compare(base, mine, theirs)
        if conflict.differences:
            return _Pending(mine, edit, theirs, conflict, again)
        also = conflict_choices.changed_alone(conflict, edit, editor.named, t) or also
        base, mine = theirs, conflict.settled
    return _Refused((Problem("changed_meanwhile"),))


def _settle(
    editor: Editor[D], outcome: _Saved[T] | _Pending[D], place: DeltaGenerator, t: Translator
) -> T | None:
    if isinstance(outcome, _Saved):
        forget(editor.key)
        forms.also(outcome.also)
        return outcome.result
    state.put(_pending(editor.key), outcome)
    state.bump(_pending(editor.key))
    with place.container():
        _draw(editor, outcome, t)
    return None


def _draw(editor: Editor[D], pending: _Pending[D], t: Translator) -> D | None:
    """What has to be chosen, in place of the fields; the draft once that is done."""
    key = f"conflict_{editor.key}_{state.counter(_pending(editor.key))}"
    # no text of anybody's stands in it: the key is made of names in the code and numbers
    st.html(f"<style>.st-key-typed_{editor.key}{{display:none}}</style>")
    chosen = None
    if pending.conflict is None:
        _tell_gone(pending, t)
    else:
        if pending.again:
            st.caption(t("conflict.again"))
        met = Met(pending.conflict, pending.edit)
        chosen = conflict_choices.show([met], editor.named, t, key=key)
    st.button(
        t("conflict.back"),
        on_click=state.drop,
        args=(_pending(editor.key),),
        type="tertiary",
        icon=":material/edit:",
        key=f"{key}_back",
    )
    return chosen[0] if chosen else None


def _tell_gone(pending: _Pending[Any], t: Translator) -> None:
    """That there is nothing to save into any more, and what was typed, to take along."""
    at = t.time(clock.here(pending.edit.at)) if pending.edit else ""
    said = t("conflict.gone", who=conflict_choices.who(pending.edit, t), at=at)
    st.warning(escape(said if at else t("conflict.gone_untimed")))
    lines = [
        t("conflict.line", field=conflict_words.field(each.name, t), text=text)
        for each in dataclass_fields(pending.mine)
        if isinstance(text := getattr(pending.mine, each.name), str)
        and text
        and not isinstance(text, StrEnum)
    ]
    st.caption(t("conflict.typed"))
    st.code("\n".join(lines), language=None, wrap_lines=True)


def _last_edit(editor: Editor[Any]) -> Edit | None:
    return store.read(queries.edits.last, editor.subject, editor.subject_id)


def _read_at(draft: D, base: D) -> D:
    """The draft at the version that its fields began from, whatever this run has read since."""
    return replace(draft, version=base.version)  # type: ignore[type-var]


def _base(key: str) -> str:
    return f"conflict_base_{key}"


def _pending(key: str) -> str:
    return f"conflict_pending_{key}"
