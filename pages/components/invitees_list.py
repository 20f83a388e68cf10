"""Those with an invitation: status, part, barriers and support, moved singly or together."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from convening.i18n import Translator
from convening.invitations import Invitation, by_status
from convening.text import fold
from convening.vocabulary import InvitationStatus
from pages.components import invitees_actions, invitees_answers, invitees_desk, paging, state
from pages.components.invitees_desk import Desk

_PAGES = "invitees_list"


@st.fragment
def show(desk: Desk, t: Translator) -> None:
    """Filters, the list, and what can be done with those who are ticked.

    A fragment, so that ticking rows does not draw the balance again.
    """
    everybody = desk.facts.invitations
    if not everybody:
        st.info(t("invitees.list_empty"))
        return
    invitees_answers.show(desk, t)
    found = _filtered(everybody, t)
    if not found:
        st.info(t("invitees.none_found"))
        return
    start, end = paging.slice_of(len(found), _PAGES)
    picked = _table(desk, found[start:end], t, f"{start}_{len(found)}")
    paging.buttons(len(found), _PAGES, t)
    invitees_actions.show(desk, picked or found, bool(picked), t)


def _filtered(everybody: Sequence[Invitation], t: Translator) -> list[Invitation]:
    counts = by_status(everybody)
    status = st.pills(
        t("invitees.status"),
        [each for each in InvitationStatus if counts[each]],
        format_func=lambda each: f"{t.word(each)} {t.number(counts[each])}",
        key="invitees_status",
    )
    search = fold(
        st.text_input(
            t("common.search"), key="invitees_list_search", placeholder=t("invitees.search_help")
        )
    )
    if (status, search) != state.get("invitees_list_wanted"):
        state.put("invitees_list_wanted", (status, search))
        paging.to_start(_PAGES)
    return [
        each
        for each in everybody
        if (status is None or each.status is status)
        and all(word in fold(f"{each.name} {each.organisation}") for word in search.split())
    ]


def _table(desk: Desk, people: Sequence[Invitation], t: Translator, name: str) -> list[Invitation]:
    """One page of the list; returns those that are ticked."""
    rows = pd.DataFrame(
        {
            t("invitees.name"): [each.name or t("invitees.erased") for each in people],
            t("invitees.status"): [t.word(each.status) for each in people],
            t("invitees.group"): [invitees_desk.in_words(each.groups, t) for each in people],
            **invitees_answers.columns(desk, people, t),
            t("invitees.part"): [t.word(each.part) for each in people],
            t("invitees.organisation"): [each.organisation for each in people],
            t("invitees.barriers"): [each.barriers for each in people],
            t("invitees.support"): [t.join(t.word(one) for one in each.support) for each in people],
        }
    )
    chosen = st.dataframe(
        rows,
        hide_index=True,
        on_select="rerun",
        selection_mode="multi-row",
        key=invitees_desk.table_key(f"invitees_list_{name}"),
    )
    return [people[row] for row in chosen["selection"]["rows"] if row < len(people)]
