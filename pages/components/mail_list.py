"""The messages, one line each, the newest first; a chosen line opens."""

import pandas as pd
import streamlit as st

from convening.i18n import Translator
from convening.outbox import Listed, Wanted
from db import queries
from db.queries.outbox import PAGE_SIZE
from pages.components import clock, paging, state, store
from pages.components.mail_filters import PAGES

TABLE = "mail_table"  # bumped, the list forgets which line was chosen


def show(wanted: Wanted, t: Translator) -> int | None:
    """One page of the list; the id of the message that was chosen."""
    box = store.read(queries.outbox.mailbox, wanted, paging.current(PAGES))
    if not any(box.counts.values()):
        return None
    if not box.rows:
        st.info(t("mail.none_found"))
        return None
    chosen = st.dataframe(
        _table(box.rows, t, with_title=wanted.convening_id is None),
        hide_index=True,
        on_select="rerun",
        selection_mode="single-row",
        column_config={t("mail.column_why"): st.column_config.TextColumn(width="large")},
        key=f"{TABLE}_{state.counter(TABLE)}_{paging.current(PAGES)}",
    )
    paging.buttons(box.total, PAGES, t, PAGE_SIZE)
    lines = chosen["selection"]["rows"]
    return box.rows[lines[0]].id if lines and lines[0] < len(box.rows) else None


def said_of(message: Listed, t: Translator) -> str:
    """The state in words; what a person passed on is told apart from what a server took."""
    return t("mail.handed_over") if message.handed_over else t.word(message.state)


def why(problem: str, t: Translator) -> str:
    """What went wrong in plain words, and what the mail server said to it."""
    code, _, answer = problem.partition(" ")
    if not code:
        return ""
    words = t(f"mail_problem.{code}")
    return t("mail.why", words=words, answer=answer) if answer else words


def _table(rows: tuple[Listed, ...], t: Translator, *, with_title: bool) -> pd.DataFrame:
    columns = {
        t("mail.column_name"): [each.name for each in rows],
        t("mail.column_state"): [said_of(each, t) for each in rows],
        t("mail.column_kind"): [t.word(each.kind) for each in rows],
        t("mail.column_at"): [t.moment(clock.here(each.at)) for each in rows],
    }
    if with_title:
        columns[t("mail.column_title")] = [each.title for each in rows]
    columns[t("mail.column_recipient")] = [each.recipient for each in rows]
    if any(each.problem for each in rows):
        columns[t("mail.column_why")] = [why(each.problem, t) for each in rows]
    return pd.DataFrame(columns)
