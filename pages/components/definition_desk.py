"""The definition and the version in hand: chosen in a row of filters, and kept in the URL.

``?definition=<id>&version=<number>&show=changes`` opens what changed in a version, so that a
response can be linked with the words that it changed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import streamlit as st

from convening import ledger
from convening.definitions import Definition, Version
from convening.dissent import CLOSED
from convening.i18n import Translator
from convening.initiatives import Initiative
from convening.ledger import Entry
from convening.vocabulary import DissentState, VersionState
from pages.components import choices, clock, state
from pages.components.markdown import escape

READ, CHANGES, HISTORY = "read", "changes", "history"
_MODES = (READ, CHANGES, HISTORY)


@dataclass(frozen=True)
class Desk:
    """What the screen shows; ``entries`` are the views on every version of the definition."""

    initiative: Initiative
    definition: Definition
    version: Version
    entries: tuple[Entry, ...]
    may_edit: bool
    may_adopt: bool

    @property
    def before(self) -> tuple[Entry, ...]:
        """The views on the version in hand and on those before it."""
        return tuple(each for each in self.entries if each.number <= self.version.number)

    @property
    def standing(self) -> list[Entry]:
        return ledger.standing(self.before, clock.here())


def in_hand(definitions: Sequence[Definition]) -> Definition:
    """The definition of the URL, or the one that the tab remembers, or the first."""
    known = {str(each.id): each for each in definitions}
    asked = st.query_params.get("definition") or str(state.get(_remembered(definitions[0]), ""))
    found = known.get(asked, definitions[0])
    state.put(_remembered(found), found.id)
    return found


def version_of(definition: Definition) -> Version:
    """The version of the URL, or what the team holds."""
    known = {str(each.number): each for each in definition.versions}
    return known.get(st.query_params.get("version", ""), definition.current)


def mode() -> str:
    asked = st.query_params.get("show", READ)
    return asked if asked in _MODES else READ


def take(definition: Definition | int, number: int | None = None, show: str = READ) -> None:
    """Puts a definition, a version and a mode into the URL; the next run shows them."""
    identity = definition if isinstance(definition, int) else definition.id
    st.query_params.pop("edit", None)
    st.query_params.pop("version", None)
    st.query_params.pop("show", None)
    st.query_params["definition"] = str(identity)
    if number is not None:
        st.query_params["version"] = str(number)
    if show != READ:
        st.query_params["show"] = show


def filters(definitions: Sequence[Definition], desk: Desk, t: Translator) -> None:
    """Which definition, which version, and what of it; another choice starts the screen over."""
    held, number = desk.definition, desk.version.number
    with st.container(horizontal=True, vertical_alignment="bottom", key="definition_filters"):
        if len(definitions) > 1:
            names = choices.told_apart({each.id: each.title for each in definitions})
            chosen = _choice("which", names, held.id, f"definition_which_{held.id}", t)
            if chosen != held.id:
                take(chosen)
                st.rerun()
        labels = {each.number: version_label(each, t) for each in reversed(held.versions)}
        key = f"definition_version_{held.id}_{number}_{states(held)}"
        wanted = _choice("version", labels, number, key, t)
        if wanted != number:
            take(held, wanted, mode())
            st.rerun()
        show = st.segmented_control(
            t("definition.mode"),
            _MODES,
            default=mode(),
            required=True,
            format_func=lambda each: t(f"definition.mode_{each}"),
            key=f"definition_mode_{mode()}",
            label_visibility="collapsed",
        )
        if show is not None and show != mode():
            take(held, number, show)
            st.rerun()


def answer(desk: Desk, t: Translator) -> None:
    """Where the definition stands, and how many see it otherwise."""
    lines = [_stands(each, t) for each in _told(desk.definition)]
    seen = any(each.state is not VersionState.DRAFT for each in desk.definition.versions)
    raised = [each for each in desk.entries if each.state is not DissentState.STRUCK]
    if raised:
        left_open = sum(each.state not in CLOSED for each in raised)
        standing = len(ledger.standing(raised, clock.here()))
        figures = {"count": len(raised), "open": left_open, "standing": standing}
        lines.append(t("definition.views", **figures))
    elif seen:
        lines.append(t("definition.nobody_dissents"))
    with st.container(key="definition_answer"):
        st.markdown("  \n".join(map(escape, lines)))


def version_label(version: Version, t: Translator) -> str:
    return t("definition.number_state", number=version.number, state=version.state)


def states(definition: Definition) -> str:
    """A letter for the state of each version: part of a select box's key, whose labels would stay
    as they were in the browser."""
    return "".join(each.state.value[0] for each in definition.versions)


def _told(definition: Definition) -> list[Version]:
    """The versions that say where it stands: in force, in discussion, being written."""
    living = [each for each in definition.versions if each.state is not VersionState.SUPERSEDED]
    return living or [definition.current]


def _stands(version: Version, t: Translator) -> str:
    number = version.number
    if version.state is VersionState.ADOPTED and version.adopted_at is not None:
        day = clock.here(version.adopted_at).date()
        if not version.adopted_in:
            return t("definition.answer_adopted_on", number=number, date=day)
        meeting = version.adopted_in
        return t("definition.answer_adopted", number=number, date=day, convening=meeting)
    if version.state is VersionState.IN_DISCUSSION and version.opened_at is not None:
        day = clock.here(version.opened_at).date()
        return t("definition.answer_discussion", number=number, date=day)
    draft = version.state is VersionState.DRAFT
    return t(f"definition.answer_{'draft' if draft else 'superseded'}", number=number)


def _choice(name: str, labels: Mapping[int, str], chosen: int, key: str, t: Translator) -> int:
    options = list(labels)
    return st.selectbox(
        t(f"definition.{name}"),
        options,
        index=options.index(chosen),
        format_func=labels.__getitem__,
        key=key,
        label_visibility="collapsed",
        width=250,
    )


def _remembered(definition: Definition) -> str:
    return f"definition_of_{definition.initiative_id}"
