"""Which messages are shown: of one convening or all, in which state, of which kind, to whom."""

from collections.abc import Mapping
from dataclasses import replace

import streamlit as st

from convening.i18n import Translator
from convening.outbox import Wanted
from convening.vocabulary import MailKind, MailState
from pages.components import choices, paging, state

PAGES = "mail_list"
_KINDS = (
    MailKind.INVITATION,
    MailKind.UPDATE,
    MailKind.CANCELLATION,
    MailKind.REMINDER,
    MailKind.SUMMARY,
)


def scope(initiative_id: int, convening_id: int | None, t: Translator) -> Wanted:
    """The convening in hand, or the whole initiative."""
    if convening_id is None:
        return Wanted(initiative_id)
    names = {True: t("mail.of_convening"), False: t("mail.of_initiative")}
    one = st.segmented_control(
        t("mail.scope"),
        list(names),
        default=True,
        required=True,
        format_func=names.__getitem__,
        key="mail_scope",
        label_visibility="collapsed",
    )
    return Wanted(initiative_id, convening_id if one is not False else None)


def narrowed(wanted: Wanted, counts: Mapping[MailState, int], t: Translator) -> Wanted:
    """The filters in one row; another choice starts at the first page again."""
    if not any(counts.values()):
        return wanted
    wanted_state = st.pills(
        t("mail.state"),
        [each for each in MailState if counts[each]],
        format_func=lambda each: f"{t.word(each)} {t.number(counts[each])}",
        key="mail_state",
    )
    with st.container(horizontal=True, key="mail_filters"):
        kind = choices.one_of(
            {each: t.word(each) for each in _KINDS}, t("mail.kind"), t, key="mail_kind"
        )
        search = st.text_input(
            t("common.search"), placeholder=t("mail.search_help"), key="mail_search"
        )
    found = replace(wanted, state=wanted_state, kind=kind, search=search)
    if found != state.get("mail_wanted"):
        state.put("mail_wanted", found)
        paging.to_start(PAGES)
    return found
