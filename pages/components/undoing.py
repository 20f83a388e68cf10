"""Taking back what one did oneself: the last edit beside its button, earlier ones in a menu."""

from collections.abc import Callable

import streamlit as st

from convening.i18n import Translator
from convening.undo import Undoable
from db import queries
from db.commands.undo import undo
from pages.components import choices, clock, forms, state, store
from pages.components.markdown import escape

# Commands that say the same
_ALIKE = {
    **dict.fromkeys(("withdraw", "waitlist", "check_in", "check_in_by_code"), "move_status"),
    "add_new_walk_in": "add_walk_ins",
}


def offer(initiative_id: int, t: Translator, *, after: Callable[[], None] | None = None) -> None:
    """The viewer's last ten edits of the map, the invitations and the agenda.

    ``after`` has the screen forget what it showed as chosen or typed.
    """
    found = store.read(queries.undo.recent, initiative_id)
    if not found:
        return
    words = choices.told_apart({each.change_id: escape(wording(each, t)) for each in found})
    ids = list(words)
    with st.container(horizontal=True, vertical_alignment="center", key="undoing"):
        st.caption(words[ids[0]], width="content")
        last = st.button(t("common.undo"), icon=":material/undo:", type="tertiary", key="undo_last")
        earlier = None
        if ids[1:]:
            earlier = st.menu_button(
                t("undoing.earlier"),
                ids[1:],
                format_func=words.__getitem__,
                icon=":material/history:",
                type="tertiary",
                key="undo_earlier",
            )
    chosen = ids[0] if last else earlier
    if chosen is not None and forms.submit(undo, chosen, t=t) is not None:
        if after is not None:
            after()
        state.bump("invitees_tables")
        forms.saved(t, "undoing.undone")
        st.rerun()


def wording(each: Undoable, t: Translator) -> str:
    """What was done, and when; with its day where that was not today."""
    at = clock.here(each.at)
    when = t.time(at) if at.date() == clock.here().date() else t.moment(at)
    name = each.name or t("undoing.gone")
    command = _ALIKE.get(each.command, each.command)
    what = t(f"undoing.did.{command}", **{"name": name, "count": 1, **each.details})
    return t("undoing.line", what=what, at=when)
