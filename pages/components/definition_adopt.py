"""The dialog of adoption: what stands in its way, or what is published with it."""

from collections.abc import Sequence

import streamlit as st

from convening.convenings import Convening
from convening.exports import definition as exports
from convening.i18n import Translator
from convening.ledger import Entry
from convening.problems import Problem
from convening.vocabulary import ConveningState, VersionState
from db import queries
from db.commands.adoption import adopt
from pages.components import choices, chosen, clock, forms, going, store
from pages.components.definition_desk import Desk, take
from pages.components.markdown import bullets, escape

_EXCERPT = 160  # characters of a statement in a list


def ask(desk: Desk, t: Translator) -> None:
    """Opens the dialog, which reads the views afresh: nothing said meanwhile is passed over."""

    @st.dialog(t("definition.adopt_title", number=desk.version.number), width="medium")
    def dialog() -> None:
        left_open = store.read(
            queries.definitions.open_views, desk.definition.id, desk.version.number
        )
        rooms = [each for each in left_open if each.code == "room_holds_adoption"]
        if rooms:
            for problem in rooms:
                st.warning(t(problem))
        elif left_open:
            _blocked(desk, left_open, t)
        else:
            _confirm(desk, t)

    dialog()


def _blocked(desk: Desk, left_open: Sequence[Problem], t: Translator) -> None:
    st.warning(t("definition.adopt_blocked", count=len(left_open)))
    number = desk.version.number
    found = store.read(queries.dissent.of_definition, desk.definition.id, number)
    readable = {entry.id: entry for entry in found}
    listed = [
        (readable[view], problem)
        for problem in left_open
        if (view := problem.params["view"]) in readable
    ]
    for entry, problem in listed:
        _open_view(entry, problem, desk.initiative.id, t)
    waiting = store.read(queries.definitions.unreleased, desk.definition.id, number)
    if waiting:
        st.text(t("definition.adopt_unreleased", count=waiting))
    unseen = len(left_open) - len(listed) - waiting
    if unseen > 0:
        st.text(t("definition.adopt_unseen", count=unseen))
    going.link(
        "dissent",
        t("definition.adopt_to_dissent"),
        initiative=desk.initiative.id,
        icon=":material/forum:",
    )


def _open_view(entry: Entry, problem: Problem, initiative_id: int, t: Translator) -> None:
    """One view that is not closed: whose, its first words, and what it waits for."""
    words = " ".join(entry.statement.split())
    short = words if len(words) <= _EXCERPT else f"{words[:_EXCERPT].rstrip()}…"
    parts = [t.word(entry.strength), exports.who(entry, t), t.isolated(short)]
    with st.container(gap=None):
        going.link("dissent", " · ".join(parts), initiative=initiative_id, entry=entry.id)
        params = dict(problem.params)
        if "until" in params:
            params["until"] = clock.here(params["until"]).date()
        st.caption(escape(t(f"definition.{problem.code}", **params)))


def _confirm(desk: Desk, t: Translator) -> None:
    standing = desk.standing
    if standing:
        st.text(t("definition.adopt_published", count=len(standing)))
        st.markdown(bullets(exports.view(each, t)["statement"] for each in standing))
    elif not desk.before:
        st.text(t("definition.adopt_nobody"))
    for each in desk.definition.versions:
        if each.state is VersionState.ADOPTED:
            st.text(t("definition.adopt_supersedes", number=each.number))
    at_hand = chosen.convening_id()
    found = {
        each.id: each
        for each in store.read(queries.convenings.nearby, desk.initiative.id, at_hand)
        if each.state is not ConveningState.CANCELLED
    }
    if not found:
        st.info(t("definition.adopt_no_convening"))
        return
    options = list(found)
    names = choices.told_apart({each.id: chosen.label(each, t) for each in found.values()})
    meeting = st.selectbox(
        t("definition.adopt_in"),
        options,
        index=options.index(at_hand) if at_hand in found and _fits(found[at_hand], desk) else None,
        format_func=names.__getitem__,
        placeholder=t("definition.adopt_in_choose"),
        key="definition_adopted_in",
    )
    if meeting is not None and _is_before(found[meeting], desk):
        st.caption(escape(t("definition.adopt_before", number=desk.version.number)))
    if meeting is not None and not _has_begun(found[meeting]):
        st.caption(escape(t("definition.adopt_ahead")))
    if (
        st.button(t("definition.adopt"), type="primary", key="definition_adopt_yes")
        and forms.submit(adopt, desk.version.id, meeting, t=t) is not None
    ):
        forms.saved(t, "definition.adopted")
        take(desk.definition, desk.version.number)
        st.rerun()


def _fits(meeting: Convening, desk: Desk) -> bool:
    """Whether its day has come: a version is not adopted in a convening of next week, and seldom
    in one that was before the version was open."""
    return _has_begun(meeting) and not _is_before(meeting, desk)


def _has_begun(meeting: Convening) -> bool:
    start = meeting.starts_local
    return start is not None and start.date() <= clock.here().date()


def _is_before(meeting: Convening, desk: Desk) -> bool:
    """Whether it was held before the day on which the version was opened for discussion."""
    start, opened = meeting.starts_local, desk.version.opened_at
    return start is not None and opened is not None and start.date() < clock.here(opened).date()
