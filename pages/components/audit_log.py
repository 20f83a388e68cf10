"""The audit log on screen: its filters, whether it is whole, and its events in words."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta

import streamlit as st

from convening.accounts import AuditEntry
from convening.i18n import Translator
from db.queries import audit
from db.queries.audit import Wanted
from pages.components import choices, clock, paging, state, store

_CHECKED = "_audit_checked"
# Tables that word the codes among the details
_CODES = ("role", "field", "link_purpose", "invitation_status", "part")
_SEAL_SHOWN = 16  # characters of the hash: enough to recognise it, short enough to note down


def filters(t: Translator) -> Wanted:
    """What the viewer wants to see; other filters begin at the first page again."""
    actors = dict(store.read(audit.actors))
    words = {code: action(code, t) for code in store.read(audit.actions)}
    actions = dict(sorted(words.items(), key=lambda each: each[1]))
    again = paging.to_start
    with st.container(horizontal=True):
        what = choices.one_of(
            actions, t("audit.action"), t, key="audit_action", on_change=again, args=("audit",)
        )
        who = choices.one_of(
            actors, t("audit.actor"), t, key="audit_actor", on_change=again, args=("audit",)
        )
        since, until = (
            st.date_input(
                t(f"audit.{end}"),
                None,
                format="DD/MM/YYYY",
                key=f"audit_{end}",
                on_change=again,
                args=("audit",),
            )
            for end in ("since", "until")
        )
    return Wanted(
        action=what,
        actor_id=who,
        since=_midnight(since) if since else None,
        until=_midnight(until + timedelta(days=1)) if until else None,
    )


def chain(t: Translator) -> None:
    """One sentence whether the log is whole, checked anew when it has grown."""
    reached = store.read(audit.last_id)
    known = state.get(_CHECKED)
    if known is None or known[0] != reached:
        known = (reached, store.read(audit.chain))
        state.put(_CHECKED, known)
    found = known[1]
    if not found.events:
        st.info(t("audit.empty"))
        return
    if found.first_broken is not None:
        st.error(t("audit.broken", event=found.first_broken))
    else:
        st.success(t("audit.whole", count=found.events))
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(t("audit.seal", seal=found.seal[:_SEAL_SHOWN]), width="content")
        st.button(t("audit.check"), key="audit_check", on_click=state.drop, args=(_CHECKED,))


def table(entries: Sequence[AuditEntry], t: Translator) -> None:
    """One row an event; names are those of this moment."""
    rows = [
        {
            t("audit.column_when"): t.moment(clock.here(each.at)),
            t("audit.column_what"): action(each.action, t),
            t("audit.column_who"): _who(each, t),
            t("audit.column_about"): _about(each, t),
            t("audit.column_details"): _details(each.details, t),
            t("audit.column_number"): str(each.id),
        }
        for each in entries
    ]
    st.dataframe(rows, hide_index=True, key="audit_table", alt=t("audit.purpose"))


def action(code: str, t: Translator) -> str:
    """An action in words; a code of an older version stands as it is."""
    key = f"audit_action.{code}"
    return t(key) if t.has(key) else code


def _who(entry: AuditEntry, t: Translator) -> str:
    if entry.actor_id is None:
        return t("audit.nobody")
    return entry.actor or t("audit.gone", id=str(entry.actor_id))


def _about(entry: AuditEntry, t: Translator) -> str:
    parts = []
    if entry.subject and entry.subject_id is not None:
        named = "about_named" if entry.subject_name else "about"
        parts.append(
            t(
                f"audit.{named}",
                what=_what(entry.subject, t),
                id=str(entry.subject_id),
                name=entry.subject_name,
            )
        )
    if entry.initiative_id is not None and entry.subject != "initiative":
        named = "in_initiative_named" if entry.initiative else "in_initiative"
        parts.append(t(f"audit.{named}", id=str(entry.initiative_id), name=entry.initiative))
    return " · ".join(parts)


def _details(details: Mapping[str, object], t: Translator) -> str:
    return " · ".join(
        t("audit.detail", name=_word(("audit_detail",), name, t), value=_value(value, t))
        for name, value in details.items()
        if value not in (None, "", [], {})
    )


def _value(value: object, t: Translator) -> str:
    """Codes in the words of the screens; ids and numbers as they are."""
    if isinstance(value, bool):
        return t.value(value)
    if isinstance(value, list):
        return t.join(_value(each, t) for each in value)
    return _word(_CODES, str(value), t)


def _what(subject: str, t: Translator) -> str:
    return _word(("what", "audit_what"), subject, t)


def _word(tables: Sequence[str], code: str, t: Translator) -> str:
    """The first of the tables that knows the code words it."""
    keys = (f"{table}.{code}" for table in tables)
    return next((t(key) for key in keys if t.has(key)), code)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), clock.zone())
