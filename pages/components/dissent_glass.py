"""Broken glass, as the team is shown it; and where an administrator breaks it."""

import streamlit as st

from convening.dissent_drafts import REASON_LENGTH
from convening.i18n import Translator
from convening.initiatives import Initiative
from db import queries
from db.commands import keeper
from pages.components import choices, clock, forms, store
from pages.components.markdown import escape

_SHOWN = 5


def shown(initiative: Initiative, t: Translator) -> None:
    """Every administrator who looked in, the last ones first: while they may, as a warning."""
    found = store.read(queries.keeper.glass, initiative.id)
    for each in found[:_SHOWN]:
        is_open = each.until > clock.here()
        said = t(
            "dissent.glass_open" if is_open else "dissent.glass_broken",
            name=each.by,
            at=clock.here(each.at),
            until=clock.here(each.until),
            reason=each.reason,
        )
        if is_open:
            st.warning(escape(said), icon=":material/visibility:")
        else:
            st.caption(escape(said))


def choose(t: Translator) -> int | None:
    """The initiative whose glass the viewer has broken, or the form with which to break it."""
    found = store.read(queries.keeper.behind_glass)
    if not found:
        st.info(t("glass.none"))
        return None
    names = choices.told_apart({each: name for each, name, _ in found})
    open_until = {each: until for each, _, until in found}
    chosen = st.selectbox(
        t("glass.initiative"),
        list(names),
        index=None,
        format_func=names.__getitem__,
        placeholder=t("glass.choose"),
        key="glass_initiative",
    )
    if chosen is None:
        return None
    until = open_until[chosen]
    if until is not None:
        st.warning(escape(t("glass.open_until", until=clock.here(until))))
        return chosen
    _ask(chosen, t)
    return None


def _ask(initiative_id: int, t: Translator) -> None:
    with st.form(key="glass_form", border=True):
        st.text(t("glass.told"))
        reason = st.text_input(t("glass.reason"), max_chars=REASON_LENGTH, key="glass_reason")
        sent = st.form_submit_button(t("glass.do"), type="primary")
    if sent and forms.submit(keeper.break_glass, initiative_id, reason, t=t) is not None:
        forms.saved(t)
        st.rerun()
